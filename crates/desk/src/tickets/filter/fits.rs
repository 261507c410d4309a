//! A filter asked about a few tickets, for whatever follows what happens to them.

use super::compile::{Asker, Place, over_tickets};
use super::{Matches, names};
use crate::{Actor, Error, Result};
use opora_base::{Sql, Time, Tx};
use opora_query::{Filter, Is, Kind, Language, Person, Team};
use std::sync::Arc;

/// A filter of the department's own (a policy's, a route's), its names looked up. It may ask nothing that hangs on who is
/// asking, nor what the words of a ticket are: it decides for everybody alike, and at once.
pub(crate) fn impersonal(tx: &mut Tx<'_>, text: &str) -> Result<Filter> {
    let wrong = |reason: &'static str, detail: &str| Error::BadQuery { at: 0, reason, detail: detail.to_owned() };
    let filter = opora_query::parse(text).map_err(|problem| Error::BadQuery {
        at: problem.at,
        reason: problem.code.as_str(),
        detail: problem.sentence(Language::English),
    })?;
    for term in &filter.terms {
        let personal = match &term.kind {
            Kind::Assignee(people) | Kind::Follower(people) | Kind::Manager(people) => people.contains(&Person::Me),
            Kind::Team(teams) => teams.contains(&Team::Mine),
            Kind::Is(list) => list.contains(&Is::Unread),
            Kind::Has(list) => list.contains(&opora_query::Has::Draft),
            _ => false,
        };
        if personal {
            return Err(wrong("personal", "it cannot ask what differs from reader to reader"));
        }
        if matches!(term.kind, Kind::Word(_) | Kind::Phrase(_)) {
            return Err(wrong("words", "it cannot ask for words"));
        }
    }
    Ok(names::known(tx, &filter, Language::English)?.into_owned())
}

/// Which of these tickets fit a filter that asks nothing personal and no words, its names looked up.
pub(crate) fn fitting(tx: &mut Tx<'_>, filter: &Filter, tickets: &Arc<[i64]>, now: Time) -> Result<Vec<i64>> {
    let actor = Actor::system();
    let place = Place::of(tx, &actor, filter)?;
    let mut sql = Sql::new("SELECT t.id FROM ticket t WHERE ");
    sql.among("t.id", tickets).push(" AND ");
    over_tickets(filter, &Asker { actor: &actor, place: &place, now }, &Matches::default(), &mut sql);
    Ok(tx.query(sql.text(), sql.args())?)
}
