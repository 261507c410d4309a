//! Everybody who listens: each screen with the person at it, its mailbox, and where it sits.
//!
//! Telling never waits: a screen whose mailbox is full has stopped reading, is let go, and will load everything afresh
//! when it comes back.

use super::presence::{Presence, SocketId};
use super::wire::{Person, Said};
use crate::auth::Credentials;
use axum::extract::ws::Utf8Bytes;
use opora_base::event::Cursor;
use opora_desk::{Actor, AgentId, TicketId};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;
use tokio::sync::{Notify, OnceCell, mpsc};

/// Messages a screen may leave unread before it is let go.
const MAILBOX: usize = 1_024;

/// Why a socket is closed by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Farewell {
    /// It did not keep up.
    TooSlow,
    /// The session or token is no longer good.
    SignedOut,
    /// What its person may see is another by now: it comes in anew.
    SeesOtherwise,
    /// The program stops or restarts.
    Stopping,
}

/// Everybody who listens.
#[derive(Default)]
pub(crate) struct Hub {
    room: Mutex<Room>,
    /// Set once the follower runs.
    pub(super) following: OnceCell<()>,
    /// How far it has come.
    pub(super) position: AtomicI64,
    counts_are_stale: AtomicBool,
    pub(super) credentials_are_stale: Notify,
}

#[derive(Default)]
struct Room {
    next: SocketId,
    screens: HashMap<SocketId, Screen>,
    presence: Presence,
}

struct Screen {
    credentials: Credentials,
    actor: Actor,
    name: String,
    mailbox: mpsc::Sender<Utf8Bytes>,
    farewell: Arc<OnceLock<Farewell>>,
    counts: Utf8Bytes,
}

/// What a socket gets when it joins.
pub(super) struct Joined {
    pub(super) id: SocketId,
    pub(super) mailbox: mpsc::Receiver<Utf8Bytes>,
    pub(super) farewell: Arc<OnceLock<Farewell>>,
}

impl Hub {
    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A screen joins.
    pub(super) fn join(&self, credentials: Credentials, actor: Actor, name: String) -> Joined {
        let (sender, mailbox) = mpsc::channel(MAILBOX);
        let farewell = Arc::new(OnceLock::new());
        let mut room = self.room();
        room.next += 1;
        let id = room.next;
        let screen = Screen {
            credentials,
            actor,
            name,
            mailbox: sender,
            farewell: farewell.clone(),
            counts: Utf8Bytes::default(),
        };
        room.screens.insert(id, screen);
        metrics::gauge!("opora_live_sockets").set(room.screens.len() as f64);
        self.recount();
        Joined { id, mailbox, farewell }
    }

    /// A screen leaves; its company is told.
    pub(super) fn leave(&self, id: SocketId) {
        let mut room = self.room();
        room.let_go(id, None);
    }

    /// How many screens listen.
    pub(crate) fn len(&self) -> usize {
        self.room().screens.len()
    }

    /// Is a screen of theirs open?
    pub(crate) fn is_online(&self, agent: AgentId) -> bool {
        self.room().screens.values().any(|screen| screen.actor.agent == Some(agent))
    }

    /// Tells one screen.
    pub(super) fn tell(&self, id: SocketId, text: Utf8Bytes) {
        self.room().tell(&[id], &text);
    }

    /// Tells every screen whose person fits.
    pub(super) fn tell_whom(&self, text: &Utf8Bytes, fits: impl Fn(&Actor) -> bool) {
        let mut room = self.room();
        let ids: Vec<SocketId> = room.screens.iter().filter(|(_, s)| fits(&s.actor)).map(|(id, _)| *id).collect();
        room.tell(&ids, text);
    }

    /// The counts changed for somebody: they will be told within half a second.
    pub(crate) fn recount(&self) {
        self.counts_are_stale.store(true, Ordering::Release);
    }

    /// Does somebody have to be told new counts?
    pub(super) fn take_stale_counts(&self) -> bool {
        self.counts_are_stale.swap(false, Ordering::AcqRel)
    }

    /// Everybody who listens, each once, with the rights of their widest screen.
    pub(super) fn listeners(&self) -> BTreeMap<AgentId, Actor> {
        let room = self.room();
        room.screens.values().filter_map(|s| s.actor.agent.map(|agent| (agent, s.actor.clone()))).collect()
    }

    /// Tells a person's screens their counts, unless they know them already.
    pub(super) fn tell_counts(&self, agent: AgentId, text: &Utf8Bytes) {
        let mut room = self.room();
        let mut news = Vec::new();
        for (id, screen) in &mut room.screens {
            if screen.actor.agent == Some(agent) && screen.counts != *text {
                screen.counts = text.clone();
                news.push(*id);
            }
        }
        room.tell(&news, text);
    }

    /// Somebody's rights or sessions changed: have everybody's looked at again.
    pub(crate) fn check_credentials(&self) {
        self.credentials_are_stale.notify_one();
    }

    /// What every screen came in with.
    pub(super) fn credentials(&self) -> Vec<(SocketId, Credentials)> {
        self.room().screens.iter().map(|(id, screen)| (*id, screen.credentials.clone())).collect()
    }

