//! `opora reindex`: builds the search index anew.

use crate::cli::ReindexArgs;
use crate::{ground, work};
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use opora_search::Index;
use tokio_util::sync::CancellationToken;

/// Builds the search index anew.
pub async fn run(ask: ReindexArgs) -> anyhow::Result<()> {
    let ground = ground::open(&ask.ground.settle()?).await?;
    let index = Index::open(&ground.data.join("search"))
        .context("the search index cannot be opened; is the server running?")?;
    let bar = bar(0);
    work::index::fill(&ground.store, &index, &CancellationToken::new(), |at, last| {
        bar.set_length(last.unsigned_abs());
        bar.set_position(at.unsigned_abs());
    })
    .await?;
    bar.finish();
    eprintln!("{} messages can be found", index.len());
    ground.store.close().await;
    Ok(())
}

/// A progress bar on the error stream; nothing where there is no terminal.
pub fn bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec}, {eta} left");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
