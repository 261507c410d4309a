//! A raw message as the department sees it: who, what, when, bodies, attachments.
//!
//! Promises an answer for any bytes within the limits, nothing lost: a part that is not body is an attachment.
//! Knows nothing of tickets, and does not decide who may be answered (see [`crate::classify`]).

use crate::attachment::{Attachment, Kind, declared_name};
use crate::header::{Address, Headers};
use crate::mime::{self, Container, Leaf, Tree};
use crate::{Error, Limits, Result, charset, html, transfer};
use serde::{Deserialize, Serialize};

/// Something a person on call may want to know about how a message was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The charset of a body was missing or impossible and was detected.
    CharsetGuessed,
    /// A declared multipart has no parts; its body is shown as text.
    MultipartWithoutParts,
    /// A body is longer than [`Limits::body_bytes`]; the whole of it is an attachment.
    BodyCut,
    /// There is no readable header at all.
    NoHeaders,
}

/// Protection a message came with. Nothing is verified or decrypted here; the parts are kept as attachments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// S/MIME signed.
    SmimeSigned,
    /// S/MIME encrypted (or opaque signed: the body is inside `smime.p7m`).
    SmimeEncrypted,
    /// PGP signed.
    PgpSigned,
    /// PGP encrypted.
    PgpEncrypted,
}

/// A message, understood.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    /// The header block of the message.
    pub headers: Headers,
    /// First mailbox of From; `None` when missing or unreadable.
    pub from: Option<Address>,
    /// Sender.
    pub sender: Option<Address>,
    /// Where answers should go; empty when From is right.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc, normally empty.
    pub bcc: Vec<Address>,
    /// Decoded subject; empty when missing.
    pub subject: String,
    /// Date in seconds since 1970, UTC; `None` when missing or unreadable.
    pub date: Option<i64>,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Ids of In-Reply-To.
    pub in_reply_to: Vec<String>,
    /// Ids of References, oldest first.
    pub references: Vec<String>,
    /// The body as plain text; made from the HTML when the sender wrote none. LF line ends.
    pub text: String,
    /// True when [`Mail::text`] was made from [`Mail::html`].
    pub text_from_html: bool,
    /// The body as HTML exactly as sent: NOT safe to show, see [`crate::sanitize`].
    pub html: Option<String>,
    /// Everything else.
    pub attachments: Vec<Attachment>,
    /// S/MIME or PGP.
    pub protection: Option<Protection>,
    /// Value of `report-type` when this is a multipart/report (`delivery-status`, …).
    pub report_type: Option<String>,
    /// What was repaired or guessed.
    pub notes: Vec<Note>,
}

/// Reads a message with the default limits.
///
/// # Errors
/// See [`inspect`].
pub fn parse(raw: &[u8]) -> Result<Mail> {
    inspect(raw, &Limits::default())
}

/// Reads a message.
///
/// # Errors
/// `empty`, `too_large`, `too_many_parts` or `too_deep`; never for merely broken mail.
pub fn inspect(raw: &[u8], limits: &Limits) -> Result<Mail> {
    if raw.is_empty() {
        return Err(Error::Empty);
    }
    if raw.len() > limits.message_bytes {
        return Err(Error::TooLarge { size: raw.len(), limit: limits.message_bytes });
    }
    let tree = mime::take_apart(raw, limits)?;
    let mut mail = envelope(&tree, limits);
    let mut bodies = Bodies::default();
    for leaf in &tree.leaves {
        take_leaf(raw, leaf, limits, &mut bodies, &mut mail);
    }
    (mail.text, mail.html, mail.text_from_html) = bodies.join();
    mark_inline(&mut mail);
    mail.protection = protection(&tree, &mail);
    mail.report_type = tree.report_type;
    if mail.headers.is_empty() {
        mail.notes.push(Note::NoHeaders);
    }
    mail.notes.dedup();
    Ok(mail)
}

fn envelope(tree: &Tree, limits: &Limits) -> Mail {
    let headers = &tree.headers;
    let from = headers.addresses("From", limits);
    let first = |name: &str| headers.addresses(name, limits).into_iter().find(|a| !a.email.is_empty());
    Mail {
        from: from.iter().find(|a| a.email.contains('@')).or_else(|| from.first()).cloned(),
        sender: first("Sender"),
        reply_to: headers.addresses("Reply-To", limits).into_iter().filter(|a| a.email.contains('@')).collect(),
        to: headers.addresses("To", limits),
        cc: headers.addresses("Cc", limits),
        bcc: headers.addresses("Bcc", limits),
        subject: headers.text("Subject").unwrap_or_default(),
        date: headers.date("Date"),
        message_id: headers.ids("Message-ID").into_iter().next(),
        in_reply_to: headers.ids("In-Reply-To"),
        references: headers.ids("References"),
        headers: headers.clone(),
        ..Mail::default()
    }
}

/// One stretch of body: what the sender offered as text, as HTML, or both.
#[derive(Debug, Default)]
struct Block {
    alternative: Option<usize>,
    text: Option<String>,
    html: Option<String>,
}

#[derive(Debug, Default)]
struct Bodies {
    blocks: Vec<Block>,
}

impl Bodies {
    fn add(&mut self, alternative: Option<usize>, is_html: bool, body: String) {
        let same = self.blocks.last_mut().filter(|block| alternative.is_some() && block.alternative == alternative);
        let block = match same {
            Some(block) => block,
            None => {
                self.blocks.push(Block { alternative, ..Block::default() });
                let last = self.blocks.len() - 1;
                &mut self.blocks[last]
            }
        };
        let slot = if is_html { &mut block.html } else { &mut block.text };
        match slot {
            Some(existing) => {
                existing.push('\n');
                existing.push_str(&body);
            }
            None => *slot = Some(body),
        }
    }

