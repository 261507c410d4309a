//! The index from outside: what people look for and find, how it is shown, and what survives.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod crash;
mod durability;
mod language;
mod results;
mod snippets;
mod together;
mod worker;

use opora_search::{Doc, Hits, Index, Query};

/// An index of messages, each a ticket of its own, numbered from 1.
fn desk(bodies: &[&str]) -> Index {
    let docs: Vec<Doc> = (1..).zip(bodies).map(|(key, body)| message(key, body)).collect();
    desk_of(&docs)
}

fn desk_of(docs: &[Doc]) -> Index {
    let index = Index::in_memory().unwrap();
    index.put(docs).unwrap();
    index.commit("1").unwrap();
    index
}

fn message(key: u64, body: &str) -> Doc {
    Doc { key, group: key, body: body.to_owned(), ..Doc::default() }
}

fn search(index: &Index, text: &str) -> Hits {
    index.search(&Query::new(text)).unwrap()
}

/// The tickets found, best first.
fn found(index: &Index, text: &str) -> Vec<u64> {
    search(index, text).items.iter().map(|hit| hit.group).collect()
}

/// The tickets found while typing, in their order of number.
fn found_typing(index: &Index, text: &str) -> Vec<u64> {
    let hits = index.search(&Query { typing: true, ..Query::new(text) }).unwrap();
    sorted(hits.items.iter().map(|hit| hit.group).collect())
}

fn sorted(mut groups: Vec<u64>) -> Vec<u64> {
    groups.sort_unstable();
    groups
}
