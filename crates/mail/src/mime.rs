//! The MIME tree as a flat list of leaves, in document order.
//!
//! Iterative, so no nesting can exhaust the stack; linear in the size of the message for each level, and the levels
//! are limited. A multipart whose boundary never comes is read as text: nothing is lost. Messages inside messages are
//! leaves, they stay whole.

use crate::header::{Parameters, line_at};
use crate::{Error, Headers, Limits, Result};
use memchr::memmem;
use std::ops::Range;

/// What kind of multipart a leaf lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Container {
    /// The message itself is the leaf.
    #[default]
    Message,
    /// mixed, digest, parallel, unknown.
    Mixed,
    Alternative,
    Related,
    Report,
    Signed,
    Encrypted,
}

/// A part without children.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub headers: Headers,
    /// `text/plain` and so on, defaults applied.
    pub media_type: String,
    pub content_type: Parameters,
    pub disposition: Parameters,
    /// Transfer encoding in lower case.
    pub encoding: String,
    /// Range of the encoded body inside the message.
    pub body: Range<usize>,
    pub container: Container,
    /// Number of the nearest alternative this leaf is in, and which branch of it.
    pub alternative: Option<(usize, usize)>,
    /// False when a multipart was declared and no part was found in it.
    pub intact: bool,
}

/// The whole message taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub headers: Headers,
    pub leaves: Vec<Leaf>,
    /// Every multipart type met, in order (`multipart/signed`, …).
    pub multiparts: Vec<String>,
    /// Parameter `report-type` of a multipart/report at the top.
    pub report_type: Option<String>,
}

struct Work {
    range: Range<usize>,
    container: Container,
    depth: usize,
    digest: bool,
    alternative: Option<(usize, usize)>,
}

/// Takes a message apart.
pub(crate) fn take_apart(raw: &[u8], limits: &Limits) -> Result<Tree> {
    let mut tree = Tree { headers: Headers::default(), leaves: Vec::new(), multiparts: Vec::new(), report_type: None };
    let mut stack =
        vec![Work { range: 0..raw.len(), container: Container::Message, depth: 0, digest: false, alternative: None }];
    let mut seen = 0_usize;
    let mut alternatives = 0_usize;
    while let Some(work) = stack.pop() {
        seen += 1;
        if seen > limits.parts {
            return Err(Error::TooManyParts { limit: limits.parts });
        }
        let (headers, body_at) = headers_of(raw, &work, limits, tree.headers.tld());
        let content_type = headers.parameters("Content-Type").unwrap_or_default();
        let media_type = media_type(&content_type, work.digest);
        let body = work.range.start + body_at..work.range.end;
        if work.depth == 0 {
            tree.headers = headers.clone();
        }
        let mut intact = true;
        if let Some(subtype) = media_type.strip_prefix("multipart/") {
            let children = children(raw, body.clone(), content_type.get("boundary"), limits)?;
            intact = !children.is_empty();
            if intact {
                if work.depth >= limits.depth {
                    return Err(Error::TooDeep { limit: limits.depth });
                }
                let container = container_of(subtype);
                if container == Container::Report && tree.report_type.is_none() {
                    tree.report_type = Some(content_type.get("report-type").unwrap_or_default().to_ascii_lowercase());
                }
                tree.multiparts.push(media_type.clone());
                let this = (container == Container::Alternative).then(|| {
                    alternatives += 1;
                    alternatives
                });
                for (branch, range) in children.into_iter().enumerate().rev() {
                    stack.push(Work {
                        range,
                        container,
                        depth: work.depth + 1,
                        digest: subtype == "digest",
                        alternative: this.map(|number| (number, branch)).or(work.alternative),
                    });
                }
                continue;
            }
        }
        let encoding = headers.text("Content-Transfer-Encoding").unwrap_or_default().to_ascii_lowercase();
        let encoding = encoding.split(|c: char| c.is_whitespace() || c == ';').next().unwrap_or_default().to_owned();
        tree.leaves.push(Leaf {
            disposition: headers.parameters("Content-Disposition").unwrap_or_default(),
            headers,
            media_type: if intact { media_type } else { "text/plain".to_owned() },
            content_type,
            encoding,
            body,
            container: work.container,
            alternative: work.alternative,
            intact,
        });
    }
    Ok(tree)
}

