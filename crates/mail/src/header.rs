//! Header blocks: from raw bytes to named fields, and typed readings of a field.
//!
//! Splitting and repairing is ours (mail in the wild has blank first lines, mbox separators, stray lines and
//! eight-bit bytes); addresses, dates and parameters are read by mail-parser. Knows nothing of bodies.

use crate::{Limits, encoded_word};
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, HeaderValue};
use serde::{Deserialize, Serialize};

/// A mailbox: display name (may be empty) and address as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// Display name, decoded; empty when there is none.
    pub name: String,
    /// `local@domain` as written; may be malformed or empty in broken mail.
    pub email: String,
}

impl Address {
    /// A mailbox from its two halves.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self { name: name.into(), email: email.into() }
    }

    /// The address in lower case, for comparing.
    #[must_use]
    pub fn key(&self) -> String {
        self.email.trim().to_lowercase()
    }

    /// The part after the last `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> Option<String> {
        self.email.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase()).filter(|d| !d.is_empty())
    }
}

/// One header field: its name as written and its unfolded raw value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    name: String,
    value: Vec<u8>,
}

/// All fields of one header block, in order. Names compare without case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    fields: Vec<Field>,
    tld: Option<String>,
}

/// A media type or disposition with its parameters, everything but values in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameters {
    pub kind: String,
    pub attributes: Vec<(String, String)>,
}

impl Parameters {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl Headers {
    /// Splits a header block off `raw`; returns the fields and where the body starts.
    #[must_use]
    pub fn parse(raw: &[u8], limits: &Limits) -> (Self, usize) {
        let mut headers = Self::default();
        let mut at = 0;
        let mut stray = 0;
        while at < raw.len() {
            let (line, next) = line_at(raw, at);
            if line.is_empty() {
                // Blank lines before the first field are forgiven, the first one after it ends the block.
                if !headers.fields.is_empty() || stray > 0 || at > 8 {
                    at = next;
                    break;
                }
                at = next;
                continue;
            }
            let folded = matches!(line[0], b' ' | b'\t');
            if folded && let Some(last) = headers.fields.last_mut() {
                if at < limits.header_bytes {
                    last.value.extend_from_slice(line);
                }
            } else if let Some((name, value)) = split_field(line) {
                if headers.fields.len() < limits.header_fields && at < limits.header_bytes {
                    headers.fields.push(Field { name: name.to_owned(), value: value.to_vec() });
                }
            } else if is_mbox_separator(line) && headers.fields.is_empty() {
                // An mbox "From " line in front of a message.
            } else {
                let recovers = headers_follow(raw, next, limits) || !headers.fields.is_empty() && ends_soon(raw, next);
                if !recovers {
                    break;
                }
                stray += 1;
            }
            at = next;
        }
        headers.tld = headers.sender_tld();
        (headers, at)
    }

    /// The top-level domain of the sender, a hint for charset detection.
    fn sender_tld(&self) -> Option<String> {
        let from = self.raw("From").or_else(|| self.raw("Return-Path")).or_else(|| self.raw("Sender"))?;
        let text = String::from_utf8_lossy(from);
        let domain = text.rsplit_once('@')?.1;
        let end = domain.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')).unwrap_or(domain.len());
        domain[..end].trim_end_matches('.').rsplit('.').next().map(str::to_ascii_lowercase).filter(|t| !t.is_empty())
    }

    pub(crate) fn tld(&self) -> Option<&str> {
        self.tld.as_deref()
    }

    /// Parts inherit the hint of the whole message.
    pub(crate) fn with_tld(mut self, tld: Option<&str>) -> Self {
        if self.tld.is_none() {
            self.tld = tld.map(str::to_owned);
        }
        self
    }

    /// True when there is no field at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Names of the fields as written, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// The first raw value of a field, unfolded but not decoded.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|f| f.name.eq_ignore_ascii_case(name)).map(|f| f.value.as_slice())
    }

