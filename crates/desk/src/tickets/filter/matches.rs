//! What the search index says of the words in filters. It is asked before a statement is made, by whoever may wait for it.

use opora_query::Filter;
use std::collections::HashMap;
use std::sync::Arc;

/// In which tickets the search index found which text.
#[derive(Clone, Debug, Default)]
pub struct Matches(HashMap<String, Arc<[i64]>>);

impl Matches {
    /// The texts of a filter that the index is to be asked about.
    pub fn texts(filter: &Filter) -> Vec<String> {
        let mut texts = filter.unwanted_texts();
        texts.extend(Some(filter.wanted_text()).filter(|text| !text.is_empty()));
        texts
    }

    /// Is it known where this text is found?
    pub fn know(&self, text: &str) -> bool {
        self.0.contains_key(text)
    }

    /// This text is found in these tickets.
    pub fn add(&mut self, text: String, tickets: Vec<i64>) {
        self.0.insert(text, tickets.into());
    }

    /// What was never asked about is found nowhere.
    pub(super) fn of(&self, text: &str) -> Arc<[i64]> {
        self.0.get(text).cloned().unwrap_or_default()
    }
}
