//! Questions to the search index, asked off the async threads.

use crate::problem::{Answer, Problem};
use crate::sentences::Code;
use crate::state::AppState;
use opora_desk::tickets::filter::Matches;
use opora_search::{Hits, Index, Query, Reach};

/// In which tickets these texts are found. Whoever lists them leaves out what the reader may not see.
pub(crate) async fn matches(state: &AppState, texts: Vec<String>) -> Answer<Matches> {
    if texts.is_empty() {
        return Ok(Matches::default());
    }
    ask(state, move |index| {
        let mut matches = Matches::default();
        for text in texts {
            if !matches.know(&text) {
                let found = numbers(index.groups(&text, Reach::Every)?);
                matches.add(text, found);
            }
        }
        Ok(matches)
    })
    .await
}

/// All tickets that hold this text.
pub(crate) async fn tickets(state: &AppState, text: String, reach: Reach) -> Answer<Vec<i64>> {
    ask(state, move |index| Ok(numbers(index.groups(&text, reach)?))).await
}

/// The best of what the index finds among these tickets, or among all of them.
pub(crate) async fn search(state: &AppState, text: String, only: Option<Vec<i64>>, limit: usize) -> Answer<Hits> {
    let now = state.now().0;
    ask(state, move |index| {
        let only: Option<Vec<u64>> = only.map(|ids| ids.into_iter().map(i64::unsigned_abs).collect());
        index.search(&Query { only: only.as_deref(), limit, now, ..Query::new(&text) })
    })
    .await
}

async fn ask<T: Send + 'static>(
    state: &AppState,
    question: impl FnOnce(&Index) -> opora_search::Result<T> + Send + 'static,
) -> Answer<T> {
    let index = state.search.clone().ok_or_else(|| Problem::new(Code::Busy))?;
    let asked = tokio::task::spawn_blocking(move || question(&index));
    asked.await.map_err(Problem::internal)?.map_err(Problem::internal)
}

fn numbers(groups: Vec<u64>) -> Vec<i64> {
    groups.into_iter().filter_map(|group| i64::try_from(group).ok()).collect()
}
