//! The header block of an outgoing message: every value checked before it is written.

use super::Outgoing;
use crate::{Address, Error, LOOP_HEADER, Result};
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address as Mailbox;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;

/// Fields that are ours to write.
const RESERVED: [&str; 20] = [
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "received",
    "return-path",
    "dkim-signature",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "x-opora-loop",
    "delivered-to",
];

/// References kept: the first, because threads start there, and the last ones.
const MAX_REFERENCES: usize = 30;

pub(super) fn write(message: &Outgoing) -> Result<MessageBuilder<'_>> {
    if message.to.is_empty() && message.cc.is_empty() && message.bcc.is_empty() {
        return Err(bad("To", "there is no recipient"));
    }
    for address in &message.bcc {
        mailbox("Bcc", address)?;
    }
    let mut builder = MessageBuilder::new().from(mailbox("From", &message.from)?);
    if let Some(reply_to) = &message.reply_to {
        builder = builder.reply_to(mailbox("Reply-To", reply_to)?);
    }
    if message.to.is_empty() && message.cc.is_empty() {
        // Only hidden recipients: RFC 5322 wants no To at all, many filters want this group.
        builder = builder.header("To", Raw::new("undisclosed-recipients:;"));
    }
    for (name, list) in [("To", &message.to), ("Cc", &message.cc)] {
        if !list.is_empty() {
            let all = list.iter().map(|address| mailbox(name, address)).collect::<Result<Vec<_>>>()?;
            builder = builder.header(name, Mailbox::new_list(all));
        }
    }
    builder = builder
        .subject(Text::new(one_line("Subject", &message.subject)?))
        .date(Date::new(message.date_seconds))
        .message_id(MessageId::new(id("Message-ID", &message.message_id)?));
    if let Some(parent) = &message.in_reply_to {
        builder = builder.in_reply_to(MessageId::new(id("In-Reply-To", parent)?));
    }
    let references = references(message);
    if !references.is_empty() {
        builder = builder.references(MessageId::new_list(references.into_iter()));
    }
    builder = builder.header(LOOP_HEADER, Raw::new(message.hops.to_string()));
    if let Some(value) = message.auto_submitted {
        builder = builder
            .header("Auto-Submitted", Raw::new(one_line("Auto-Submitted", value)?))
            // Exchange does not read Auto-Submitted; this asks it not to answer.
            .header("X-Auto-Response-Suppress", Raw::new("All"));
    }
    if let Some(target) = &message.list_unsubscribe {
        let target = one_line("List-Unsubscribe", target)?;
        if target.contains(['<', '>', ' ']) {
            return Err(bad("List-Unsubscribe", "it is not an address"));
        }
        if target.starts_with("https://") {
            builder = builder.header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click"));
        }
        builder = builder.header("List-Unsubscribe", Raw::new(format!("<{target}>")));
    }
    for (name, value) in &message.headers {
        builder = builder.header(field_name(name)?, Text::new(one_line("further field", value)?));
    }
    Ok(builder)
}

/// The thread: what the caller says, its parent last, foreign ids that cannot be written left out.
fn references(message: &Outgoing) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for reference in message.references.iter().chain(&message.in_reply_to) {
        if id("References", reference).is_ok() {
            all.retain(|known| known != reference);
            all.push(reference);
        }
    }
    if all.len() > MAX_REFERENCES {
        let surplus = all.len() - MAX_REFERENCES;
        all.drain(1..=surplus);
    }
    all
}

fn bad(header: &'static str, why: &'static str) -> Error {
    Error::BadHeader { header, why }
}

fn one_line<'a>(header: &'static str, value: &'a str) -> Result<&'a str> {
    if value.chars().any(|c| c.is_control() && c != '\t') || value.contains(['\u{2028}', '\u{2029}']) {
        return Err(bad(header, "it contains a line break or a control character"));
    }
    Ok(value.trim())
}

fn id<'a>(header: &'static str, value: &'a str) -> Result<&'a str> {
    let plain = value.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>');
    if !plain || value.is_empty() || value.len() > 900 {
        return Err(bad(header, "it is not a Message-ID"));
    }
    Ok(value)
}

fn field_name(name: &str) -> Result<&str> {
    let valid = !name.is_empty()
        && name.len() <= 70
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let lower = name.to_ascii_lowercase();
    if !valid {
        return Err(bad("further field", "its name is not valid"));
    }
    if RESERVED.contains(&lower.as_str()) || lower.starts_with("content-") {
        return Err(bad("further field", "this field is written by the system"));
    }
    Ok(name)
}

/// A mailbox: the domain in ASCII (IDNA), the name as it is.
fn mailbox(header: &'static str, address: &Address) -> Result<Mailbox<'static>> {
    let name = one_line(header, &address.name)?;
    let email = address.email.trim();
    let (local, domain) = email.rsplit_once('@').ok_or_else(|| bad(header, "an address has no domain"))?;
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"@".contains(c);
    if local.is_empty() || local.len() > 64 || local.chars().any(forbidden) {
        return Err(bad(header, "an address is not valid before its @"));
    }
    let domain = idna::domain_to_ascii(domain).map_err(|_| bad(header, "the domain of an address is not valid"))?;
    if domain.is_empty() || domain.len() > 253 || domain.chars().any(forbidden) {
        return Err(bad(header, "the domain of an address is not valid"));
    }
    let name = (!name.is_empty()).then(|| name.to_owned());
    Ok(Mailbox::new_address(name, format!("{local}@{domain}")))
}