    /// Text, HTML, and whether the text had to be made from the HTML.
    fn join(self) -> (String, Option<String>, bool) {
        let any_html = self.blocks.iter().any(|block| block.html.is_some());
        let any_text = self.blocks.iter().any(|block| block.text.as_deref().is_some_and(|t| !t.trim().is_empty()));
        let mut texts = Vec::new();
        let mut htmls = Vec::new();
        for block in self.blocks {
            if any_html {
                match (&block.html, &block.text) {
                    (Some(html), _) => htmls.push(html.clone()),
                    (None, Some(text)) if !text.trim().is_empty() => htmls.push(html::from_text(text)),
                    _ => {}
                }
            }
            match (block.text, block.html) {
                (Some(text), Some(html)) if text.trim().is_empty() => texts.push(html::to_text(&html)),
                (Some(text), _) => texts.push(text),
                (None, Some(html)) => texts.push(html::to_text(&html)),
                (None, None) => {}
            }
        }
        texts.retain(|text| !text.trim().is_empty());
        let html = (!htmls.is_empty()).then(|| htmls.join("\n"));
        (texts.join("\n"), html, any_html && !any_text)
    }
}

fn take_leaf(raw: &[u8], leaf: &Leaf, limits: &Limits, bodies: &mut Bodies, mail: &mut Mail) {
    let encoded = raw.get(leaf.body.clone()).unwrap_or_default();
    let bytes = if leaf.intact { transfer::decode(encoded, &leaf.encoding) } else { encoded.to_vec() };
    if !leaf.intact {
        mail.notes.push(Note::MultipartWithoutParts);
    }
    if !is_body(leaf, bodies) {
        let number = mail.attachments.len() + 1;
        mail.attachments.push(Attachment::from_leaf(leaf, bytes, number));
        return;
    }
    let cut = bytes.len() > limits.body_bytes;
    let shown = if cut { &bytes[..limits.body_bytes] } else { &bytes[..] };
    let is_html = leaf.media_type == "text/html";
    let declared = leaf.content_type.get("charset").map(str::to_owned);
    let declared = declared.or_else(|| is_html.then(|| html::declared_charset(shown)).flatten());
    let decoded = charset::decode(shown, declared.as_deref(), leaf.headers.tld());
    if decoded.guessed {
        mail.notes.push(Note::CharsetGuessed);
    }
    let mut text = decoded.text.replace("\r\n", "\n").replace('\r', "\n");
    if leaf.content_type.get("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed")) {
        text = unflow(&text, leaf.content_type.get("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes")));
    }
    bodies.add(leaf.alternative.map(|(number, _)| number), is_html, text);
    if cut {
        mail.notes.push(Note::BodyCut);
        let number = mail.attachments.len() + 1;
        mail.attachments.push(Attachment::from_leaf(leaf, bytes, number));
    }
}

/// Is this leaf something a person reads as the message itself?
fn is_body(leaf: &Leaf, bodies: &Bodies) -> bool {
    let readable = matches!(leaf.media_type.as_str(), "text/plain" | "text/html");
    if !readable || leaf.disposition.kind == "attachment" || leaf.container == Container::Encrypted {
        return false;
    }
    if leaf.container == Container::Report && leaf.media_type == "text/plain" && !bodies.blocks.is_empty() {
        return declared_name(leaf).is_none();
    }
    match declared_name(leaf) {
        None => true,
        // A named text is a file, unless it is all there is.
        Some(_) => bodies.blocks.is_empty() && matches!(leaf.container, Container::Message | Container::Alternative),
    }
}

/// RFC 3676: joins the soft line breaks of `format=flowed`.
fn unflow(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- " || content == "--";
        if open == Some(depth) && !signature {
            out.push_str(content);
        } else {
            if !out.is_empty() || open.is_some() {
                out.push('\n');
            }
            out.push_str(&">".repeat(depth));
            if depth > 0 {
                out.push(' ');
            }
            out.push_str(content);
        }
        open = None;
        if content.ends_with(' ') && !signature {
            open = Some(depth);
            if delete_space {
                out.pop();
            }
        }
    }
    out
}

fn mark_inline(mail: &mut Mail) {
    let Some(html) = mail.html.as_deref() else { return };
    let referenced = html::content_ids(html);
    for attachment in &mut mail.attachments {
        let shown = attachment.content_id.as_ref().is_some_and(|id| referenced.contains(&id.to_lowercase()));
        if shown && attachment.content_type.starts_with("image/") {
            attachment.inline = true;
            attachment.kind = Kind::InlineImage;
        }
    }
}

fn protection(tree: &Tree, mail: &Mail) -> Option<Protection> {
    let has = |kind: Kind| mail.attachments.iter().any(|a| a.kind == kind);
    let multipart = |kind: &str| tree.multiparts.iter().any(|m| m == kind);
    if has(Kind::Smime) {
        Some(Protection::SmimeEncrypted)
    } else if multipart("multipart/encrypted") || mail.text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----") {
        Some(Protection::PgpEncrypted)
    } else if has(Kind::PgpSignature) || mail.text.trim_start().starts_with("-----BEGIN PGP SIGNED MESSAGE-----") {
        Some(Protection::PgpSigned)
    } else if has(Kind::SmimeSignature) {
        Some(Protection::SmimeSigned)
    } else {
        None
    }
}

impl Mail {
    /// Calendar parts (method and object as sent).
    pub fn calendars(&self) -> impl Iterator<Item = &Attachment> {
        self.attachments.iter().filter(|a| a.kind == Kind::Calendar)
    }
}
