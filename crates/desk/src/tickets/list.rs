//! The list: a filter, an order, a page and the exact number of all that fit.

use super::filter::{Asker, Matches, Place, by_status, known, over_tally, over_tickets};
use super::model::TicketRow;
use super::{row, tally};
use crate::{Actor, Error, Permission, Result, TeamId};
use opora_base::{Sql, Time, Tx, params};
use opora_query::Filter;
use serde::Serialize;
use utoipa::ToSchema;

/// What a list is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Touched last, the latest first.
    #[default]
    Updated,
    /// Begun, the latest first.
    Created,
    /// By number, the first first.
    Id,
    /// Who waits longest first; who does not wait at the end.
    Waiting,
    /// What is due first; what has no deadline at the end.
    Due,
}

impl Sort {
    pub(super) fn parse(text: &str) -> Option<(Sort, bool)> {
        let (name, reversed) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let sort = match name {
            "" | "updated" => Sort::Updated,
            "created" => Sort::Created,
            "id" => Sort::Id,
            "waiting" => Sort::Waiting,
            "due" => Sort::Due,
            _ => return None,
        };
        Some((sort, reversed))
    }

    const fn column(self) -> &'static str {
        match self {
            Sort::Updated => "t.updated_at",
            Sort::Created => "t.created_at",
            Sort::Id => "t.id",
            Sort::Waiting => "t.waiting_since",
            Sort::Due => "t.sla_due_at",
        }
    }

    const fn descends(self) -> bool {
        matches!(self, Sort::Updated | Sort::Created)
    }

    fn key_of(self, row: &TicketRow) -> i64 {
        match self {
            Sort::Updated => row.updated_at.0,
            Sort::Created => row.created_at.0,
            Sort::Id => row.id.0,
            Sort::Waiting => row.waiting_since.map_or(i64::MAX, |t| t.0),
            Sort::Due => row.sla.as_ref().and_then(|sla| sla.due_at).map_or(i64::MAX, |t| t.0),
        }
    }
}

/// The largest page.
pub const LARGEST_PAGE: i64 = 1_000;
/// The farthest jump.
const FARTHEST_SKIP: i64 = 1_000_000;

/// A list, asked for and checked.
#[derive(Clone, Debug)]
pub struct ListAsk {
    filter: Filter,
    sort: Sort,
    reversed: bool,
    after: Option<(i64, i64)>,
    limit: i64,
    skip: i64,
    language: opora_query::Language,
    /// In which tickets the search index found the filter's [`texts`](ListAsk::texts).
    pub matches: Matches,
}

impl ListAsk {
    /// From a request's own words. Says where a filter is wrong.
    pub fn parse(
        q: &str,
        sort: &str,
        cursor: &str,
        limit: Option<i64>,
        language: opora_query::Language,
    ) -> Result<ListAsk> {
        let filter = opora_query::parse(q).map_err(|problem| Error::BadQuery {
            at: problem.at,
            reason: problem.code.as_str(),
            detail: problem.sentence(language),
        })?;
        let (sort, reversed) = Sort::parse(sort).ok_or_else(|| {
            Error::field("sort", "unknown", "one of updated, created, id, waiting, due, with - to reverse")
        })?;
        let after = match cursor {
            "" => None,
            cursor => {
                Some(read_cursor(cursor).ok_or_else(|| Error::field("cursor", "malformed", "not a cursor of ours"))?)
            }
        };
        let limit = limit.unwrap_or(50);
        if !(1..=LARGEST_PAGE).contains(&limit) {
            return Err(Error::field("limit", "out_of_range", format!("from 1 to {LARGEST_PAGE}")));
        }
        Ok(ListAsk { filter, sort, reversed, after, limit, skip: 0, language, matches: Matches::default() })
    }

    /// Begins after so many tickets of this order.
    pub fn skip(&mut self, skip: i64) -> Result<()> {
        if !(0..=FARTHEST_SKIP).contains(&skip) {
            return Err(Error::field("skip", "out_of_range", format!("from 0 to {FARTHEST_SKIP}")));
        }
        if skip > 0 && self.after.is_some() {
            return Err(Error::field("skip", "not_with_cursor", "either a cursor or a number to skip"));
        }
        self.skip = skip;
        Ok(())
    }

    /// Texts to be looked up in the search index first.
    pub fn texts(&self) -> Vec<String> {
        Matches::texts(&self.filter)
    }

    fn descends(&self) -> bool {
        self.sort.descends() != self.reversed
    }

    fn order(&self) -> String {
        let direction = if self.descends() { "DESC" } else { "ASC" };
        let tail = if self.sort == Sort::Id { String::new() } else { format!(", t.id {direction}") };
        format!(" ORDER BY {} {direction}{tail}", self.sort.column())
    }
}

