//! The fetcher: at a real Dovecot, and at IMAP servers that misbehave by a script.

mod dovecot;
mod notebook;
mod script;
mod trouble;
