//! THE rule of sameness: when are two received messages one message?
//!
//! Two messages are the same when Message-ID, first From address, Date, Subject and content agree. Content is the
//! decoded text without white space, plus the decoded attachments in any order. So
//!
//! - the same mail by two routes, or to two of our addresses, is one: trace headers (`Received`, `Delivered-To`,
//!   `DKIM-Signature`, spam marks …) do not count, nor do transfer encoding, charset, line ends and folding;
//! - a repeated Message-ID with other words is another message, and so is a message without Message-ID sent twice at
//!   two times;
//! - a mailing list that adds a footer or a subject tag makes another message, because its words differ.

use crate::Mail;
use crate::attachment::sha256_hex;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// SHA-256, as 64 lower-case hex digits, of what makes a message itself. `raw` counts only when the message has no
/// content that could be read.
#[must_use]
pub fn fingerprint(mail: &Mail, raw: &[u8]) -> String {
    let mut hash = Sha256::new();
    let mut add = |field: &str, value: &str| {
        // Length first, so that no value can run into the next.
        hash.update(format!("{field}:{}:", value.len()).as_bytes());
        hash.update(value.as_bytes());
    };
    add("message-id", mail.message_id.as_deref().unwrap_or_default());
    add("from", &mail.from.as_ref().map(crate::Address::key).unwrap_or_default());
    add("date", &mail.date.map(|seconds| seconds.to_string()).unwrap_or_default());
    add("subject", &without_space(&mail.subject));
    let text = without_space(&mail.text);
    add("text", &text);
    let mut files: Vec<String> =
        mail.attachments.iter().map(|a| content_hash(&a.content_type, &a.bytes, &a.sha256)).collect();
    files.sort_unstable();
    for file in &files {
        add("file", file);
    }
    if text.is_empty() && files.is_empty() && mail.message_id.is_none() {
        hash.update(raw);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Text parts change their line ends on the way, other parts do not.
fn content_hash(content_type: &str, bytes: &[u8], known: &str) -> String {
    if !(content_type.starts_with("text/") || content_type.starts_with("message/")) {
        return known.to_owned();
    }
    let plain: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    sha256_hex(&plain)
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '\u{200b}')).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn print(raw: &str) -> String {
        fingerprint(&crate::parse(raw.as_bytes()).unwrap(), raw.as_bytes())
    }

    const ONE: &str = "Message-ID: <1@x>\nFrom: Anna <anna@example.com>\nDate: Mon, 2 Mar 2026 10:00:00 +0300\nSubject: =?utf-8?B?0JfQsNC60LDQtw==?=\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n0JPQtNC1INC+0L0/\n";

    #[test]
    fn the_same_mail_by_two_routes_is_one() {
        let other = "Received: from a by b; Mon, 2 Mar 2026 10:00:05 +0300\r\nDelivered-To: sales@shop.example\r\nX-Spam: no\r\nFrom: \"Anna\" <Anna@example.com>\r\nMessage-Id: <1@x>\r\nDate: Mon, 2 Mar 2026 07:00:00 +0000\r\nSubject: Заказ\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E7=C4=C5 =CF=CE?\r\n\r\n";
        assert_eq!(print(ONE), print(other));
    }

    #[test]
    fn a_repeated_message_id_with_other_words_is_another_message() {
        assert_ne!(print(ONE), print(&ONE.replace("0JPQtNC1INC+0L0/", "0JPQtNC1")));
        assert_ne!(print(ONE), print(&ONE.replace("10:00:00", "10:00:01")));
        assert_ne!(print(ONE), print(&ONE.replace("anna@", "ivan@")));
    }

    #[test]
    fn two_mails_of_which_nothing_can_be_read_differ_by_their_bytes() {
        assert_ne!(print("X: 1\n\n"), print("X: 2\n\n"));
        assert_eq!(print("X: 1\n\n").len(), 64);
    }
}
