//! The channels: how the world reaches the department and how the department answers.
//!
//! One folder per channel. A channel turns its wire format into something the desk can take in, and an outbound job
//! into its wire format. It knows no rule of the department and no table: what it needs from the house (is this
//! address ours, write this down durably, where did we stop reading) it asks through small traits that the house
//! implements.
//!
//! - [`mail`]: SMTP and LMTP in, IMAP in, SMTP out.

pub mod mail;
