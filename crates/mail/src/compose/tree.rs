//! The MIME tree of an outgoing message: alternative for text and HTML, related for pictures, mixed for files.

use super::{File, Outgoing};
use crate::attachment::{safe_name, sha256_hex};
use crate::{Error, Result};
use mail_builder::headers::content_type::ContentType;
use mail_builder::mime::{BodyPart, MimePart};

pub(super) fn body(message: &Outgoing) -> Result<MimePart<'_>> {
    let mut content = MimePart::new(plain("text/plain"), BodyPart::Text(message.text.as_str().into()));
    if let Some(html) = &message.html {
        let html = MimePart::new(plain("text/html"), BodyPart::Text(html.as_str().into()));
        content = multipart(message, "alternative", vec![content, html]);
    }
    if !message.inline.is_empty() {
        let mut parts = vec![content];
        for picture in &message.inline {
            parts.push(file(picture, true)?);
        }
        content = multipart(message, "related", parts);
    }
    if !message.attachments.is_empty() {
        let mut parts = vec![content];
        for attachment in &message.attachments {
            parts.push(file(attachment, false)?);
        }
        content = multipart(message, "mixed", parts);
    }
    Ok(content)
}

fn plain(kind: &'static str) -> ContentType<'static> {
    ContentType::new(kind).attribute("charset", "utf-8")
}

/// A boundary that follows from the Message-ID. `=_` occurs neither in base64 nor in quoted-printable.
fn multipart<'a>(message: &Outgoing, subtype: &str, parts: Vec<MimePart<'a>>) -> MimePart<'a> {
    let seed = sha256_hex(format!("{subtype}\0{}", message.message_id).as_bytes());
    let mut kind = ContentType::new(format!("multipart/{subtype}"));
    if subtype == "related" {
        let root = if message.html.is_some() { "multipart/alternative" } else { "text/plain" };
        kind = kind.attribute("type", root);
    }
    MimePart::new(kind.attribute("boundary", format!("=_{}", &seed[..32])), parts)
}

fn file(file: &File, inline: bool) -> Result<MimePart<'_>> {
    let mut name = safe_name(&file.filename);
    if name.is_empty() {
        "file".clone_into(&mut name);
    }
    let kind = ContentType::new(media_type(&file.content_type)).attribute("name", name.clone());
    let disposition = ContentType::new(if inline { "inline" } else { "attachment" }).attribute("filename", name);
    let mut part = MimePart::new(kind, BodyPart::Binary(wrapped_base64(&file.bytes).into()))
        // Said explicitly, so that text files keep their bytes too.
        .transfer_encoding("base64");
    part = part.header("Content-Disposition", disposition);
    if let Some(id) = &file.content_id {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>') {
            return Err(Error::BadHeader { header: "Content-ID", why: "it is not a content id" });
        }
        part = part.cid(id.as_str());
    }
    Ok(part)
}

fn wrapped_base64(bytes: &[u8]) -> Vec<u8> {
    mail_builder::encoders::base64::Base64Encoder::new().wrap_lines().encode(bytes).unwrap_or_default()
}

/// A media type that may be written for a file. Messages and multiparts must not be base64 (RFC 2046), so they travel
/// as plain files.
fn media_type(declared: &str) -> String {
    let declared = declared.trim().to_ascii_lowercase();
    let token = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+._".contains(&b));
    match declared.split_once('/') {
        Some((kind, subtype)) if token(kind) && token(subtype) && kind != "message" && kind != "multipart" => declared,
        _ => "application/octet-stream".to_owned(),
    }
}
