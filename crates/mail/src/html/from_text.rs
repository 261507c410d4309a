//! Plain text as HTML: paragraphs, line breaks, quotes as blockquotes, addresses as links. Everything escaped.

use crate::patterns::pattern;
use regex::Regex;
use std::fmt::Write as _;
use std::sync::LazyLock;

pub(crate) const LINK_PATTERN: &str =
    r#"(?i)\b(?:https?://[^\s<>"«»]+|www\.[^\s<>"«»]+\.[^\s<>"«»]+|[a-z0-9._%+\-]+@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+)"#;

static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(LINK_PATTERN));

/// Writes plain text as HTML for showing or composing.
///
/// ```
/// let html = opora_mail::text_to_html("Look: https://opora.example\n\n> old <words>");
/// assert_eq!(
///     html,
///     "<p>Look: <a href=\"https://opora.example\">https://opora.example</a></p><blockquote><p>old &lt;words&gt;</p></blockquote>"
/// );
/// ```
#[must_use]
pub fn from_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 4);
    let mut depth = 0_usize;
    let mut paragraph = false;
    for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
        let (quotes, content) = quote_depth(line);
        if quotes != depth {
            close(&mut html, &mut paragraph);
            for _ in depth..quotes {
                html.push_str("<blockquote>");
            }
            for _ in quotes..depth {
                html.push_str("</blockquote>");
            }
            depth = quotes;
        }
        if content.trim().is_empty() {
            close(&mut html, &mut paragraph);
            continue;
        }
        html.push_str(if paragraph { "<br>" } else { "<p>" });
        paragraph = true;
        write_line(&mut html, content);
    }
    close(&mut html, &mut paragraph);
    for _ in 0..depth {
        html.push_str("</blockquote>");
    }
    html
}

fn close(html: &mut String, paragraph: &mut bool) {
    if std::mem::take(paragraph) {
        html.push_str("</p>");
    }
}

/// How many `>` a line starts with (at most 20), and the rest of it.
fn quote_depth(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line;
    while depth < 20 {
        match rest.strip_prefix(' ').unwrap_or(rest).strip_prefix('>') {
            Some(after) => {
                rest = after;
                depth += 1;
            }
            None => break,
        }
    }
    (depth, if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

fn write_line(html: &mut String, line: &str) {
    let mut at = 0;
    if let Some(link) = LINK.as_ref() {
        for found in link.find_iter(line) {
            let address = found.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_']);
            // A closing bracket belongs to the address when it was opened in it.
            let address = if address.contains('(') && found.as_str()[address.len()..].starts_with(')') {
                &found.as_str()[..address.len() + 1]
            } else {
                address
            };
            escape(html, &line[at..found.start()]);
            let scheme = match address {
                a if a.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("http")) => "",
                a if a.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("www.")) => "http://",
                _ => "mailto:",
            };
            let mut href = String::from(scheme);
            href.push_str(address);
            html.push_str("<a href=\"");
            escape(html, &href);
            html.push_str("\">");
            escape(html, address);
            html.push_str("</a>");
            at = found.start() + address.len();
        }
    }
    escape(html, &line[at..]);
}

/// Escapes text for element content and double-quoted attributes; keeps runs of blanks visible.
pub(crate) fn escape(html: &mut String, text: &str) {
    let mut blank = html.is_empty() || html.ends_with('>');
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\t' => html.push_str("&nbsp; &nbsp; "),
            ' ' if blank => html.push_str("&nbsp;"),
            c if c.is_control() => {
                let _ = write!(html, "\u{fffd}");
            }
            c => html.push(c),
        }
        blank = c == ' ' && !blank;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::to_text;
    use proptest::prelude::*;

    #[test]
    fn nothing_from_the_text_becomes_markup() {
        assert_eq!(
            from_text("<script>alert(1)</script> & \"x\""),
            "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;</p>"
        );
    }

    #[test]
    fn addresses_become_links_without_the_full_stop() {
        assert_eq!(from_text("a@b.example."), "<p><a href=\"mailto:a@b.example\">a@b.example</a>.</p>");
        assert!(
            from_text("(https://ru.wikipedia.org/wiki/X_(Y))").contains("href=\"https://ru.wikipedia.org/wiki/X_(Y)\"")
        );
    }

    #[test]
    fn quotes_nest() {
        assert_eq!(
            from_text("a\n> b\n>> c\nd"),
            "<p>a</p><blockquote><p>b</p><blockquote><p>c</p></blockquote></blockquote><p>d</p>"
        );
    }

    proptest! {
        #[test]
        fn words_survive_the_way_to_html_and_back(text in "[a-zа-я ,.<>&\n]{0,120}") {
            let words = |t: &str| t.split(|c: char| c.is_whitespace() || c == '>').filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&to_text(&from_text(&text))), words(&text));
        }
    }
}
