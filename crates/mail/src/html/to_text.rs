//! HTML as a person would write it in plain text: blocks on lines of their own, lists with dashes, links with their
//! address, quotes with `>`. Layout tables are read cell by cell, because mail uses tables for everything.

use super::dom::{Content, Dom, Node, NodeId, Step, is_hidden};

/// The text of an HTML body. Linear, never fails; empty for HTML without text.
///
/// ```
/// let text = opora_mail::html_to_text("<p>Hello,</p><p>see <a href='https://opora.example/1'>this page</a></p>");
/// assert_eq!(text, "Hello,\n\nsee this page <https://opora.example/1>");
/// ```
#[must_use]
pub fn to_text(html: &str) -> String {
    render(&Dom::parse(html), 0, &|_| false)
}

/// Renders the subtree at `root`; nodes for which `quoted` is true are written with `> ` like a blockquote.
pub(crate) fn render(dom: &Dom, root: NodeId, quoted: &dyn Fn(NodeId) -> bool) -> String {
    let mut writer = Writer::default();
    dom.walk(root, |step| match step {
        Step::Enter(id) => writer.enter(dom, *id, quoted(*id)),
        Step::Leave(id) => {
            writer.leave(dom, *id, quoted(*id));
            true
        }
    });
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: String,
    line: String,
    /// Blank lines wanted before the next text: 0 none, 1 new line, 2 paragraph.
    gap: u8,
    /// White space seen since the last word of the line.
    space: bool,
    quote_depth: usize,
    pre_depth: usize,
    lists: Vec<Option<usize>>,
    /// Text length at the start of each open link, to tell `<a>address</a>` from `<a>words</a>`.
    links: Vec<(NodeId, usize)>,
    started: bool,
}

