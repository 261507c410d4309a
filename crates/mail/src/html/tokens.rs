//! HTML to tokens: tags, text, nothing else. Comments, doctypes and processing instructions are skipped.
//!
//! Forgiving as browsers are, linear for any input, and bounded: attributes beyond a hundred of one tag are dropped.
//! Safety never rests on this reading agreeing with a browser's: the sanitiser writes its own well-formed HTML from it
//! and has ammonia read that once more.

use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;

/// One token of an HTML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Character data, entities decoded.
    Text(Cow<'a, str>),
    Start {
        name: String,
        attributes: Vec<(String, String)>,
        self_closing: bool,
    },
    End {
        name: String,
    },
}

const MAX_ATTRIBUTES: usize = 100;

/// Elements whose content is no markup.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

pub(crate) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    raw_until: Option<String>,
}

impl<'a> Tokens<'a> {
    pub fn new(html: &'a str) -> Self {
        Self { html, at: 0, raw_until: None }
    }

    /// Text up to the next tag; a `<` that opens nothing is text.
    fn text(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let bytes = self.html.as_bytes();
        let mut from = start;
        let end = loop {
            match memchr(b'<', bytes.get(from..).unwrap_or_default()) {
                None => break bytes.len(),
                Some(offset) => {
                    let at = from + offset;
                    match bytes.get(at + 1) {
                        Some(b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?') => break at,
                        _ => from = at + 1,
                    }
                }
            }
        };
        self.at = end;
        (end > start).then(|| Token::Text(decode_entities(&self.html[start..end])))
    }

    /// Content of a raw element up to its end tag.
    fn raw_text(&mut self, name: &str) -> Option<Token<'a>> {
        let rest = &self.html[self.at..];
        let bytes = rest.as_bytes();
        let mut from = 0;
        let end = loop {
            let Some(offset) = memmem::find(bytes.get(from..).unwrap_or_default(), b"</") else { break bytes.len() };
            let at = from + offset;
            let after = bytes.get(at + 2..at + 2 + name.len());
            let boundary =
                matches!(bytes.get(at + 2 + name.len()), None | Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r'));
            if boundary && after.is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes())) {
                break at;
            }
            from = at + 2;
        };
        let text = &rest[..end];
        self.at += end;
        (!text.is_empty()).then_some(Token::Text(Cow::Borrowed(text)))
    }

    fn skip_past(&mut self, needle: &[u8], from: usize) {
        let rest = self.html.as_bytes().get(from..).unwrap_or_default();
        self.at = memmem::find(rest, needle).map_or(self.html.len(), |i| from + i + needle.len());
    }

    fn skip_declaration(&mut self) {
        let rest = &self.html[self.at..];
        if rest.starts_with("<!-->") || rest.starts_with("<!--->") {
            self.skip_past(b">", self.at);
        } else if rest.starts_with("<!--") {
            // Outlook's conditional comments hide their content from everybody else: skipped whole.
            self.skip_past(b"-->", self.at + 4);
        } else {
            self.skip_past(b">", self.at);
        }
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let bytes = self.html.as_bytes();
        let closing = bytes.get(self.at + 1) == Some(&b'/');
        let name_at = self.at + 1 + usize::from(closing);
        if !matches!(bytes.get(name_at), Some(b'a'..=b'z' | b'A'..=b'Z')) {
            // `</>` and `</ x>` are bogus comments.
            self.skip_past(b">", self.at);
            return None;
        }
        let name_end = scan(bytes, name_at, |b| b.is_ascii_whitespace() || b == b'/' || b == b'>');
        let name = self.html[name_at..name_end].to_ascii_lowercase();
        let (attributes, self_closing, end) = self.attributes(name_end);
        self.at = end;
        if closing {
            return Some(Token::End { name });
        }
        if RAW.contains(&name.as_str()) && !self_closing {
            self.raw_until = Some(name.clone());
        }
        if name == "plaintext" {
            self.raw_until = Some("\0".to_owned());
        }
        Some(Token::Start { name, attributes, self_closing })
    }

    fn attributes(&self, mut at: usize) -> (Vec<(String, String)>, bool, usize) {
        let bytes = self.html.as_bytes();
        let mut found: Vec<(String, String)> = Vec::new();
        let mut self_closing = false;
        loop {
            at = scan(bytes, at, |b| !(b.is_ascii_whitespace() || b == b'/'));
            self_closing |= at > 0 && bytes.get(at - 1) == Some(&b'/') && bytes.get(at) == Some(&b'>');
            match bytes.get(at) {
                None => return (found, self_closing, bytes.len()),
                Some(b'>') => return (found, self_closing, at + 1),
                _ => {}
            }
            let name_end = scan(bytes, at + 1, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'='));
            let name = self.html.get(at..name_end).unwrap_or_default().to_ascii_lowercase();
            let equals = scan(bytes, name_end, |b| !b.is_ascii_whitespace());
            let mut value = Cow::Borrowed("");
            at = name_end;
            if bytes.get(equals) == Some(&b'=') {
                let value_at = scan(bytes, equals + 1, |b| !b.is_ascii_whitespace());
                let (start, end, next) = match bytes.get(value_at) {
                    Some(quote @ (b'"' | b'\'')) => {
                        let end = memchr(*quote, &bytes[value_at + 1..]).map_or(bytes.len(), |i| value_at + 1 + i);
                        (value_at + 1, end, (end + 1).min(bytes.len()))
                    }
                    _ => {
                        let end = scan(bytes, value_at, |b| b.is_ascii_whitespace() || b == b'>');
                        (value_at, end, end)
                    }
                };
                value = decode_entities(self.html.get(start..end).unwrap_or_default());
                at = next;
            }
            if found.len() < MAX_ATTRIBUTES && !found.iter().any(|(n, _)| *n == name) {
                found.push((name, value.into_owned()));
            }
        }
    }
}