    /// Is the field there (even if empty)?
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The first value of a field for a person: decoded, trimmed, without control characters.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.raw(name).map(|raw| plain_text(raw, self.tld()))
    }

    /// Every value of a repeated field, decoded.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = String> {
        self.fields.iter().filter(move |f| f.name.eq_ignore_ascii_case(name)).map(|f| plain_text(&f.value, self.tld()))
    }

    /// The addresses of every field of that name, groups flattened.
    #[must_use]
    pub fn addresses(&self, name: &str, limits: &Limits) -> Vec<Address> {
        let mut found = Vec::new();
        for field in self.fields.iter().filter(|f| f.name.eq_ignore_ascii_case(name)) {
            found.extend(addresses(&field.value, self.tld()));
            if found.len() >= limits.addresses {
                found.truncate(limits.addresses);
                break;
            }
        }
        found
    }

    /// Seconds since 1970 of a date field.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<i64> {
        let raw = self.raw(name)?;
        let mut line = String::from_utf8_lossy(raw).into_owned();
        line.push('\n');
        match MessageStream::new(line.as_bytes()).parse_date() {
            HeaderValue::DateTime(date) if date.is_valid() && date.year >= 1970 => Some(date.to_timestamp()),
            _ => None,
        }
    }

    /// Message ids of a field, without angle brackets.
    #[must_use]
    pub fn ids(&self, name: &str) -> Vec<String> {
        self.fields
            .iter()
            .filter(|f| f.name.eq_ignore_ascii_case(name))
            .flat_map(|f| crate::thread::message_ids(&encoded_word::to_text(&f.value, None)))
            .collect()
    }

    /// A media type or disposition with parameters.
    pub(crate) fn parameters(&self, name: &str) -> Option<Parameters> {
        let mut line = encoded_word::to_structured(self.raw(name)?, self.tld());
        line.push('\n');
        match MessageStream::new(line.as_bytes()).parse_content_type() {
            HeaderValue::ContentType(parsed) => {
                let kind = match parsed.subtype() {
                    Some(subtype) => format!("{}/{}", parsed.ctype(), subtype),
                    None => parsed.ctype().to_owned(),
                };
                let attributes = parsed.attributes().unwrap_or_default().iter();
                Some(Parameters {
                    kind: kind.trim().to_ascii_lowercase(),
                    attributes: attributes
                        .map(|a| {
                            let name = a.name.to_ascii_lowercase();
                            // A boundary may end with a space, against the standard.
                            let value = if name == "boundary" { a.value.as_ref() } else { a.value.trim() };
                            (name, value.to_owned())
                        })
                        .collect(),
                })
            }
            _ => None,
        }
    }
}

fn plain_text(raw: &[u8], tld: Option<&str>) -> String {
    let text = encoded_word::to_text(raw, tld);
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

/// The line that starts at `at` without its end, and where the next one starts.
pub(crate) fn line_at(raw: &[u8], at: usize) -> (&[u8], usize) {
    let rest = raw.get(at..).unwrap_or_default();
    let (end, next) = memchr::memchr(b'\n', rest).map_or((rest.len(), rest.len()), |i| (i, i + 1));
    let line = &rest[..end];
    (line.strip_suffix(b"\r").unwrap_or(line), at + next)
}

/// Do known header fields come after a stray line, before the first blank one?
fn headers_follow(raw: &[u8], mut at: usize, limits: &Limits) -> bool {
    let mut known = 0;
    for _ in 0..100 {
        if at >= raw.len().min(limits.header_bytes) {
            break;
        }
        let (line, next) = line_at(raw, at);
        if line.is_empty() {
            break;
        }
        if let Some((name, _)) = split_field(line) {
            known += usize::from(KNOWN.iter().any(|field| field.eq_ignore_ascii_case(name)));
        }
        if known > 0 {
            return true;
        }
        at = next;
    }
    false
}

/// The block ends right after the stray line, and a body follows.
fn ends_soon(raw: &[u8], at: usize) -> bool {
    line_at(raw, at).0.is_empty() && at < raw.len()
}

/// Fields that prove that we are still in a header block.
const KNOWN: [&str; 14] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Received",
    "Return-Path",
    "Reply-To",
    "References",
    "In-Reply-To",
];

fn split_field(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = memchr::memchr(b':', &line[..line.len().min(256)])?;
    let name = std::str::from_utf8(&line[..colon]).ok()?.trim_end();
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    Some((name, &line[colon + 1..]))
}

