//! Reads the inboxes' mailboxes over IMAP. Each mailbox has a lease, so that of several nodes only one reads it; changed
//! settings begin the reading anew from the same place.

use super::{Wake, login, pause};
use crate::ground::Ground;
use opora_base::{SharedClock, Time, lease};
use opora_channels::mail::fetcher::{self, Found, Mailbox, Options, PassedOver, Position, StoreError};
use opora_channels::mail::{Endpoint, Language, Problem, TlsTrust};
use opora_desk::department::inboxes::{self, Inbox};
use opora_desk::mailroom::{self, Arrival, cursor};
use opora_desk::{Error, InboxId};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const LEASED_FOR: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Every commit wakes us; most of them are none of our business.
const GATHERING: Duration = Duration::from_millis(500);

/// An inbox whose mailbox is to be read, with what its reader must know.
#[derive(Clone, PartialEq, Eq)]
struct Wanted {
    id: InboxId,
    url: String,
    sealed: Option<(String, Vec<u8>)>,
    locale: String,
    since: Time,
}

struct Reader {
    wanted: Wanted,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Works until told to stop.
pub async fn run(ground: Ground, clock: SharedClock, trust: TlsTrust, stop: CancellationToken) {
    let mut wake = Wake::gathered(&ground.store, GATHERING);
    let me = ground.holder.to_string();
    let mut readers: BTreeMap<InboxId, Reader> = BTreeMap::new();
    let mut looked_at = Time(0);
    loop {
        let now = clock.now();
        if now.since(looked_at) >= LOOK_EVERY {
            looked_at = now;
            match wanted(&ground).await {
                Ok(wanted) => arrange(&ground, &clock, &trust, &me, &mut readers, wanted, &stop).await,
                Err(error) => tracing::warn!(%error, "which mailboxes to read is not known now"),
            }
        }
        if !pause(&mut wake, LOOK_EVERY, &stop).await {
            break;
        }
    }
    for (id, reader) in readers {
        end(&ground, &me, id, reader).await;
    }
}

async fn wanted(ground: &Ground) -> Result<Vec<Wanted>, Error> {
    ground
        .store
        .read(|tx| {
            let mut wanted = Vec::new();
            for inbox in inboxes::list(tx)? {
                let Inbox { id, imap: Some(server), locale, created_at, .. } = inbox else { continue };
                let sealed = inboxes::sealed_password(tx, id, "imap")?;
                wanted.push(Wanted { id, url: server.url, sealed, locale, since: created_at });
            }
            Ok(wanted)
        })
        .await
}

/// Ends readers nobody wants any more, renews leases, begins what is free.
async fn arrange(
    ground: &Ground,
    clock: &SharedClock,
    trust: &TlsTrust,
    me: &str,
    readers: &mut BTreeMap<InboxId, Reader>,
    wanted: Vec<Wanted>,
    stop: &CancellationToken,
) {
    let outdated: Vec<InboxId> =
        readers.iter().filter(|(_, reader)| !wanted.contains(&reader.wanted)).map(|(id, _)| *id).collect();
    for id in outdated {
        if let Some(reader) = readers.remove(&id) {
            end(ground, me, id, reader).await;
        }
    }
    for one in wanted {
        let held = hold(ground, me, one.id, clock.now()).await;
        match (held, readers.contains_key(&one.id)) {
            (true, false) => {
                let stop = stop.child_token();
                let (ground, clock, trust) = (ground.clone(), clock.clone(), trust.clone());
                let task = tokio::spawn(read(ground, clock, trust, one.clone(), stop.clone()));
                readers.insert(one.id, Reader { wanted: one, stop, task });
            }
            (false, true) => {
                if let Some(reader) = readers.remove(&one.id) {
                    tracing::warn!(inbox = one.id.0, "another node reads this mailbox now");
                    reader.stop.cancel();
                }
            }
            _ => {}
        }
    }
}

fn lease_name(id: InboxId) -> String {
    format!("imap:{id}")
}

async fn hold(ground: &Ground, me: &str, id: InboxId, now: Time) -> bool {
    let me = me.to_owned();
    let held = ground.store.write(move |tx| lease::acquire(tx, &lease_name(id), &me, LEASED_FOR, now)).await;
    held.unwrap_or(false)
}

async fn end(ground: &Ground, me: &str, id: InboxId, reader: Reader) {
    reader.stop.cancel();
    let _ = tokio::time::timeout(Duration::from_secs(15), reader.task).await;
    let me = me.to_owned();
    // Unreleased, the lease runs out by itself.
    let _ = ground.store.write(move |tx| lease::release(tx, &lease_name(id), &me)).await;
}

async fn read(ground: Ground, clock: SharedClock, trust: TlsTrust, wanted: Wanted, stop: CancellationToken) {
    let mailbox =
        InboxMailbox { ground: ground.clone(), clock, inbox: wanted.id, locale: wanted.locale, since: wanted.since };
    let endpoint = match wanted.url.parse::<Endpoint>() {
        Ok(endpoint) => endpoint,
        Err(problem) => return mailbox.trouble(problem).await,
    };
    match login::of(&endpoint, wanted.sealed.as_ref(), &ground.key) {
        Ok(login) => {
            let options = Options { trust, ..Options::default() };
            fetcher::run(&endpoint, &login, &mailbox, &options, stop).await;
        }
        Err(error) => mailbox.note("failing", &format!("{error:#}")).await,
    }
}

/// An inbox as the fetcher sees it.
struct InboxMailbox {
    ground: Ground,
    clock: SharedClock,
    inbox: InboxId,
    locale: String,
    /// Mail from before the inbox was made here is history.
    since: Time,
}

impl InboxMailbox {
    async fn note(&self, state: &'static str, detail: &str) {
        let (inbox, detail, now) = (self.inbox, detail.to_owned(), self.clock.now());
        let noted =
            self.ground.store.write(move |tx| inboxes::note_state(tx, inbox, "imap", state, &detail, now)).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the state of a mailbox could not be noted");
        }
    }
}