fn headers_of(raw: &[u8], work: &Work, limits: &Limits, tld: Option<&str>) -> (Headers, usize) {
    let part = &raw[work.range.clone()];
    if work.depth > 0 && (part.starts_with(b"\r\n") || part.starts_with(b"\n")) {
        // A part that starts with a blank line has no header.
        return (Headers::default().with_tld(tld), if part[0] == b'\r' { 2 } else { 1 });
    }
    let (headers, at) = Headers::parse(part, limits);
    (headers.with_tld(tld), at)
}

fn media_type(content_type: &Parameters, digest: bool) -> String {
    let kind = content_type.kind.as_str();
    match kind {
        "" if digest => "message/rfc822".to_owned(),
        "" | "text" => "text/plain".to_owned(),
        "html" => "text/html".to_owned(),
        "multipart" => "multipart/mixed".to_owned(),
        _ if !kind.contains('/') => "application/octet-stream".to_owned(),
        _ => kind.to_owned(),
    }
}

fn container_of(subtype: &str) -> Container {
    match subtype {
        "alternative" => Container::Alternative,
        "related" => Container::Related,
        "report" => Container::Report,
        "signed" => Container::Signed,
        "encrypted" => Container::Encrypted,
        _ => Container::Mixed,
    }
}

/// Ranges of the parts between the boundary lines of `body`.
fn children(raw: &[u8], body: Range<usize>, boundary: Option<&str>, limits: &Limits) -> Result<Vec<Range<usize>>> {
    let text = &raw[body.clone()];
    let declared = boundary.filter(|b| !b.trim().is_empty());
    let mut found = Vec::new();
    if let Some(exact) = declared.filter(|b| b.ends_with(' ')) {
        found = delimited(text, exact.as_bytes(), true, limits)?;
    }
    let trimmed = declared.map(|b| b.trim_end().as_bytes().to_vec());
    let Some(boundary) = trimmed.or_else(|| first_delimiter(text)) else { return Ok(Vec::new()) };
    for strict in [true, false] {
        if found.is_empty() {
            found = delimited(text, &boundary, strict, limits)?;
        }
    }
    Ok(found.into_iter().map(|range| body.start + range.start..body.start + range.end).collect())
}

fn delimited(text: &[u8], boundary: &[u8], strict: bool, limits: &Limits) -> Result<Vec<Range<usize>>> {
    let mut delimiter = b"--".to_vec();
    delimiter.extend_from_slice(boundary);
    let mut parts = Vec::new();
    let mut open: Option<usize> = None;
    for at in memmem::find_iter(text, &delimiter) {
        if at > 0 && text[at - 1] != b'\n' {
            continue;
        }
        let (line, next) = line_at(text, at);
        let tail = line[delimiter.len()..].trim_ascii_end();
        let closes = tail.starts_with(b"--");
        if strict && !(tail.is_empty() || tail == b"--") {
            continue;
        }
        if let Some(start) = open {
            parts.push(start..without_line_end(text, start, at));
            if parts.len() > limits.parts {
                return Err(Error::TooManyParts { limit: limits.parts });
            }
        }
        open = (!closes).then_some(next);
        if closes {
            break;
        }
    }
    if let Some(start) = open.filter(|start| *start < text.len()) {
        parts.push(start..text.len());
    }
    Ok(parts)
}

/// The line break in front of a boundary belongs to the boundary.
fn without_line_end(text: &[u8], start: usize, at: usize) -> usize {
    let part = &text[start..at];
    let part = part.strip_suffix(b"\n").map_or(part, |p| p.strip_suffix(b"\r").unwrap_or(p));
    start + part.len()
}

/// A multipart that forgot to declare its boundary: the first `--something` line near the top.
fn first_delimiter(text: &[u8]) -> Option<Vec<u8>> {
    let mut at = 0;
    for _ in 0..20 {
        let (line, next) = line_at(text, at);
        if let Some(rest) = line.strip_prefix(b"--") {
            let rest = rest.trim_ascii_end();
            if rest.len() >= 4 && !rest.contains(&b' ') && !rest.ends_with(b"--") {
                return Some(rest.to_vec());
            }
        }
        if next >= text.len() {
            break;
        }
        at = next;
    }
    None
}