    /// The person at a screen, as they are known now; nobody, or one who sees otherwise: the screen is let go.
    pub(super) fn renew(&self, id: SocketId, actor: Option<Actor>) {
        let mut room = self.room();
        match (actor, room.screens.get_mut(&id)) {
            (Some(actor), Some(screen)) if actor.sight == screen.actor.sight => screen.actor = actor,
            (Some(_), Some(_)) => room.let_go(id, Some(Farewell::SeesOtherwise)),
            (None, Some(_)) => room.let_go(id, Some(Farewell::SignedOut)),
            (_, None) => {}
        }
    }

    /// The person at a screen.
    pub(super) fn actor(&self, id: SocketId) -> Option<Actor> {
        self.room().screens.get(&id).map(|screen| screen.actor.clone())
    }

    /// A screen turns to a ticket (that its person may see) or to none.
    pub(super) fn sit(&self, id: SocketId, ticket: Option<TicketId>) {
        let mut room = self.room();
        let Some((agent, name)) = room.screens.get(&id).and_then(|s| Some((s.actor.agent?, s.name.clone()))) else {
            return;
        };
        for ticket in room.presence.sit(id, agent, &name, ticket) {
            room.tell_company(ticket);
        }
    }

    /// Tells whoever sits at a ticket.
    pub(super) fn tell_at(&self, ticket: TicketId, text: &Utf8Bytes) {
        let mut room = self.room();
        let screens = room.presence.screens(ticket);
        room.tell(&screens, text);
    }

    /// Somebody types, or stops.
    pub(super) fn types(&self, id: SocketId, ticket: TicketId, on: bool) {
        let mut room = self.room();
        if room.presence.types(id, ticket, on, Instant::now()) {
            room.tell_company(ticket);
        }
    }

    /// Ends typing that was not renewed.
    pub(super) fn expire_typing(&self) {
        let mut room = self.room();
        for ticket in room.presence.expire(Instant::now()) {
            room.tell_company(ticket);
        }
    }

    /// Notes how far the log was told.
    pub(super) fn reached(&self, cursor: Cursor) {
        self.position.store(cursor.seq, Ordering::Release);
    }
}

impl Room {
    fn tell(&mut self, ids: &[SocketId], text: &Utf8Bytes) {
        let mut full = Vec::new();
        for id in ids {
            if let Some(screen) = self.screens.get(id)
                && screen.mailbox.try_send(text.clone()).is_err()
            {
                full.push(*id);
            }
        }
        for id in full {
            self.let_go(id, Some(Farewell::TooSlow));
        }
    }

    fn tell_company(&mut self, ticket: TicketId) {
        let people: Vec<Person> = self.presence.people(ticket);
        let text = Said::Presence { ticket_id: ticket, people: &people }.text();
        let screens = self.presence.screens(ticket);
        self.tell(&screens, &text);
    }

    fn let_go(&mut self, id: SocketId, farewell: Option<Farewell>) {
        let Some(screen) = self.screens.remove(&id) else { return };
        if let Some(farewell) = farewell {
            // Whoever said goodbye first was right.
            let _ = screen.farewell.set(farewell);
        }
        metrics::gauge!("opora_live_sockets").set(self.screens.len() as f64);
        for ticket in self.presence.sit(id, AgentId(0), "", None) {
            self.tell_company(ticket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opora_desk::actor::Sight;

    fn anna(hub: &Hub) -> Joined {
        let actor = Actor { agent: Some(AgentId(1)), ..Actor::system() };
        hub.join(Credentials::Session("s".into()), actor, "Anna".into())
    }

    #[test]
    fn a_screen_that_stops_reading_is_let_go_and_the_others_are_not() {
        let hub = Hub::default();
        let (slow, mut quick) = (anna(&hub), anna(&hub));
        for n in 0..=MAILBOX {
            hub.tell_whom(&Utf8Bytes::from(n.to_string()), |_| true);
            assert!(quick.mailbox.try_recv().is_ok());
        }
        assert_eq!(slow.farewell.get(), Some(&Farewell::TooSlow));
        assert_eq!((hub.len(), quick.farewell.get()), (1, None));
    }

    #[test]
    fn the_same_counts_are_not_told_twice() {
        let hub = Hub::default();
        let mut screen = anna(&hub);
        for _ in 0..3 {
            hub.tell_counts(AgentId(1), &Utf8Bytes::from_static("7"));
        }
        assert!(screen.mailbox.try_recv().is_ok());
        assert!(screen.mailbox.try_recv().is_err());
    }

    #[test]
    fn whoever_sees_otherwise_comes_in_anew_and_sits_nowhere_meanwhile() {
        let hub = Hub::default();
        let screen = anna(&hub);
        hub.sit(screen.id, Some(TicketId(7)));
        let same = Actor { agent: Some(AgentId(1)), ..Actor::system() };
        hub.renew(screen.id, Some(same.clone()));
        assert_eq!(screen.farewell.get(), None);
        hub.renew(screen.id, Some(Actor { sight: Sight::Teams(Vec::new(), Vec::new()), ..same }));
        assert_eq!(screen.farewell.get(), Some(&Farewell::SeesOtherwise));
        assert!(hub.room().presence.people(TicketId(7)).is_empty());
    }

    #[test]
    fn who_is_signed_out_is_told_so() {
        let hub = Hub::default();
        let screen = anna(&hub);
        hub.renew(screen.id, None);
        assert_eq!(screen.farewell.get(), Some(&Farewell::SignedOut));
        assert!(!hub.is_online(AgentId(1)));
    }
}
