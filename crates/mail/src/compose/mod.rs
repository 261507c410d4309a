//! Writing a message: a faithful MIME tree around text, HTML, pictures and files.
//!
//! Everything is 7-bit on the wire (except addresses that need SMTPUTF8), lines are folded below 78 columns, and a line
//! break in any header is refused instead of repaired: it is either a bug of ours or somebody's attempt to add a header.
//! No clock and no chance: the caller gives date and Message-ID, boundaries follow from the content.

mod dkim;
mod headers;
mod tree;

use crate::{Address, Result};
pub use dkim::{DkimKey, dkim_record, sign_dkim};

/// A file to send, or a picture to show inside the HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// Name for the recipient.
    pub filename: String,
    /// Media type; `application/octet-stream` when empty or malformed.
    pub content_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Content id without brackets; for pictures the HTML shows by `cid:`.
    pub content_id: Option<String>,
}

/// A message to write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// From.
    pub from: Address,
    /// Reply-To, when answers go elsewhere.
    pub reply_to: Option<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc: part of the envelope only, never written.
    pub bcc: Vec<Address>,
    /// Subject.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// Pictures the HTML refers to.
    pub inline: Vec<File>,
    /// Files.
    pub attachments: Vec<File>,
    /// Message-ID without brackets.
    pub message_id: String,
    /// Message-ID this answers, without brackets.
    pub in_reply_to: Option<String>,
    /// The thread, oldest first, without brackets.
    pub references: Vec<String>,
    /// Seconds since 1970, UTC.
    pub date_seconds: i64,
    /// `auto-replied` or `auto-generated` for what no person wrote (RFC 3834).
    pub auto_submitted: Option<&'static str>,
    /// Address or page to unsubscribe, for surveys and notices: `https://…` or `mailto:…`.
    pub list_unsubscribe: Option<String>,
    /// Automatic hops of the conversation before this message; written as the value of `X-Opora-Loop`, which every
    /// message of ours carries.
    pub hops: usize,
    /// Further fields, name and value.
    pub headers: Vec<(String, String)>,
}

impl Outgoing {
    /// Every address of the envelope: To, Cc and Bcc, each once.
    #[must_use]
    pub fn recipients(&self) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        let mut recipients = Vec::new();
        for address in self.to.iter().chain(&self.cc).chain(&self.bcc) {
            if !seen.contains(&address.key()) {
                seen.push(address.key());
                recipients.push(address.email.trim().to_owned());
            }
        }
        recipients
    }
}

/// A message, written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// The message with CRLF line ends.
    pub raw: Vec<u8>,
    /// Its Message-ID without brackets.
    pub message_id: String,
}

/// Writes a message.
///
/// ```
/// use opora_mail::{Address, Outgoing, compose};
/// let composed = compose(&Outgoing {
///     from: Address::new("Поддержка", "help@shop.example"),
///     to: vec![Address::new("Anna", "anna@example.com")],
///     subject: "Ваш заказ".into(),
///     text: "Отправлен.".into(),
///     message_id: "1@shop.example".into(),
///     ..Outgoing::default()
/// })?;
/// assert!(composed.raw.is_ascii());
/// # Ok::<(), opora_mail::Error>(())
/// ```
///
/// # Errors
/// `bad_header` when a header would not be valid: a line break, a malformed address or Message-ID, no recipient.
pub fn compose(message: &Outgoing) -> Result<Composed> {
    let builder = headers::write(message)?;
    let mut raw = Vec::with_capacity(1024 + message.text.len() * 2);
    builder.body(tree::body(message)?).serialize(&mut raw);
    Ok(Composed { raw, message_id: message.message_id.clone() })
}
