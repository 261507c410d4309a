//! A raw mail read once, outside any transaction: everything [`receive`](super::receive) decides by, and nothing it
//! would have to wait for.

use crate::tickets::Address;
use bytes::Bytes;
use opora_base::Time;
use opora_mail::{Auto, Class, Limits, Mail};

/// A mail, understood.
#[derive(Clone, Debug)]
pub(crate) struct Understood {
    pub(crate) fingerprint: String,
    pub(crate) from: Option<Address>,
    pub(crate) reply_to: Vec<Address>,
    pub(crate) to: Vec<Address>,
    pub(crate) cc: Vec<Address>,
    pub(crate) subject: String,
    pub(crate) date: Option<Time>,
    pub(crate) message_id: Option<String>,
    /// Message-IDs this mail answers, the nearest first.
    pub(crate) answers: Vec<String>,
    /// The chain for our own answer's References, oldest first.
    pub(crate) chain: String,
    pub(crate) text: String,
    pub(crate) visible: String,
    pub(crate) quoted_lines: i64,
    /// Safe HTML; pictures inside it are [`inline_mark`]s until the files have numbers.
    pub(crate) html: Option<String>,
    pub(crate) remote_images: i64,
    pub(crate) files: Vec<FoundFile>,
    pub(crate) class: Class,
    /// Addresses the mail says it was delivered to.
    pub(crate) delivered_to: Vec<String>,
}

/// A file inside a mail.
#[derive(Clone, Debug)]
pub(crate) struct FoundFile {
    pub(crate) filename: String,
    pub(crate) content_type: String,
    pub(crate) content_id: Option<String>,
    pub(crate) inline: bool,
    pub(crate) bytes: Bytes,
    pub(crate) digest: String,
}

/// Why a mail could not be understood.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    pub(crate) code: &'static str,
    pub(crate) reason: String,
}

/// What stands in the HTML for the picture `number` until it has an address.
pub(crate) fn inline_mark(number: usize) -> String {
    format!("/api/v1/attachments/inline-{number}-of-this-mail")
}

/// Reads a mail; `ours` are the addresses of our inboxes (a list that is one of them is not a list). Never panics: a panic of the reader is caught and told as a reason.
pub(crate) fn understand(raw: &[u8], limits: &Limits, ours: &[String]) -> Result<Understood, Unreadable> {
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(raw, limits, ours)));
    read.unwrap_or_else(|_| {
        Err(Unreadable { code: "unreadable", reason: "the program failed while reading this mail".to_owned() })
    })
}

fn read(raw: &[u8], limits: &Limits, ours: &[String]) -> Result<Understood, Unreadable> {
    let mail = opora_mail::inspect(raw, limits).map_err(|e| Unreadable { code: e.code(), reason: e.to_string() })?;
    let ours: Vec<&str> = ours.iter().map(String::as_str).collect();
    let class = opora_mail::classify_for(&mail, raw, &ours);
    let visible = mail.visible_reply();
    let picture = |id: &str| {
        let wanted =
            |a: &opora_mail::Attachment| a.content_id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id));
        mail.attachments.iter().position(wanted).map(inline_mark)
    };
    let clean =
        mail.html.as_deref().map(|html| opora_mail::sanitize(html, &opora_mail::SanitizeOptions { cid: &picture }));
    Ok(Understood {
        fingerprint: opora_mail::fingerprint(&mail, raw),
        from: mail.from.as_ref().or(mail.sender.as_ref()).filter(|a| a.email.contains('@')).map(address),
        reply_to: addresses(&mail.reply_to),
        to: addresses(&mail.to),
        cc: addresses(&mail.cc),
        subject: mail.subject.clone(),
        date: mail.date.map(Time::from_seconds),
        message_id: mail.message_id.clone(),
        answers: answers(&mail),
        chain: mail.references.iter().chain(&mail.in_reply_to).cloned().collect::<Vec<_>>().join(" "),
        quoted_lines: i64::try_from(visible.quoted_lines).unwrap_or(0),
        visible: visible.text,
        remote_images: clean.as_ref().map_or(0, |c| i64::from(c.remote_images)),
        html: clean.map(|c| c.html),
        files: mail.attachments.iter().map(found).collect(),
        class,
        delivered_to: delivered_to(&mail),
        text: mail.text,
    })
}

