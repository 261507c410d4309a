//! A filter asked about a few tickets, for whatever follows what happens to them.

use super::compile::{Asker, Place, over_tickets};
use super::{Matches, names};
use crate::{Actor, Result};
use opora_base::{Sql, Time, Tx};
use opora_query::{Filter, Language};
use std::sync::Arc;

/// The same filter with ids in the place of names.
pub(crate) fn known_names(tx: &mut Tx<'_>, filter: &Filter) -> Result<Filter> {
    Ok(names::known(tx, filter, Language::English)?.into_owned())
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
