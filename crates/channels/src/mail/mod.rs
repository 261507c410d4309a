//! Mail over the wire: three rooms that speak the protocols and know nothing of tickets.
//!
//! - [`acceptor`]: the door other mail servers knock at, SMTP and LMTP. It says `250` only after its
//!   [`acceptor::Sink`] says that the message is durable.
//! - [`fetcher`]: the walk to somebody else's mailbox over IMAP. It remembers how far it read in a
//!   [`fetcher::Mailbox`] and never touches the Seen flag.
//! - [`sender`]: submission of composed messages over SMTP, with an answer for each recipient and an honest
//!   "unknown" when the line went dead at the one moment nobody can tell.
//!
//! Shared by all three: [`Endpoint`] (an address of a server written as a URL), [`Login`] (how to prove who we are),
//! [`TlsTrust`] (whom we believe) and [`Problem`] (what went wrong, with a stable code).
//! Sentences for people are made elsewhere from the codes; the English details here are for the person on call.

pub mod acceptor;
mod credentials;
mod endpoint;
pub mod fetcher;
mod problem;
pub mod sender;
mod wire;

pub use credentials::{Freshness, Login, Secret, TokenSource};
pub use endpoint::{Endpoint, Scheme, Security};
pub use problem::{Code, Language, Problem};
pub use wire::TlsTrust;
