//! Changing a ticket: status, assignee, team, priority, subject, tags, followers, copies.
//!
//! Every change is an event with what it was and what it is. Somebody who names the version they saw is refused only when
//! a field *they* change was changed since: two people may change two different things at once.

use super::model::{Address, Priority, Status};
use super::row::{self, NOBODY_WAITS, Standing};
use super::snooze::{self, Snooze};
use super::tally;
use crate::actor::Sight;
use crate::contacts::locations;
use crate::present::present;
use crate::{Actor, AgentId, Error, LocationId, Permission, QuestionClassId, Result, TeamId, TicketId, error};
use opora_base::{Sql, Time, Tx, event, params, timer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use utoipa::ToSchema;

/// A solved ticket closes for good after so long without a word.
pub const CLOSES_AFTER: Duration = Duration::from_secs(14 * 86_400);
/// The timer that closes it.
pub const CLOSE_TIMER: &str = "ticket.close";
const MOST_TAGS: usize = 50;
const MOST_COPIES: usize = 50;

/// What is to be different; what is absent stays. `null` takes the assignee or the team away.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Change {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Where it stands.
    pub status: Option<Status>,
    /// Put it to sleep; `null` wakes it.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<Snooze>)]
    pub snooze: Option<Option<Snooze>>,
    /// Who has it; `null` for nobody.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<AgentId>)]
    pub assignee_id: Option<Option<AgentId>>,
    /// Which team; `null` for none.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    /// Its class of question; `null` for none.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<QuestionClassId>)]
    pub class_id: Option<Option<QuestionClassId>>,
    /// How pressing it is.
    pub priority: Option<Priority>,
    /// What it is about.
    pub subject: Option<String>,
    /// All of its tags.
    pub tags: Option<Vec<String>>,
    /// All of its followers.
    pub follower_ids: Option<Vec<AgentId>>,
    /// All who get copies of answers.
    pub cc: Option<Vec<Address>>,
    /// About which place of the customer's organization it is; `null` for none.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<LocationId>)]
    pub location_id: Option<Option<LocationId>>,
    /// A word to the colleague who gets it.
    pub hand_over_note: Option<String>,
}

impl Change {
    fn fields(&self) -> Vec<&'static str> {
        let asked = [
            ("status", self.status.is_some() || self.snooze.is_some()),
            ("assignee_id", self.assignee_id.is_some()),
            ("team_id", self.team_id.is_some()),
            ("class_id", self.class_id.is_some()),
            ("priority", self.priority.is_some()),
            ("subject", self.subject.is_some()),
            ("tags", self.tags.is_some()),
            ("follower_ids", self.follower_ids.is_some()),
            ("cc", self.cc.is_some()),
            ("location_id", self.location_id.is_some()),
        ];
        asked.into_iter().filter(|(_, asked)| *asked).map(|(field, _)| field).collect()
    }

    fn allowed(&self, actor: &Actor) -> Result<()> {
        let assigns = self.assignee_id.is_some() || self.team_id.is_some();
        if assigns {
            actor.need(Permission::TicketAssign)?;
        }
        let edits = self.fields().iter().any(|field| !matches!(*field, "assignee_id" | "team_id"));
        if edits { actor.need(Permission::TicketEdit) } else { Ok(()) }
    }
}

/// Changes a ticket.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, change: &Change, now: Time) -> Result<()> {
    change.allowed(actor)?;
    let before = Standing::lock_seen(tx, actor, id)?;
    refuse_if_changed_since(&before, change)?;
    apply(tx, actor, &before, change, now)
}

fn refuse_if_changed_since(before: &Standing, change: &Change) -> Result<()> {
    let Some(seen) = change.version.filter(|seen| *seen < before.version) else { return Ok(()) };
    let changed_at = |field: &str| before.changed.get(field).and_then(Value::as_i64).unwrap_or(0);
    let fields: Vec<String> =
        change.fields().into_iter().filter(|field| changed_at(field) > seen).map(str::to_owned).collect();
    if fields.is_empty() { Ok(()) } else { Err(Error::TicketChanged { fields }) }
}

