//! `opora import`: mail archives become tickets. Resumable, in bounded memory, answering nobody. Works while the server
//! runs, which then does the reading, and without it.

use super::reindex::bar;
use crate::cli::ImportArgs;
use crate::ground::{self, Ground};
use crate::work;
use anyhow::Context;
use bytes::Bytes;
use futures::stream::{FuturesUnordered, StreamExt};
use opora_base::{Clock, SharedClock, SystemClock};
use opora_desk::department::inboxes;
use opora_desk::mailroom::{self, Arrival, imports};
use opora_desk::{Error, InboundId, InboxId};
use opora_mail::{Limits, archive};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// So many mails are made durable together.
const BATCH: usize = 64;

type Items = Box<dyn Iterator<Item = opora_mail::Result<archive::Item>> + Send>;

/// Imports an archive.
pub async fn run(ask: ImportArgs) -> anyhow::Result<()> {
    let ground = ground::open(&ask.ground.clone().settle()?).await?;
    let name = ask.inbox.clone();
    let inbox = ground
        .store
        .read(move |tx| inboxes::by_name(tx, &name))
        .await
        .with_context(|| format!("there is no inbox called {:?}", ask.inbox))?
        .id;
    let path = ask.path.canonicalize().with_context(|| format!("{} cannot be found", ask.path.display()))?;
    let source = format!("{}:{}", ask.kind, path.display());
    let (known, before) = {
        let source = source.clone();
        ground
            .store
            .read(move |tx| Ok::<_, Error>((imports::position(tx, &source, inbox)?, imports::last(tx)?)))
            .await?
    };
    if known > 0 {
        eprintln!("going on at position {known}");
    }
    let (items, total) = open(&ask.kind, &path, known)?;
    let skipped = read_all(&ground, items, inbox, &source, known, total).await?;
    settle(&ground, before).await?;
    report(&ground, before, skipped).await?;
    ground.store.close().await;
    Ok(())
}

fn open(kind: &str, path: &Path, position: u64) -> anyhow::Result<(Items, u64)> {
    let limits = Limits::default();
    let context = || format!("{} cannot be read", path.display());
    Ok(match kind {
        "mbox" => {
            let size = std::fs::metadata(path).with_context(context)?.len();
            (Box::new(archive::mbox(path, position, &limits).with_context(context)?), size)
        }
        "maildir" => {
            let folder = archive::maildir(path, position, &limits).with_context(context)?;
            let total = folder.total();
            (Box::new(folder), total)
        }
        _ => {
            let folder = archive::eml(path, position, &limits).with_context(context)?;
            let total = folder.total();
            (Box::new(folder), total)
        }
    })
}

/// Keeps every mail of the archive, a batch at a time; the position moves only over what is durable. Answers how many
/// could not be read at all.
async fn read_all(
    ground: &Ground,
    mut items: Items,
    inbox: InboxId,
    source: &str,
    known: u64,
    total: u64,
) -> anyhow::Result<u64> {
    let bar = bar(total);
    let (mut skipped, mut position) = (0, known);
    loop {
        let (batch, rest) = tokio::task::spawn_blocking(move || {
            let batch: Vec<_> = items.by_ref().take(BATCH).collect();
            (batch, items)
        })
        .await?;
        items = rest;
        let finished = batch.is_empty();
        let mut keeping = FuturesUnordered::new();
        for item in batch {
            match item {
                Ok(item) => {
                    position = position.max(item.position);
                    keeping.push(keep(ground, inbox, item.raw));
                }
                Err(error) => {
                    skipped += 1;
                    bar.suspend(|| eprintln!("one mail was passed over: {error}"));
                }
            }
        }
        while let Some(kept) = keeping.next().await {
            kept?;
        }
        drop(keeping);
        let (source, now) = (source.to_owned(), SystemClock.now());
        ground.store.write(move |tx| imports::advance(tx, &source, inbox, position, finished, now)).await?;
        bar.set_position(position);
        if finished {
            bar.finish_and_clear();
            return Ok(skipped);
        }
    }
}

async fn keep(ground: &Ground, inbox: InboxId, raw: Vec<u8>) -> opora_desk::Result<InboundId> {
    let arrival = Arrival {
        inbox: Some(inbox),
        route: "import",
        envelope_from: String::new(),
        envelope_to: Vec::new(),
        raw: Bytes::from(raw),
        historic: true,
    };
    mailroom::accept(&ground.store, &ground.blobs, arrival, SystemClock.now()).await
}

/// Waits until everything kept is received. When no server does it, this process does: the intake's lease decides.
async fn settle(ground: &Ground, before: InboundId) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let clock: SharedClock = Arc::new(SystemClock);
    let intake = tokio::spawn(work::intake::run(ground.clone(), clock, Limits::default(), stop.clone()));
    let bar = bar(0);
    loop {
        let outcomes = ground.store.read(move |tx| imports::outcomes(tx, before)).await?;
        let all: i64 = outcomes.iter().map(|(_, n)| n).sum();
        let waiting: i64 = outcomes.iter().filter(|(state, _)| state == "new").map(|(_, n)| n).sum();
        bar.set_length(all.unsigned_abs());
        bar.set_position((all - waiting).unsigned_abs());
        if waiting == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bar.finish_and_clear();
    stop.cancel();
    intake.await?;
    Ok(())
}

async fn report(ground: &Ground, before: InboundId, skipped: u64) -> anyhow::Result<()> {
    let outcomes = ground.store.read(move |tx| imports::outcomes(tx, before)).await?;
    let of = |state: &str| outcomes.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
    println!(
        "imported {}, known already {}, machines' mail set aside {}, in quarantine {}, passed over {skipped}",
        of("done"),
        of("duplicate") + of("own"),
        of("aside"),
        of("quarantined"),
    );
    Ok(())
}
