//! The whole story: the way in. It holds the department and the few files everybody shares, and hands out tickets one
//! at a time.

use crate::crowd::Crowd;
use crate::department;
use crate::letter;
use crate::model::{Contact, Department, TicketStory};
use crate::stars;

/// A demo department of one seed at one moment.
#[derive(Debug)]
pub struct Story {
    seed: u64,
    now: i64,
    count: usize,
    department: Department,
    stars: Vec<TicketStory>,
}

impl Story {
    /// The story of `seed` as it stands at `now_micros` (microseconds since 1970, UTC) with `tickets` tickets. The
    /// hand-written ones come first: when `tickets` is smaller than their number, there are only some of them.
    pub fn new(seed: u64, now_micros: i64, tickets: usize) -> Self {
        let department = department::department();
        let mut stars = stars::all(seed, now_micros, &department);
        stars.truncate(tickets);
        stars.sort_by_key(|star| star.created_at);
        Story { seed, now: now_micros, count: tickets, department, stars }
    }

    /// The department.
    pub fn department(&self) -> &Department {
        &self.department
    }

    /// The customers whom the demo's own mailbox page plays; each of them has tickets.
    pub fn customers(&self) -> &[Contact] {
        &self.department.contacts[..department::CUSTOMERS]
    }

    /// How many tickets [`Story::tickets`] tells.
    pub fn ticket_count(&self) -> usize {
        self.count
    }

    /// The hand-written stories, oldest first.
    pub fn stars(&self) -> &[TicketStory] {
        &self.stars
    }

    /// All tickets but the hand-written ones, oldest first, made as they are asked for.
    pub fn crowd(&self) -> impl Iterator<Item = TicketStory> + use<> {
        Crowd::new(self.seed, self.now, self.count - self.stars.len())
    }

    /// All tickets, oldest first.
    pub fn tickets(&self) -> impl Iterator<Item = TicketStory> + use<'_> {
        let mut crowd = self.crowd().peekable();
        let mut stars = self.stars.iter().peekable();
        std::iter::from_fn(move || {
            let star_is_older = match (stars.peek(), crowd.peek()) {
                (Some(star), Some(other)) => star.created_at <= other.created_at,
                (star, _) => star.is_some(),
            };
            if star_is_older { stars.next().cloned() } else { crowd.next() }
        })
    }

    /// A customer's message of this ticket as it would come by mail (RFC 5322), with the answer before it quoted; none
    /// for steps that are not a customer's.
    pub fn raw_message(&self, ticket: &TicketStory, step: usize) -> Option<Vec<u8>> {
        letter::write(&self.department, ticket, step)
    }
}
