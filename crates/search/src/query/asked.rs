//! The engine's queries for what was asked: strict, loose, and which words to mark in a snippet.

use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::dictionary::{beginnings, meant};
use super::{Clause, Word};
use crate::Result;
use crate::document::Fields;
use crate::snippet::Marks;

/// A ticket's own number outranks any text.
const NUMBER_SCORE: f32 = 1_000.0;
/// What a word adds for standing in the subject.
const SUBJECT_BOOST: f32 = 0.2;
/// What a word adds for standing there with the same ending.
const WRITTEN_BOOST: f32 = 0.2;
/// What an address, number or compound adds for being found in one piece.
const WHOLE_BOOST: f32 = 1.5;
/// What a word without a subject of its own weighs.
const STOP_WEIGHT: f32 = 0.3;
/// What a word weighs that only begins like the one asked for.
const BEGINNING_WEIGHT: f32 = 0.5;
/// What a word weighs that is one letter away from the one asked for.
const MEANT_WEIGHT: f32 = 0.5;

type Clauses = Vec<(Occur, Box<dyn Query>)>;

/// Other words that a word may stand for.
#[derive(Default)]
struct Others {
    /// Words, as written, that begin like it.
    begun: Vec<String>,
    /// Stems one letter away from it.
    meant: Vec<String>,
}

/// A query text, read and ready to be asked of one state of the index.
pub(crate) struct Asked {
    clauses: Vec<Clause>,
    /// For each clause, what else it may stand for.
    others: Vec<Others>,
    fields: Fields,
}

