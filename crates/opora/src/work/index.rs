//! Keeps the search index up with the event log: committed within half a second, so that what was written is found within
//! a second. A new, damaged or outdated index is filled again from the database meanwhile.

use super::{Wake, pause};
use opora_base::event::{self, Cursor};
use opora_base::{SharedClock, Store};
use opora_desk::search_feed::{self, Document, Source};
use opora_desk::{MessageId, Result};
use opora_search::{Doc, Index};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const BATCH: i64 = 500;
/// So many documents are worth a commit of their own, even when more are waiting.
const COMMIT_AT_LEAST: usize = 5_000;
const COMMIT_AFTER: Duration = Duration::from_millis(400);
const REST_AFTER: Duration = Duration::from_secs(60);

/// Works until told to stop.
pub async fn run(store: Store, index: Index, clock: SharedClock, stop: CancellationToken) {
    let mut wake = Wake::gathered(&store, COMMIT_AFTER);
    let mut follower = Follower { store, index, clock };
    let mut idle_since = follower.clock.now();
    let mut resting = false;
    while !stop.is_cancelled() {
        match follower.catch_up(&stop).await {
            Ok(true) => {
                idle_since = follower.clock.now();
                resting = false;
            }
            Ok(false) => {
                if !resting && follower.clock.now().since(idle_since) > REST_AFTER {
                    resting = follower.rest().await;
                }
            }
            Err(error) => tracing::warn!(%error, "the search index could not be kept up"),
        }
        if !pause(&mut wake, Duration::from_secs(1), &stop).await {
            return;
        }
    }
}

struct Follower {
    store: Store,
    index: Index,
    clock: SharedClock,
}

impl Follower {
    /// Answers whether there was anything to do.
    async fn catch_up(&mut self, stop: &CancellationToken) -> Result<bool> {
        let Some(begun) = self.index.cursor().and_then(|text| read(&text)) else {
            fill(&self.store, &self.index, stop, |_, _| ()).await?;
            return Ok(true);
        };
        let (mut cursor, mut committed, mut put) = (begun, begun, 0);
        while !stop.is_cancelled() {
            let from = cursor;
            let (events, changes) = self
                .store
                .read(move |tx| {
                    let events = event::after(tx, from, BATCH)?;
                    let changes = search_feed::changes(tx, &events)?;
                    Ok::<_, opora_desk::Error>((events, changes))
                })
                .await?;
            let Some(last) = events.last() else { break };
            cursor = last.at_cursor;
            let full = events.len() as i64 == BATCH;
            put += changes.put.len() + changes.gone.len();
            let index = self.index.clone();
            blocking(move || {
                index.put(&changes.put.into_iter().map(doc).collect::<Vec<_>>())?;
                changes.gone.iter().try_for_each(|message| index.delete_key(Source::Message(*message).key()))
            })
            .await?;
            // A commit costs as much for one document as for thousands: a flood shares it.
            if put >= COMMIT_AT_LEAST || (!full && put > 0) {
                (committed, put) = (cursor, 0);
                self.commit(cursor).await?;
            }
            if !full {
                break;
            }
        }
        let worked = committed != begun;
        Ok(worked)
    }

    async fn commit(&self, cursor: Cursor) -> Result<()> {
        let (index, mark) = (self.index.clone(), write(cursor));
        blocking(move || index.commit(&mark)).await
    }

    async fn rest(&self) -> bool {
        let index = self.index.clone();
        blocking(move || index.rest())
            .await
            .inspect_err(|error| tracing::warn!(%error, "the search index cannot rest"))
            .is_ok()
    }
}

/// Fills the index from the database. The log's end is read first, so that nothing written meanwhile is missed.
pub async fn fill(
    store: &Store,
    index: &Index,
    stop: &CancellationToken,
    mut progress: impl FnMut(i64, i64),
) -> Result<()> {
    let (end, last) = store.read(|tx| Ok::<_, opora_desk::Error>((event::end(tx)?, search_feed::last(tx)?))).await?;
    tracing::info!(messages = last.0, "the search index is being built");
    let emptied = index.clone();
    blocking(move || emptied.clear()).await?;
    let mut at = Source::Message(MessageId(0));
    loop {
        if stop.is_cancelled() {
            return Ok(());
        }
        let from = at;
        let documents: Vec<Document> = store.read(move |tx| search_feed::after(tx, from, 2_000)).await?;
        match (documents.last(), at) {
            (Some(newest), _) => at = newest.source,
            // What colleagues said among themselves comes after all that was said to customers.
            (None, Source::Message(_)) => at = Source::Talk(0),
            (None, Source::Talk(_)) => break,
        }
        let index = index.clone();
        blocking(move || index.put(&documents.into_iter().map(doc).collect::<Vec<_>>())).await?;
        if let Source::Message(message) = at {
            progress(message.0, last.0);
        }
    }
    let index = index.clone();
    blocking(move || index.commit(&write(end))).await?;
    tracing::info!("the search index is ready");
    Ok(())
}

fn doc(document: Document) -> Doc {
    Doc {
        key: document.source.key(),
        group: document.ticket.0.unsigned_abs(),
        kind: 0,
        at: document.at,
        // Its number leads to what the customer wrote, not to what was said about it.
        number: matches!(document.source, Source::Message(_)).then(|| document.ticket.to_string()),
        subject: document.subject,
        body: document.body,
        people: document.people,
    }
}

async fn blocking(work: impl FnOnce() -> opora_search::Result<()> + Send + 'static) -> Result<()> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|e| opora_desk::Error::Storage(e.to_string()))?.map_err(|e| opora_desk::Error::Storage(e.to_string()))
}

fn write(cursor: Cursor) -> String {
    format!("{}.{}", cursor.xid, cursor.seq)
}

fn read(text: &str) -> Option<Cursor> {
    let (xid, seq) = text.split_once('.')?;
    Some(Cursor { xid: xid.parse().ok()?, seq: seq.parse().ok()? })
}