/// What became of a ticket: collected first, written in one statement.
struct Changed {
    version: i64,
    fields: Value,
    any: bool,
}

impl Changed {
    fn mark(&mut self, field: &str) {
        self.fields[field] = json!(self.version);
        self.any = true;
    }
}

/// Makes the change to a ticket that is locked and may be changed.
pub(crate) fn apply(tx: &mut Tx<'_>, actor: &Actor, before: &Standing, change: &Change, now: Time) -> Result<()> {
    let id = before.id;
    let mut after = before.clone();
    let fields = if before.changed.is_object() { before.changed.clone() } else { json!({}) };
    let mut changed = Changed { version: before.version + 1, fields, any: false };
    let tell = |tx: &mut Tx<'_>, kind: &str, data: Value| event::append(tx, kind, id.0, actor.author(), &data, now);

    if let Some(subject) = &change.subject {
        let subject = error::line("subject", subject, 500)?;
        if subject != before.subject {
            tell(tx, "ticket.subject", json!({ "from": before.subject, "to": subject }))?;
            after.subject = subject;
            changed.mark("subject");
        }
    }
    if let Some(priority) = change.priority.filter(|p| *p != before.priority) {
        tell(tx, "ticket.priority", json!({ "from": before.priority, "to": priority }))?;
        after.priority = priority;
        changed.mark("priority");
    }
    if let Some(team) = change.team_id.filter(|t| *t != before.team_id) {
        if let Some(team) = team {
            crate::department::teams::get(tx, team).map_err(|_| Error::field("team_id", "unknown", "no such team"))?;
        }
        tell(tx, "ticket.team", json!({ "from": before.team_id, "to": team }))?;
        after.team_id = team;
        changed.mark("team_id");
    }
    if let Some(class) = change.class_id.filter(|c| *c != before.class_id) {
        if let Some(class) = class {
            let known = crate::roster::classes::get(tx, class).ok().filter(|class| class.active);
            known.ok_or_else(|| Error::field("class_id", "unknown", "no such class of question"))?;
        }
        tell(tx, "ticket.class", json!({ "from": before.class_id, "to": class }))?;
        after.class_id = class;
        changed.mark("class_id");
    }
    let note = change.hand_over_note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    if let Some(assignee) = change.assignee_id.filter(|a| *a != before.assignee_id || note.is_some()) {
        if let Some(assignee) = assignee {
            let agent = crate::people::agents::get(tx, assignee);
            agent
                .ok()
                .filter(|a| a.active)
                .ok_or_else(|| Error::field("assignee_id", "unknown", "no such colleague"))?;
        }
        let kind = if note.is_some() { "ticket.handed_over" } else { "ticket.assigned" };
        tell(tx, kind, json!({ "from": before.assignee_id, "to": assignee, "note": note }))?;
        after.assignee_id = assignee;
        changed.mark("assignee_id");
    }
    if let Some(status) = change.status.filter(|s| *s != before.status) {
        tell(tx, "ticket.status", json!({ "from": before.status, "to": status }))?;
        after.status = status;
        changed.mark("status");
    }
    match change.snooze {
        Some(Some(asked)) => {
            let until = asked.checked(now)?;
            tell(tx, "ticket.snoozed", json!({ "until": asked.until, "from": before.status }))?;
            (after.status, after.snoozed_until) = (Status::OnHold, Some(until));
            changed.mark("status");
        }
        Some(None) if before.snoozed_until.is_some() => {
            tell(tx, "ticket.woke", json!({}))?;
            (after.status, after.snoozed_until) = (change.status.unwrap_or(Status::Open), None);
            changed.mark("status");
        }
        _ => {}
    }
    if after.status != Status::OnHold {
        after.snoozed_until = None;
    }
    if before.status != after.status {
        after.waiting_since = match after.status.is_active() {
            true if before.status.is_active() => before.waiting_since,
            true => snooze::unanswered_since(tx, id)?.unwrap_or(NOBODY_WAITS.0),
            false => NOBODY_WAITS.0,
        };
    }
    if let Some(tags) = &change.tags {
        let tags = clean_tags(tags)?;
        if json!(tags) != before.tags {
            tell(tx, "ticket.tags", json!({ "from": before.tags, "to": tags }))?;
            put_tags(tx, id, &tags)?;
            after.tags = json!(tags);
            changed.mark("tags");
        }
    }
    if let Some(copies) = &change.cc {
        let copies = clean_addresses("cc", copies)?;
        if json!(copies) != before.cc {
            tell(tx, "ticket.cc", json!({ "from": before.cc, "to": copies }))?;
            after.cc = json!(copies);
            changed.mark("cc");
        }
    }
    if let Some(location) = change.location_id
        && put_location(tx, before, location)?
    {
        tell(tx, "ticket.location", json!({ "to": location }))?;
        changed.mark("location_id");
    }
    if let Some(followers) = &change.follower_ids
        && put_followers(tx, id, followers)?
    {
        tell(tx, "ticket.followers", json!({ "to": followers }))?;
        changed.mark("follower_ids");
    }
    if changed.any { write(tx, before, &after, &changed, now) } else { Ok(()) }
}

