//! MIME in and out: pure functions over bytes, the one place that knows what mail looks like in the wild.
//!
//! No sockets, no database, no tickets, no clock, no async. Whatever comes in, nothing panics: a broken message gives
//! an answer, a message beyond the [`Limits`] a clear [`Error`] with a stable code.
//!
//! ```
//! let raw = b"From: Anna <anna@example.com>\r\nSubject: Re: [#1042] Order\r\nMessage-ID: <1@example.com>\r\n\r\nIt came.\r\n";
//! let mail = opora_mail::parse(raw)?;
//! assert_eq!(mail.from.as_ref().map(|a| a.email.as_str()), Some("anna@example.com"));
//! assert_eq!(opora_mail::subject_token(&mail.subject), Some(1042));
//! assert_eq!(mail.text.trim(), "It came.");
//! # Ok::<(), opora_mail::Error>(())
//! ```

pub mod archive;
mod attachment;
mod bounce;
mod charset;
pub mod check;
mod classify;
mod complaint;
mod compose;
mod encoded_word;
mod error;
mod fingerprint;
mod header;
mod html;
mod limits;
mod mime;
mod parse;
mod patterns;
mod reply;
mod sanitize;
mod thread;
mod transfer;

pub use attachment::{Attachment, Kind};
pub use bounce::{Bounce, FailedRecipient, Reason, explain};
pub use charset::{Decoded, decode as decode_text};
pub use classify::{Auto, Class, LOOP_HEADER, MAX_HOPS, classify, classify_for, loop_count};
pub use complaint::Complaint;
pub use compose::{Composed, DkimKey, File, Outgoing, compose, dkim_record, sign_dkim};
pub use error::{Error, Result};
pub use fingerprint::fingerprint;
pub use header::{Address, Headers};
pub use html::{from_text as text_to_html, to_text as html_to_text};
pub use limits::Limits;
pub use parse::{Mail, Note, Protection, inspect, parse};
pub use reply::{Visible, visible_reply};
pub use sanitize::{Clean, SanitizeOptions, sanitize};
pub use thread::{bare_subject, message_ids, plus_token, subject_token};
