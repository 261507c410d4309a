//! HTML of strangers made safe to show: nothing executes, nothing is fetched, nothing leaves its box.
//!
//! Our own bounded tree goes first: it resolves pictures and keeps any nesting shallow. Ammonia reads the result as a
//! browser would and has the last word over every element, attribute and address; a picture's `src` survives only when
//! the tree resolved it, so a disagreement between the two readings can hide a picture, never load one. What comes out
//! is meant for a sandboxed frame all the same.

mod style;
mod tree;

use ammonia::{Builder, UrlRelative};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// How to sanitise. `cid` gives the address under which the part with that content id is served.
pub struct SanitizeOptions<'a> {
    /// Resolves a content id (without `cid:` and brackets); `None` leaves the picture out.
    pub cid: &'a dyn Fn(&str) -> Option<String>,
}

impl Default for SanitizeOptions<'_> {
    fn default() -> Self {
        Self { cid: &|_| None }
    }
}

impl std::fmt::Debug for SanitizeOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SanitizeOptions").finish_non_exhaustive()
    }
}

/// HTML that may be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clean {
    /// The HTML. Remote pictures carry their address in `data-remote-src` and have no `src`.
    pub html: String,
    /// How many remote pictures wait to be asked for.
    pub remote_images: u32,
}

/// Makes the HTML of a mail safe to show.
///
/// ```
/// use opora_mail::{SanitizeOptions, sanitize};
/// let clean = sanitize("<img src=https://t.example/p.gif onerror=x()><a href='javascript:x()'>y</a>", &SanitizeOptions::default());
/// assert_eq!(clean.remote_images, 1);
/// assert!(clean.html.contains("data-remote-src=\"https://t.example/p.gif\""));
/// assert!(!clean.html.contains("onerror") && !clean.html.contains("javascript"));
/// ```
#[must_use]
pub fn sanitize(html: &str, options: &SanitizeOptions<'_>) -> Clean {
    let rewritten = tree::rewrite(html, options.cid);
    let pictures: HashSet<String> = rewritten.pictures;
    let mut builder = Builder::default();
    builder
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(
            ["script", "style", "template", "svg", "math", "title", "noscript", "textarea", "select", "xmp"]
                .into_iter()
                .collect(),
        )
        .generic_attributes(
            ["align", "valign", "dir", "lang", "title", "style", "bgcolor", "width", "height"].into_iter().collect(),
        )
        .tag_attributes(ATTRIBUTES.clone())
        .url_schemes(["http", "https", "mailto", "tel", "data"].into_iter().collect())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(move |element, attribute, value| filter(element, attribute, value, &pictures));
    let cleaned = builder.clean(&rewritten.html).to_string();
    Clean { html: tree::without_stand_ins(&cleaned), remote_images: rewritten.remote_images }
}

/// The last word on one attribute.
fn filter<'v>(element: &str, attribute: &str, value: &'v str, pictures: &HashSet<String>) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        (_, "style") => style::safe(value).map(Cow::Owned),
        ("img", "src") => {
            (pictures.contains(value) || tree::is_embedded_picture(value)).then_some(Cow::Borrowed(value))
        }
        ("a", "href") => is_link(value).then_some(Cow::Borrowed(value)),
        ("img", "data-remote-src") => tree::is_remote(value).then_some(Cow::Borrowed(value)),
        (_, "width" | "height") => is_length(value).then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Links may lead to the web, to an address or to a phone; nowhere else, and nowhere relative.
fn is_link(value: &str) -> bool {
    let start: String = value.trim().chars().take(8).collect::<String>().to_ascii_lowercase();
    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| start.starts_with(scheme))
}

