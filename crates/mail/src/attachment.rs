//! Attachments: a name a person can use, bytes with their hash, and what kind of thing it is.

use crate::encoded_word;
use crate::mime::{Container, Leaf};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::ops::Range;

/// What an attachment is to the department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Any file.
    File,
    /// A picture the HTML shows by its content id.
    InlineImage,
    /// A message inside the message, kept whole as `.eml`.
    Message,
    /// A calendar invite or answer (`text/calendar`).
    Calendar,
    /// Outlook's TNEF wrapper, `winmail.dat`.
    Winmail,
    /// An S/MIME signature.
    SmimeSignature,
    /// S/MIME enveloped or opaque-signed data.
    Smime,
    /// A PGP signature.
    PgpSignature,
    /// PGP encrypted data or its control part.
    Pgp,
    /// The machine-readable part of a report (delivery status, feedback, read receipt).
    Report,
    /// A body alternative that is not shown (rich text, AMP …).
    Alternative,
}

/// One attachment, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Name for a person: decoded, without folders and control characters; never empty.
    pub filename: String,
    /// Media type in lower case, `application/octet-stream` when unknown.
    pub content_type: String,
    /// What it is.
    pub kind: Kind,
    /// SHA-256 of [`Attachment::bytes`] as lower-case hex.
    pub sha256: String,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
    /// Where the still encoded part lies in the raw message.
    pub range: Range<usize>,
    /// Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// True when it is shown inside the HTML and need not be listed as a file.
    pub inline: bool,
}

impl Attachment {
    /// Size of the decoded bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn from_leaf(leaf: &Leaf, bytes: Vec<u8>, number: usize) -> Self {
        let kind = kind_of(leaf);
        let content_id =
            leaf.headers.text("Content-ID").and_then(|id| crate::thread::message_ids(&id).into_iter().next());
        let filename = declared_name(leaf).unwrap_or_else(|| made_up_name(leaf, kind, &bytes, number));
        Self {
            filename,
            content_type: leaf.media_type.clone(),
            kind,
            sha256: sha256_hex(&bytes),
            range: leaf.body.clone(),
            inline: false,
            content_id,
            bytes,
        }
    }
}

/// SHA-256 as lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The name the sender gave, made safe for a disk and an eye.
pub(crate) fn declared_name(leaf: &Leaf) -> Option<String> {
    let declared = leaf.disposition.get("filename").or_else(|| leaf.content_type.get("name"));
    let location = leaf.headers.text("Content-Location").filter(|l| !l.contains("://") && !l.starts_with("cid:"));
    let name = declared.map(str::to_owned).or(location)?;
    // Some clients encode words in parameters although the standard forbids it.
    let name = encoded_word::to_text(name.as_bytes(), leaf.headers.tld());
    Some(safe_name(&name)).filter(|name| !name.is_empty())
}

/// A file name without folders, control characters, direction tricks and leading dots, at most 200 characters.
pub(crate) fn safe_name(name: &str) -> String {
    let last = name.trim().rsplit(['/', '\\']).find(|piece| !piece.trim().is_empty()).unwrap_or_default();
    let clean: String = last
        .chars()
        .map(|c| if c.is_control() || "<>:\"|?*".contains(c) { '_' } else { c })
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect();
    let clean = clean.trim().trim_start_matches('.').trim();
    if clean.chars().count() <= 200 {
        return clean.to_owned();
    }
    let (stem, extension) = clean.rsplit_once('.').filter(|(_, e)| e.chars().count() <= 10).unwrap_or((clean, ""));
    let stem: String = stem.chars().take(180).collect();
    if extension.is_empty() { stem } else { format!("{stem}.{extension}") }
}

fn kind_of(leaf: &Leaf) -> Kind {
    let name = declared_name(leaf).unwrap_or_default().to_lowercase();
    match leaf.media_type.as_str() {
        "message/rfc822" | "message/global" | "message/news" => Kind::Message,
        "message/delivery-status"
        | "message/feedback-report"
        | "message/disposition-notification"
        | "message/global-delivery-status"
        | "message/global-disposition-notification"
        | "text/rfc822-headers"
        | "message/rfc822-headers"
        | "message/global-headers" => Kind::Report,
        "text/calendar" | "application/ics" => Kind::Calendar,
        "application/ms-tnef" | "application/vnd.ms-tnef" => Kind::Winmail,
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => Kind::SmimeSignature,
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => Kind::Smime,
        "application/pgp-signature" => Kind::PgpSignature,
        "application/pgp-encrypted" => Kind::Pgp,
        _ if name == "winmail.dat" => Kind::Winmail,
        _ if leaf.container == Container::Encrypted => Kind::Pgp,
        media if media.starts_with("text/") && leaf.container == Container::Alternative && name.is_empty() => {
            Kind::Alternative
        }
        _ => Kind::File,
    }
}

fn made_up_name(leaf: &Leaf, kind: Kind, bytes: &[u8], number: usize) -> String {
    match kind {
        Kind::Message => {
            let (headers, _) = crate::Headers::parse(bytes, &crate::Limits::default());
            let subject = safe_name(&headers.text("Subject").unwrap_or_default().replace(['/', '\\'], "_"));
            if subject.is_empty() { format!("message-{number}.eml") } else { format!("{subject}.eml") }
        }
        Kind::Calendar => "invite.ics".to_owned(),
        Kind::Winmail => "winmail.dat".to_owned(),
        Kind::SmimeSignature => "smime.p7s".to_owned(),
        Kind::Smime => "smime.p7m".to_owned(),
        Kind::PgpSignature => "signature.asc".to_owned(),
        Kind::Pgp => format!("encrypted-{number}.asc"),
        _ => format!("attachment-{number}.{}", extension_of(&leaf.media_type)),
    }
}

fn extension_of(media_type: &str) -> &str {
    match media_type {
        "image/jpeg" | "image/jpg" | "image/pjpeg" => "jpg",
        "image/png" | "image/x-png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        "image/heic" => "heic",
        "image/tiff" => "tiff",
        "image/bmp" => "bmp",
        "application/pdf" => "pdf",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/json" => "json",
        "audio/mpeg" => "mp3",
        "audio/wav" | "audio/x-wav" => "wav",
        "audio/ogg" => "ogg",
        "video/mp4" => "mp4",
        "video/quicktime" => "mov",
        "text/plain" | "message/delivery-status" | "message/feedback-report" | "text/rfc822-headers" => "txt",
        "message/disposition-notification" => "txt",
        "text/html" | "text/x-amp-html" => "html",
        "text/csv" => "csv",
        "text/xml" | "application/xml" => "xml",
        "text/richtext" | "text/rtf" | "application/rtf" => "rtf",
        "text/vcard" | "text/x-vcard" | "text/directory" => "vcf",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_folder_or_hide_its_extension() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\Users\\Anna\\счёт.pdf"), "счёт.pdf");
        assert_eq!(safe_name("invoice\u{202e}fdp.exe"), "invoicefdp.exe");
        assert_eq!(safe_name("..."), "");
        assert_eq!(safe_name("a\r\nb.txt"), "a__b.txt");
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = safe_name(&format!("{}.pdf", "ы".repeat(400)));
        assert!(name.ends_with(".pdf") && name.chars().count() < 200);
    }
}
