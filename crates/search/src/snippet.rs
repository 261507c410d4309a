//! Shows where a message answers: the passage with the most of what was asked for, the words marked.
//!
//! Promises HTML text that is safe to put into a page as it is: everything escaped, no tag but `<mark>`, white space evened out, and
//! nothing in it that turns the direction of the text around it.

use std::collections::{HashSet, VecDeque};
use std::ops::Range;

use crate::analysis::{Unit, stem, units};

/// About so many characters are shown.
const LENGTH: usize = 200;
/// So many characters are shown before the first word found.
const LEAD: usize = 50;
/// So many bytes of a text are looked through for the best passage; more only while nothing is found.
const LOOKED_THROUGH: usize = 32_000;

/// What to mark, in the forms the analysis gives.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    /// Stems of words.
    pub(crate) stems: HashSet<String>,
    /// Stems of addresses, numbers and compounds in one piece.
    pub(crate) wholes: HashSet<String>,
    /// Words as written (folded).
    pub(crate) written: HashSet<String>,
    /// Words as written (folded), one after the other.
    pub(crate) phrases: Vec<Vec<String>>,
}

/// A place to mark and what was found there.
struct Found {
    source: Range<usize>,
    what: String,
}

/// The best passage of `body`; if nothing is found there, the person found, or the body's beginning.
pub(crate) fn snippet(body: &str, people: &[&str], marks: &Marks) -> String {
    let found = find(body, marks);
    if found.is_empty()
        && let Some(person) = people.iter().find(|person| !find(person, marks).is_empty())
    {
        return marked(person, marks);
    }
    let passage = passage(body, &found);
    html(body, passage, &found)
}

/// All of a short text.
pub(crate) fn marked(text: &str, marks: &Marks) -> String {
    html(text, 0..text.len(), &find(text, marks))
}

fn find(text: &str, marks: &Marks) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut units = units(text);
    let mut last_words = LastWords::new(marks);
    let mut stemmed = String::new();
    while let Some(unit) = units.next() {
        last_words.read(unit, marks, &mut found);
        for piece in unit.pieces() {
            let word = unit.text(piece);
            stemmed.clear();
            stem(word, &mut stemmed);
            let stems = if piece.whole { &marks.wholes } else { &marks.stems };
            if stems.contains(&stemmed) || marks.written.contains(word) {
                found.push(Found { source: piece.source.clone(), what: stemmed.clone() });
            }
        }
        if !found.is_empty() && unit.source().end > LOOKED_THROUGH {
            break;
        }
    }
    joined(found)
}

/// Sorted by place, what overlaps put together.
fn joined(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| (found.source.start, std::cmp::Reverse(found.source.end)));
    found.dedup_by(|next, before| {
        let overlap = next.source.start < before.source.end;
        if overlap {
            before.source.end = before.source.end.max(next.source.end);
        }
        overlap
    });
    found
}

/// As many words as the longest phrase has, to compare phrases with.
struct LastWords {
    longest: usize,
    words: VecDeque<(String, Range<usize>)>,
}

impl LastWords {
    fn new(marks: &Marks) -> Self {
        Self { longest: marks.phrases.iter().map(Vec::len).max().unwrap_or(0), words: VecDeque::new() }
    }

    fn read(&mut self, unit: &Unit, marks: &Marks, found: &mut Vec<Found>) {
        if self.longest == 0 {
            return;
        }
        for piece in unit.pieces().iter().filter(|piece| !piece.whole) {
            if self.words.len() == self.longest {
                self.words.pop_front();
            }
            self.words.push_back((unit.text(piece).to_owned(), piece.source.clone()));
            for phrase in &marks.phrases {
                let Some(skipped) = self.words.len().checked_sub(phrase.len()) else { continue };
                let tail = self.words.iter().skip(skipped);
                if tail.clone().map(|(word, _)| word).eq(phrase) {
                    let mut places = tail.map(|(_, source)| source);
                    let start = places.next().map_or(piece.source.start, |first| first.start);
                    found.push(Found { source: start..piece.source.end, what: phrase.join(" ") });
                }
            }
        }
    }
}

/// The stretch of `text` to show: around the most different things found, else the beginning.
fn passage(text: &str, found: &[Found]) -> Range<usize> {
    let mut best = (0, 0);
    for (i, first) in found.iter().enumerate() {
        let reach = forward(text, first.source.start, LENGTH - LEAD);
        let inside = found[i..].iter().take_while(|found| found.source.end <= reach);
        let different: HashSet<&str> = inside.map(|found| found.what.as_str()).collect();
        if different.len() > best.0 {
            best = (different.len(), first.source.start);
        }
    }
    let start = word_start(text, best.1);
    let end = word_end(text, forward(text, start, LENGTH)).max(start);
    let inside = found.iter().find(|found| found.source.start < end && found.source.end > end);
    start..inside.map_or(end, |found| found.source.end)
}

/// The byte `count` characters after the byte `from`.
fn forward(text: &str, from: usize, count: usize) -> usize {
    text[from..].char_indices().nth(count).map_or(text.len(), |(i, _)| from + i)
}

/// Where to begin so that the word at `at` has some words before it.
fn word_start(text: &str, at: usize) -> usize {
    let Some((back, _)) = text[..at].char_indices().rev().nth(LEAD) else { return 0 };
    text[back..at].char_indices().find(|(_, c)| c.is_whitespace()).map_or(at, |(i, c)| back + i + c.len_utf8())
}

/// Where to end so that no word is cut at `at`, unless it is a very long one.
fn word_end(text: &str, at: usize) -> usize {
    if at == text.len() {
        return at;
    }
    let back = text[..at].char_indices().rev().take(LEAD).find(|(_, c)| c.is_whitespace());
    back.map_or(at, |(i, _)| i)
}

fn html(text: &str, passage: Range<usize>, found: &[Found]) -> String {
    let mut out = String::with_capacity(passage.len() + 64);
    let mut at = passage.start;
    if !text[..at].trim().is_empty() {
        out.push('…');
    }
    for found in found.iter().filter(|found| found.source.start >= passage.start && found.source.end <= passage.end) {
        escape(&text[at..found.source.start], &mut out);
        out.push_str("<mark>");
        escape(&text[found.source.clone()], &mut out);
        out.push_str("</mark>");
        at = found.source.end;
    }
    escape(&text[at..passage.end], &mut out);
    out.truncate(out.trim_end().len());
    if !text[passage.end..].trim().is_empty() {
        out.push('…');
    }
    out
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with([' ', '…']) {
                    out.push(' ');
                }
            }
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
}