fn refused(error: impl std::fmt::Display) -> StoreError {
    StoreError(error.to_string())
}

impl Mailbox for InboxMailbox {
    async fn cursor(&self) -> Result<Option<Position>, StoreError> {
        let inbox = self.inbox;
        let position = self.ground.store.get(move |tx| cursor::get(tx, inbox)).await.map_err(refused)?;
        Ok(position.map(|p| Position { uid_validity: p.uidvalidity, last_uid: p.last_uid }))
    }

    async fn store(&self, found: Found) -> Result<(), StoreError> {
        let received_at = found.received_at.map(|at| Time(at.as_microsecond()));
        let arrival = Arrival {
            inbox: Some(self.inbox),
            route: "imap",
            envelope_from: String::new(),
            envelope_to: Vec::new(),
            raw: found.raw,
            historic: received_at.is_some_and(|at| at < self.since),
        };
        let kept = mailroom::accept(&self.ground.store, &self.ground.blobs, arrival, self.clock.now()).await;
        kept.map(drop).map_err(refused)
    }

    async fn pass_over(&self, passed: PassedOver) -> Result<(), StoreError> {
        let (inbox, now) = (self.inbox, self.clock.now());
        let size = i64::try_from(passed.size).unwrap_or(i64::MAX);
        let (code, reason) = (passed.problem.code.as_str(), passed.problem.to_string());
        let noted = self
            .ground
            .store
            .write(move |tx| mailroom::pass_over(tx, inbox, &passed.header, size, code, &reason, now))
            .await;
        noted.map_err(refused)
    }

    async fn advance(&self, position: Position) -> Result<(), StoreError> {
        let inbox = self.inbox;
        let to = cursor::Position { uidvalidity: position.uid_validity, last_uid: position.last_uid };
        self.ground.store.write(move |tx| cursor::put(tx, inbox, to)).await.map_err(refused)
    }

    async fn trouble(&self, problem: Problem) {
        let language = if self.locale == "ru" { Language::Russian } else { Language::English };
        let detail = format!("{} ({})", problem.sentence(language), problem.detail);
        self.note("failing", &detail).await;
    }

    async fn healthy(&self) {
        self.note("ok", "").await;
    }
}
