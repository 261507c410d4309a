//! HTML bodies: reading them as text, writing them from text, and finding what they refer to.
//!
//! Everything works on [`dom::Dom`], a bounded tree; nothing here is safe to show in a browser, that is the work of
//! [`crate::sanitize`].

pub(crate) mod dom;
mod from_text;
mod to_text;
pub(crate) mod tokens;

pub use from_text::from_text;
pub use to_text::to_text;

use std::collections::HashSet;
use tokens::{Token, Tokens};

/// Content ids the HTML shows, in lower case.
pub(crate) fn content_ids(html: &str) -> HashSet<String> {
    let mut ids = HashSet::new();
    for token in Tokens::new(html) {
        if let Token::Start { attributes, .. } = token {
            for (_, value) in
                attributes.iter().filter(|(n, _)| matches!(n.as_str(), "src" | "background" | "href" | "style"))
            {
                for (at, _) in value.match_indices("cid:") {
                    let id = &value[at + 4..];
                    let end = id.find(['"', '\'', ')', ' ', '>']).unwrap_or(id.len());
                    ids.insert(percent_decoded(&id[..end]).to_lowercase());
                }
            }
        }
    }
    ids
}

pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = if *first == b'%' { tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()) } else { None };
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The charset a `<meta>` in the first kilobytes declares.
pub(crate) fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let at = head.find("<meta").and_then(|meta| head[meta..].find("charset=").map(|i| meta + i + 8))?;
    let value = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = value.find(['"', '\'', ' ', ';', '>', '/']).unwrap_or(value.len());
    (end > 0).then(|| value[..end].to_owned())
}
