//! What somebody typed, made ready before any transaction: safe HTML, the same as text, the files it shows.

use crate::{AttachmentId, Error, Result};

/// The longest body, in bytes.
pub const LONGEST: usize = 2 * 1024 * 1024;
const OWN_FILES: &str = "/api/v1/attachments/";
const PARKED: &str = "cid:opora-file-";

/// A body ready to be kept and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// As HTML, safe to show anywhere.
    pub html: String,
    /// As text.
    pub text: String,
    /// Files of ours shown inside the HTML.
    pub shown: Vec<AttachmentId>,
}

impl Words {
    /// From what a request holds: HTML, or text, or one of them empty. Nothing at all is refused.
    pub fn new(body_html: Option<&str>, body_text: Option<&str>) -> Result<Words> {
        let (html, text) = (body_html.unwrap_or_default(), body_text.unwrap_or_default());
        for (field, body) in [("body_html", html), ("body_text", text)] {
            if body.len() > LONGEST {
                return Err(Error::field(field, "too_long", format!("at most {LONGEST} bytes")));
            }
        }
        let words = if html.trim().is_empty() { Words::from_text(text) } else { Words::from_html(html) };
        if words.text.trim().is_empty() && words.shown.is_empty() {
            return Err(Error::field("body_html", "required", "the message is empty"));
        }
        Ok(words)
    }

    fn from_text(text: &str) -> Words {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        Words { html: opora_mail::text_to_html(&text), text, shown: Vec::new() }
    }

    fn from_html(html: &str) -> Words {
        // The sanitizer knows no address of ours: our own files pass it as content ids.
        let parked = html.replace(&format!("\"{OWN_FILES}"), &format!("\"{PARKED}"));
        let shown = std::cell::RefCell::new(Vec::new());
        let own = |id: &str| {
            let id: i64 = id.strip_prefix("opora-file-")?.parse().ok()?;
            shown.borrow_mut().push(AttachmentId(id));
            Some(format!("{OWN_FILES}{id}"))
        };
        let clean = opora_mail::sanitize(&parked, &opora_mail::SanitizeOptions { cid: &own });
        let text = opora_mail::html_to_text(&clean.html);
        let html = clean.html;
        let mut shown = shown.into_inner();
        shown.sort();
        shown.dedup();
        Words { html, text, shown }
    }
}

/// The HTML as it leaves by mail: files of ours shown in it become content ids of the parts beside it.
pub fn with_content_ids(html: &str, content_id: impl Fn(AttachmentId) -> String) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(OWN_FILES) {
        let (before, after) = rest.split_at(at);
        let digits = &after[OWN_FILES.len()..];
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        out.push_str(before);
        match digits[..length].parse() {
            Ok(id) if before.ends_with('"') => out.push_str(&format!("cid:{}", content_id(AttachmentId(id)))),
            _ => out.push_str(&after[..OWN_FILES.len() + length]),
        }
        rest = &digits[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn nothing_but_white_space_is_refused() {
        assert_eq!(Words::new(Some("<p> </p>"), None).unwrap_err().code(), "validation");
        assert_eq!(Words::new(None, Some(" \n ")).unwrap_err().code(), "validation");
    }

    #[test]
    fn scripts_go_and_our_own_pictures_stay() {
        let words =
            Words::new(Some(r#"<p onclick="x()">Hi</p><script>x()</script><img src="/api/v1/attachments/7">"#), None)
                .unwrap();
        assert!(!words.html.contains("script") && !words.html.contains("onclick"), "{}", words.html);
        assert!(words.html.contains(r#"src="/api/v1/attachments/7""#), "{}", words.html);
        assert_eq!(words.shown, [AttachmentId(7)]);
    }

    #[test]
    fn a_picture_of_ours_leaves_as_a_content_id() {
        let html = r#"<img src="/api/v1/attachments/7"> see /api/v1/attachments/8"#;
        let out = with_content_ids(html, |id| format!("f{id}@x"));
        assert_eq!(out, r#"<img src="cid:f7@x"> see /api/v1/attachments/8"#);
    }
}