fn scan(bytes: &[u8], from: usize, stop: impl Fn(u8) -> bool) -> usize {
    bytes.get(from..).and_then(|rest| rest.iter().position(|b| stop(*b))).map_or(bytes.len(), |i| from + i)
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.at < self.html.len() {
            let token = if let Some(name) = self.raw_until.take() {
                self.raw_text(&name)
            } else {
                match self.html.as_bytes()[self.at..] {
                    [b'<', b'!' | b'?', ..] => {
                        self.skip_declaration();
                        None
                    }
                    [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'/', ..] => self.tag(),
                    _ => self.text(),
                }
            };
            if token.is_some() {
                return token;
            }
        }
        None
    }
}

/// Decodes `&amp;`, `&#1071;`, `&#x42f;` and every named entity of HTML; NUL becomes nothing.
pub(crate) fn decode_entities(text: &str) -> Cow<'_, str> {
    if memchr2(b'&', 0, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr2(b'&', 0, rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('\0') {
            rest = &rest[1..];
            continue;
        }
        let digits = |c: u8| c.is_ascii_alphanumeric() || c == b'#';
        let end = 1 + rest.bytes().skip(1).take(32).take_while(|b| digits(*b)).count();
        let name = &rest[1..end];
        let terminated = rest.as_bytes().get(end) == Some(&b';');
        match character(name, terminated) {
            Some(decoded) => {
                out.push_str(&decoded);
                rest = &rest[end + usize::from(terminated)..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn character(name: &str, terminated: bool) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        }
        .ok()?;
        // Windows-1252 codes written as if they were Unicode.
        let c = match code {
            0x80..=0x9f => {
                let (text, _) = encoding_rs::WINDOWS_1252
                    .decode_without_bom_handling(&[code as u8])
                    .0
                    .chars()
                    .next()
                    .map(|c| (c, ()))?;
                text
            }
            0 => return Some(String::new()),
            _ => char::from_u32(code).unwrap_or('\u{fffd}'),
        };
        return Some(c.to_string());
    }
    let well_known = matches!(name, "amp" | "lt" | "gt" | "quot" | "nbsp" | "copy" | "reg");
    if name.is_empty() || !(terminated || well_known) {
        return None;
    }
    let token = format!("&{name};");
    let mut decoded = String::new();
    mail_parser::decoders::html::add_html_token(&mut decoded, token.as_bytes(), false);
    (decoded != token).then_some(decoded)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_attributes_and_text_are_told_apart() {
        let tokens: Vec<_> = Tokens::new("a<B Class='x y' id=7 hidden>&lt;1 < 2&nbsp;</b><br/>").collect();
        assert_eq!(tokens[0], Token::Text("a".into()));
        let Token::Start { name, attributes, .. } = &tokens[1] else { panic!() };
        assert_eq!(name, "b");
        assert_eq!(attributes[0], ("class".into(), "x y".into()));
        assert_eq!(attributes[1], ("id".into(), "7".into()));
        assert_eq!(tokens[2], Token::Text("<1 < 2\u{a0}".into()));
        assert_eq!(tokens[3], Token::End { name: "b".into() });
        assert!(matches!(&tokens[4], Token::Start { self_closing: true, .. }));
    }

    #[test]
    fn script_content_is_one_text_and_comments_vanish() {
        let tokens: Vec<_> = Tokens::new("<!-- <b> --><script>if (a<b) '</p>'</SCRIPT >x").collect();
        assert_eq!(tokens[1], Token::Text("if (a<b) '</p>'".into()));
        assert_eq!(tokens[3], Token::Text("x".into()));
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(decode_entities("&amp;lt; &#1071;&#x42F; &euro; &#146; &nope; & &amp"), "&lt; ЯЯ € ’ &nope; & &");
    }

    proptest! {
        #[test]
        fn any_text_ends(html in "[<>&;!/=\"' a-c\\-#\u{43f}0-9]{0,200}") {
            let _ = Tokens::new(&html).count();
        }
    }
}
