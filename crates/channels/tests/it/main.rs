//! The channels against the other side of the wire: raw bytes at the acceptor, the sender at the acceptor and at
//! servers that misbehave, and, where they are installed, real Postfix and Dovecot.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod acceptor;
mod certificate;
mod desk;
mod fetcher;
mod postfix;
mod sender;
mod talk;