impl Writer {
    fn enter(&mut self, dom: &Dom, id: NodeId, quoted: bool) -> bool {
        let node = &dom.nodes[id];
        let name = match &node.content {
            Content::Text(text) => {
                self.text(text);
                return false;
            }
            Content::Element { name, .. } => name.as_str(),
        };
        if is_hidden(name) && name != "head" || invisible(node) {
            return false;
        }
        if quoted {
            self.open_quote();
        }
        match name {
            "br" => self.line_break(),
            "hr" => {
                self.gap(1);
                self.word("----");
                self.gap(1);
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "figure" => {
                self.gap(if self.lists.is_empty() { 2 } else { 1 });
                match name {
                    "ul" => self.lists.push(None),
                    "ol" => self.lists.push(Some(0)),
                    _ => {}
                }
            }
            "blockquote" if !quoted => self.open_quote(),
            "pre" | "listing" | "xmp" | "plaintext" | "textarea" => {
                self.gap(2);
                self.pre_depth += 1;
            }
            "li" => {
                self.gap(1);
                let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(10));
                let bullet = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{indent}{number}.")
                    }
                    _ => format!("{indent}-"),
                };
                self.word(&bullet);
                self.space = true;
            }
            "td" | "th" => self.space = true,
            "img" => {
                if let Some(alt) = node.attribute("alt").map(str::trim).filter(|alt| !alt.is_empty() && alt.len() < 200)
                {
                    self.text(&format!("[{alt}]"));
                }
            }
            "a" => self.links.push((id, self.written())),
            _ if super::dom::is_block(name) => self.gap(1),
            _ => {}
        }
        true
    }

    fn leave(&mut self, dom: &Dom, id: NodeId, quoted: bool) {
        let node = &dom.nodes[id];
        let name = node.name();
        if matches!(node.content, Content::Text(_)) || is_hidden(name) && name != "head" || invisible(node) {
            return;
        }
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" | "figure" => {
                self.gap(if self.lists.is_empty() { 2 } else { 1 })
            }
            "ul" | "ol" => {
                self.lists.pop();
                self.gap(if self.lists.is_empty() { 2 } else { 1 });
            }
            "blockquote" if !quoted => self.close_quote(),
            "pre" | "listing" | "xmp" | "plaintext" | "textarea" => {
                self.pre_depth = self.pre_depth.saturating_sub(1);
                self.gap(2);
            }
            "td" | "th" => self.space = true,
            "a" => self.close_link(node, id),
            "br" | "img" | "hr" => {}
            _ if super::dom::is_block(name) => self.gap(1),
            _ => {}
        }
        if quoted {
            self.close_quote();
        }
    }

    fn close_link(&mut self, node: &Node, id: NodeId) {
        let Some((opened, from)) = self.links.pop() else { return };
        if opened != id {
            return;
        }
        let Some(href) = node.attribute("href").map(str::trim) else { return };
        let shown_at = from.saturating_sub(self.out.len()).min(self.line.len());
        let shown = if from >= self.out.len() { self.line.get(shown_at..).unwrap_or_default() } else { "x" };
        let same = |a: &str, b: &str| {
            let bare = |s: &str| {
                let s = s.trim().trim_end_matches('/').to_lowercase();
                let s = s.trim_start_matches("mailto:").trim_start_matches("tel:");
                s.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.").to_owned()
            };
            bare(a) == bare(b)
        };
        let web = href.starts_with("http://") || href.starts_with("https://");
        let mail = href.starts_with("mailto:");
        if shown.trim().is_empty() || !(web || mail) || same(shown, href) || href.len() > 2000 {
            return;
        }
        let target = if mail { href.trim_start_matches("mailto:").split('?').next().unwrap_or_default() } else { href };
        if !shown.contains(target) {
            self.space = true;
            self.word(&format!("<{target}>"));
        }
    }

    fn written(&self) -> usize {
        self.out.len() + self.line.len()
    }

    fn gap(&mut self, wanted: u8) {
        self.gap = self.gap.max(wanted);
        self.space = false;
    }

    fn line_break(&mut self) {
        if self.gap > 0 {
            self.settle_gap();
            // A <br> as the first thing of a block shows as an empty line, as browsers do.
            self.push_line();
        } else {
            self.push_line();
        }
        self.space = false;
    }

    /// Writes the line and the blank line that were asked for.
    fn settle_gap(&mut self) {
        if self.gap == 0 {
            return;
        }
        if !self.line.is_empty() {
            self.push_line();
        }
        if self.gap > 1 && self.started && !self.out.ends_with("\n\n") && !self.ends_blank() {
            self.push_line();
        }
        self.gap = 0;
    }

    fn ends_blank(&self) -> bool {
        let last = self.out.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
        self.out.ends_with('\n') && last.trim_matches(['>', ' ']).is_empty() && !last.is_empty()
    }

    fn push_line(&mut self) {
        for _ in 0..self.quote_depth {
            self.out.push('>');
        }
        if self.quote_depth > 0 && !self.line.is_empty() {
            self.out.push(' ');
        }
        self.out.push_str(self.line.trim_end_matches(' '));
        self.out.push('\n');
        self.line.clear();
        self.space = false;
    }

    fn open_quote(&mut self) {
        self.gap(1);
        self.settle_gap();
        self.quote_depth = (self.quote_depth + 1).min(50);
    }

    fn close_quote(&mut self) {
        if !self.line.is_empty() {
            self.push_line();
        }
        self.quote_depth = self.quote_depth.saturating_sub(1);
        self.gap(1);
    }

    fn text(&mut self, text: &str) {
        if self.pre_depth > 0 {
            self.preformatted(text);
            return;
        }
        let mut words = text.split([' ', '\t', '\n', '\r', '\u{c}']);
        if let Some(first) = words.next() {
            self.word(first);
        }
        for word in words {
            self.space = true;
            self.word(word);
        }
    }

    fn word(&mut self, word: &str) {
        let shown: String = word
            .chars()
            .filter(|c| {
                !matches!(
                    c,
                    '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' | '\u{ad}' | '\u{34f}' | '\u{2060}' | '\0'
                )
            })
            .map(|c| if c == '\u{a0}' { ' ' } else { c })
            .collect();
        if shown.is_empty() {
            return;
        }
        self.settle_gap();
        if self.space && !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
        self.space = false;
        self.line.push_str(&shown);
        self.started = true;
    }

    fn preformatted(&mut self, text: &str) {
        self.settle_gap();
        for (number, piece) in text.split('\n').enumerate() {
            if number > 0 {
                self.push_line();
            }
            self.line.push_str(&piece.replace('\u{a0}', " ").replace(['\r', '\0'], ""));
            self.started = true;
        }
    }

    fn finish(mut self) -> String {
        if !self.line.is_empty() {
            self.push_line();
        }
        let lines: Vec<&str> =
            self.out.split('\n').map(|line| if line.trim().is_empty() { "" } else { line }).collect();
        let mut text = String::with_capacity(self.out.len());
        let mut blank = 0;
        for line in lines {
            blank = if line.is_empty() { blank + 1 } else { 0 };
            // More than two empty lines in a row are layout.
            if blank <= 2 {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.trim_matches('\n').to_owned()
    }
}

/// Preview text and the like, hidden by its style.
fn invisible(node: &Node) -> bool {
    if node.attribute("hidden").is_some() && node.name() != "a" {
        return true;
    }
    let Some(style) = node.attribute("style") else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style.contains("display:none") || style.contains("mso-hide:all") && style.contains("max-height:0")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn blocks_lists_and_breaks_become_lines() {
        assert_eq!(to_text("<div>one</div><div>two<br>three</div>"), "one\ntwo\nthree");
        assert_eq!(to_text("<p>a</p>\n<p>b</p>"), "a\n\nb");
        assert_eq!(to_text("<ul><li>x</li><li>y</li></ul>"), "- x\n- y");
        assert_eq!(to_text("<ol><li>x<li>y</ol>"), "1. x\n2. y");
        assert_eq!(to_text("<div>a</div><div><br></div><div>b</div>"), "a\n\nb");
        assert_eq!(to_text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"), "a b\nc");
    }

    #[test]
    fn quotes_get_their_mark() {
        assert_eq!(
            to_text("hi<blockquote>old<blockquote>older</blockquote></blockquote>bye"),
            "hi\n> old\n>> older\nbye"
        );
    }

    #[test]
    fn links_show_their_address_once() {
        assert_eq!(to_text("<a href='https://x.example/'>x.example</a>"), "x.example");
        assert_eq!(to_text("<a href='https://x.example/a'>here</a>."), "here <https://x.example/a>.");
        assert_eq!(to_text("<a href='mailto:a@x.example'>a@x.example</a>"), "a@x.example");
    }

    #[test]
    fn hidden_text_and_scripts_are_not_read() {
        assert_eq!(to_text("<style>p{}</style><script>x</script><div style='display: none'>pre</div>text"), "text");
    }

    #[test]
    fn preformatted_text_keeps_its_lines() {
        assert_eq!(to_text("<pre>a\n  b\n</pre>c"), "a\n  b\n\nc");
    }
}