pub(crate) fn is_mbox_separator(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

fn addresses(raw: &[u8], tld: Option<&str>) -> Vec<Address> {
    let mut line = encoded_word::to_structured(raw, tld);
    line.push('\n');
    let mut found = Vec::new();
    let mut take = |addr: &Addr<'_>| {
        let mut name = tidy(addr.name.as_deref().unwrap_or_default());
        let mut email = tidy(addr.address.as_deref().unwrap_or_default());
        if email.is_empty()
            && let Some(inside) = first_address(&name)
        {
            name = name.replace(&inside, "").trim_matches(['<', '>', ' ', '"', '\'']).to_owned();
            email = inside;
        }
        let mut email = email.trim_start_matches("mailto:").trim_matches(['<', '>', ' ']).to_owned();
        if name.is_empty()
            && let Some((words, address)) = email.rsplit_once(' ')
            && address.contains('@')
        {
            // `Anna Petrova anna@example.com`, without brackets.
            (name, email) = (words.trim().to_owned(), address.to_owned());
        }
        if !(name.is_empty() && email.is_empty()) {
            found.push(Address { name, email });
        }
    };
    match MessageStream::new(line.as_bytes()).parse_address() {
        HeaderValue::Address(mail_parser::Address::List(list)) => list.iter().for_each(&mut take),
        HeaderValue::Address(mail_parser::Address::Group(groups)) => {
            groups.iter().flat_map(|group| group.addresses.iter()).for_each(&mut take);
        }
        _ => {}
    }
    found
}

fn tidy(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim();
    // 'Name' and "Name" in quotes of their own, as Outlook writes.
    let bare = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')).unwrap_or(text);
    bare.trim().to_owned()
}

fn first_address(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || "<>(),;:\"".contains(c))
        .find(|word| word.split_once('@').is_some_and(|(l, d)| !l.is_empty() && d.contains('.')))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn headers(raw: &str) -> Headers {
        Headers::parse(raw.as_bytes(), &Limits::default()).0
    }

    #[test]
    fn folded_fields_are_joined_and_the_body_starts_after_the_blank_line() {
        let raw = b"Subject: one\r\n two\r\nX-A: b\r\n\r\nbody";
        let (headers, body) = Headers::parse(raw, &Limits::default());
        assert_eq!(headers.text("subject").unwrap(), "one two");
        assert_eq!(&raw[body..], b"body");
    }

    #[test]
    fn an_mbox_line_and_blank_lines_in_front_are_forgiven() {
        assert_eq!(headers("\r\nFrom anna@example.com Mon Jan  1\nSubject: hi\n\nx").text("Subject").unwrap(), "hi");
    }

    #[test]
    fn a_stray_line_between_fields_does_not_end_the_block() {
        assert_eq!(headers("A: 1\nnonsense without colon\nSubject: hi\n\nx").text("Subject").unwrap(), "hi");
    }

    #[test]
    fn text_without_any_header_is_all_body() {
        let (headers, body) = Headers::parse(b"Hello there\nhow are you", &Limits::default());
        assert!(headers.is_empty());
        assert_eq!(body, 0);
    }

    #[test]
    fn addresses_with_commas_quotes_groups_and_charsets_are_read() {
        let h = headers(
            "To: \"Petrov, Ivan\" <ivan@example.com>, =?koi8-r?Q?=E1=CE=CE=C1=2C_=F2?= <anna@example.com>,\n team: a@x.org, b@x.org;\n\n",
        );
        let to = h.addresses("To", &Limits::default());
        assert_eq!(to[0], Address::new("Petrov, Ivan", "ivan@example.com"));
        assert_eq!(to[1], Address::new("Анна, Р", "anna@example.com"));
        assert_eq!(to.len(), 4);
    }

    #[test]
    fn a_media_type_has_lower_case_names_and_decoded_parameters() {
        let h = headers("Content-Type: TEXT/Plain; Charset=\"KOI8-R\"; NAME*=utf-8''%D1%84.txt\n\n");
        let parameters = h.parameters("content-type").unwrap();
        assert_eq!(parameters.kind, "text/plain");
        assert_eq!(parameters.get("charset"), Some("KOI8-R"));
        assert_eq!(parameters.get("name"), Some("ф.txt"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_header_block(bytes: Vec<u8>) {
            let (headers, body) = Headers::parse(&bytes, &Limits::default());
            prop_assert!(body <= bytes.len());
            for name in ["from", "content-type"] {
                let _ = headers.addresses(name, &Limits::default());
                let _ = headers.parameters(name);
            }
        }

        #[test]
        fn any_value_is_an_address_list_or_a_media_type(value in "\\PC{0,80}") {
            let raw = format!("From: {value}\nContent-Type: {value}\nDate: {value}\nMessage-ID: {value}\n\n");
            let headers = Headers::parse(raw.as_bytes(), &Limits::default()).0;
            let _ = headers.addresses("from", &Limits::default());
            let _ = headers.parameters("content-type");
            let _ = headers.date("date");
            let _ = headers.ids("message-id");
        }
    }
}
