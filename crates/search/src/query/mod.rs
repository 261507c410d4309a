//! From what a person typed to what the index is asked.
//!
//! [`read`] takes any string apart into clauses: words, quoted phrases, numbers, addresses. [`Asked`] turns clauses into the engine's
//! queries, strictly (every word) or loosely (some of them, the better ones first). There is no syntax to get wrong.

mod asked;
mod clauses;
mod dictionary;

pub(crate) use asked::Asked;
pub(crate) use clauses::{Clause, Word, read};