fn is_length(value: &str) -> bool {
    let value = value.trim();
    value.len() <= 6 && value.trim_end_matches(['%', 'p', 'x']).bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

const TAGS: [&str; 70] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

static ATTRIBUTES: LazyLock<HashMap<&'static str, HashSet<&'static str>>> = LazyLock::new(|| {
    let cell = ["colspan", "rowspan", "nowrap"];
    [
        ("a", &["href"][..]),
        ("img", &["src", "alt", "border", "hspace", "vspace", "data-remote-src"]),
        ("font", &["color", "face", "size"]),
        ("table", &["border", "cellpadding", "cellspacing"]),
        ("td", &cell),
        ("th", &cell),
        ("ol", &["start", "type"]),
        ("ul", &["type"]),
        ("li", &["value"]),
        ("col", &["span"]),
        ("colgroup", &["span"]),
        ("blockquote", &["type"]),
        ("hr", &["size", "noshade"]),
        ("details", &["open"]),
    ]
    .into_iter()
    .map(|(tag, names)| (tag, names.iter().copied().collect()))
    .collect()
});

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn clean(html: &str) -> String {
        sanitize(html, &SanitizeOptions::default()).html
    }

    #[test]
    fn a_letter_keeps_its_looks() {
        let html = clean(
            "<p style='color: red; position:fixed'><b>Hi</b> <a href='https://x.example/?a=1&amp;b=2'>x</a></p><table border=1><tr><td width=50%>1</td></tr></table>",
        );
        assert!(html.contains("<p style=\"color: red\"><b>Hi</b>"), "{html}");
        assert!(html.contains("href=\"https://x.example/?a=1&amp;b=2\""), "{html}");
        assert!(html.contains("rel=\"noopener noreferrer nofollow\"") && html.contains("target=\"_blank\""), "{html}");
        assert!(html.contains("<td width=\"50%\">1</td>"), "{html}");
    }

    #[test]
    fn remote_pictures_wait_and_inline_ones_are_served() {
        let cid = |id: &str| (id == "logo@x").then(|| "/api/v1/files/7".to_owned());
        let clean = sanitize(
            "<img src='HTTPS://t.example/p.gif'><img src=\"cid:logo@x\"><img src='cid:other'><img src='//t.example/q'>",
            &SanitizeOptions { cid: &cid },
        );
        assert_eq!(clean.remote_images, 2);
        assert!(clean.html.contains("src=\"/api/v1/files/7\""), "{}", clean.html);
        assert_eq!(clean.html.matches(" src=").count(), 1, "{}", clean.html);
        assert_eq!(clean.html.matches("data-remote-src=").count(), 2, "{}", clean.html);
    }

    #[test]
    fn a_sender_cannot_name_our_addresses_as_pictures() {
        assert!(!clean("<img src='/api/v1/session/logout'>").contains("logout"));
    }

    #[test]
    fn nothing_executes() {
        for html in [
            "<script>alert(1)</script>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
            "<a href=\"java\nscript:alert(1)\">x</a>",
            "<img src=x onerror=alert(1)>",
            "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
            "<form action=javascript:alert(1)><button>x</button></form>",
            "<div style=\"background:url(javascript:alert(1))\">x</div>",
            "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
            "<base href='javascript:alert(1)//'>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        ] {
            let out = clean(html).to_lowercase();
            let attribute_free = !out.contains("onerror=") || !out.contains('<');
            assert!(
                !out.contains("<script") && !out.contains("javascript:") && attribute_free && !out.contains("svg+xml"),
                "{html} -> {out}"
            );
        }
    }

    #[test]
    fn text_is_not_lost_in_a_hundred_thousand_nested_elements() {
        let html = format!("{}<p>deep</p>{}after", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let out = clean(&html);
        assert!(out.contains("deep") && out.contains("after"));
    }

    proptest! {
        #[test]
        fn any_html_has_no_handler_and_no_foreign_address(html in "[<>/a-z\"'= ;:&!\\-]{0,120}") {
            let out = clean(&format!("<img src=x {html}><a href={html}>"));
            prop_assert!(!out.contains("<script") && !out.contains("<iframe"));
            prop_assert!(!out.contains(" src="));
        }
    }
}
