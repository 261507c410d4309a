//! How much of a message we are willing to look at. Settings with sane defaults; nothing here is a secret.

use serde::{Deserialize, Serialize};

/// Bounds on one message. A message beyond [`Limits::message_bytes`], [`Limits::parts`] or [`Limits::depth`] is refused
/// with a clear [`crate::Error`]; beyond the others it is cut, and the cut is named in [`crate::Mail::notes`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Raw size of the whole message in bytes. Default 64 MiB (a 25 MB attachment is 34 MB in base64).
    pub message_bytes: usize,
    /// MIME parts in one message. Default 2,000.
    pub parts: usize,
    /// Nesting of multiparts. Default 50.
    pub depth: usize,
    /// Bytes of one header block that are looked at. Default 1 MiB.
    pub header_bytes: usize,
    /// Header fields that are looked at in one block. Default 2,000.
    pub header_fields: usize,
    /// Addresses kept of one header. Default 1,000.
    pub addresses: usize,
    /// Bytes of decoded body text (text and HTML each) that are kept as body. Default 4 MiB.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 64 << 20,
            parts: 2_000,
            depth: 50,
            header_bytes: 1 << 20,
            header_fields: 2_000,
            addresses: 1_000,
            body_bytes: 4 << 20,
        }
    }
}
