//! A search engine on a pipe: one JSON request a line in, one JSON answer a line out, for tools that measure search.
//!
//! `{"op":"index","docs":[{"id":…,"title":…,"body":…}]}` is answered `{"ok":true}`, `{"op":"query","q":…,"k":10}` is answered
//! `{"ids":[…]}`, best first. An id is any JSON value and comes back as it came; a document with a known id replaces the old one. A line
//! that is not understood is answered `{"ok":false,"error":…}` and the next one is read. The index lives in memory.

use std::collections::HashMap;
use std::io::{BufRead, Read, Write};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Doc, Index, Query, Result};

/// Longest line read, in bytes; a longer one ends the conversation.
const LONGEST_LINE: u64 = 256 << 20;
/// So many results are handed out unless the request says otherwise.
const USUAL_RESULTS: usize = 10;

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Request {
    Index { docs: Vec<Entry> },
    Query { q: String, k: Option<usize> },
}

#[derive(Deserialize)]
struct Entry {
    id: Value,
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
}

/// Answers `input` line by line on `output` until the input ends.
///
/// # Errors
/// The streams break, a line is longer than 256 MB, or the index fails.
pub fn worker(mut input: impl BufRead, mut output: impl Write) -> Result<()> {
    let mut desk = Desk { index: Index::in_memory()?, ids: Vec::new(), keys: HashMap::new() };
    let mut line = Vec::new();
    loop {
        line.clear();
        input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        if line.len() as u64 == LONGEST_LINE {
            return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge).into());
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = match serde_json::from_slice(&line) {
            Ok(request) => desk.answer(request)?,
            Err(error) => json!({"ok": false, "error": error.to_string()}),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
}

/// The index and which id stands for which key (its place in `ids`).
struct Desk {
    index: Index,
    ids: Vec<Value>,
    keys: HashMap<String, u64>,
}

impl Desk {
    fn answer(&mut self, request: Request) -> Result<Value> {
        match request {
            Request::Index { docs } => {
                let docs: Vec<Doc> = docs.into_iter().map(|entry| self.doc(entry)).collect();
                self.index.put(&docs)?;
                self.index.commit("")?;
                Ok(json!({"ok": true}))
            }
            Request::Query { q, k } => {
                let limit = k.unwrap_or(USUAL_RESULTS);
                let hits = self.index.search(&Query { limit, ..Query::new(&q) })?;
                let place = |key| usize::try_from(key).ok();
                let ids: Vec<&Value> =
                    hits.items.iter().filter_map(|hit| place(hit.key)).filter_map(|i| self.ids.get(i)).collect();
                Ok(json!({"ids": ids}))
            }
        }
    }

    fn doc(&mut self, entry: Entry) -> Doc {
        let next = self.ids.len() as u64;
        let key = *self.keys.entry(entry.id.to_string()).or_insert(next);
        if key == next {
            self.ids.push(entry.id);
        }
        Doc { key, group: key, subject: entry.title, body: entry.body, ..Doc::default() }
    }
}
