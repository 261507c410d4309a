//! The intake: takes what was accepted, in order, and receives it. A mail that cannot be understood never blocks the next.

use super::receive::{self, How, Inbound, Outcome};
use super::understand::{Understood, Unreadable, understand};
use crate::department::inboxes;
use crate::{InboundId, Result};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use opora_base::blob::Blobs;
use opora_base::{Store, Time, Tx, params};
use opora_mail::Limits;
use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

/// How many mails are read at once.
pub const BATCH: i64 = 64;
/// So many are written side by side: enough to share a sync, few enough that whoever accepts mail or clicks a button does
/// not wait behind a long row of them.
const SIDE_BY_SIDE: usize = 16;
/// A mail that failed so often for reasons of the house is laid aside.
const MOST_ATTEMPTS: i64 = 5;

/// A mail waits so long behind those who bring more; then it takes its turn like everybody, to be on the screen in time.
const PATIENCE: Duration = Duration::from_millis(300);
/// So many batches are taken in before the caller is heard again: it has a lease to renew.
const BATCHES: usize = 4;

type Waiting = (InboundId, Option<Vec<u8>>, Option<String>, i64, i64);

/// Receives some of the waiting mails, oldest first. Answers how many it took; zero means that nothing waits.
pub async fn take_in(store: &Store, blobs: &Blobs, limits: &Limits, now: Time) -> Result<usize> {
    let mut taken = 0;
    let mut next = Batch::read(store, blobs, limits, InboundId(0)).await?;
    for _ in 1..BATCHES {
        let Some(batch) = next else { return Ok(taken) };
        taken += batch.mails.len();
        let last = batch.last;
        // The next ones are read while these are written.
        let (settled, following) = tokio::join!(batch.settle(store, now), Batch::read(store, blobs, limits, last));
        settled?;
        next = following?;
    }
    if let Some(batch) = next {
        taken += batch.mails.len();
        batch.settle(store, now).await?;
    }
    Ok(taken)
}

/// Mails read and understood, in the order of their arrival.
struct Batch {
    mails: Vec<Ready>,
    last: InboundId,
}

impl Batch {
    /// The oldest waiting mails after this one.
    async fn read(store: &Store, blobs: &Blobs, limits: &Limits, after: InboundId) -> Result<Option<Batch>> {
        let waiting: Vec<Waiting> = store
            .get(move |tx| {
                tx.query(
                    "SELECT i.id, r.raw, i.raw_digest, i.attempts, i.received_at FROM inbound i
                     LEFT JOIN inbound_raw r ON r.inbound_id = i.id
                     WHERE i.state = 'new' AND i.id > $1 ORDER BY i.id LIMIT $2",
                    params![after, BATCH],
                )
            })
            .await?;
        let Some(last) = waiting.last().map(|mail| mail.0) else { return Ok(None) };
        let ours: Arc<[String]> = store.get(inboxes::all_addresses).await?.into();
        let reading = waiting.into_iter().map(|(id, raw, digest, attempts, at)| {
            let (limits, ours) = (limits.clone(), ours.clone());
            async move { Ready { id, attempts, at: Time(at), mail: prepare(blobs, raw, digest, limits, ours).await } }
        });
        let at_once = std::thread::available_parallelism().map_or(1, NonZero::get);
        let mails = futures::stream::iter(reading).buffered(at_once).collect().await;
        Ok(Some(Batch { mails, last }))
    }

    async fn settle(self, store: &Store, now: Time) -> Result<()> {
        let mut groups = Groups::default();
        self.mails.into_iter().for_each(|mail| groups.add(mail));
        let settling = groups.into_iter().map(|group| settle_in_order(store.clone(), group, now));
        futures::stream::iter(settling).buffer_unordered(SIDE_BY_SIDE).try_collect().await
    }
}

/// Mails that may concern each other: the same sender, or one answers the other. Within a group an answer must not overtake
/// what it answers; groups know nothing of each other and are received side by side.
#[derive(Default)]
struct Groups {
    groups: Vec<Vec<Ready>>,
    by_name: HashMap<String, usize>,
}

