//! Looks words up in the index: what an unfinished word may become, and what a word nobody wrote may have been meant for.

use std::collections::HashMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{Searcher, TantivyError, Term};

use crate::Result;
use crate::analysis::stem;
use crate::document::Fields;

/// A beginning stands for so many words, the most frequent ones.
const MOST_BEGINNINGS: usize = 24;
/// So many words with that beginning are looked at in a segment.
const BEGINNINGS_READ: usize = 2_000;
/// A shorter word, in characters, is taken as it is.
const SHORTEST_MISSPELT: usize = 5;
/// A word in more documents than this is no misspelling.
const RARE: u64 = 2;
/// A rare word stands for another one that is so many times as frequent.
const MORE_FREQUENT: u64 = 50;
/// A misspelt word stands for so many others, the most frequent ones.
const MOST_MEANT: usize = 4;

/// The most frequent words of the index that begin with `start`, as written.
pub(super) fn beginnings(searcher: &Searcher, fields: &Fields, start: &str) -> Result<Vec<String>> {
    let mut found = HashMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.exact)?;
        let mut terms = index.terms().range().ge(start).into_stream().map_err(TantivyError::from)?;
        let mut read = 0;
        while read < BEGINNINGS_READ && terms.advance() && terms.key().starts_with(start.as_bytes()) {
            read += 1;
            count(&mut found, terms.key(), terms.value().doc_freq);
        }
    }
    Ok(most_frequent(found, MOST_BEGINNINGS))
}

/// The stems that a folded `word` with the stem `stemmed` may have been meant for, if it is hardly ever written: those one letter away
/// (one more, one less, another one, two exchanged).
pub(super) fn meant(searcher: &Searcher, fields: &Fields, word: &str, stemmed: &str) -> Result<Vec<String>> {
    if word.chars().count() < SHORTEST_MISSPELT || !word.chars().all(char::is_alphabetic) {
        return Ok(Vec::new());
    }
    let written = searcher.doc_freq(&Term::from_field_text(fields.words, stemmed))?;
    if written > RARE {
        return Ok(Vec::new());
    }
    let mut found: HashMap<String, u64> = HashMap::new();
    for (near, documents) in neighbours(searcher, fields.words, stemmed)? {
        *found.entry(near).or_default() += documents;
    }
    for (near, documents) in neighbours(searcher, fields.exact, word)? {
        let mut near_stem = String::new();
        stem(&near, &mut near_stem);
        *found.entry(near_stem).or_default() += documents;
    }
    found.retain(|near, documents| near != stemmed && *documents >= (written * MORE_FREQUENT).max(1));
    Ok(most_frequent(found, MOST_MEANT))
}

/// The terms of a field at most one letter away from `word`.
fn neighbours(searcher: &Searcher, field: Field, word: &str) -> Result<HashMap<String, u64>> {
    let near = FuzzyTermQuery::new(Term::from_field_text(field, word), 1, true);
    let mut found = HashMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut terms = index.terms().search(near.automaton()?).into_stream().map_err(TantivyError::from)?;
        while terms.advance() {
            count(&mut found, terms.key(), terms.value().doc_freq);
        }
    }
    Ok(found)
}

fn count(found: &mut HashMap<String, u64>, term: &[u8], documents: u32) {
    if let Ok(word) = std::str::from_utf8(term) {
        *found.entry(word.to_owned()).or_default() += u64::from(documents);
    }
}

fn most_frequent(found: HashMap<String, u64>, most: usize) -> Vec<String> {
    let mut found: Vec<(String, u64)> = found.into_iter().collect();
    found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(most);
    found.into_iter().map(|(word, _)| word).collect()
}