fn write(tx: &mut Tx<'_>, before: &Standing, after: &Standing, changed: &Changed, now: Time) -> Result<()> {
    tx.exec(
        "UPDATE ticket SET subject = $2, priority = $3, team_id = $4, assignee_id = $5, status = $6, active = $7,
           waiting_since = $8, tags = $9, cc = $10, changed = $11, version = $12, updated_at = $13, snoozed_until = $14, class_id = $15
         WHERE id = $1",
        params![
            after.id,
            &after.subject,
            after.priority.number(),
            after.team_id,
            after.assignee_id,
            after.status,
            after.status.is_active(),
            after.waiting_since,
            &after.tags,
            &after.cc,
            &changed.fields,
            changed.version,
            now.0.max(before.updated_at),
            after.snoozed_until,
            after.class_id
        ],
    )?;
    tally::moved(tx, &before.place(), &after.place())?;
    if before.snoozed_until != after.snoozed_until {
        snooze::keep_timer(tx, after.id, after.snoozed_until)?;
    }
    if before.status != after.status {
        keep_timer(tx, after.id, after.status, now)?;
    }
    Ok(())
}

/// A solved ticket closes later; any other status forgets that.
pub(crate) fn keep_timer(tx: &mut Tx<'_>, id: TicketId, status: Status, now: Time) -> Result<()> {
    if status == Status::Solved {
        timer::set(tx, CLOSE_TIMER, id.0, now.plus(CLOSES_AFTER))?;
    } else {
        timer::clear(tx, CLOSE_TIMER, id.0)?;
    }
    Ok(())
}

/// The time has come: closes a ticket that is still solved.
pub fn close_when_solved(tx: &mut Tx<'_>, id: TicketId, now: Time) -> Result<()> {
    let before = Standing::lock(tx, id)?;
    if before.status == Status::Solved {
        let change = Change { status: Some(Status::Closed), ..Change::default() };
        apply(tx, &Actor::system(), &before, &change, now)?;
    }
    Ok(())
}

/// A tag in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tag {
    /// The tag.
    pub name: String,
    /// How many tickets have it.
    pub count: i64,
}