/// A mail ready to be received.
struct Ready {
    id: InboundId,
    /// How often that was tried.
    attempts: i64,
    /// When it was accepted.
    at: Time,
    mail: Result<Prepared>,
}

impl Groups {
    fn add(&mut self, ready: Ready) {
        let names = match &ready.mail {
            Ok(Prepared::Understood(mail)) => mail.relations(),
            _ => Vec::new(),
        };
        let mut known: Vec<usize> = names.iter().filter_map(|name| self.by_name.get(name).copied()).collect();
        known.sort_unstable();
        known.dedup();
        let home = known.first().copied().unwrap_or_else(|| {
            self.groups.push(Vec::new());
            self.groups.len() - 1
        });
        for other in known.into_iter().skip(1) {
            let moved = std::mem::take(&mut self.groups[other]);
            self.groups[home].extend(moved);
            self.by_name.values_mut().filter(|group| **group == other).for_each(|group| *group = home);
        }
        self.groups[home].push(ready);
        self.groups[home].sort_by_key(|ready| ready.id);
        self.by_name.extend(names.into_iter().map(|name| (name, home)));
    }

    fn into_iter(self) -> impl Iterator<Item = Vec<Ready>> {
        self.groups.into_iter().filter(|group| !group.is_empty())
    }
}

async fn settle_in_order(store: Store, group: Vec<Ready>, now: Time) -> Result<()> {
    for ready in group {
        settle(&store, ready, now).await?;
    }
    Ok(())
}

/// Everything that happens outside the transaction: the bytes fetched, the mail read, its files made durable.
async fn prepare(
    blobs: &Blobs,
    raw: Option<Vec<u8>>,
    digest: Option<String>,
    limits: Limits,
    ours: Arc<[String]>,
) -> Result<Prepared> {
    let raw = fetch(blobs, raw, digest).await?;
    let parsed = tokio::task::spawn_blocking({
        let raw = raw.clone();
        move || understand(&raw, &limits, &ours)
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

async fn settle(store: &Store, ready: Ready, now: Time) -> Result<()> {
    let Ready { id, attempts, at, mail } = ready;
    let outcome = match mail {
        Ok(Prepared::Understood(mail)) => {
            let receive = move |tx: &mut Tx<'_>| receive::receive(tx, id, &mail, How::ByTheRules, now);
            let waited = now.since(at) > PATIENCE;
            if waited { store.write(receive).await } else { store.write_patiently(receive).await }
        }
        Ok(Prepared::Unreadable(why)) => quarantine(store, id, why.code, &why.reason, now).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(outcome) => {
            metrics::counter!("opora_mail_received_total", "outcome" => outcome.text()).increment(1);
            Ok(())
        }
        Err(error) => failed(store, id, &error, attempts, now).await,
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ready(id: i64, from: &str, answers: &str) -> Ready {
        let raw = format!("From: {from}\r\nMessage-ID: <{id}@x>\r\nIn-Reply-To: <{answers}>\r\n\r\nx");
        let mail = understand(raw.as_bytes(), &Limits::default(), &[]).unwrap();
        Ready { id: InboundId(id), attempts: 0, at: Time(0), mail: Ok(Prepared::Understood(Box::new(mail))) }
    }

    #[test]
    fn an_answer_stays_behind_what_it_answers_and_strangers_go_side_by_side() {
        let mut groups = Groups::default();
        groups.add(ready(1, "a@x.test", "0@x"));
        groups.add(ready(2, "b@x.test", "9@x"));
        groups.add(ready(3, "c@x.test", "2@x"));
        groups.add(ready(4, "a@x.test", "3@x"));
        groups.add(ready(5, "d@x.test", "8@x"));
        let ids: Vec<Vec<i64>> = groups.into_iter().map(|g| g.iter().map(|r| r.id.0).collect()).collect();
        assert_eq!(ids, [vec![1, 2, 3, 4], vec![5]]);
    }
}
