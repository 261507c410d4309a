//! What the fetcher asks of the house: keep the cursor, take the messages, hear about trouble.

use std::{future::Future, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;

use crate::mail::Problem;

/// How far a mailbox was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Which numbering the UID belongs to.
    pub uid_validity: u32,
    /// The last UID that is written down, or passed over.
    pub last_uid: u32,
}

/// A message from the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which numbering the UID belongs to.
    pub uid_validity: u32,
    /// Its UID.
    pub uid: u32,
    /// Its flags as the server names them, such as `\Seen`.
    pub flags: Vec<String>,
    /// When it reached the mailbox.
    pub received_at: Option<Timestamp>,
    /// The message, byte for byte.
    pub raw: Bytes,
}

/// A message that is not read and stays where it is. The house shows it to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Which numbering the UID belongs to.
    pub uid_validity: u32,
    /// Its UID.
    pub uid: u32,
    /// Its size in bytes, as the server says.
    pub size: u64,
    /// Its header, so that a person can tell which message it is; empty when the server does not even give that.
    pub header: Bytes,
    /// Why, with a code: too large, or the server failed to give it several times.
    pub problem: Problem,
}

/// The house behind the fetcher: keeps the cursor and takes the messages.
pub trait Mailbox: Send + Sync {
    /// How far the mailbox was read; `None` if never.
    fn cursor(&self) -> impl Future<Output = Result<Option<Position>, StoreError>> + Send;

    /// Writes a message down. `Ok` means durable. May be called for several messages at once, and again for a message
    /// it has taken already.
    fn store(&self, found: Found) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes a message that is passed over, so that a person sees it.
    fn pass_over(&self, passed: PassedOver) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Moves the cursor. Everything up to it was stored or passed over.
    fn advance(&self, position: Position) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Something is wrong with the mailbox; reading is tried again by itself.
    fn trouble(&self, problem: Problem) -> impl Future<Output = ()> + Send;

    /// The mailbox has just been read up to its end.
    fn healthy(&self) -> impl Future<Output = ()> + Send;
}

/// The house could not write just now.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(
    /// Why, in English, for the log.
    pub String,
);

impl<M: Mailbox> Mailbox for Arc<M> {
    fn cursor(&self) -> impl Future<Output = Result<Option<Position>, StoreError>> + Send {
        M::cursor(self)
    }

    fn store(&self, found: Found) -> impl Future<Output = Result<(), StoreError>> + Send {
        M::store(self, found)
    }

    fn pass_over(&self, passed: PassedOver) -> impl Future<Output = Result<(), StoreError>> + Send {
        M::pass_over(self, passed)
    }

    fn advance(&self, position: Position) -> impl Future<Output = Result<(), StoreError>> + Send {
        M::advance(self, position)
    }

    fn trouble(&self, problem: Problem) -> impl Future<Output = ()> + Send {
        M::trouble(self, problem)
    }

    fn healthy(&self) -> impl Future<Output = ()> + Send {
        M::healthy(self)
    }
}