/// The five hundred tags used most, in the tickets this person may see.
pub fn tags(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Tag>> {
    actor.need(Permission::TicketView)?;
    let mut sql = Sql::new("SELECT g.tag, count(*) FROM ticket_tag g");
    if actor.sight != Sight::Everything {
        sql.push(" JOIN ticket t ON t.id = g.ticket_id WHERE ");
        row::only_seen(&mut sql, actor, "t.");
    }
    sql.push(" GROUP BY g.tag ORDER BY count(*) DESC, g.tag LIMIT 500");
    let rows: Vec<(String, i64)> = tx.query(sql.text(), sql.args())?;
    Ok(rows.into_iter().map(|(name, count)| Tag { name, count }).collect())
}

pub(crate) fn clean_tags(tags: &[String]) -> Result<Vec<String>> {
    let mut clean: Vec<String> = Vec::new();
    for tag in tags {
        let tag = spelled_tag(&error::line("tags", tag, 60)?);
        if !clean.contains(&tag) {
            clean.push(tag);
        }
    }
    if clean.len() > MOST_TAGS {
        return Err(Error::field("tags", "too_many", format!("at most {MOST_TAGS}")));
    }
    Ok(clean)
}

/// A tag as it is kept, however somebody writes it.
pub(crate) fn spelled_tag(tag: &str) -> String {
    tag.trim().to_lowercase().replace(' ', "-")
}

pub(crate) fn put_tags(tx: &mut Tx<'_>, id: TicketId, tags: &[String]) -> Result<()> {
    tx.exec("DELETE FROM ticket_tag WHERE ticket_id = $1", params![id])?;
    for tag in tags {
        tx.exec("INSERT INTO ticket_tag (tag, ticket_id) VALUES ($1, $2)", params![tag, id])?;
    }
    Ok(())
}

/// Checks a list of addresses and leaves out what is there twice.
pub(crate) fn clean_addresses(field: &'static str, addresses: &[Address]) -> Result<Vec<Address>> {
    let mut clean: Vec<Address> = Vec::new();
    for one in addresses {
        let address = error::address(field, &one.address)?;
        let name: String = one.name.chars().filter(|c| !c.is_control()).take(200).collect();
        if !clean.iter().any(|known| error::address_key(&known.address) == error::address_key(&address)) {
            clean.push(Address { name: name.trim().to_owned(), address });
        }
    }
    if clean.len() > MOST_COPIES {
        return Err(Error::field(field, "too_many", format!("at most {MOST_COPIES}")));
    }
    Ok(clean)
}

/// Answers whether that is another place than before.
fn put_location(tx: &mut Tx<'_>, ticket: &Standing, wanted: Option<LocationId>) -> Result<bool> {
    let before: Option<LocationId> = tx.one("SELECT location_id FROM ticket WHERE id = $1", params![ticket.id])?;
    if before == wanted {
        return Ok(false);
    }
    if let Some(wanted) = wanted {
        locations::checked(tx, ticket.contact_id, wanted)?;
    }
    tx.exec("UPDATE ticket SET location_id = $2 WHERE id = $1", params![ticket.id, wanted])?;
    Ok(true)
}

fn put_followers(tx: &mut Tx<'_>, id: TicketId, followers: &[AgentId]) -> Result<bool> {
    let mut wanted = followers.to_vec();
    wanted.sort();
    wanted.dedup();
    let before: Vec<AgentId> =
        tx.query("SELECT agent_id FROM ticket_follower WHERE ticket_id = $1 ORDER BY agent_id", params![id])?;
    if before == wanted {
        return Ok(false);
    }
    tx.exec("DELETE FROM ticket_follower WHERE ticket_id = $1", params![id])?;
    for agent in wanted {
        let known: Option<i64> = tx.opt("SELECT 1 FROM agent WHERE id = $1", params![agent])?;
        known.ok_or_else(|| Error::field("follower_ids", "unknown", format!("there is no colleague {agent}")))?;
        follow(tx, id, agent)?;
    }
    Ok(true)
}

/// The colleague follows the ticket from now on.
pub(crate) fn follow(tx: &mut Tx<'_>, id: TicketId, agent: AgentId) -> Result<()> {
    tx.exec(
        "INSERT INTO ticket_follower (ticket_id, agent_id) VALUES ($1, $2) ON CONFLICT (ticket_id, agent_id) DO NOTHING",
        params![id, agent],
    )?;
    Ok(())
}