impl Asked {
    /// Looks up in the index what unfinished and misspelt words may stand for.
    pub(crate) fn new(clauses: Vec<Clause>, fields: Fields, searcher: &Searcher) -> Result<Self> {
        let mut others = Vec::with_capacity(clauses.len());
        for clause in &clauses {
            others.push(match clause {
                Clause::Word(word) => Others::of(word, &fields, searcher)?,
                Clause::Phrase(_) => Others::default(),
            });
        }
        Ok(Self { clauses, others, fields })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// How many clauses carry a subject.
    pub(crate) fn subjects(&self) -> usize {
        self.clauses.iter().filter(|clause| !is_stop(clause)).count()
    }

    /// Is it a sentence rather than a few keywords? People do not type articles and prepositions into keywords.
    pub(crate) fn is_sentence(&self) -> bool {
        self.clauses.iter().any(is_stop)
    }

    /// Everything that carries a subject must be there (if nothing does, everything must).
    pub(crate) fn strict(&self) -> Box<dyn Query> {
        let all_stop = self.subjects() == 0;
        let mut must: Clauses = Vec::new();
        let mut should: Clauses = Vec::new();
        for (clause, others) in self.clauses.iter().zip(&self.others) {
            match clause {
                Clause::Phrase(words) => must.push((Occur::Must, self.phrase(words))),
                Clause::Word(word) if !word.stop || all_stop => {
                    must.push((Occur::Must, self.word(word, others)));
                    should.extend(self.extras(word));
                }
                Clause::Word(_) => {}
            }
        }
        must.extend(should);
        joined(must)
    }

    /// For each thing that carries a subject (if nothing does, for each) what finds it.
    pub(crate) fn each(&self) -> Vec<Box<dyn Query>> {
        let all_stop = self.subjects() == 0;
        let asked = self.clauses.iter().zip(&self.others);
        let carries = asked.filter(|(clause, _)| all_stop || !is_stop(clause));
        let found = carries.map(|(clause, others)| match clause {
            Clause::Phrase(words) => self.phrase(words),
            Clause::Word(word) => self.word(word, others),
        });
        found.collect()
    }

    /// Any of the words, the rarer the better; phrases stay required.
    pub(crate) fn loose(&self) -> Box<dyn Query> {
        let mut must: Clauses = Vec::new();
        let mut should: Clauses = Vec::new();
        for (clause, others) in self.clauses.iter().zip(&self.others) {
            match clause {
                Clause::Phrase(words) => must.push((Occur::Must, self.phrase(words))),
                Clause::Word(word) if word.stop => {
                    should.extend(
                        word.stems.iter().map(|stem| (Occur::Should, self.term(self.fields.words, stem, STOP_WEIGHT))),
                    );
                }
                Clause::Word(word) => {
                    should.extend(self.forms(word, others));
                    should.extend(self.extras(word));
                }
            }
        }
        must.extend(should);
        joined(must)
    }

    /// What to mark in a text that was found.
    pub(crate) fn marks(&self) -> Marks {
        let all_stop = self.subjects() == 0;
        let mut marks = Marks::default();
        for (clause, others) in self.clauses.iter().zip(&self.others) {
            match clause {
                Clause::Phrase(words) => marks.phrases.push(words.clone()),
                Clause::Word(word) if word.stop && !all_stop => {}
                Clause::Word(word) => {
                    if word.stems.len() > 1 && word.has_latin_or_digits() {
                        marks.phrases.push(word.parts.clone());
                    } else {
                        marks.stems.extend(word.stems.iter().cloned());
                    }
                    marks.wholes.extend(word.whole.clone());
                    marks.stems.extend(others.meant.iter().cloned());
                    marks.written.extend(others.begun.iter().cloned());
                }
            }
        }
        marks
    }

    /// A document that has this word in one of its forms.
    fn word(&self, word: &Word, others: &Others) -> Box<dyn Query> {
        let mut forms = self.forms(word, others);
        match forms.len() {
            1 => forms.remove(0).1,
            _ => Box::new(BooleanQuery::new(forms)),
        }
    }

    fn forms(&self, word: &Word, others: &Others) -> Clauses {
        let mut forms: Clauses = Vec::new();
        let mut or = |query| forms.push((Occur::Should, query));
        match word.stems.as_slice() {
            [stem] => or(self.term(self.fields.words, stem, 1.0)),
            _ if word.has_latin_or_digits() => or(self.phrase(&word.parts)),
            stems => {
                let all = stems.iter().map(|stem| (Occur::Must, self.term(self.fields.words, stem, 1.0))).collect();
                or(Box::new(BooleanQuery::new(all)));
            }
        }
        if let Some(whole) = &word.whole {
            or(self.term(self.fields.words, whole, WHOLE_BOOST));
        }
        for meant in &others.meant {
            or(self.term(self.fields.words, meant, MEANT_WEIGHT));
        }
        for begun in &others.begun {
            or(self.term(self.fields.exact, begun, BEGINNING_WEIGHT));
        }
        if let Some(number) = &word.number {
            let term = TermQuery::new(Term::from_field_text(self.fields.number, number), IndexRecordOption::Basic);
            or(Box::new(ConstScoreQuery::new(Box::new(term), NUMBER_SCORE)));
        }
        forms
    }

    /// What does not find a document but makes it better: the word in the subject, the word with the same ending.
    fn extras(&self, word: &Word) -> Clauses {
        let in_subject = word.stems.iter().map(|stem| self.term(self.fields.subject, stem, SUBJECT_BOOST));
        let as_written = word.parts.iter().map(|part| self.term(self.fields.exact, part, WRITTEN_BOOST));
        in_subject.chain(as_written).map(|query| (Occur::Should, query)).collect()
    }

    fn phrase(&self, words: &[String]) -> Box<dyn Query> {
        let terms: Vec<Term> = words.iter().map(|word| Term::from_field_text(self.fields.exact, word)).collect();
        match terms.len() {
            1 => self.term(self.fields.exact, &words[0], 1.0),
            _ => Box::new(PhraseQuery::new(terms)),
        }
    }

    fn term(&self, field: Field, text: &str, weight: f32) -> Box<dyn Query> {
        let query = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
        if weight == 1.0 { Box::new(query) } else { Box::new(BoostQuery::new(Box::new(query), weight)) }
    }
}

impl Others {
    fn of(word: &Word, fields: &Fields, searcher: &Searcher) -> Result<Self> {
        let begun = if word.beginning { beginnings(searcher, fields, &word.written)? } else { Vec::new() };
        let meant = match (word.parts.as_slice(), word.stems.as_slice()) {
            ([part], [stem]) if begun.is_empty() && !word.stop => meant(searcher, fields, part, stem)?,
            _ => Vec::new(),
        };
        Ok(Self { begun, meant })
    }
}

fn is_stop(clause: &Clause) -> bool {
    matches!(clause, Clause::Word(word) if word.stop)
}

fn joined(clauses: Clauses) -> Box<dyn Query> {
    match clauses.len() {
        0 => Box::new(EmptyQuery),
        _ => Box::new(BooleanQuery::new(clauses)),
    }
}
