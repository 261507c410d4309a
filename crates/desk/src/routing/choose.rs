//! The decision itself: of these colleagues, who gets this ticket, and why. Knows no table.

use crate::AgentId;
use opora_base::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// In place of a channel's name: all channels together.
pub(super) const ALL: &str = "*";

/// Somebody who could get it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub agent: AgentId,
    /// Tickets in hand, by channel.
    pub load: BTreeMap<String, i64>,
    /// The most they take, by channel, [`ALL`] for all together; what is not named has no limit.
    pub limits: BTreeMap<String, i64>,
    pub skills: Vec<String>,
    /// When they were last given something.
    pub turn_at: Time,
}

impl Candidate {
    /// Everything in hand.
    pub fn load(&self) -> i64 {
        self.load.values().sum()
    }

    /// Can they take one more of this channel?
    pub fn has_room(&self, channel: &str) -> bool {
        let below = |limit: Option<&i64>, load: i64| limit.is_none_or(|limit| load < *limit);
        below(self.limits.get(ALL), self.load())
            && below(self.limits.get(channel), self.load.get(channel).copied().unwrap_or(0))
    }

    /// They got one.
    pub fn took(&mut self, channel: &str, now: Time) {
        *self.load.entry(channel.to_owned()).or_default() += 1;
        self.turn_at = now;
    }
}

/// How it is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RouteMode)]
pub enum Mode {
    /// In turn.
    RoundRobin,
    /// To whoever has least.
    LeastLoaded,
    /// A lead does it.
    Manual,
}

impl Mode {
    /// Its name in the API and in the database.
    pub const fn text(self) -> &'static str {
        match self {
            Mode::RoundRobin => "round_robin",
            Mode::LeastLoaded => "least_loaded",
            Mode::Manual => "manual",
        }
    }

    /// The one of that name.
    pub fn parse(text: &str) -> Option<Mode> {
        [Mode::RoundRobin, Mode::LeastLoaded, Mode::Manual].into_iter().find(|mode| mode.text() == text)
    }
}

/// What is to be handed out.
#[derive(Clone, Debug)]
pub(super) struct Asked<'a> {
    pub channel: &'a str,
    pub mode: Mode,
    pub skills: &'a [String],
    /// Who is asked before the others, in this order, and why.
    pub before: &'a [(AgentId, &'static str)],
    /// Who has let it lie.
    pub passed: &'a [AgentId],
    /// Nobody gets more than so much in hand while others are still to come.
    pub share: Option<i64>,
}

/// Who gets it and why: one of several by "turn" or "load", the "only" one, or by what puts them before the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub agent: AgentId,
    pub why: &'static str,
    /// Of how many who could.
    pub of: usize,
}

/// Why nobody gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nobody {
    /// There is nobody there.
    NotThere,
    /// Nobody there can do it.
    NoSkill,
    /// Everybody who can has as much as they take.
    NoRoom,
    /// Everybody who can has let it lie.
    Passed,
}

impl Nobody {
    pub const fn code(self) -> &'static str {
        match self {
            Nobody::NotThere => "nobody_there",
            Nobody::NoSkill => "no_skill",
            Nobody::NoRoom => "no_room",
            Nobody::Passed => "passed",
        }
    }
}

/// Chooses. The order of the candidates decides nothing.
pub(super) fn choose(candidates: &[Candidate], asked: &Asked<'_>) -> Result<Chosen, Nobody> {
    let able = |c: &&Candidate| asked.skills.iter().all(|skill| c.skills.contains(skill));
    let room = |c: &&Candidate| c.has_room(asked.channel) && asked.share.is_none_or(|share| c.load() < share);
    if candidates.is_empty() {
        return Err(Nobody::NotThere);
    }
    let able: Vec<&Candidate> = candidates.iter().filter(able).collect();
    if able.is_empty() {
        return Err(Nobody::NoSkill);
    }
    let fresh: Vec<&Candidate> = able.into_iter().filter(|c| !asked.passed.contains(&c.agent)).collect();
    if fresh.is_empty() {
        return Err(Nobody::Passed);
    }
    let free: Vec<&Candidate> = fresh.into_iter().filter(room).collect();
    for (agent, why) in asked.before {
        if free.iter().any(|c| c.agent == *agent) {
            return Ok(Chosen { agent: *agent, why, of: free.len() });
        }
    }
    let by_turn = |c: &&&Candidate| (c.turn_at, c.agent);
    let (best, why) = match asked.mode {
        Mode::LeastLoaded => (free.iter().min_by_key(|c| (c.load(), by_turn(c))), "load"),
        _ => (free.iter().min_by_key(by_turn), "turn"),
    };
    let best = best.ok_or(Nobody::NoRoom)?;
    Ok(Chosen { agent: best.agent, why: if free.len() == 1 { "only" } else { why }, of: free.len() })
}

