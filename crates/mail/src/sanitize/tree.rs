//! The first pass of the sanitiser: the tree written out again, its pictures resolved or set aside.

use crate::html::dom::{Content, Dom, Node, Step, is_hidden, is_void};
use crate::html::percent_decoded;
use std::collections::HashSet;

pub(super) struct Rewritten {
    pub html: String,
    /// Addresses the content-id resolver gave out; no other may be loaded.
    pub pictures: HashSet<String>,
    pub remote_images: u32,
}

pub(super) fn rewrite(html: &str, cid: &dyn Fn(&str) -> Option<String>) -> Rewritten {
    let dom = Dom::parse(html);
    let mut out = Rewritten { html: String::with_capacity(html.len()), pictures: HashSet::new(), remote_images: 0 };
    dom.walk(0, |step| match step {
        Step::Enter(id) => enter(&dom.nodes[*id], cid, &mut out),
        Step::Leave(id) => {
            let name = dom.nodes[*id].name();
            if !name.is_empty() && !is_void(name) && !skipped(name) {
                out.html.push_str("</");
                out.html.push_str(name);
                out.html.push('>');
            }
            true
        }
    });
    out
}

fn enter(node: &Node, cid: &dyn Fn(&str) -> Option<String>, out: &mut Rewritten) -> bool {
    match &node.content {
        Content::Text(text) => {
            stand_in(&mut out.html, text);
            true
        }
        Content::Element { name, .. } if name.is_empty() => true,
        Content::Element { name, .. } if skipped(name) => false,
        Content::Element { name, attributes } if name == "img" => {
            let source = node.attribute("src").unwrap_or_default();
            open(
                out,
                name,
                attributes.iter().filter(|(n, _)| !matches!(n.as_str(), "src" | "srcset" | "data-remote-src")),
            );
            out.html.pop();
            picture(source, cid, out);
            out.html.push('>');
            true
        }
        Content::Element { name, attributes } => {
            open(out, name, attributes.iter());
            true
        }
    }
}

/// Writes the `src` of a picture, or what stands for it.
fn picture(source: &str, cid: &dyn Fn(&str) -> Option<String>, out: &mut Rewritten) {
    let source = source.trim();
    let (attribute, address) = match content_id(source) {
        Some(id) => match cid(&id) {
            Some(address) => {
                out.pictures.insert(address.clone());
                ("src", address)
            }
            None => return,
        },
        None if is_embedded_picture(source) => ("src", source.to_owned()),
        None if is_remote(source) => {
            out.remote_images = out.remote_images.saturating_add(1);
            let whole = if source.starts_with("//") { format!("https:{source}") } else { source.to_owned() };
            ("data-remote-src", whole)
        }
        None => return,
    };
    out.html.push(' ');
    out.html.push_str(attribute);
    out.html.push_str("=\"");
    escape(&mut out.html, &address);
    out.html.push('"');
}

fn content_id(source: &str) -> Option<String> {
    let scheme = source.get(..4)?;
    scheme.eq_ignore_ascii_case("cid:").then(|| percent_decoded(&source[4..]).trim_matches(['<', '>', ' ']).to_owned())
}

/// A picture inside the address itself, of a kind that cannot carry script.
pub(super) fn is_embedded_picture(source: &str) -> bool {
    let start: String = source.chars().take(24).collect::<String>().to_ascii_lowercase();
    [
        "data:image/png;base64,",
        "data:image/gif;base64,",
        "data:image/jpeg;base64,",
        "data:image/jpg;base64,",
        "data:image/webp;base64,",
        "data:image/bmp;base64,",
    ]
    .iter()
    .any(|kind| start.starts_with(kind))
}

/// A picture somewhere on the web.
pub(super) fn is_remote(source: &str) -> bool {
    let start: String = source.chars().take(8).collect::<String>().to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://") || start.starts_with("//")
}

fn skipped(name: &str) -> bool {
    is_hidden(name) && name != "head"
        || matches!(name, "noscript" | "base" | "link" | "meta" | "input" | "embed" | "param")
}

fn open<'a>(out: &mut Rewritten, name: &str, attributes: impl Iterator<Item = &'a (String, String)>) {
    out.html.push('<');
    out.html.push_str(&name.chars().filter(char::is_ascii_alphanumeric).collect::<String>());
    for (attribute, value) in attributes {
        if attribute.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !attribute.starts_with("on") {
            out.html.push(' ');
            out.html.push_str(attribute);
            out.html.push_str("=\"");
            escape(&mut out.html, value);
            out.html.push('"');
        }
    }
    out.html.push('>');
}

/// Stand-ins for `&`, `<` and `>` in text: noncharacters that no letter contains.
const STAND_INS: [(char, char, &str); 3] =
    [('&', '\u{fdd0}', "&amp;"), ('<', '\u{fdd1}', "&lt;"), ('>', '\u{fdd2}', "&gt;")];

/// Text without anything to escape. The HTML parser below needs a time that grows with the square of the number of
/// entities in one text; a letter of half a megabyte of `&` would keep it busy for minutes.
fn stand_in(html: &mut String, text: &str) {
    for c in text.chars() {
        match STAND_INS.iter().find(|(plain, _, _)| *plain == c) {
            Some((_, other, _)) => html.push(*other),
            None if matches!(c, '\0' | '\u{fdd0}'..='\u{fdef}') => {}
            None => html.push(c),
        }
    }
}

/// Puts the entities back, in HTML that has been cleaned.
pub(super) fn without_stand_ins(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for c in html.chars() {
        match STAND_INS.iter().find(|(_, other, _)| *other == c) {
            Some((_, _, entity)) => out.push_str(entity),
            None => out.push(c),
        }
    }
    out
}

fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\0' | '\u{fdd0}'..='\u{fdef}' => {}
            c => html.push(c),
        }
    }
}
