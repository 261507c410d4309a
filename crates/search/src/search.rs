//! Searching: what was typed in, the best tickets' messages out.
//!
//! A few words must all be there; a long question only needs some of them, the better matches first, and so does a short one that
//! nothing answers in full. Every answer is taken from one state of the index, whatever is written meanwhile.

use std::time::{SystemTime, UNIX_EPOCH};

use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value};

use crate::collect::{Best, Gate, best_groups, groups};
use crate::document::Fields;
use crate::query::{Asked, read};
use crate::snippet::{Marks, marked, snippet};
use crate::{Index, Result};

/// [`Hits::total_groups`] is exact up to this number and stays at it when there are more.
pub const TOTAL_CAP: usize = 10_000;

/// The most results one search hands out.
const MOST_HITS: usize = 1_000;
/// So many keywords must all be found in one message; of more, some are enough.
const KEYWORDS_REQUIRED: usize = 4;
/// The same for the words of a sentence that carry a subject.
const SENTENCE_REQUIRED: usize = 2;

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// As typed: words, "quoted phrases", addresses, numbers, `begin*`. Any string is good.
    pub text: &'a str,
    /// Only documents of these groups; `None` is all of them, an empty slice none.
    pub only: Option<&'a [u64]>,
    /// So many results at most (1,000 at the very most).
    pub limit: usize,
    /// So many of the best results are left out: the pages before.
    pub skip: usize,
    /// The person is still typing: the last word may be unfinished.
    pub typing: bool,
    /// The time to count "new" from, in microseconds since 1970.
    pub now: i64,
}

impl<'a> Query<'a> {
    /// The first twenty results for `text`, from all groups, as of now.
    pub fn new(text: &'a str) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX);
        Self { text, only: None, limit: 20, skip: 0, typing: false, now }
    }
}

/// Which groups hold a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those in which everything that carries a subject is found, wherever in the group.
    Every,
    /// Those in which anything is found.
    Any,
}

/// The best document of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The ticket: [`crate::Doc::group`].
    pub group: u64,
    /// The message: [`crate::Doc::key`].
    pub key: u64,
    /// [`crate::Doc::kind`].
    pub kind: u8,
    /// [`crate::Doc::at`].
    pub at: i64,
    /// How well it answers; comparable within one search only.
    pub score: f32,
    /// The subject as HTML text: escaped, the words found between `<mark>` and `</mark>`, no other tag.
    pub subject_html: String,
    /// The place in the message, likewise; cut ends carry an ellipsis.
    pub snippet_html: String,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// One per group, best first.
    pub items: Vec<Hit>,
    /// How many groups there are in all, exact up to [`TOTAL_CAP`].
    pub total_groups: usize,
}

impl Index {
    /// Searches what is committed.
    ///
    /// # Errors
    /// The index cannot be read. The query text is never a reason.
    pub fn search(&self, query: &Query<'_>) -> Result<Hits> {
        let searcher = self.searcher();
        let asked = Asked::new(read(query.text, query.typing), *self.fields(), &searcher)?;
        if asked.is_empty() {
            return Ok(Hits::default());
        }
        let gate = Gate { only: query.only.map(|only| only.iter().copied().collect()), now: query.now };
        let (skip, limit) = (query.skip.min(TOTAL_CAP), query.limit.min(MOST_HITS));

        let all_required = if asked.is_sentence() { SENTENCE_REQUIRED } else { KEYWORDS_REQUIRED };
        let count = |matching: &dyn tantivy::query::Query| -> Result<usize> {
            Ok(groups(&searcher, matching, &gate, TOTAL_CAP)?.len())
        };
        let mut matching = asked.strict();
        let mut total = if asked.subjects() <= all_required { count(matching.as_ref())? } else { 0 };
        if total == 0 {
            matching = asked.loose();
            total = count(matching.as_ref())?;
        }
        let best = best_groups(&searcher, matching.as_ref(), &gate, skip + limit)?;
        let marks = asked.marks();
        let items = best.iter().skip(skip).map(|best| {
            let stored: TantivyDocument = searcher.doc(best.address)?;
            Ok(hit(best, &stored, self.fields(), &marks))
        });
        Ok(Hits { items: items.collect::<Result<_>>()?, total_groups: total })
    }
}

impl Index {
    /// All groups that hold this text, in order; none for a text without words.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn groups(&self, text: &str, reach: Reach) -> Result<Vec<u64>> {
        let searcher = self.searcher();
        let asked = Asked::new(read(text, false), *self.fields(), &searcher)?;
        let wanted = match reach {
            Reach::Every => asked.each(),
            Reach::Any => vec![asked.loose()],
        };
        let mut gate = Gate::default();
        for matching in wanted {
            gate.only = Some(groups(&searcher, matching.as_ref(), &gate, usize::MAX)?);
        }
        let mut found: Vec<u64> = gate.only.into_iter().flatten().collect();
        found.sort_unstable();
        Ok(found)
    }
}

fn hit(best: &Best, stored: &TantivyDocument, fields: &Fields, marks: &Marks) -> Hit {
    let subject = text(stored, fields.subject);
    let people: Vec<&str> = stored.get_all(fields.people).filter_map(|value| value.as_str()).collect();
    Hit {
        group: best.group,
        key: best.key,
        kind: best.kind,
        at: best.at,
        score: best.score,
        subject_html: marked(subject, marks),
        snippet_html: snippet(text(stored, fields.body), &people, marks),
    }
}

fn text(stored: &TantivyDocument, field: Field) -> &str {
    stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default()
}
