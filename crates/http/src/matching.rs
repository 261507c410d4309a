//! Questions to the search index, asked off the async threads.

use crate::problem::{Answer, Problem};
use crate::sentences::Code;
use crate::state::AppState;
use opora_search::{Hits, Query};

/// A list shows at most so many tickets that hold its words.
const MOST: usize = 1_000;

/// The tickets that hold these words, best first. Whoever lists them leaves out what the reader may not see.
pub(crate) async fn tickets(state: &AppState, words: String) -> Answer<Vec<i64>> {
    let hits = search(state, words, 0, MOST).await?;
    Ok(hits.items.iter().filter_map(|hit| i64::try_from(hit.group).ok()).collect())
}

/// A page of what the index finds, whoever asks.
pub(crate) async fn search(state: &AppState, text: String, skip: usize, limit: usize) -> Answer<Hits> {
    let index = state.search.clone().ok_or_else(|| Problem::new(Code::Busy))?;
    let now = state.now().0;
    let searching = tokio::task::spawn_blocking(move || index.search(&Query { skip, limit, now, ..Query::new(&text) }));
    searching.await.map_err(Problem::internal)?.map_err(Problem::internal)
}
