//! What can go wrong on the way to a mail server, as a stable code and an English detail.
//!
//! The code is part of our public face: catalogues translate it, settings screens and metrics show it. A code never
//! changes its meaning. The detail is for the person on call; it never holds a password, a token or a message. The
//! sentence for everybody else, in Russian and in English, is in [`words`].

mod words;

use std::fmt;

pub use words::Language;

/// The error of this crate: a stable [`Code`] and what exactly happened, in English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Problem {
    /// What kind of trouble it is.
    pub code: Code,
    /// What exactly happened, for the person on call. No secrets, no message content.
    pub detail: String,
}

impl Problem {
    /// A problem of this kind with this detail.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let mut detail: String = detail.into();
        if detail.len() > DETAIL_LIMIT {
            let end = (0..=DETAIL_LIMIT).rev().find(|&i| detail.is_char_boundary(i)).unwrap_or(0);
            detail.truncate(end);
            detail.push('…');
        }
        Self { code, detail }
    }

    /// The same problem, saying what we were doing when it happened.
    #[must_use]
    pub fn during(self, doing: &str) -> Self {
        Self::new(self.code, format!("{doing}: {}", self.detail))
    }
}

/// A detail never grows past this many bytes: servers may answer with pages.
const DETAIL_LIMIT: usize = 600;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// The kinds of trouble with a mail server. The text form never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code there is, for catalogues that must name them all.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The stable text of the code.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// The settings cannot be used as they are (a bad URL, an unreadable CA file …).
    BadSettings = "mail_bad_settings",
    /// The host name has no address.
    HostNotFound = "mail_host_not_found",
    /// Nobody answers at that address and port.
    Unreachable = "mail_unreachable",
    /// The server did not answer in time.
    Timeout = "mail_timeout",
    /// The server's certificate is not one we believe.
    Certificate = "mail_certificate",
    /// TLS could not be agreed on for another reason (a plain port, an ancient version …).
    Tls = "mail_tls",
    /// STARTTLS was asked for and the server does not offer it.
    NoStartTls = "mail_no_starttls",
    /// The server refused the user name, password or token.
    WrongPassword = "mail_wrong_password",
    /// The server offers no way of logging in that we speak.
    NoLoginMethod = "mail_no_login_method",
    /// The token for XOAUTH2 could not be obtained.
    NoToken = "mail_no_token",
    /// The folder does not exist or may not be opened.
    NoFolder = "mail_no_folder",
    /// The server is there and says: not now (overloaded, too many connections, maintenance).
    Busy = "mail_busy",
    /// The server said good-bye or the line was cut.
    Disconnected = "mail_disconnected",
    /// The server said something that is not the protocol.
    Protocol = "mail_protocol",
    /// Our own side could not take the messages in.
    StoreFailed = "mail_store_failed",
    /// The server is there and does not want to talk to us at all.
    ConnectionRefused = "mail_connection_refused",
    /// The server wants a login before it takes mail from us.
    LoginNeeded = "mail_login_needed",
    /// An address is not one (a space, a line end, no `@` …).
    BadAddress = "mail_bad_address",
    /// An address with letters outside ASCII, and a server that cannot take it (no SMTPUTF8).
    AddressNotSupported = "mail_address_not_supported",
    /// The server does not take mail from this sender address.
    SenderRefused = "mail_sender_refused",
    /// The server took none of the recipients.
    RecipientsRefused = "mail_recipients_refused",
    /// The message is larger than the other side takes.
    MessageTooLarge = "mail_message_too_large",
    /// The server looked at the message and refused it (content, policy, spam).
    MessageRefused = "mail_message_refused",
    /// The server asked to try again later.
    Deferred = "mail_deferred",
    /// The message went out whole and the answer never came: it may have arrived or not.
    OutcomeUnknown = "mail_outcome_unknown",
    /// A message in the mailbox is larger than we read: it was left where it is.
    MessageSkipped = "mail_message_skipped",
    /// The server failed to give a message, several times: it was left where it is.
    MessageUnreadable = "mail_message_unreadable",
    /// The server renumbered the mailbox, so it is being read from the beginning again.
    MailboxRenumbered = "mail_mailbox_renumbered",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_detail_is_cut_at_a_character() {
        let problem = Problem::new(Code::Protocol, "ж".repeat(1000));
        assert!(problem.detail.len() <= DETAIL_LIMIT + "…".len());
        assert!(problem.detail.ends_with("ж…"));
    }

    #[test]
    fn codes_are_distinct() {
        let mut seen: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), Code::ALL.len());
    }
}