/// What nobody should have more of while some who began just now are still to come: everything shared by all.
pub(super) fn share(waiting: i64, there: &[Candidate], to_come: usize) -> Option<i64> {
    let everybody = i64::try_from(there.len() + to_come).ok().filter(|all| to_come > 0 && *all > 0)?;
    let all: i64 = waiting + there.iter().map(Candidate::load).sum::<i64>();
    Some(all.div_euclid(everybody) + i64::from(all.rem_euclid(everybody) > 0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn one(agent: i64, load: i64, limit: i64, turn_at: i64) -> Candidate {
        Candidate {
            agent: AgentId(agent),
            load: BTreeMap::from([("mail".to_owned(), load)]),
            limits: BTreeMap::from([(ALL.to_owned(), limit)]),
            skills: Vec::new(),
            turn_at: Time(turn_at),
        }
    }

    fn asked(mode: Mode) -> Asked<'static> {
        Asked { channel: "mail", mode, skills: &[], before: &[], passed: &[], share: None }
    }

    fn agent(chosen: Result<Chosen, Nobody>) -> i64 {
        chosen.map(|chosen| chosen.agent.0).unwrap_or(0)
    }

    #[test]
    fn the_least_loaded_gets_it_and_of_equals_who_waited_longest() {
        let all = [one(1, 3, 9, 5), one(2, 1, 9, 7), one(3, 1, 9, 6)];
        assert_eq!(agent(choose(&all, &asked(Mode::LeastLoaded))), 3);
        assert_eq!(agent(choose(&all, &asked(Mode::RoundRobin))), 1);
    }

    #[test]
    fn whoever_comes_before_the_others_gets_it_if_there_is_room() {
        let before = [(AgentId(1), "last"), (AgentId(2), "last")];
        let asked = Asked { before: &before, ..asked(Mode::LeastLoaded) };
        let chosen = choose(&[one(1, 9, 9, 0), one(2, 8, 9, 0), one(3, 0, 9, 0)], &asked).unwrap();
        assert_eq!((chosen.agent, chosen.why), (AgentId(2), "last"));
    }

    #[test]
    fn a_channel_has_a_limit_of_its_own() {
        let mut both = one(1, 3, 9, 0);
        both.limits.insert("chat".into(), 3);
        both.load.insert("chat".into(), 3);
        assert!(both.has_room("mail") && !both.has_room("chat"));
        both.limits.insert(ALL.into(), 6);
        assert!(!both.has_room("mail"));
    }

    #[test]
    fn it_says_why_nobody_gets_it() {
        let skills = ["english".to_owned()];
        let passed = [AgentId(1)];
        let full = [one(1, 9, 9, 0)];
        assert_eq!(choose(&[], &asked(Mode::RoundRobin)), Err(Nobody::NotThere));
        assert_eq!(choose(&full, &Asked { skills: &skills, ..asked(Mode::RoundRobin) }), Err(Nobody::NoSkill));
        assert_eq!(choose(&full, &Asked { passed: &passed, ..asked(Mode::RoundRobin) }), Err(Nobody::Passed));
        assert_eq!(choose(&full, &asked(Mode::RoundRobin)), Err(Nobody::NoRoom));
    }

    #[test]
    fn who_comes_first_in_the_morning_does_not_get_it_all() {
        let there = [one(1, 0, 50, 0)];
        assert_eq!(share(40, &there, 3), Some(10));
        assert_eq!(share(40, &there, 0), None);
        let full = [one(1, 10, 50, 0)];
        let asked = Asked { share: Some(10), ..asked(Mode::LeastLoaded) };
        assert_eq!(choose(&full, &asked), Err(Nobody::NoRoom));
    }

    proptest! {
        // However tickets come, nobody ever has more than they take, and nobody waits while there is room.
        #[test]
        fn limits_hold_and_no_room_is_left_unused(
            limits in prop::collection::vec((0_i64..6, 0_i64..6), 1..12),
            tickets in prop::collection::vec(any::<bool>(), 0..80),
            turns in any::<bool>(),
        ) {
            let mode = if turns { Mode::RoundRobin } else { Mode::LeastLoaded };
            let mut all: Vec<Candidate> = (1..).zip(&limits).map(|(id, (total, chats))| {
                let mut c = one(id, 0, *total, 0);
                c.limits.insert("chat".into(), *chats);
                c
            }).collect();
            for (now, chat) in (1..).zip(tickets) {
                let channel = if chat { "chat" } else { "mail" };
                match choose(&all, &Asked { channel, ..asked(mode) }) {
                    Ok(chosen) => {
                        let c = all.iter_mut().find(|c| c.agent == chosen.agent).unwrap();
                        c.took(channel, Time(now));
                    }
                    Err(_) => prop_assert!(all.iter().all(|c| !c.has_room(channel))),
                }
                for c in &all {
                    prop_assert!(c.load() <= c.limits[ALL] && c.load.get("chat").copied().unwrap_or(0) <= c.limits["chat"]);
                }
            }
        }

        // In turn means in turn: with equal limits nobody is two ahead of anybody.
        #[test]
        fn turns_are_fair(people in 1_i64..12, tickets in 0_i64..60) {
            let mut all: Vec<Candidate> = (1..=people).map(|id| one(id, 0, 100, 0)).collect();
            for now in 1..=tickets {
                let chosen = choose(&all, &asked(Mode::RoundRobin)).unwrap();
                all.iter_mut().find(|c| c.agent == chosen.agent).unwrap().took("mail", Time(now));
            }
            let loads: Vec<i64> = all.iter().map(Candidate::load).collect();
            prop_assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1);
        }
    }
}
