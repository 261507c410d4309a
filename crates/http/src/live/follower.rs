//! Reads the event log and tells those who may see a ticket that it changed; counts the views anew when something did;
//! looks again at everybody's credentials.
//!
//! The place in the log is not kept: a screen that was away loads everything afresh.

use super::hub::Hub;
use super::wire::{Count, Said};
use crate::problem::Answer;
use crate::state::AppState;
use axum::extract::ws::Utf8Bytes;
use opora_base::event::{self, Author, Cursor, Event};
use opora_base::{Dialect, Time, Tx};
use opora_desk::mass::{self, MassAction};
use opora_desk::notifications::{self, Notification};
use opora_desk::tickets::answering::{self, Answering};
use opora_desk::tickets::views::{self, Counter};
use opora_desk::tickets::{self, TicketRow};
use opora_desk::{self as desk, Actor, AgentId, Permission, TeamId, TicketId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Events told at a time.
const BATCH: i64 = 200;
/// Between two batches, so that a burst is told in few words.
const PAUSE: Duration = Duration::from_millis(40);
/// Counts are told at most this often.
const COUNTING: Duration = Duration::from_millis(500);
/// Time alone moves tickets into a view ("waiting over four hours"): they are counted this often though nothing happens.
const AGEING: Duration = Duration::from_secs(30);
/// Everybody's credentials are looked at again this often, and whenever something happened to them.
const CHECKING: Duration = Duration::from_secs(60);

/// Starts the followers once; later calls do nothing. When it returns, nothing that happens from now on is missed.
pub(super) async fn start(state: &AppState) -> desk::Result<()> {
    state
        .hub
        .following
        .get_or_try_init(|| async {
            let end = state.store.read(event::end).await?;
            state.hub.reached(end);
            spawn(state, "live follower", follow(state.clone(), end));
            spawn(state, "live counter", count(state.clone()));
            spawn(state, "live doorkeeper", check(state.clone()));
            spawn(state, "live attendance", super::attendance::note(state.clone()));
            Ok(())
        })
        .await
        .map(|_| ())
}

fn spawn(state: &AppState, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
    let stopping = state.stopping.clone();
    tokio::spawn(async move {
        stopping.run_until_cancelled(task).await;
        tracing::debug!(name, "stopped");
    });
}

async fn follow(state: AppState, mut cursor: Cursor) {
    let mut bell = state.store.wakeups();
    // PostgreSQL shows an event only when no older transaction is open, which rings no bell.
    let patience = Duration::from_millis(if state.store.dialect() == Dialect::Postgres { 250 } else { 5_000 });
    loop {
        bell.borrow_and_update();
        match tell(&state, cursor).await {
            Ok((reached, full)) => {
                cursor = reached;
                state.hub.reached(cursor);
                tokio::time::sleep(PAUSE).await;
                if full {
                    continue;
                }
            }
            Err(desk::Error::Base(opora_base::Error::Closed)) => return,
            Err(error) => {
                tracing::warn!(%error, "the log could not be read; trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        // Whichever comes first; an ended store ends the task at the next reading.
        let _ = tokio::time::timeout(patience, bell.changed()).await;
    }
}

/// Tells what happened after `cursor`. Answers how far that went, and whether there is probably more.
async fn tell(state: &AppState, cursor: Cursor) -> desk::Result<(Cursor, bool)> {
    if state.hub.len() == 0 {
        let end = state.store.read(event::end).await?;
        // Somebody who came in meanwhile must not miss what happened meanwhile.
        return Ok((if state.hub.len() == 0 { end } else { cursor }, state.hub.len() > 0));
    }
    let now = state.now();
    let News { events, rows, actions, notifications, answering } =
        state.store.read(move |tx| read(tx, cursor, now)).await?;
    let Some(last) = events.last() else { return Ok((cursor, false)) };
    let (reached, full) = (last.at_cursor, events.len() as i64 == BATCH);
    if events.iter().any(|event| event.subject == 0 && !is_told_anyway(&event.kind)) {
        state.hub.check_credentials();
    }
    for (notification, unread) in &notifications {
        let text = Said::Notification { item: notification, unread: *unread }.text();
        state.hub.tell_whom(&text, |actor| actor.agent == Some(notification.agent_id));
    }
    for action in &actions {
        let text = Said::Mass { item: action }.text();
        state.hub.tell_whom(&text, |actor| actor.agent == Some(action.agent_id));
    }
    for (ticket, person) in &answering {
        let text = Said::Answering { ticket_id: *ticket, person: person.as_ref() }.text();
        state.hub.tell_at(*ticket, &text);
    }
    if events.iter().any(|event| event.kind.starts_with("view.")) {
        state.hub.tell_whom(&Said::ViewsChanged.text(), |actor| actor.may(Permission::TicketView));
        state.hub.recount();
    }
    if events.iter().any(|event| changes_roster(&event.kind)) {
        state.hub.tell_whom(&Said::RosterChanged.text(), |_| true);
    }
    for (row, events) in &rows {
        announce(&state.hub, row, events);
    }
    if !rows.is_empty() || events.iter().any(|event| moves_tickets(&event.kind)) {
        state.hub.recount();
    }
    Ok((reached, full))
}

/// What happened, and how that stands now.
struct News {
    events: Vec<Event>,
    rows: Vec<(TicketRow, Vec<Event>)>,
    actions: Vec<MassAction>,
    notifications: Vec<(Notification, i64)>,
    answering: Vec<(TicketId, Option<Answering>)>,
}

/// Events about nobody's rights: they are no reason to look at everybody's credentials.
fn is_told_anyway(kind: &str) -> bool {
    kind.starts_with("roster.")
        || kind.starts_with("mass.")
        || kind.starts_with("notification.")
        || kind == answering::EVENT
}

/// Events by which the roster or who is on duty becomes another: whoever is switched off is on duty no more.
fn changes_roster(kind: &str) -> bool {
    kind == opora_desk::roster::CHANGED || kind == "agent.changed"
}

/// Events about no ticket by which tickets may come into a view or leave it.
fn moves_tickets(kind: &str) -> bool {
    kind.starts_with("contact.") || kind.starts_with("organization.")
}

fn read(tx: &mut Tx<'_>, cursor: Cursor, now: Time) -> desk::Result<News> {
    let events = event::after(tx, cursor, BATCH)?;
    let mut by_ticket: BTreeMap<i64, Vec<Event>> = BTreeMap::new();
    for event in events.iter().filter(|event| event.subject != 0) {
        by_ticket.entry(event.subject).or_default().push(event.clone());
    }
    let mut changed = Vec::with_capacity(by_ticket.len());
    for (id, events) in by_ticket {
        match tickets::row(tx, &Actor::system(), TicketId(id)) {
            Ok(row) => changed.push((row, events)),
            Err(desk::Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let actions: BTreeSet<i64> = events
        .iter()
        .filter(|event| event.kind == "mass.progress")
        .filter_map(|event| event.data["action"].as_i64())
        .collect();
    let actions = actions.into_iter().map(|id| mass::find(tx, id)).collect::<desk::Result<_>>()?;
    let mut news = Vec::new();
    for id in events.iter().filter(|e| e.kind == "notification.new").filter_map(|e| e.data["notification"].as_i64()) {
        news.extend(notifications::shown(tx, id)?);
    }
    let claimed: BTreeSet<i64> =
        events.iter().filter(|e| e.kind == answering::EVENT).filter_map(|e| e.data["ticket"].as_i64()).collect();
    let answering = claimed
        .into_iter()
        .map(|id| Ok((TicketId(id), answering::of(tx, TicketId(id), now)?)))
        .collect::<desk::Result<_>>()?;
    Ok(News { events, rows: changed, actions, notifications: news, answering })
}

fn announce(hub: &Hub, row: &TicketRow, events: &[Event]) {
    let mut kinds: Vec<String> = Vec::new();
    for event in events {
        if !kinds.contains(&event.kind) {
            kinds.push(event.kind.clone());
        }
    }
    let text = Said::Ticket { id: row.id, version: row.version, kinds: &kinds }.text();
    // Those who had it until now must learn that it is gone from them.
    let former: Vec<(Option<TeamId>, Option<AgentId>)> = events.iter().filter_map(former_place).collect();
    hub.tell_whom(&text, |actor| {
        actor.sees(row.inbox_id, row.team_id, row.assignee_id)
            || former.iter().any(|(team, assignee)| actor.sees(row.inbox_id, *team, *assignee))
    });
    for event in events {
        notify(hub, row, event);
    }
}

fn former_place(event: &Event) -> Option<(Option<TeamId>, Option<AgentId>)> {
    let from = event.data.get("from")?.as_i64()?;
    match event.kind.as_str() {
        "ticket.team" => Some((Some(TeamId(from)), None)),
        "ticket.assigned" | "ticket.handed_over" => Some((None, Some(AgentId(from)))),
        _ => None,
    }
}

/// Tells a person what concerns them alone: a ticket given to them, a note that names them, an answer of theirs that
/// failed, a customer who wrote again.
fn notify(hub: &Hub, row: &TicketRow, event: &Event) {
    let by = if let Author::Agent(id) = event.author { Some(AgentId(id)) } else { None };
    let (text_key, to): (&str, Vec<AgentId>) = match event.kind.as_str() {
        "ticket.assigned" => ("notify.assigned", agents(&event.data["to"])),
        "ticket.handed_over" => ("notify.handed_over", agents(&event.data["to"])),
        "message.note" => ("notify.mentioned", agents(&event.data["mentions"])),
        "message.failed" => ("notify.failed", row.assignee_id.into_iter().collect()),
        "message.received" => ("notify.received", row.assignee_id.into_iter().collect()),
        _ => return,
    };
    let to: Vec<AgentId> = to.into_iter().filter(|agent| Some(*agent) != by).collect();
    if to.is_empty() {
        return;
    }
    let data = json!({ "number": row.number, "subject": row.subject, "by": by, "note": event.data.get("note") });
    let text = Said::Notify { text_key, ticket_id: row.id, data: &data }.text();
    hub.tell_whom(&text, |actor| {
        actor.agent.is_some_and(|agent| to.contains(&agent)) && actor.sees(row.inbox_id, row.team_id, row.assignee_id)
    });
}

fn agents(value: &Value) -> Vec<AgentId> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_i64).map(AgentId).collect(),
        one => one.as_i64().map(AgentId).into_iter().collect(),
    }
}

async fn count(state: AppState) {
    let mut counted_at = Instant::now();
    let mut counted_over = 0;
    loop {
        tokio::time::sleep(COUNTING).await;
        state.hub.expire_typing();
        // What came is found only when the index has it, some time after it was told.
        let index = state.search.as_ref().map_or(0, |index| index.generation());
        let aged = counted_at.elapsed() >= AGEING;
        if !state.hub.take_stale_counts() && index == counted_over && !aged {
            continue;
        }
        (counted_at, counted_over) = (Instant::now(), index);
        let listeners = state.hub.listeners();
        if listeners.is_empty() {
            continue;
        }
        let (begun, now) = (Instant::now(), state.now());
        match counts(&state, listeners, now).await {
            Ok(counts) => counts.iter().for_each(|(agent, text)| state.hub.tell_counts(*agent, text)),
            Err(error) => {
                tracing::warn!(?error, "the views could not be counted");
                state.hub.recount();
            }
        }
        // Counting never takes more than a tenth of the time, however large the department.
        tokio::time::sleep(begun.elapsed() * 9).await;
    }
}

/// Everybody's counts, over one snapshot.
async fn counts(
    state: &AppState,
    mut listeners: BTreeMap<AgentId, Actor>,
    now: Time,
) -> Answer<Vec<(AgentId, Utf8Bytes)>> {
    listeners.retain(|_, actor| actor.may(Permission::TicketView));
    let listeners = Arc::new(listeners);
    let asking = listeners.clone();
    let all = state.store.read(move |tx| {
        let mut all = Vec::new();
        for actor in asking.values() {
            all.extend(views::list(tx, actor)?);
        }
        Ok::<_, desk::Error>(all)
    });
    let matches = crate::views::matches(state, &all.await?).await?;
    let counted = state.store.read(move |tx| {
        let mut counter = Counter::new(&matches, now);
        let mut counted = Vec::with_capacity(listeners.len());
        for (agent, actor) in listeners.iter() {
            let shown = counter.views(tx, actor)?.into_iter().filter(|view| !view.hidden);
            let items: Vec<Count> = shown.map(|view| Count { key: view.key, count: view.count }).collect();
            counted.push((*agent, Said::Views { items: &items }.text()));
        }
        Ok::<_, desk::Error>(counted)
    });
    Ok(counted.await?)
}

async fn check(state: AppState) {
    loop {
        // Either is a reason to look.
        let _ = tokio::time::timeout(CHECKING, state.hub.credentials_are_stale.notified()).await;
        let (shown, now) = (state.hub.credentials(), state.now());
        if shown.is_empty() {
            continue;
        }
        let known = state.store.read(move |tx| {
            let mut known = Vec::with_capacity(shown.len());
            for (id, credentials) in &shown {
                known.push((*id, credentials.identify(tx, now)?.map(|(caller, _)| caller.actor)));
            }
            Ok::<_, desk::Error>(known)
        });
        match known.await {
            Ok(known) => known.into_iter().for_each(|(id, actor)| state.hub.renew(id, actor)),
            Err(error) => tracing::warn!(%error, "credentials could not be looked at"),
        }
    }
}
