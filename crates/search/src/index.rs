//! The index itself: documents in and out, commits with the follower's cursor, and the memory it takes.
//!
//! Promises: what was committed survives any crash, together with the cursor it was committed with; what was not is gone as if never
//! put. A committed document is found by the next search. One process writes at a time; any number of threads search meanwhile.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, Term};

use crate::analysis::{Form, WordTokenizer};
use crate::aside::aside;
use crate::document::{self, Doc, EXACT_TOKENIZER, Fields, KEY, STEM_TOKENIZER};
use crate::{Result, folder};

/// Memory of the one indexing thread, in bytes (the engine's minimum); a full buffer is written out early.
const WRITER_MEMORY: usize = 15_000_000;
/// Decompressed blocks of stored texts kept per segment, 16 KB each.
const STORED_BLOCKS: usize = 4;

/// A full-text index, in a folder or in memory. Cloning is cheap and shares the index.
#[derive(Clone)]
pub struct Index {
    shared: Arc<Shared>,
}

struct Shared {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    writing: Mutex<Writing>,
}

/// What only a writing thread touches.
struct Writing {
    writer: Option<IndexWriter>,
    cursor: Option<String>,
    /// No document has a greater key, so that a greater one needs no look for what it replaces.
    greatest_key: Option<u64>,
}

impl Index {
    /// Opens the index in `dir`, creating folder and index as needed. An index of another version is emptied, a damaged one set
    /// aside; [`Index::is_fresh`] then says so.
    ///
    /// # Errors
    /// The folder cannot be created, read or written.
    pub fn open(dir: &Path) -> Result<Self> {
        let (schema, fields) = document::schema();
        Self::over(folder::open(dir, &schema)?, fields)
    }

    /// An empty index that lives as long as this value.
    ///
    /// # Errors
    /// The engine cannot be started.
    pub fn in_memory() -> Result<Self> {
        let (schema, fields) = document::schema();
        Self::over(tantivy::Index::create_in_ram(schema), fields)
    }

    fn over(index: tantivy::Index, fields: Fields) -> Result<Self> {
        index.tokenizers().register(STEM_TOKENIZER, WordTokenizer::new(Form::Stem));
        index.tokenizers().register(EXACT_TOKENIZER, WordTokenizer::new(Form::Exact));
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(STORED_BLOCKS)
            .try_into()?;
        let cursor = index.load_metas()?.payload;
        let greatest_key = greatest_key(&reader.searcher())?;
        let writing = Mutex::new(Writing { writer: None, cursor, greatest_key });
        Ok(Self { shared: Arc::new(Shared { index, reader, fields, writing }) })
    }

    /// Is there nothing to go on from, so that everything must be put from zero? True for a new, emptied or cleared index until the
    /// first [`Index::commit`].
    pub fn is_fresh(&self) -> bool {
        self.cursor().is_none()
    }

    /// Another number after each commit that searches see.
    pub fn generation(&self) -> u64 {
        self.searcher().generation().generation_id()
    }

    /// The cursor of the last commit.
    pub fn cursor(&self) -> Option<String> {
        self.writing().cursor.clone()
    }

    /// Puts documents, each replacing the one with the same key. Searches see them after the next [`Index::commit`].
    ///
    /// # Errors
    /// The index cannot be written (disk full), or [`crate::Error::Busy`].
    pub fn put(&self, docs: &[Doc]) -> Result<()> {
        let fields = self.shared.fields;
        self.write(|writer, greatest_key| {
            for doc in docs {
                if greatest_key.is_some_and(|greatest| doc.key <= greatest) {
                    writer.delete_term(fields.key_term(doc.key));
                }
                *greatest_key = (*greatest_key).max(Some(doc.key));
                writer.add_document(fields.document(doc))?;
            }
            Ok(())
        })
    }

