//! The visible reply: what the person wrote this time, quoted history and signature folded away.
//!
//! Two errors are possible, and they are not equal: history left standing is untidy, a customer's sentence dropped is a
//! lost request. In doubt everything stays. Nothing is deleted anyway: the whole text remains with the message.

mod attribution;
mod block;
mod signature;

use serde::{Deserialize, Serialize};

/// What an agent sees first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visible {
    /// The words of this message.
    pub text: String,
    /// Lines folded away as history.
    pub quoted_lines: usize,
    /// The signature that was folded away.
    pub signature: Option<String>,
    /// True when the message begins with a forwarded one or is nothing but quotation, so all of it is shown.
    pub whole: bool,
}

/// Longest text looked at; what is beyond is shown as it is.
const MAX_LINES: usize = 20_000;

/// Finds what the person wrote.
///
/// ```
/// let visible = opora_mail::visible_reply("Да, всё пришло!\n\n2 марта 2026 г. в 10:00, Opora <help@shop.example> написал(а):\n> Пришла ли посылка?\n");
/// assert_eq!(visible.text, "Да, всё пришло!");
/// assert_eq!(visible.quoted_lines, 2);
/// ```
#[must_use]
pub fn visible_reply(text: &str) -> Visible {
    visible(text, false)
}

impl crate::Mail {
    /// What the person wrote. Knows from the subject when the whole message is a forwarded one.
    #[must_use]
    pub fn visible_reply(&self) -> Visible {
        visible(&self.text, crate::thread::is_forward(&self.subject))
    }
}

fn visible(text: &str, forwarded: bool) -> Visible {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        match attribution::shared(line) {
            Some((own, attribution)) => lines.extend([own, attribution]),
            None => lines.push(line),
        }
    }
    if lines.len() > MAX_LINES {
        return Visible { text: text.trim().to_owned(), whole: true, ..Visible::default() };
    }
    let own = block::own_lines(&lines, forwarded);
    let kept: Vec<&str> = own.kept.iter().map(|at| lines[*at]).collect();
    let (body, signature) = signature::split(&kept);
    let shown = tidy(&body.join("\n"));
    if own.none || shown.trim().is_empty() {
        // Nothing but history or a signature: then that is the message.
        return Visible { text: tidy(&text), whole: true, ..Visible::default() };
    }
    Visible { text: shown, quoted_lines: own.folded, signature, whole: false }
}

/// No more than two empty lines in a row, none at the ends.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let empty = line.trim().is_empty();
        blank = if empty { blank + 1 } else { 0 };
        if blank <= 2 {
            out.push_str(if empty { "" } else { line.trim_end() });
            out.push('\n');
        }
    }
    out.trim_matches('\n').to_owned()
}
