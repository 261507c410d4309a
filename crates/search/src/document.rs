//! What is put into the index: one [`Doc`] per message, and the fields it becomes.
//!
//! A message's words stand in `words` (stemmed) and `exact` (as written, for phrases and beginnings), the subject's once more in
//! `subject` so that they can weigh more. Numbers that filter and sort are columns. The texts are stored for the snippets.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

/// Version of the fields, of the analysis and of what is put in; an index with another one is emptied when opened.
pub(crate) const VERSION: u32 = 3;

/// So many bytes of a body are indexed and can be shown; what follows (logs pasted into a mail) is not found.
pub const BODY_LIMIT: usize = 200_000;

pub(crate) const STEM_TOKENIZER: &str = "stem";
pub(crate) const EXACT_TOKENIZER: &str = "exact";

/// One searchable thing, usually a message. The index knows what the numbers mean only as far as it says here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// The message's id; a second document with the same key replaces the first.
    pub key: u64,
    /// The ticket's id; results are collapsed to one per group.
    pub group: u64,
    /// What kind of message it is, handed back with a result; the index attaches no meaning to it.
    pub kind: u8,
    /// When it was written, in microseconds since 1970; newer results win ties and a little more.
    pub at: i64,
    /// The ticket's number as people write it; asking for it exactly puts this document first.
    pub number: Option<String>,
    /// The subject; its words weigh more than the body's.
    pub subject: String,
    /// The text; see [`BODY_LIMIT`].
    pub body: String,
    /// Names and addresses of the contact and the organization.
    pub people: Vec<String>,
}

/// The index's fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub(crate) key: Field,
    pub(crate) group: Field,
    kind: Field,
    at: Field,
    pub(crate) number: Field,
    pub(crate) words: Field,
    pub(crate) exact: Field,
    pub(crate) subject: Field,
    pub(crate) body: Field,
    pub(crate) people: Field,
}

pub(crate) const KEY: &str = "key";
pub(crate) const GROUP: &str = "group";
pub(crate) const KIND: &str = "kind";
pub(crate) const AT: &str = "at";

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexed = |tokenizer: &str, option| {
        TextOptions::default()
            .set_indexing_options(TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option))
    };
    let id: NumericOptions = (INDEXED | FAST).into();
    let fields = Fields {
        key: builder.add_u64_field(KEY, id.clone()),
        group: builder.add_u64_field(GROUP, id),
        kind: builder.add_u64_field(KIND, FAST),
        at: builder.add_i64_field(AT, FAST),
        number: builder.add_text_field("number", STRING),
        words: builder.add_text_field("words", indexed(STEM_TOKENIZER, IndexRecordOption::WithFreqs)),
        exact: builder.add_text_field("exact", indexed(EXACT_TOKENIZER, IndexRecordOption::WithFreqsAndPositions)),
        subject: builder.add_text_field("subject", indexed(STEM_TOKENIZER, IndexRecordOption::WithFreqs) | STORED),
        body: builder.add_text_field("body", STORED),
        people: builder.add_text_field("people", STORED),
    };
    (builder.build(), fields)
}

impl Fields {
    /// The document as the index takes it.
    pub(crate) fn document(&self, doc: &Doc) -> TantivyDocument {
        let body = clipped(&doc.body, BODY_LIMIT);
        let mut out = TantivyDocument::default();
        out.add_u64(self.key, doc.key);
        out.add_u64(self.group, doc.group);
        out.add_u64(self.kind, u64::from(doc.kind));
        out.add_i64(self.at, doc.at);
        if let Some(number) = &doc.number {
            out.add_text(self.number, number_key(number));
        }
        for text in doc.people.iter().map(String::as_str).chain([doc.subject.as_str(), body]) {
            out.add_text(self.words, text);
            out.add_text(self.exact, text);
        }
        out.add_text(self.subject, &doc.subject);
        out.add_text(self.body, body);
        for text in &doc.people {
            out.add_text(self.people, text);
        }
        out
    }

    /// The term that finds a document by its key.
    pub(crate) fn key_term(&self, key: u64) -> Term {
        Term::from_field_u64(self.key, key)
    }
}

/// A ticket number as it is compared: without a leading # or №, in lower case.
pub(crate) fn number_key(number: &str) -> String {
    number.trim().trim_start_matches(['#', '№']).trim_start().to_lowercase()
}

/// The first `limit` bytes of `text`, cut between characters.
pub(crate) fn clipped(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}
