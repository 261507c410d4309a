//! Finds the words of a text, and what belongs together though it is written with dots, hyphens or an @.
//!
//! A [`Unit`] is one written thing: `посылка`, `интернет-магазин`, `AB-12345`, `anna.petrova@example.com`, `invoice_17.pdf`. It has
//! *parts* (the words inside, each with a position of its own, so that phrases work) and *wholes* (the thing as one word, so that the
//! exact one comes first). Any text is good; offsets always fall on character boundaries and follow the order of the text.

use std::ops::Range;

use super::fold::{fold, is_cyrillic};

/// A unit with more parts than this is continued as a new one.
const MOST_PARTS: usize = 16;
/// Letters and digits alternating more often than this are a code, not words grown together (`a3f9c1`).
const MOST_ALTERNATIONS: usize = 3;
/// How far a `+` looks ahead for the @ that makes it part of an address, in characters.
const ADDRESS_REACH: usize = 80;
/// Longest whole, in bytes.
const LONGEST_WHOLE: usize = 160;

/// A word or a whole inside a [`Unit`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    folded: Range<usize>,
    /// Where it stands in the text, in bytes.
    pub(crate) source: Range<usize>,
    /// Its first word's number, counted from the unit's first word.
    pub(crate) position: usize,
    /// Several words taken as one.
    pub(crate) whole: bool,
}

/// One written thing of a text; see the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unit {
    folded: String,
    pieces: Vec<Piece>,
    words: usize,
}

impl Unit {
    /// Everything inside, by position; wholes before the parts they begin with.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// A piece's folded text.
    pub(crate) fn text(&self, piece: &Piece) -> &str {
        &self.folded[piece.folded.clone()]
    }

    /// How many words (positions) it takes.
    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// The words inside, folded.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter(|piece| !piece.whole).map(|piece| self.text(piece))
    }

    /// The whole forms, folded; none for a plain word.
    pub(crate) fn wholes(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter(|piece| piece.whole).map(|piece| self.text(piece))
    }

    /// Where the unit stands in the text, in bytes.
    pub(crate) fn source(&self) -> Range<usize> {
        let start = self.pieces.iter().map(|piece| piece.source.start).min().unwrap_or(0);
        let end = self.pieces.iter().map(|piece| piece.source.end).max().unwrap_or(0);
        start..end
    }
}

/// Starts reading `text`.
pub(crate) fn units(text: &str) -> Units<'_> {
    Units { text, at: 0, unit: Unit::default(), runs: Vec::new() }
}

/// Reads a text unit by unit, reusing one [`Unit`]'s memory.
pub(crate) struct Units<'a> {
    text: &'a str,
    at: usize,
    unit: Unit,
    runs: Vec<Run>,
}

/// A stretch of letters and digits, and the joiner before it.
#[derive(Clone, Debug)]
struct Run {
    joiner: Option<char>,
    source: Range<usize>,
    first_piece: usize,
}

impl Units<'_> {
    /// The next unit, or `None` at the end of the text.
    pub(crate) fn next(&mut self) -> Option<&Unit> {
        loop {
            let start = self.text[self.at..].char_indices().find(|(_, c)| is_word(*c)).map(|(i, _)| self.at + i);
            let Some(start) = start else {
                self.at = self.text.len();
                return None;
            };
            self.read_runs(start);
            self.build();
            if !self.unit.pieces.is_empty() {
                return Some(&self.unit);
            }
        }
    }

    /// Collects the runs of one unit, starting at the word character at `start`, and moves on behind them.
    fn read_runs(&mut self, start: usize) {
        self.runs.clear();
        let mut run = Run { joiner: None, source: start..start, first_piece: 0 };
        let mut rest = self.text[start..].char_indices().map(|(i, c)| (start + i, c)).peekable();
        let mut end = start;
        while let Some((i, c)) = rest.next() {
            let after = i + c.len_utf8();
            if is_ideograph(c) {
                if end == start {
                    end = after;
                }
                break;
            }
            if is_word(c) || is_inside(c) {
                end = after;
                continue;
            }
            let joins = is_joiner(c) && rest.peek().is_some_and(|(_, next)| is_word(*next) && !is_ideograph(*next));
            let joins = joins
                && match c {
                    '+' => self.is_address_ahead(after),
                    '/' => self.is_number_around(end, after),
                    _ => true,
                };
            if !joins {
                break;
            }
            if is_apostrophe(c) {
                end = after;
                continue;
            }
            if self.runs.len() + 1 == MOST_PARTS {
                break;
            }
            run.source.end = end;
            self.runs.push(std::mem::replace(&mut run, Run { joiner: Some(c), source: after..after, first_piece: 0 }));
            end = after;
        }
        run.source.end = end;
        self.runs.push(run);
        self.at = end;
    }

    fn is_address_ahead(&self, from: usize) -> bool {
        let ahead = self.text[from..].chars().take(ADDRESS_REACH);
        ahead.take_while(|c| is_word(*c) || is_joiner(*c)).any(|c| c == '@')
    }

    /// Does a digit stand before the byte `end` or behind the byte `start`, as in 1234/56?
    fn is_number_around(&self, end: usize, start: usize) -> bool {
        let before = self.text[..end].chars().next_back();
        let after = self.text[start..].chars().next();
        before.is_some_and(is_digit) || after.is_some_and(is_digit)
    }

    fn build(&mut self) {
        let unit = &mut self.unit;
        unit.folded.clear();
        unit.pieces.clear();
        unit.words = 0;
        for run in &mut self.runs {
            run.first_piece = unit.pieces.len();
            unit.push_run(self.text, run.source.clone());
        }
        if unit.words < 2 {
            return;
        }
        let at = self.runs.iter().rposition(|run| run.joiner == Some('@'));
        if let Some(at) = at {
            unit.push_whole(&self.runs[..at]);
            unit.push_whole(&self.runs[at..]);
        }
        unit.push_whole(&self.runs);
        unit.pieces.sort_by_key(|piece| (piece.position, !piece.whole));
    }
}

