//! How text becomes the words that are indexed and looked for.
//!
//! One analysis serves both languages and both sides, so that a query word and a message's word meet whenever a person would call
//! them the same: [`split`] finds the words and what belongs together (addresses, order numbers, file names), [`fold`] evens out
//! writing (case, ё, accents, look-alike letters), [`stem`] takes endings off (Cyrillic by Russian rules, Latin by English ones),
//! [`stopwords`] knows the words that carry no subject. [`tokens`] hands it all to the index. Knows nothing of documents or queries.

mod fold;
mod split;
mod stem;
mod stopwords;
mod tokens;

pub(crate) use split::{Unit, units};
pub(crate) use stem::stem;
pub(crate) use stopwords::is_stop_word;
pub(crate) use tokens::{Form, WordTokenizer};