fn found(attachment: &opora_mail::Attachment) -> FoundFile {
    FoundFile {
        filename: attachment.filename.clone(),
        content_type: attachment.content_type.clone(),
        content_id: attachment.content_id.clone(),
        inline: attachment.inline,
        bytes: Bytes::from(attachment.bytes.clone()),
        digest: attachment.sha256.clone(),
    }
}

fn address(address: &opora_mail::Address) -> Address {
    Address { name: address.name.clone(), address: address.email.clone() }
}

fn addresses(list: &[opora_mail::Address]) -> Vec<Address> {
    list.iter().filter(|a| a.email.contains('@')).map(address).collect()
}

/// In-Reply-To first, then References from the last to the first; each once, at most fifty.
fn answers(mail: &Mail) -> Vec<String> {
    let mut nearest: Vec<String> = Vec::new();
    for id in mail.in_reply_to.iter().chain(mail.references.iter().rev()) {
        if !nearest.contains(id) && nearest.len() < 50 {
            nearest.push(id.clone());
        }
    }
    nearest
}

fn delivered_to(mail: &Mail) -> Vec<String> {
    ["Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To"]
        .iter()
        .filter_map(|name| mail.headers.text(name))
        .map(|value| value.trim().trim_matches(['<', '>']).to_owned())
        .filter(|value| value.contains('@'))
        .collect()
}

impl Understood {
    /// Names by which two mails may concern each other: who wrote, what it is, what it answers, and its content.
    pub(crate) fn relations(&self) -> Vec<String> {
        let ids = self.message_id.iter().chain(&self.answers).map(|id| format!("id:{id}"));
        let sender = self.from.iter().map(|from| format!("from:{}", crate::error::address_key(&from.address)));
        ids.chain(sender).chain([format!("same:{}", self.fingerprint)]).collect()
    }

    /// As much as can be said of a mail that cannot be understood: who and what, if the header can be read, and its
    /// beginning as text. The whole of it goes along as a file.
    pub(crate) fn of_the_unreadable(raw: &Bytes, sender: &str, limits: &Limits) -> Understood {
        let head = &raw[..raw.len().min(64 * 1024)];
        let roomy = Limits { message_bytes: usize::MAX, ..limits.clone() };
        let text = String::from_utf8_lossy(head).into_owned();
        let mut understood = read(head, &roomy, &[]).ok().unwrap_or_else(|| Understood {
            fingerprint: String::new(),
            from: None,
            reply_to: Vec::new(),
            to: Vec::new(),
            cc: Vec::new(),
            subject: String::new(),
            date: None,
            message_id: None,
            answers: Vec::new(),
            chain: String::new(),
            visible: text.clone(),
            text: text.clone(),
            quoted_lines: 0,
            html: None,
            remote_images: 0,
            files: Vec::new(),
            class: Class { auto: Auto::Person, bounce: None, complaint: None, answerable: false, temporary: false },
            delivered_to: Vec::new(),
        });
        let digest = opora_base::blob::digest(raw);
        understood.fingerprint = format!("raw:{digest}");
        understood.from = understood.from.or_else(|| {
            Some(Address { name: String::new(), address: sender.to_owned() }).filter(|a| a.address.contains('@'))
        });
        understood.files = vec![FoundFile {
            filename: "original.eml".to_owned(),
            content_type: "message/rfc822".to_owned(),
            content_id: None,
            inline: false,
            bytes: raw.clone(),
            digest,
        }];
        understood
    }
}
