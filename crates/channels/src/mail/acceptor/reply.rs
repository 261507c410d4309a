//! The answers we give, as text with enhanced status codes (RFC 2034). One place, so that they read alike.

use super::body::Overflow;

pub(super) const TRY_LATER_STOPPING: &str = "421 4.3.2 Closing for maintenance, please try again later";
pub(super) const IDLE: &str = "421 4.4.2 You were silent for too long, good-bye";
pub(super) const TOO_SLOW: &str = "421 4.4.2 The message took too long to arrive";
pub(super) const TOO_MANY_HERE: &str = "421 4.3.2 Too many connections, please try again later";
pub(super) const TOO_MANY_FROM_YOU: &str = "421 4.7.0 Too many connections from your address";
pub(super) const TOO_MANY_ERRORS: &str = "421 4.7.0 Too many errors, good-bye";
pub(super) const BYE: &str = "221 2.0.0 Good-bye";
pub(super) const OK: &str = "250 2.0.0 Ok";
pub(super) const SENDER_OK: &str = "250 2.1.0 Sender ok";
pub(super) const RECIPIENT_OK: &str = "250 2.1.5 Recipient ok";
pub(super) const GO_AHEAD: &str = "354 Send the message, end it with a dot on a line of its own";
pub(super) const START_TLS: &str = "220 2.0.0 Ready to start TLS";
pub(super) const VRFY: &str = "252 2.5.2 Cannot verify, but will take mail for people we know";
pub(super) const HELP: &str = "214 2.0.0 See RFC 5321";

pub(super) const LINE_TOO_LONG: &str = "500 5.5.2 Line too long";
pub(super) const BAD_LINE_END: &str = "500 5.5.2 A command line must end with CRLF and hold no other CR or LF";
pub(super) const NOT_TEXT: &str = "500 5.5.2 A command must be UTF-8 text without NUL";
pub(super) const UNKNOWN_COMMAND: &str = "500 5.5.1 Command not recognized";
pub(super) const NOT_IMPLEMENTED: &str = "502 5.5.1 Command not implemented";
pub(super) const HELLO_FIRST: &str = "503 5.5.1 Say hello first";
pub(super) const NESTED_MAIL: &str = "503 5.5.1 A message is already under way, use RSET to drop it";
pub(super) const MAIL_FIRST: &str = "503 5.5.1 MAIL comes first";
pub(super) const RCPT_FIRST: &str = "503 5.5.1 No recipient was accepted";
pub(super) const IN_CHUNKS: &str =
    "503 5.5.1 The message is being sent in chunks, finish it with BDAT LAST or drop it with RSET";
pub(super) const SAY_EHLO: &str = "500 5.5.1 This is SMTP, say EHLO";
pub(super) const SAY_LHLO: &str = "500 5.5.1 This is LMTP, say LHLO";
pub(super) const NO_TLS_HERE: &str = "502 5.5.1 STARTTLS is not offered here";
pub(super) const TLS_ALREADY: &str = "503 5.5.1 TLS is already in use";
pub(super) const NOTHING_BEHIND_STARTTLS: &str = "554 5.5.1 Nothing may be sent behind STARTTLS before the handshake";
pub(super) const BAD_SENDER: &str = "501 5.1.7 The sender's address is malformed";
pub(super) const BAD_RECIPIENT: &str = "501 5.1.3 The recipient's address is malformed";
pub(super) const NEEDS_UTF8: &str = "553 5.6.7 This address needs SMTPUTF8";
pub(super) const NO_BINARY: &str = "504 5.5.4 BODY=BINARYMIME is not offered here";
pub(super) const UNKNOWN_RECIPIENT: &str = "550 5.1.1 Nobody here by that name";
pub(super) const DISABLED_RECIPIENT: &str = "550 5.2.1 This mailbox is switched off";
pub(super) const TOO_MANY_RECIPIENTS: &str = "452 4.5.3 Too many recipients, send the rest in another message";
pub(super) const TOO_LARGE: &str = "552 5.3.4 The message is larger than we take";
pub(super) const NO_ROOM: &str = "452 4.3.1 No room at the moment, please try again later";
pub(super) const BARE_NEWLINE: &str = "550 5.6.11 The message holds a bare CR or LF";
pub(super) const LOOP: &str = "554 5.4.6 The message has passed too many servers, it goes in circles";

pub(super) fn overflow(why: Overflow) -> &'static str {
    match why {
        Overflow::TooLarge => TOO_LARGE,
        Overflow::NoRoom => NO_ROOM,
    }
}

/// Our own failure, for the sender: temporary, with the name under which our log explains it.
pub(super) fn our_failure(request_id: &str) -> String {
    format!("451 4.3.0 Temporary failure on our side, please try again later (request {request_id})")
}

pub(super) fn accepted(request_id: &str) -> String {
    format!("250 2.0.0 Accepted (request {request_id})")
}
