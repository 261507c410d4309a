//! What can go wrong with mail, as one type with stable codes.
//!
//! Bad bytes are not an error here: a broken message still gives an answer. An error means that a limit
//! of the department was exceeded, or that something we were asked to write cannot be written safely.

use thiserror::Error;

/// Why a message could not be read or written. [`Error::code`] is stable and may be shown, stored and matched on.
#[derive(Debug, Error)]
pub enum Error {
    /// The raw message is larger than [`crate::Limits::message_bytes`].
    #[error("the message is {size} bytes, the limit is {limit}")]
    TooLarge {
        /// Bytes received.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// There is not a single byte to read.
    #[error("the message is empty")]
    Empty,
    /// More MIME parts than [`crate::Limits::parts`].
    #[error("the message has more than {limit} parts")]
    TooManyParts {
        /// Parts allowed.
        limit: usize,
    },
    /// Multiparts nested deeper than [`crate::Limits::depth`].
    #[error("the message is nested deeper than {limit} levels")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// A header we were asked to write is not valid (a line break, an empty or malformed address, a bad Message-ID).
    #[error("the header {header} cannot be written: {why}")]
    BadHeader {
        /// Name of the header.
        header: &'static str,
        /// Why, in words for the log.
        why: &'static str,
    },
    /// The DKIM key cannot be read or cannot sign.
    #[error("DKIM: {0}")]
    Dkim(String),
    /// Reading or writing a stream or a file failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Error {
    /// A stable machine-readable code: `too_large`, `empty`, `too_many_parts`, `too_deep`, `bad_header`, `dkim`, `io`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::Empty => "empty",
            Self::TooManyParts { .. } => "too_many_parts",
            Self::TooDeep { .. } => "too_deep",
            Self::BadHeader { .. } => "bad_header",
            Self::Dkim(_) => "dkim",
            Self::Io(_) => "io",
        }
    }
}

/// Shorthand for this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