    /// Deletes the document with this key, if there is one, with the next commit.
    ///
    /// # Errors
    /// As [`Index::put`].
    pub fn delete_key(&self, key: u64) -> Result<()> {
        let term = self.shared.fields.key_term(key);
        self.write(|writer, _| {
            writer.delete_term(term);
            Ok(())
        })
    }

    /// Deletes all documents of a group with the next commit.
    ///
    /// # Errors
    /// As [`Index::put`].
    pub fn delete_group(&self, group: u64) -> Result<()> {
        let term = Term::from_field_u64(self.shared.fields.group, group);
        self.write(|writer, _| {
            writer.delete_term(term);
            Ok(())
        })
    }

    /// Makes everything since the last commit durable and findable, and remembers `cursor` with it.
    ///
    /// # Errors
    /// As [`Index::put`]; nothing is lost then but what was not committed.
    pub fn commit(&self, cursor: &str) -> Result<()> {
        let mut writing = self.writing();
        let done = self.writer(&mut writing).and_then(|writer| {
            // A commit ends the indexing threads and starts others.
            aside(|| {
                let mut commit = writer.prepare_commit()?;
                commit.set_payload(cursor);
                commit.commit()
            })?;
            Ok(self.shared.reader.reload()?)
        });
        match done {
            Ok(()) => writing.cursor = Some(cursor.to_owned()),
            Err(_) => writing.writer = None,
        }
        done
    }

    /// Empties the index and forgets the cursor, at once and durably.
    ///
    /// # Errors
    /// As [`Index::put`].
    pub fn clear(&self) -> Result<()> {
        let mut writing = self.writing();
        let writer = self.writer(&mut writing)?;
        writer.delete_all_documents()?;
        writer.commit()?;
        writing.cursor = None;
        writing.greatest_key = None;
        Ok(self.shared.reader.reload()?)
    }

    /// Gives back the writer's threads and memory; the next write starts them again (some milliseconds). For a follower with nothing
    /// to do. Waits for running merges; what was put and not committed is dropped.
    ///
    /// # Errors
    /// A merge failed; the index stays as it was committed.
    pub fn rest(&self) -> Result<()> {
        let mut writing = self.writing();
        let Some(writer) = writing.writer.take() else { return Ok(()) };
        writer.wait_merging_threads()?;
        Ok(self.shared.reader.reload()?)
    }

    /// How many documents can be found.
    pub fn len(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// Is there no document to be found?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.shared.reader.searcher()
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.shared.fields
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.shared.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `change` on the writer. A failed writer is dropped: the next call starts from the last commit.
    fn write(&self, change: impl FnOnce(&mut IndexWriter, &mut Option<u64>) -> Result<()>) -> Result<()> {
        let mut writing = self.writing();
        let mut greatest_key = writing.greatest_key;
        let done = self.writer(&mut writing).and_then(|writer| change(writer, &mut greatest_key));
        writing.greatest_key = greatest_key;
        if done.is_err() {
            writing.writer = None;
        }
        done
    }

    fn writer<'w>(&self, writing: &'w mut Writing) -> Result<&'w mut IndexWriter> {
        let writer = match writing.writer.take() {
            Some(writer) => writer,
            None => {
                let options = IndexWriterOptions::builder()
                    .memory_budget_per_thread(WRITER_MEMORY)
                    .num_worker_threads(1)
                    .num_merge_threads(1)
                    .build();
                let writer: IndexWriter = aside(|| self.shared.index.writer_with_options(options))?;
                writer.set_merge_policy(Box::new(LogMergePolicy::default()));
                writer
            }
        };
        Ok(writing.writer.insert(writer))
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("documents", &self.len()).finish_non_exhaustive()
    }
}

fn greatest_key(searcher: &Searcher) -> Result<Option<u64>> {
    let mut greatest = None;
    for segment in searcher.segment_readers().iter().filter(|segment| segment.max_doc() > 0) {
        greatest = greatest.max(Some(segment.fast_fields().u64(KEY)?.max_value()));
    }
    Ok(greatest)
}
