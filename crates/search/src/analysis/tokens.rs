//! Hands the words of a text to the index, in one of two forms: stemmed (for finding) or as written (for phrases and beginnings).

use rustc_hash::FxHashMap;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::{stem, units};

/// Memory for so many tokens is kept from one text to the next.
const TOKENS_KEPT: usize = 2_048;
/// So many stems are remembered, about a megabyte.
const STEMS_KEPT: usize = 10_000;

/// Which form of each word is indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Without its ending.
    Stem,
    /// Folded, but with its ending.
    Exact,
}

/// The tokenizer registered with the index for a [`Form`].
#[derive(Clone)]
pub(crate) struct WordTokenizer {
    form: Form,
    tokens: Vec<Token>,
    stems: Stems,
}

impl WordTokenizer {
    pub(crate) fn new(form: Form) -> Self {
        Self { form, tokens: Vec::new(), stems: Stems::default() }
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        if self.tokens.len() > TOKENS_KEPT {
            self.tokens.truncate(TOKENS_KEPT);
            self.tokens.shrink_to_fit();
        }
        let mut units = units(text);
        let (mut count, mut position) = (0, 0);
        while let Some(unit) = units.next() {
            for piece in unit.pieces() {
                if self.tokens.len() == count {
                    self.tokens.push(Token::default());
                }
                let token = &mut self.tokens[count];
                token.text.clear();
                match self.form {
                    Form::Exact => token.text.push_str(unit.text(piece)),
                    Form::Stem => self.stems.push(unit.text(piece), &mut token.text),
                }
                token.position = position + piece.position;
                token.offset_from = piece.source.start;
                token.offset_to = piece.source.end;
                count += 1;
            }
            position += unit.words();
        }
        WordStream { tokens: &mut self.tokens[..count], next: 0 }
    }
}

/// Stems found before: people use few words, and use them all the time.
#[derive(Clone, Default)]
struct Stems {
    known: FxHashMap<Box<str>, Box<str>>,
}

impl Stems {
    fn push(&mut self, word: &str, out: &mut String) {
        if let Some(known) = self.known.get(word) {
            return out.push_str(known);
        }
        let start = out.len();
        stem(word, out);
        if self.known.len() == STEMS_KEPT {
            self.known.clear();
        }
        self.known.insert(word.into(), out[start..].into());
    }
}

/// The tokens of one text.
pub(crate) struct WordStream<'a> {
    tokens: &'a mut [Token],
    next: usize,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}