impl Unit {
    /// Adds the words of one run: the run itself, or its letters and digits apart (`iPhone15`: `iphone`, `15`).
    fn push_run(&mut self, text: &str, source: Range<usize>) {
        let written = without_possessive(&text[source.clone()]);
        let boundaries = alternations(written);
        let mut from = 0;
        for boundary in boundaries.into_iter().flatten().chain([written.len()]) {
            let start = self.folded.len();
            fold_word(&written[from..boundary], &mut self.folded);
            if self.folded.len() > start {
                let source = source.start + from..source.start + boundary;
                self.pieces.push(Piece {
                    folded: start..self.folded.len(),
                    source,
                    position: self.words,
                    whole: false,
                });
                self.words += 1;
            }
            from = boundary;
        }
    }

    /// Adds the parts of `runs` as one word, if there are several and if one word is what people may mean.
    fn push_whole(&mut self, runs: &[Run]) {
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return };
        let until = last.source.end;
        let inside =
            |piece: &&Piece| !piece.whole && piece.source.start >= first.source.start && piece.source.end <= until;
        let parts: Vec<Piece> = self.pieces.iter().filter(inside).cloned().collect();
        let [head, .., _] = parts.as_slice() else { return };
        let dotted = runs.iter().skip(1).any(|run| run.joiner == Some('.'));
        if dotted && parts.iter().all(|part| self.text(part).chars().all(is_cyrillic)) {
            return;
        }
        let start = self.folded.len();
        for (i, part) in parts.iter().enumerate() {
            let joiner =
                runs.iter().skip(1).find(|run| run.source.start == part.source.start).and_then(|run| run.joiner);
            if let Some(joiner) = joiner.filter(|_| i > 0).and_then(|joiner| self.kept(joiner, part)) {
                self.folded.push(joiner);
            }
            if self.folded.len() - start + part.folded.len() > LONGEST_WHOLE {
                break;
            }
            self.folded.extend_from_within(part.folded.clone());
        }
        let whole = Piece {
            folded: start..self.folded.len(),
            source: first.source.start..until,
            position: head.position,
            whole: true,
        };
        let known = self.pieces.iter().any(|piece| piece.whole && self.text(piece) == self.text(&whole));
        if !known {
            self.pieces.push(whole);
        }
    }

    /// The joiner as it is kept in a whole: a hyphen only between digits, so that AB-123 and AB123, e-mail and email are one.
    fn kept(&self, joiner: char, part: &Piece) -> Option<char> {
        match joiner {
            '.' | '@' | '+' => Some(joiner),
            _ => {
                let before = self.folded.chars().next_back().is_some_and(is_digit);
                let after = self.text(part).chars().next().is_some_and(is_digit);
                (before && after).then_some('-')
            }
        }
    }
}

/// The two alphabets nearly everything is written in are known without a look into Unicode's tables.
fn is_word(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        'А'..='я' | 'ё' | 'Ё' => true,
        _ => c.is_alphanumeric(),
    }
}

/// A digit in any script.
fn is_digit(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_digit(),
        'А'..='я' | 'ё' | 'Ё' => false,
        _ => c.is_numeric(),
    }
}

/// Characters that may stand inside a word and mean nothing by themselves: combining accents, soft hyphens, zero-width marks.
fn is_inside(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '.' | '_' | '@' | '+' | '/') || is_apostrophe(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}')
}

