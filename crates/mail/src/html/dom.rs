//! A small tree of an HTML text, kept in one vector: no recursion anywhere, depth and size bounded.
//!
//! Not a browser's tree: it closes what mail leaves open in the places that matter for reading (paragraphs, list
//! items, table cells) and flattens what lies too deep. Text is never dropped for being too deep.

use super::tokens::{Token, Tokens};

/// Deepest nesting kept; beyond it elements lose their tags and keep their text.
pub(crate) const MAX_DEPTH: usize = 100;
/// Most elements kept.
pub(crate) const MAX_ELEMENTS: usize = 100_000;

pub(crate) type NodeId = usize;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Text(String),
    Element { name: String, attributes: Vec<(String, String)> },
}

#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub content: Content,
    pub children: Vec<NodeId>,
}

/// The tree; node 0 is a nameless root.
#[derive(Debug, Clone)]
pub(crate) struct Dom {
    pub nodes: Vec<Node>,
}

impl Node {
    pub fn name(&self) -> &str {
        match &self.content {
            Content::Element { name, .. } => name,
            Content::Text(_) => "",
        }
    }

    pub fn attribute(&self, wanted: &str) -> Option<&str> {
        match &self.content {
            Content::Element { attributes, .. } => {
                attributes.iter().find(|(n, _)| n == wanted).map(|(_, v)| v.as_str())
            }
            Content::Text(_) => None,
        }
    }
}

/// A step of a walk in document order.
pub(crate) enum Step {
    Enter(NodeId),
    Leave(NodeId),
}

pub(crate) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "basefont"
            | "bgsound"
            | "frame"
            | "keygen"
    )
}

pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "caption"
            | "listing"
            | "xmp"
            | "plaintext"
            | "hgroup"
    )
}

/// Elements whose text nobody reads.
pub(crate) fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "title"
            | "head"
            | "template"
            | "noframes"
            | "noembed"
            | "iframe"
            | "object"
            | "applet"
            | "svg"
            | "math"
            | "audio"
            | "video"
            | "canvas"
            | "select"
            | "datalist"
            | "xml"
    )
}

/// Elements that never stand in a drawing or a formula (HTML, "any other start tag in foreign content").
fn is_of_letters(name: &str) -> bool {
    is_block(name)
        || matches!(
            name,
            "b" | "big"
                | "br"
                | "code"
                | "em"
                | "embed"
                | "hr"
                | "i"
                | "img"
                | "meta"
                | "nobr"
                | "ruby"
                | "s"
                | "small"
                | "span"
                | "strike"
                | "strong"
                | "sub"
                | "sup"
                | "tt"
                | "u"
                | "var"
        )
}

struct Builder {
    dom: Dom,
    open: Vec<NodeId>,
    /// Start tags that were flattened, so that their end tags close nothing else.
    flattened: Vec<(String, usize)>,
}

impl Dom {
    pub fn parse(html: &str) -> Self {
        let root =
            Node { content: Content::Element { name: String::new(), attributes: Vec::new() }, children: Vec::new() };
        let mut builder = Builder { dom: Self { nodes: vec![root] }, open: vec![0], flattened: Vec::new() };
        for token in Tokens::new(html) {
            match token {
                Token::Text(text) => builder.text(&text),
                Token::Start { name, attributes, self_closing } => builder.start(name, attributes, self_closing),
                Token::End { name } => builder.end(&name),
            }
        }
        builder.dom
    }

    /// Walks the subtree under `from` (itself included) in document order. `visit` may return false on `Enter` to skip
    /// the children of that node (its `Leave` still comes).
    pub fn walk(&self, from: NodeId, mut visit: impl FnMut(&Step) -> bool) {
        let mut stack = vec![Step::Enter(from)];
        while let Some(step) = stack.pop() {
            let descend = visit(&step);
            if let Step::Enter(id) = step {
                stack.push(Step::Leave(id));
                if descend {
                    stack.extend(self.nodes[id].children.iter().rev().map(|child| Step::Enter(*child)));
                }
            }
        }
    }
}

impl Builder {
    fn current(&self) -> NodeId {
        self.open.last().copied().unwrap_or(0)
    }

    fn push(&mut self, content: Content) -> NodeId {
        let parent = self.current();
        let id = self.dom.nodes.len();
        self.dom.nodes.push(Node { content, children: Vec::new() });
        self.dom.nodes[parent].children.push(id);
        id
    }

    fn text(&mut self, text: &str) {
        let parent = self.current();
        // Neighbouring texts are one, so a flattened tree does not grow a node for every letter.
        if let Some(last) = self.dom.nodes[parent].children.last().copied()
            && let Content::Text(existing) = &mut self.dom.nodes[last].content
        {
            existing.push_str(text);
            return;
        }
        self.push(Content::Text(text.to_owned()));
    }