fn read_cursor(text: &str) -> Option<(i64, i64)> {
    let (key, id) = text.split_once('.')?;
    Some((key.parse().ok()?, id.parse().ok()?))
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TicketPage {
    /// The tickets.
    pub items: Vec<TicketRow>,
    /// Where the next page begins; nothing after the last one.
    pub next_cursor: Option<String>,
    /// How many fit in all.
    pub total: i64,
}

/// Lists tickets.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, ask: &ListAsk, now: Time) -> Result<TicketPage> {
    actor.need(Permission::TicketView)?;
    let filter = known(tx, &ask.filter, ask.language)?;
    let place = Place::of(tx, actor, &filter)?;
    let asker = Asker { actor, place: &place, now };
    let total = count(tx, &filter, &asker, &ask.matches)?;
    let mut items = page(tx, ask, &filter, &asker)?;
    let more = items.len() as i64 > ask.limit;
    items.truncate(usize::try_from(ask.limit).unwrap_or(0));
    let next_cursor = items.last().filter(|_| more).map(|row| format!("{}.{}", ask.sort.key_of(row), row.id));
    Ok(TicketPage { items, next_cursor, total })
}

/// The page's numbers are found first, from an index alone where there is one; only they are then read whole. Otherwise a
/// list that has to be sorted would read and join every ticket that fits.
fn page(tx: &mut Tx<'_>, ask: &ListAsk, filter: &Filter, asker: &Asker<'_>) -> Result<Vec<TicketRow>> {
    let mut sql = row::select(asker.actor);
    sql.push("t.id IN (");
    let branches = by_status(filter);
    match branches.as_slice() {
        [] => {
            numbers(ask, filter, asker, "t.id", ask.limit + 1, &mut sql);
            if ask.skip > 0 {
                sql.push(" OFFSET ").bind(ask.skip);
            }
        }
        branches => {
            let sorted_by =
                if ask.sort == Sort::Id { "t.id".to_owned() } else { format!("t.id, {}", ask.sort.column()) };
            sql.push("SELECT t.id FROM (");
            for (i, branch) in branches.iter().enumerate() {
                sql.push(if i == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
                // What is skipped may stand in any of them.
                numbers(ask, branch, asker, &sorted_by, ask.skip + ask.limit + 1, &mut sql);
                sql.push(&format!(") AS b{i}"));
            }
            sql.push(") AS t").push(&ask.order()).push(" LIMIT ").bind(ask.limit + 1);
            if ask.skip > 0 {
                sql.push(" OFFSET ").bind(ask.skip);
            }
        }
    }
    sql.push(")").push(&ask.order());
    Ok(tx.query(sql.text(), sql.args())?)
}

/// These columns of the page's tickets, in order.
fn numbers(ask: &ListAsk, filter: &Filter, asker: &Asker<'_>, columns: &str, most: i64, sql: &mut Sql) {
    let (column, sign) = (ask.sort.column(), if ask.descends() { "<" } else { ">" });
    sql.push(&format!(
        "SELECT {columns} FROM ticket t LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.agent_id = "
    ));
    sql.bind(asker.actor.agent.map_or(0, |a| a.0)).push(" WHERE ");
    over_tickets(filter, asker, &ask.matches, sql);
    if let Some((key, id)) = ask.after {
        if ask.sort == Sort::Id {
            sql.push(&format!(" AND t.id {sign} ")).bind(id);
        } else {
            sql.push(&format!(" AND ({column}, t.id) {sign} (")).bind(key).push(", ").bind(id).push(")");
        }
    }
    sql.push(&ask.order()).push(" LIMIT ").bind(most);
}

/// How many tickets fit: from the tally when it knows all that is asked, else counted.
pub(super) fn count(tx: &mut Tx<'_>, filter: &Filter, asker: &Asker<'_>, matches: &Matches) -> Result<i64> {
    if let Some(condition) = over_tally(filter, asker) {
        return tally::count(tx, &condition);
    }
    let mut sql =
        Sql::new("SELECT count(*) FROM ticket t LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.agent_id = ");
    sql.bind(asker.actor.agent.map_or(0, |a| a.0)).push(" WHERE ");
    over_tickets(filter, asker, matches, &mut sql);
    Ok(tx.one(sql.text(), sql.args())?)
}

/// A filter as a condition over `ticket t` and `ticket_read r`, names looked up.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    filter: Filter,
    place: Place,
    matches: Matches,
}

impl ListAsk {
    /// The same list as a condition.
    pub(crate) fn condition(&self, tx: &mut Tx<'_>, actor: &Actor) -> Result<Condition> {
        let filter = known(tx, &self.filter, self.language)?.into_owned();
        let place = Place::of(tx, actor, &filter)?;
        Ok(Condition { filter, place, matches: self.matches.clone() })
    }
}

impl Condition {
    /// Adds it to a statement, with what `actor` may see.
    pub(crate) fn add(&self, actor: &Actor, now: Time, sql: &mut Sql) {
        over_tickets(&self.filter, &Asker { actor, place: &self.place, now }, &self.matches, sql);
    }
}

/// The teams of whoever asks.
pub(crate) fn my_teams(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<TeamId>> {
    match actor.agent {
        Some(agent) => {
            Ok(tx.query("SELECT team_id FROM team_member WHERE agent_id = $1 ORDER BY team_id", params![agent])?)
        }
        None => Ok(Vec::new()),
    }
}