/// Scripts written without spaces: every character is a word.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// `customer's` is `customer`.
fn without_possessive(word: &str) -> &str {
    let stripped = word.strip_suffix(['s', 'S']).and_then(|word| word.strip_suffix(is_apostrophe));
    stripped.filter(|word| !word.is_empty()).unwrap_or(word)
}

/// Folds a word, leaving apostrophes out (`don't` is `dont`).
fn fold_word(word: &str, out: &mut String) {
    if word.contains(is_apostrophe) {
        let joined: String = word.chars().filter(|c| !is_apostrophe(*c)).collect();
        fold(&joined, out);
    } else {
        fold(word, out);
    }
}

/// Where letters and digits meet in a word, unless they do so too often.
fn alternations(word: &str) -> [Option<usize>; MOST_ALTERNATIONS] {
    let mut found = [None; MOST_ALTERNATIONS];
    let mut count = 0;
    let mut before: Option<bool> = None;
    for (i, c) in word.char_indices().filter(|(_, c)| is_word(*c)) {
        let digit = is_digit(c);
        if before.is_some_and(|before| before != digit) {
            if count == MOST_ALTERNATIONS {
                return [None; MOST_ALTERNATIONS];
            }
            found[count] = Some(i);
            count += 1;
        }
        before = Some(digit);
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn read(text: &str) -> Vec<(Vec<String>, Vec<String>)> {
        let mut units = units(text);
        let mut found = Vec::new();
        while let Some(unit) = units.next() {
            for piece in unit.pieces() {
                assert!(text.get(piece.source.clone()).is_some());
            }
            found.push((unit.parts().map(str::to_owned).collect(), unit.wholes().map(str::to_owned).collect()));
        }
        found
    }

    fn one(text: &str) -> (String, String) {
        let found = read(text);
        assert_eq!(found.len(), 1, "{text} is one unit: {found:?}");
        (found[0].0.join(" "), found[0].1.join(" "))
    }

    fn pair(parts: &str, wholes: &str) -> (String, String) {
        (parts.to_owned(), wholes.to_owned())
    }

    #[test]
    fn a_sentence_is_its_words_in_order() {
        let words: Vec<String> =
            read("Где моя «Посылка»? It's late!").into_iter().map(|(parts, _)| parts.join(" ")).collect();
        assert_eq!(words, ["где", "моя", "посылка", "it", "late"]);
    }

    #[test]
    fn an_address_is_kept_whole_and_in_its_halves_and_in_words() {
        assert_eq!(
            one("Anna.Petrova+shop@mail.example.com"),
            pair(
                "anna petrova shop mail example com",
                "anna.petrova+shop anna.petrova+shop@mail.example.com mail.example.com"
            )
        );
    }

    #[test]
    fn an_order_number_is_the_same_with_and_without_its_hyphen() {
        assert_eq!(one("AB-12345"), pair("ab 12345", "ab12345"));
        assert_eq!(one("ab12345"), pair("ab 12345", "ab12345"));
        assert_eq!(one("2024-05-17"), pair("2024 05 17", "2024-05-17"));
    }

    #[test]
    fn a_slash_joins_numbers_and_nothing_else() {
        assert_eq!(one("A-1234/56"), pair("a 1234 56", "a1234-56"));
        assert_eq!(read("да/нет").len(), 2);
    }

    #[test]
    fn a_file_name_is_kept_whole() {
        assert_eq!(one("Договор_17.pdf"), pair("договор 17 pdf", "договор17.pdf"));
    }

    #[test]
    fn hyphenated_words_are_also_one_word() {
        assert_eq!(one("интернет-магазин"), pair("интернет магазин", "интернетмагазин"));
        assert_eq!(one("e-mail"), pair("e mail", "email"));
    }

    #[test]
    fn a_forgotten_space_after_a_full_stop_makes_no_word() {
        assert_eq!(one("карта.Не"), pair("карта не", ""));
    }

    #[test]
    fn a_plus_joins_only_inside_an_address() {
        assert_eq!(read("a+b").len(), 2);
    }

    #[test]
    fn a_random_code_is_not_taken_to_pieces() {
        assert_eq!(one("a3f9c1e7"), pair("a3f9c1e7", ""));
    }

    #[test]
    fn wholes_come_before_the_parts_at_the_same_position() {
        let mut units = units("x@y.com");
        let unit = units.next().unwrap();
        let order: Vec<(usize, bool)> = unit.pieces().iter().map(|piece| (piece.position, piece.whole)).collect();
        assert_eq!(order, [(0, true), (0, false), (1, true), (1, false), (2, false)]);
    }

    #[test]
    fn chinese_is_read_character_by_character() {
        assert_eq!(read("包裹abc").len(), 3);
    }
}
