//! The crowd: tickets told from phrases. Each is a function of the seed and its number, so that a million of them need
//! the memory of one. What happens in a conversation is decided in `plot`, what is said in `voice`, and how tickets
//! stand today here: the older, the more of them are closed.

mod plot;
mod voice;

use crate::calendar::Arrivals;
use crate::chance::Chance;
use crate::department::{self, brand};
use crate::files::Shelf;
use crate::model::{Contact, Department, Locale, Status, TicketStory};
use crate::people::{self, Kind};
use crate::topics::{self, Topic};

/// The part of chance that tells tickets.
const TICKETS: u64 = 2;

/// Shares of the statuses (per mille: new, open, waiting, on hold, solved; the rest is closed) among the newest tickets,
/// up to this share of all (per mille). Together: 2 % new, 4 % open, 3 % waiting, 1 % on hold, 10 % solved, 80 % closed.
const STANDING: [(usize, [u32; 5]); 5] = [
    (20, [780, 120, 60, 10, 30]),
    (60, [110, 480, 210, 60, 140]),
    (140, [0, 170, 162, 50, 618]),
    (280, [0, 34, 53, 24, 317]),
    (1_000, [0, 0, 0, 0, 0]),
];

/// The tickets of the crowd, oldest first.
#[derive(Debug)]
pub(crate) struct Crowd {
    seed: u64,
    now: i64,
    count: usize,
    told: usize,
    arrivals: Arrivals,
    department: Department,
    shelf: Shelf,
    /// Which agents may be given a ticket, by team and language.
    hands: Vec<[Vec<usize>; 2]>,
}

impl Crowd {
    pub(crate) fn new(seed: u64, now_micros: i64, count: usize) -> Self {
        let now = now_micros.div_euclid(1_000_000);
        let department = department::department();
        let hands = (0..department.teams.len()).map(|team| hands(&department, team)).collect();
        let arrivals = Arrivals::new(seed, now, count);
        Crowd { seed, now, count, told: 0, arrivals, department, shelf: Shelf::stock(seed), hands }
    }

    fn tell(&self, number: usize, at: i64) -> TicketStory {
        let mut chance = Chance::of(self.seed, TICKETS, number as u64);
        let locale = if chance.percent(51) { Locale::Ru } else { Locale::En };
        let topics = topics::topics(locale);
        let topic = if crate::calendar::in_outage(at, self.now) && chance.percent(80) {
            &topics.all[topics.outage]
        } else {
            &topics.all[chance.weighted(&topics.weights)]
        };
        let contact = self.contact(locale, topic, &mut chance);
        let status = self.standing(number, at, &mut chance);
        let voice = voice::Voices::new(&self.department, topics, topic, &contact, at, &mut chance);
        plot::Plot::new(self, voice, topic, contact, status, at, chance).told()
    }

    fn contact(&self, locale: Locale, topic: &Topic, chance: &mut Chance) -> Contact {
        let kind = if topic.brand == brand::PLATFORM { Kind::Shopkeeper } else { Kind::Buyer };
        if kind == Kind::Buyer && chance.per_mille(4) {
            let known =
                (0..department::CUSTOMERS).map(department::named_contact).filter(|known| known.locale == locale);
            let known: Vec<Contact> = known.collect();
            return chance.pick(&known).clone();
        }
        // Some write often and most write rarely: the lower of two draws.
        let pool = self.count / 10 + 12;
        let number = chance.below(pool).min(chance.below(pool));
        people::contact(self.seed, locale, kind, number)
    }

    fn standing(&self, number: usize, at: i64, chance: &mut Chance) -> Status {
        let rank = (self.count - 1 - number) * 1_000 / self.count;
        let shares = STANDING.iter().find(|(share, _)| rank < *share).map_or([0; 5], |(_, shares)| *shares);
        let closed = 1_000 - shares.iter().sum::<u32>();
        let [new, open, waiting, hold, solved] = shares;
        let status = Status::ALL[chance.weighted(&[new, open, waiting, hold, solved, closed])];
        // Nobody has had the time to do anything about a ticket of the last half hour.
        if self.now - at < 1_800 { Status::New } else { status }
    }
}

impl Iterator for Crowd {
    type Item = TicketStory;

    fn next(&mut self) -> Option<TicketStory> {
        let at = self.arrivals.next()?;
        let number = self.told;
        self.told += 1;
        Some(self.tell(number, at))
    }
}

/// The agents of a team who answer in each language; in a team without one, all of them answer.
fn hands(department: &Department, team: usize) -> [Vec<usize>; 2] {
    Locale::ALL.map(|locale| {
        let members = || {
            let all = department.agents.iter().enumerate();
            all.filter(|(_, agent)| agent.role != "observer" && agent.role != "admin" && agent.teams.contains(&team))
        };
        let fluent: Vec<usize> =
            members().filter(|(_, agent)| agent.locale == locale).map(|(index, _)| index).collect();
        if fluent.is_empty() { members().map(|(index, _)| index).collect() } else { fluent }
    })
}
