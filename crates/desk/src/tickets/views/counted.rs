//! Counting views, for one person or for everybody who listens: what is the same for several of them is counted once.

use super::View;
use crate::actor::Sight;
use crate::tickets::filter::{Asker, Matches, Place, known, names_a_day};
use crate::tickets::list;
use crate::{Actor, Result};
use opora_base::{Time, Tx};
use opora_query::{Filter, Has, Is, Kind, Language, Person, Team};
use std::collections::HashMap;

/// One round of counting, over one snapshot.
#[derive(Debug)]
pub struct Counter<'a> {
    matches: &'a Matches,
    now: Time,
    /// By filter, by what may be seen, and by who asks where that matters.
    counted: HashMap<(String, String, i64), i64>,
}

impl<'a> Counter<'a> {
    /// A round that begins now.
    pub fn new(matches: &'a Matches, now: Time) -> Counter<'a> {
        Counter { matches, now, counted: HashMap::new() }
    }

    /// A person's views with their numbers. One whose filter names somebody who is gone holds nothing.
    pub fn views(&mut self, tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<View>> {
        let mut views = super::list(tx, actor)?;
        for view in views.iter_mut().filter(|view| !view.hidden) {
            view.count = self.count(tx, actor, &view.query)?;
        }
        Ok(views)
    }

    fn count(&mut self, tx: &mut Tx<'_>, actor: &Actor, query: &str) -> Result<i64> {
        let Ok(filter) = opora_query::parse(query) else { return Ok(0) };
        let sight = match &actor.sight {
            Sight::Everything => String::new(),
            narrow @ Sight::Teams(..) => format!("{narrow:?}"),
        };
        let who = if is_personal(&filter) || !sight.is_empty() { actor.agent.map_or(-1, |a| a.0) } else { 0 };
        let key = (query.to_owned(), sight, who);
        if let Some(count) = self.counted.get(&key) {
            return Ok(*count);
        }
        let Ok(filter) = known(tx, &filter, Language::English) else { return Ok(0) };
        let place = Place::of(tx, actor, &filter)?;
        let asker = Asker { actor, place: &place, now: self.now };
        let count = list::count(tx, &filter, &asker, self.matches)?;
        self.counted.insert(key, count);
        Ok(count)
    }
}

/// Does the number depend on who asks, beside what they may see?
fn is_personal(filter: &Filter) -> bool {
    filter.terms.iter().any(|term| match &term.kind {
        Kind::Created(_) | Kind::Updated(_) => names_a_day(term),
        Kind::Assignee(people) | Kind::Follower(people) => people.contains(&Person::Me),
        Kind::Team(teams) => teams.contains(&Team::Mine),
        Kind::Is(list) => list.contains(&Is::Unread),
        Kind::Has(list) => list.contains(&Has::Draft),
        _ => false,
    })
}
