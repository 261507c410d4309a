//! Opening a folder, and writing its name as IMAP wants it (modified UTF-7, RFC 3501 section 5.1.3).

use base64::{
    Engine,
    alphabet::IMAP_MUTF7,
    engine::{GeneralPurpose, general_purpose::NO_PAD},
};

use super::{
    Halt,
    conversation::Conversation,
    login::quoted,
    response::{Response, Status},
};
use crate::mail::{Code, Problem};

/// What the server said about the folder when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) uid_validity: u32,
    pub(super) uid_next: Option<u32>,
    pub(super) messages: u32,
}

pub(super) async fn open(conversation: &mut Conversation, folder: &str, read_only: bool) -> Result<Opened, Halt> {
    let verb = if read_only { "EXAMINE" } else { "SELECT" };
    let command = format!("{verb} {}", quoted(&encoded(folder))?);
    let (mut uid_validity, mut uid_next) = (None, None);
    let outcome = conversation
        .ask(&command, |response| {
            if let Response::Said(said) = response {
                uid_validity = said.number("UIDVALIDITY").or(uid_validity);
                uid_next = said.number("UIDNEXT").or(uid_next);
            }
        })
        .await?;
    match outcome.status {
        Status::Ok => {}
        Status::No if outcome.has_code("UNAVAILABLE") || outcome.has_code("INUSE") => {
            return Err(Problem::new(Code::Busy, outcome.words()).during(verb).into());
        }
        _ => return Err(Problem::new(Code::NoFolder, format!("{folder}: {}", outcome.words())).into()),
    }
    let uid_validity = uid_validity
        .ok_or_else(|| Problem::new(Code::Protocol, format!("{folder}: the server does not number its messages")))?;
    Ok(Opened { uid_validity, uid_next, messages: conversation.messages })
}

/// The folder's name in modified UTF-7.
pub(super) fn encoded(name: &str) -> String {
    const BASE64: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);
    let mut out = String::with_capacity(name.len());
    let mut outside = String::new();
    let flush = |outside: &mut String, out: &mut String| {
        if !outside.is_empty() {
            let utf16: Vec<u8> = outside.encode_utf16().flat_map(u16::to_be_bytes).collect();
            out.push('&');
            out.push_str(&BASE64.encode(utf16));
            out.push('-');
            outside.clear();
        }
    };
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut outside, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            outside.push(c);
        }
    }
    flush(&mut outside, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names_are_written_in_modified_utf7() {
        // The second example is from RFC 3501 section 5.1.3.
        for (name, written) in [
            ("INBOX", "INBOX"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("Входящие", "&BBIERQQ+BDQETwRJBDgENQ-"),
            ("R&D", "R&-D"),
        ] {
            assert_eq!(encoded(name), written);
        }
    }
}
