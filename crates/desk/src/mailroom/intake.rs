//! The intake: takes what was accepted, in order, and receives it. A mail that cannot be understood never blocks the next.

use super::receive::{self, How, Inbound, Outcome};
use super::understand::{Understood, Unreadable, understand};
use crate::{InboundId, Result};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesOrdered;
use opora_base::blob::Blobs;
use opora_base::{Dialect, Store, Time, params};
use opora_mail::Limits;

/// How many mails are read at once.
pub const BATCH: i64 = 64;
/// A mail that failed so often for reasons of the house is laid aside.
const MOST_ATTEMPTS: i64 = 5;

type Waiting = (InboundId, Option<Vec<u8>>, Option<String>, i64);

/// Receives up to [`BATCH`] waiting mails, oldest first. Answers how many it took; zero means that nothing waits.
pub async fn take_in(store: &Store, blobs: &Blobs, limits: &Limits, now: Time) -> Result<usize> {
    let waiting: Vec<Waiting> = store
        .read(move |tx| {
            tx.query(
                "SELECT id, raw, raw_digest, attempts FROM inbound WHERE state = 'new' ORDER BY id LIMIT $1",
                params![BATCH],
            )
        })
        .await?;
    let taken = waiting.len();
    let mut read = tokio::task::JoinSet::new();
    let (mut ready, mut order) = (std::collections::BTreeMap::new(), Vec::with_capacity(taken));
    for (id, raw, digest, attempts) in waiting {
        order.push((id, attempts));
        let (blobs, limits) = (blobs.clone(), limits.clone());
        read.spawn(async move { (id, prepare(&blobs, raw, digest, limits).await) });
    }
    while let Some(done) = read.join_next().await {
        if let Ok((id, prepared)) = done {
            ready.insert(id, prepared);
        }
    }
    let settling = order.into_iter().filter_map(|(id, attempts)| {
        ready.remove(&id).map(|prepared| settle(store.clone(), id, prepared, attempts, now))
    });
    // An answer must not overtake what it answers. SQLite's one writer keeps the order in which the futures are first
    // polled, and they share a sync; PostgreSQL's many writers would not.
    match store.dialect() {
        Dialect::Sqlite => {
            let mut settling: FuturesOrdered<_> = settling.collect();
            while let Some(done) = settling.next().await {
                done?;
            }
        }
        Dialect::Postgres => {
            for settle in settling {
                settle.await?;
            }
        }
    }
    Ok(taken)
}

/// Everything that happens outside the transaction: the bytes fetched, the mail read, its files made durable.
async fn prepare(blobs: &Blobs, raw: Option<Vec<u8>>, digest: Option<String>, limits: Limits) -> Result<Prepared> {
    let raw = fetch(blobs, raw, digest).await?;
    let parsed = tokio::task::spawn_blocking({
        let raw = raw.clone();
        move || understand(&raw, &limits)
    });
    match parsed.await.map_err(|e| crate::Error::Storage(e.to_string()))? {
        Ok(mail) => {
            keep_files(blobs, &mail).await?;
            Ok(Prepared::Understood(Box::new(mail)))
        }
        Err(why) => Ok(Prepared::Unreadable(why)),
    }
}

enum Prepared {
    Understood(Box<Understood>),
    Unreadable(Unreadable),
}

pub(super) async fn fetch(blobs: &Blobs, raw: Option<Vec<u8>>, digest: Option<String>) -> Result<Bytes> {
    match (raw, digest) {
        (Some(raw), _) => Ok(Bytes::from(raw)),
        (None, Some(digest)) => Ok(blobs.get(&digest).await?),
        (None, None) => Ok(Bytes::new()),
    }
}

pub(super) async fn keep_files(blobs: &Blobs, mail: &Understood) -> Result<()> {
    for file in &mail.files {
        blobs.put(file.bytes.clone()).await?;
    }
    Ok(())
}

async fn settle(store: Store, id: InboundId, prepared: Result<Prepared>, attempts: i64, now: Time) -> Result<()> {
    let outcome = match prepared {
        Ok(Prepared::Understood(mail)) => {
            store.write(move |tx| receive::receive(tx, id, &mail, How::ByTheRules, now)).await
        }
        Ok(Prepared::Unreadable(why)) => quarantine(&store, id, why.code, &why.reason, now).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(outcome) => {
            metrics::counter!("opora_mail_received_total", "outcome" => outcome.text()).increment(1);
            Ok(())
        }
        Err(error) => failed(&store, id, &error, attempts, now).await,
    }
}

async fn quarantine(store: &Store, id: InboundId, code: &'static str, reason: &str, now: Time) -> Result<Outcome> {
    let reason = reason.to_owned();
    store
        .write(move |tx| {
            let Some(inbound) = Inbound::lock(tx, id, &["new"])? else { return Ok(Outcome::Gone) };
            receive::lay_aside(tx, id, code, &reason, &inbound.envelope_from, "", now)?;
            Ok(Outcome::Quarantined)
        })
        .await
}

/// The house failed, not the mail: it waits for another try, and after some of them for a person.
async fn failed(store: &Store, id: InboundId, error: &crate::Error, attempts: i64, now: Time) -> Result<()> {
    tracing::warn!(inbound = id.0, attempts, %error, "a mail could not be received");
    if attempts + 1 >= MOST_ATTEMPTS {
        quarantine(store, id, "internal", &error.to_string(), now).await?;
        return Ok(());
    }
    store
        .write(move |tx| {
            tx.exec("UPDATE inbound SET attempts = attempts + 1 WHERE id = $1 AND state = 'new'", params![id])?;
            Ok::<_, crate::Error>(())
        })
        .await
}
