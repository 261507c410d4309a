//! Takes a query text apart. Quotation marks make phrases, everything else is words; a mark without its partner means nothing.

use crate::analysis::{Unit, is_stop_word, stem, units};
use crate::document::{clipped, number_key};

/// So much of a query is read, in bytes.
const LONGEST_QUERY: usize = 2_000;
/// So many clauses are used.
const MOST_CLAUSES: usize = 32;

/// One thing asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Clause {
    /// A word, address, number or the like.
    Word(Word),
    /// Folded words that must stand next to each other in this order.
    Phrase(Vec<String>),
}

/// One written thing, in the forms in which it can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// The words inside, folded; one for a plain word.
    pub(crate) parts: Vec<String>,
    /// Their stems, in the same order.
    pub(crate) stems: Vec<String>,
    /// The stem of all of an address, number or compound in one piece.
    pub(crate) whole: Option<String>,
    /// The same without endings taken off; what a beginning is compared with.
    pub(crate) written: String,
    /// As a ticket number, if it could be one.
    pub(crate) number: Option<String>,
    /// Carries no subject.
    pub(crate) stop: bool,
    /// May be unfinished.
    pub(crate) beginning: bool,
}

impl Word {
    /// Its parts only mean something together and in their order, as in an address or an order number.
    pub(crate) fn has_latin_or_digits(&self) -> bool {
        self.parts.iter().any(|part| part.contains(|c: char| c.is_ascii()))
    }
}

/// Reads `text`. With `typing`, a last word that nothing follows counts as unfinished; a word with `*` behind it always does.
pub(crate) fn read(text: &str, typing: bool) -> Vec<Clause> {
    let text = clipped(text, LONGEST_QUERY);
    let mut clauses = Vec::new();
    let mut rest = text;
    while let Some((before, quoted, after)) = next_quoted(rest) {
        read_words(before, false, &mut clauses);
        let mut words = Vec::new();
        let mut units = units(quoted);
        while let Some(unit) = units.next() {
            words.extend(unit.parts().map(str::to_owned));
        }
        if !words.is_empty() {
            clauses.push(Clause::Phrase(words));
        }
        rest = after;
    }
    read_words(rest, typing, &mut clauses);
    let mut seen = Vec::with_capacity(clauses.len());
    for clause in clauses {
        if !seen.contains(&clause) {
            seen.push(clause);
        }
    }
    seen.truncate(MOST_CLAUSES);
    seen
}

/// Splits at the first quotation that is closed: before, inside, behind.
fn next_quoted(text: &str) -> Option<(&str, &str, &str)> {
    for (start, open) in text.char_indices() {
        let closing: &[char] = match open {
            '"' => &['"'],
            '«' => &['»'],
            '“' => &['”', '“'],
            '„' => &['“', '”'],
            _ => continue,
        };
        let inside = start + open.len_utf8();
        if let Some(length) = text[inside..].find(closing) {
            let end = inside + length;
            let after = text[end..].chars().next().map_or(end, |c| end + c.len_utf8());
            return Some((&text[..start], &text[inside..end], &text[after..]));
        }
    }
    None
}

fn read_words(text: &str, typing: bool, clauses: &mut Vec<Clause>) {
    let mut units = units(text);
    while let Some(unit) = units.next() {
        let source = unit.source();
        let after = &text[source.end..];
        let beginning = after.starts_with('*') || (typing && after.is_empty());
        clauses.push(Clause::Word(word(unit, &text[source], beginning)));
    }
}

fn word(unit: &Unit, source: &str, beginning: bool) -> Word {
    let stemmed = |text: &str| {
        let mut out = String::new();
        stem(text, &mut out);
        out
    };
    let parts: Vec<String> = unit.parts().map(str::to_owned).collect();
    let plain = parts.len() == 1;
    let longest_whole = unit.wholes().max_by_key(|whole| whole.len());
    Word {
        stems: parts.iter().map(|part| stemmed(part)).collect(),
        whole: longest_whole.map(stemmed),
        written: longest_whole.or(parts.first().map(String::as_str)).unwrap_or_default().to_owned(),
        number: source.contains(|c: char| c.is_ascii_digit()).then(|| number_key(source)),
        stop: plain && !beginning && parts.iter().all(|part| is_stop_word(part)),
        beginning,
        parts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(text: &str) -> Vec<String> {
        let phrase = |clause| match clause {
            Clause::Phrase(words) => Some(words.join(" ")),
            Clause::Word(_) => None,
        };
        read(text, false).into_iter().filter_map(phrase).collect()
    }

    fn words(text: &str, typing: bool) -> Vec<Word> {
        let word = |clause| match clause {
            Clause::Word(word) => Some(word),
            Clause::Phrase(_) => None,
        };
        read(text, typing).into_iter().filter_map(word).collect()
    }

    #[test]
    fn every_kind_of_quotation_makes_a_phrase() {
        assert_eq!(
            phrases("\"no refund\" and «деньги назад» “last week” „на карту“"),
            ["no refund", "деньги назад", "last week", "на карту"]
        );
    }

    #[test]
    fn a_quotation_without_an_end_is_just_words() {
        assert!(phrases("\"no refund").is_empty());
        assert_eq!(words("\"no refund", false).len(), 2);
    }

    #[test]
    fn only_the_last_word_is_unfinished_and_only_while_typing() {
        let beginnings = |text, typing| words(text, typing).iter().map(|word| word.beginning).collect::<Vec<_>>();
        assert_eq!(beginnings("возврат посыл", true), [false, true]);
        assert_eq!(beginnings("возврат посыл ", true), [false, false]);
        assert_eq!(beginnings("возврат посыл", false), [false, false]);
        assert_eq!(beginnings("возвр* посыл", false), [true, false]);
    }

    #[test]
    fn a_number_is_recognized_with_and_without_its_sign() {
        assert_eq!(words("#1042", false)[0].number.as_deref(), Some("1042"));
        assert_eq!(words("OP-1042", false)[0].number.as_deref(), Some("op-1042"));
        assert_eq!(words("возврат", false)[0].number, None);
    }

    #[test]
    fn a_repeated_word_counts_once() {
        assert_eq!(words("card card card", false).len(), 1);
    }
}