    fn start(&mut self, name: String, attributes: Vec<(String, String)>, self_closing: bool) {
        self.leave_drawing(&name);
        self.close_implied(&name);
        if self.dom.nodes.len() > MAX_ELEMENTS {
            if is_block(&name) || name == "br" {
                self.text("\n");
            }
            if !is_void(&name) && !self_closing {
                self.flatten(name);
            }
            return;
        }
        let deep = self.open.len() > MAX_DEPTH;
        let leaf = is_void(&name) || self_closing && !is_block(&name) && name != "a" && name != "span" && name != "b";
        let id = self.push(Content::Element { name: name.clone(), attributes });
        if leaf {
            return;
        }
        if deep {
            self.flatten(name);
        } else {
            self.open.push(id);
        }
    }

    fn flatten(&mut self, name: String) {
        if let Some((_, count)) = self.flattened.iter_mut().find(|(known, _)| *known == name) {
            *count += 1;
        } else if self.flattened.len() < 200 {
            self.flattened.push((name, 1));
        }
    }

    /// An element of a letter ends a drawing or formula that nobody closed, as it does in browsers: what follows is read.
    fn leave_drawing(&mut self, name: &str) {
        if !is_of_letters(name) {
            return;
        }
        let drawing = |id: &NodeId| matches!(self.dom.nodes[*id].name(), "svg" | "math");
        if let Some(at) = self.open.iter().position(drawing) {
            self.open.truncate(at);
        }
    }

    /// What a start tag closes without saying so.
    fn close_implied(&mut self, name: &str) {
        let (closes, within): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr", "td", "th"], &["table", "tbody", "thead", "tfoot"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "tr"], &["table"]),
            "option" => (&["option"], &["select"]),
            "a" => (&["a"], &["td", "th", "table"]),
            _ if is_block(name) => (&["p"], &["td", "th", "li", "div", "blockquote", "table", "body", "center"]),
            _ => return,
        };
        for at in (1..self.open.len()).rev() {
            let open = self.dom.nodes[self.open[at]].name();
            if within.contains(&open) {
                return;
            }
            if closes.contains(&open) {
                self.open.truncate(at);
                // A row closes its last cell and itself.
                if name != "tr" && !matches!(name, "tbody" | "thead" | "tfoot") {
                    return;
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((_, count)) = self.flattened.iter_mut().find(|(n, count)| n == name && *count > 0) {
            *count -= 1;
            return;
        }
        if name == "br" {
            self.push(Content::Element { name: "br".to_owned(), attributes: Vec::new() });
            return;
        }
        let table_tag = matches!(name, "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "body" | "html");
        for at in (1..self.open.len()).rev() {
            let open = self.dom.nodes[self.open[at]].name();
            if open == name {
                self.open.truncate(at);
                return;
            }
            // An end tag inside a cell does not close what is open outside of it.
            if !table_tag && matches!(open, "td" | "th" | "table") {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn outline(html: &str) -> String {
        let dom = Dom::parse(html);
        let mut out = String::new();
        dom.walk(0, |step| {
            match step {
                Step::Enter(id) => match &dom.nodes[*id].content {
                    Content::Text(text) => out.push_str(text),
                    Content::Element { name, .. } if !name.is_empty() => out.push_str(&format!("<{name}>")),
                    Content::Element { .. } => {}
                },
                Step::Leave(id) => {
                    let name = dom.nodes[*id].name();
                    if !name.is_empty() && !is_void(name) {
                        out.push_str(&format!("</{name}>"));
                    }
                }
            }
            true
        });
        out
    }

    #[test]
    fn what_mail_leaves_open_is_closed() {
        assert_eq!(outline("<p>a<p>b<div>c"), "<p>a</p><p>b</p><div>c</div>");
        assert_eq!(outline("<ul><li>a<li>b</ul>c"), "<ul><li>a</li><li>b</li></ul>c");
        assert_eq!(
            outline("<table><tr><td>a<td>b<tr><td>c</table>d"),
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d"
        );
        assert_eq!(
            outline("<div><table><tr><td>a</div>b</td></tr></table>c</div>"),
            "<div><table><tr><td>ab</td></tr></table>c</div>"
        );
    }

    #[test]
    fn a_drawing_left_open_hides_nothing_that_follows() {
        for drawing in ["<svg><g><text>lines</text>", "<math><mi>lines"] {
            let html = format!("<p>Hello</p>{drawing}<p>and <b>this</b></p>");
            let text = crate::html_to_text(&html);
            assert!(text.contains("and this") && !text.contains("lines"), "{html}: {text}");
            let shown = crate::sanitize(&html, &crate::SanitizeOptions::default()).html;
            assert_eq!(shown, "<p>Hello</p><p>and <b>this</b></p>", "{html}");
        }
        let closed = "<svg><g><text>lines</text></g></svg>and this";
        assert_eq!(crate::html_to_text(closed).trim(), "and this");
    }

    #[test]
    fn too_deep_is_flattened_without_losing_text() {
        let html = format!("{}deep{}after", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let text = crate::html_to_text(&html);
        assert!(text.contains("deep") && text.contains("after"));
    }
}
