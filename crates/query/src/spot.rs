//! What is being written at the cursor, so that it can be completed: a key, or a value of a key.

use crate::Key;

/// What stands at a place of an unfinished text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A key, or a word that may still become one.
    Key(Piece),
    /// A value of this key.
    Value(Key, Piece),
    /// Nothing that could be completed: words in quotes, or a value of a key that does not exist.
    Nothing,
}

/// A part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins, in bytes.
    pub from: usize,
    /// Where what a completion replaces ends.
    pub to: usize,
    /// What is written of it before the cursor, without quotation marks.
    pub written: String,
}

const QUOTES: [char; 4] = ['"', '«', '“', '„'];
const CLOSING: [char; 4] = ['"', '»', '”', '“'];

/// What stands at byte `at`; the nearest place before it that is between two characters.
pub fn spot(text: &str, at: usize) -> Spot {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = start_of_term(&text[..at]);
    let term = text[start..at].strip_prefix('-').unwrap_or(&text[start..at]);
    let start = at - term.len();
    if term.starts_with(QUOTES) {
        return Spot::Nothing;
    }
    let Some((key, values)) = term.split_once(':') else {
        let to = at + text[at..].find(|c: char| c.is_whitespace() || c == ':').unwrap_or(text.len() - at);
        let to = if text[to..].starts_with(':') { to + 1 } else { to };
        return Spot::Key(Piece { from: start, to, written: term.to_owned() });
    };
    let Some(key) = Key::spelled(key) else { return Spot::Nothing };
    let value = last_value(values);
    let quoted = value.starts_with(QUOTES);
    let ends = |c: char| if quoted { CLOSING.contains(&c) } else { c.is_whitespace() || c == ',' };
    let to = at + text[at..].find(ends).unwrap_or(text.len() - at);
    let closing = if quoted { text[to..].chars().next().map_or(0, char::len_utf8) } else { 0 };
    let written = value.trim_start_matches(QUOTES).to_owned();
    Spot::Value(key, Piece { from: at - value.len(), to: to + closing, written })
}

/// Where the last term of the text begins: behind the last white space outside of quotes.
fn start_of_term(text: &str) -> usize {
    let (mut start, mut quoted, mut before) = (0, false, ' ');
    for (i, c) in text.char_indices() {
        if quoted {
            quoted = !CLOSING.contains(&c) || before == '\\';
        } else if QUOTES.contains(&c) && (before.is_whitespace() || matches!(before, ':' | ',' | '-')) {
            quoted = true;
        } else if c.is_whitespace() {
            start = i + c.len_utf8();
        }
        before = c;
    }
    start
}

/// What follows the last comma outside of quotes.
fn last_value(values: &str) -> &str {
    let (mut start, mut quoted, mut before) = (0, false, ',');
    for (i, c) in values.char_indices() {
        if quoted {
            quoted = !CLOSING.contains(&c);
        } else if QUOTES.contains(&c) && before == ',' {
            quoted = true;
        } else if c == ',' {
            start = i + 1;
        }
        before = c;
    }
    &values[start..]
}
