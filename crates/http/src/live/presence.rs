//! Who looks at which ticket and who types in it. Kept in memory only: a screen says it again after every reconnect.
//!
//! A screen sits at one ticket at most. Typing that is not renewed is over after a few seconds.

use super::wire::Person;
use opora_desk::{AgentId, TicketId};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// How long typing lasts unless it is renewed.
pub(super) const TYPING: Duration = Duration::from_secs(6);

/// One screen, numbered.
pub(super) type SocketId = u64;

#[derive(Clone, Debug)]
struct Seat {
    ticket: TicketId,
    agent: AgentId,
    name: String,
    typing_until: Option<Instant>,
}

/// Who sits where.
#[derive(Debug, Default)]
pub(super) struct Presence {
    seats: BTreeMap<SocketId, Seat>,
}

impl Presence {
    /// A screen turns to a ticket, or to none. Answers the tickets whose company changed.
    pub(super) fn sit(
        &mut self,
        socket: SocketId,
        agent: AgentId,
        name: &str,
        ticket: Option<TicketId>,
    ) -> Vec<TicketId> {
        let left = self.seats.remove(&socket).map(|seat| seat.ticket);
        if left.is_some()
            && left == ticket
            && let Some(ticket) = ticket
        {
            let seat = Seat { ticket, agent, name: name.to_owned(), typing_until: None };
            self.seats.insert(socket, seat);
            return vec![ticket];
        }
        if let Some(ticket) = ticket {
            let seat = Seat { ticket, agent, name: name.to_owned(), typing_until: None };
            self.seats.insert(socket, seat);
        }
        left.into_iter().chain(ticket).collect()
    }

    /// Somebody types, or stops. Answers whether their company should be told.
    pub(super) fn types(&mut self, socket: SocketId, ticket: TicketId, on: bool, now: Instant) -> bool {
        let Some(seat) = self.seats.get_mut(&socket).filter(|seat| seat.ticket == ticket) else { return false };
        let before = seat.typing_until.is_some();
        seat.typing_until = on.then(|| now + TYPING);
        before != on
    }

    /// Ends typing that was not renewed. Answers the tickets whose company changed.
    pub(super) fn expire(&mut self, now: Instant) -> BTreeSet<TicketId> {
        let mut changed = BTreeSet::new();
        for seat in self.seats.values_mut() {
            if seat.typing_until.is_some_and(|until| until <= now) {
                seat.typing_until = None;
                changed.insert(seat.ticket);
            }
        }
        changed
    }

    /// Everybody at a ticket, each once however many screens they have open.
    pub(super) fn people(&self, ticket: TicketId) -> Vec<Person> {
        let mut people: BTreeMap<AgentId, Person> = BTreeMap::new();
        for seat in self.seats.values().filter(|seat| seat.ticket == ticket) {
            let state = if seat.typing_until.is_some() { "typing" } else { "viewing" };
            let person = people.entry(seat.agent).or_insert_with(|| Person {
                agent_id: seat.agent,
                name: seat.name.clone(),
                state,
            });
            if state == "typing" {
                person.state = state;
            }
        }
        people.into_values().collect()
    }

    /// The screens at a ticket.
    pub(super) fn screens(&self, ticket: TicketId) -> Vec<SocketId> {
        self.seats.iter().filter(|(_, seat)| seat.ticket == ticket).map(|(socket, _)| *socket).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: AgentId = AgentId(1);
    const BORIS: AgentId = AgentId(2);
    const TICKET: TicketId = TicketId(1042);

    fn states(presence: &Presence) -> Vec<(AgentId, &'static str)> {
        presence.people(TICKET).into_iter().map(|p| (p.agent_id, p.state)).collect()
    }

    #[test]
    fn somebody_with_two_screens_is_one_person_and_types_if_either_screen_does() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        presence.sit(1, ANNA, "Anna", Some(TICKET));
        presence.sit(2, ANNA, "Anna", Some(TICKET));
        presence.sit(3, BORIS, "Boris", Some(TICKET));
        assert!(presence.types(2, TICKET, true, now));
        assert_eq!(states(&presence), [(ANNA, "typing"), (BORIS, "viewing")]);
        assert_eq!(presence.screens(TICKET), [1, 2, 3]);
    }

    #[test]
    fn typing_is_over_when_it_is_not_renewed() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        presence.sit(1, ANNA, "Anna", Some(TICKET));
        assert!(presence.types(1, TICKET, true, now));
        assert!(!presence.types(1, TICKET, true, now + TYPING / 2), "renewing is no news");
        assert!(presence.expire(now + TYPING).is_empty());
        assert_eq!(presence.expire(now + TYPING * 2).into_iter().collect::<Vec<_>>(), [TICKET]);
        assert_eq!(states(&presence), [(ANNA, "viewing")]);
    }

    #[test]
    fn who_turns_to_another_ticket_leaves_the_first() {
        let mut presence = Presence::default();
        presence.sit(1, ANNA, "Anna", Some(TICKET));
        assert_eq!(presence.sit(1, ANNA, "Anna", Some(TicketId(7))), [TICKET, TicketId(7)]);
        assert_eq!(presence.sit(1, ANNA, "Anna", None), [TicketId(7)]);
        assert!(states(&presence).is_empty());
        assert!(!presence.types(1, TICKET, true, Instant::now()), "nobody types where they do not sit");
    }
}
