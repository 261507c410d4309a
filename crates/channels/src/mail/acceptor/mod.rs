//! The door other mail servers knock at: SMTP (RFC 5321) and LMTP (RFC 2033).
//!
//! It promises three things. A message is answered `250` only after the [`Sink`] has written it down durably. A
//! failure of our own is a temporary `451`, so the other side keeps the message and tries again. Nothing is relayed:
//! a recipient is taken only if the sink knows it.
//!
//! It knows no tickets, no database and no MIME: a message is an [`Envelope`] and its raw bytes, unchanged.
//!
//! **Where a message ends.** Only at `CRLF . CRLF`. Anything else that looks like an end (`LF . LF`, `LF . CRLF`,
//! `CR . CR` …) is content, so two servers can never disagree about where one message stops and the next begins
//! (SMTP smuggling, CVE-2023-51764 and relatives). A bare LF or CR inside a message is kept as it is by default,
//! since printers and cron jobs do send them and mail must not be lost; [`Config::bare_newlines`] can refuse such
//! messages with `550 5.6.11`. A *command* that ends in a bare LF is always refused.

mod body;
mod budget;
mod command;
mod config;
mod door;
mod reply;
mod session;
mod sink;

pub use config::{BareNewlines, Config, Protocol, tls_from_pem};
pub use door::{Door, serve};
pub use sink::{Envelope, Sink, StoreError, Temporary, Verdict};
