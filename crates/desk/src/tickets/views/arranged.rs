//! How each person has arranged their views: in which order, and which are put away.

use super::View;
use crate::{Actor, Error, Result};
use opora_base::{Tx, params};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// More keys than anybody has views.
const MOST: usize = 500;

/// The order somebody wants.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Arrangement {
    /// The keys in their order; those left out come after them.
    pub keys: Vec<String>,
    /// The keys that are put away.
    #[serde(default)]
    pub hidden: Vec<String>,
}

/// Arranges one's own views.
pub fn arrange(tx: &mut Tx<'_>, actor: &Actor, wanted: &Arrangement) -> Result<()> {
    let agent = actor.agent_id()?;
    if wanted.keys.len() + wanted.hidden.len() > MOST {
        return Err(Error::field("keys", "too_many", format!("at most {MOST}")));
    }
    let known: BTreeSet<String> = super::list(tx, actor)?.into_iter().map(|view| view.key).collect();
    tx.exec("DELETE FROM view_place WHERE agent_id = $1", params![agent])?;
    let mut seen = BTreeSet::new();
    for (i, key) in wanted.keys.iter().chain(&wanted.hidden).enumerate() {
        if !known.contains(key) || !seen.insert(key) {
            continue;
        }
        tx.exec(
            "INSERT INTO view_place (agent_id, key, position, hidden) VALUES ($1, $2, $3, $4)",
            params![agent, key, i64::try_from(i).unwrap_or(i64::MAX), wanted.hidden.contains(key)],
        )?;
    }
    Ok(())
}

/// Views nobody has placed keep their order after those somebody has.
pub(super) fn put_in_order(tx: &mut Tx<'_>, actor: &Actor, views: &mut [View]) -> Result<()> {
    let Some(agent) = actor.agent else { return Ok(()) };
    let rows: Vec<(String, i64, bool)> =
        tx.query("SELECT key, position, hidden FROM view_place WHERE agent_id = $1", params![agent])?;
    let places: BTreeMap<String, (i64, bool)> = rows.into_iter().map(|(key, at, hidden)| (key, (at, hidden))).collect();
    for view in views.iter_mut() {
        view.hidden = places.get(&view.key).is_some_and(|place| place.1);
    }
    views.sort_by_key(|view| places.get(&view.key).map_or(i64::MAX, |place| place.0));
    Ok(())
}
