//! What the acceptor asks of the house: is this address ours, and write this message down.

use std::{future::Future, net::IpAddr, sync::Arc};

use bytes::Bytes;

use super::Protocol;

/// The house behind the door. Implemented over the database by the wiring, over a list in tests.
pub trait Sink: Send + Sync + 'static {
    /// Is mail for this address taken here? The address is as the sender wrote it, quotes removed, case kept;
    /// `postmaster` comes without a domain when the sender gave none.
    fn recipient(&self, address: &str) -> impl Future<Output = Result<Verdict, Temporary>> + Send;

    /// Writes the message down. `Ok` means durable: the sender is told `250` and forgets it.
    fn store(&self, envelope: Envelope, raw: Bytes) -> impl Future<Output = Result<(), StoreError>> + Send;
}

impl<S: Sink> Sink for Arc<S> {
    fn recipient(&self, address: &str) -> impl Future<Output = Result<Verdict, Temporary>> + Send {
        S::recipient(self, address)
    }

    fn store(&self, envelope: Envelope, raw: Bytes) -> impl Future<Output = Result<(), StoreError>> + Send {
        S::store(self, envelope, raw)
    }
}

/// The answer to "is this address ours?"
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes: `250`.
    Accept,
    /// Nobody here by that name, and we relay for nobody: `550 5.1.1`.
    Unknown,
    /// Ours, and switched off on purpose: `550 5.2.1`.
    Disabled,
}

/// The house could not say now. The sender hears `451` and tries again later.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Temporary(
    /// Why, in English, for the log. Never shown to the sender.
    pub String,
);

/// The message is not written down. The sender hears `451` and keeps it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(
    /// Why, in English, for the log. Never shown to the sender.
    pub String,
);

/// What the sender said around a message, and what we saw of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Our name for this transaction, in the answer to the sender and in the log.
    pub request_id: String,
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// The return address; `None` for `<>`: a bounce or another message nobody may answer.
    pub sender: Option<String>,
    /// Whom it is for, in the order given, each once. Never empty.
    pub recipients: Vec<String>,
    /// What the other side called itself. Not checked, do not believe it.
    pub helo: String,
    /// Where the connection came from; `None` on a unix socket.
    pub peer: Option<IpAddr>,
    /// Whether the message came through TLS.
    pub tls: bool,
    /// Whether addresses and headers may hold UTF-8 (RFC 6531).
    pub smtp_utf8: bool,
}
