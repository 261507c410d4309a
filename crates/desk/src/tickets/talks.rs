//! Conversations among colleagues beside a ticket's own: asked of some people by name, read by whoever sees the ticket,
//! never seen by the customer.

use super::model::Attachment;
use super::row::{self, preview};
use super::words::Words;
use super::{files, reply};
use crate::{Actor, AgentId, AttachmentId, Error, Permission, Result, TicketId, error, people};
use opora_base::{FromRow, Row, Sql, Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// The most open and closed conversations of one ticket.
const MOST_TALKS: i64 = 200;
const MOST_MEMBERS: usize = 50;
const LARGEST_PAGE: i64 = 200;
/// Files and pictures of one message.
const MOST_FILES: usize = 20;

/// Somebody of the department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Colleague {
    /// Their number.
    pub agent_id: AgentId,
    /// Their name.
    pub name: String,
}

/// The last words of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LastWords {
    /// Who said them.
    pub author: Colleague,
    /// How they begin.
    pub text: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
}

/// A conversation among colleagues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Talk {
    /// Its number.
    pub id: i64,
    /// The ticket it is about.
    pub ticket_id: TicketId,
    /// What it is about.
    pub subject: String,
    /// Not closed.
    pub open: bool,
    /// Who is told of it.
    pub members: Vec<Colleague>,
    /// How many messages it has.
    pub messages: i64,
    /// How many of them are new to the reader, who is a member.
    pub unread: i64,
    /// What was said last.
    pub last: Option<LastWords>,
    /// Who began it.
    pub created_by: Colleague,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// Grows with every change of its subject, state or members.
    pub version: i64,
}

/// One message of such a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TalkMessage {
    /// Its number.
    pub id: i64,
    /// Who wrote it.
    pub author: Colleague,
    /// As HTML, safe to show.
    pub body_html: String,
    /// As text.
    pub text: String,
    /// Its files; those shown in the text are `inline`.
    pub attachments: Vec<Attachment>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
}

impl FromRow for TalkMessage {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(TalkMessage {
            id: row.get(0)?,
            author: Colleague { agent_id: row.get(1)?, name: row.get(2)? },
            body_html: row.get(3)?,
            text: row.get(4)?,
            attachments: Vec::new(),
            at: Time(row.get(5)?),
        })
    }
}

/// A conversation with a page of what was said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenTalk {
    /// The conversation.
    pub talk: Talk,
    /// Its messages, the oldest first; the first page holds the latest.
    pub items: Vec<TalkMessage>,
    /// Where older ones are to be had.
    pub next_cursor: Option<String>,
}

/// How many conversations a ticket has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct TalkCount {
    /// Open ones.
    pub open: i64,
    /// Messages in them that the reader, a member, has not seen.
    pub unread: i64,
}

/// A conversation to be begun.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct TalkForm {
    /// What it is about.
    pub subject: String,
    /// Whom it is asked of; whoever begins it is a member anyway.
    pub members: Vec<AgentId>,
    /// The first message.
    pub body_html: String,
    /// Uploads that go with it.
    pub attachments: Vec<AttachmentId>,
}

/// What is to be different; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct TalkChange {
    /// What it is about.
    pub subject: Option<String>,
    /// Close it, or open it again.
    pub open: Option<bool>,
    /// Who else is told of it.
    pub add_members: Vec<AgentId>,
    /// Who is told of it no more.
    pub remove_members: Vec<AgentId>,
    /// The version this person saw.
    pub version: Option<i64>,
}

struct Standing {
    id: i64,
    ticket: TicketId,
    subject: String,
    open: bool,
    messages: i64,
    created_by: Colleague,
    created_at: Time,
    version: i64,
}

impl FromRow for Standing {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Standing {
            id: row.get(0)?,
            ticket: row.get(1)?,
            subject: row.get(2)?,
            open: row.get(3)?,
            messages: row.get(4)?,
            created_by: Colleague { agent_id: row.get(5)?, name: row.get(6)? },
            created_at: Time(row.get(7)?),
            version: row.get(8)?,
        })
    }
}

const STANDING: &str = "SELECT t.id, t.ticket_id, t.subject, t.is_open, t.message_count, t.created_by, a.name, t.created_at, \
    t.version FROM talk t JOIN agent a ON a.id = t.created_by";

/// The conversations of a ticket: open ones first, the latest first.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId) -> Result<Vec<Talk>> {
    row::get(tx, actor, ticket)?;
    let standings: Vec<Standing> = tx.query(
        &format!("{STANDING} WHERE t.ticket_id = $1 ORDER BY t.is_open DESC, t.touched_at DESC, t.id DESC"),
        params![ticket],
    )?;
    standings.into_iter().map(|standing| whole(tx, actor, standing)).collect()
}

/// How many a ticket has, and how much of them is new to the reader.
pub(super) fn count(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId) -> Result<TalkCount> {
    let open: i64 = tx.one("SELECT count(*) FROM talk WHERE ticket_id = $1 AND is_open = TRUE", params![ticket])?;
    if open == 0 {
        return Ok(TalkCount::default());
    }
    let unread: i64 = tx.one(
        "SELECT count(*) FROM talk t JOIN talk_member m ON m.talk_id = t.id AND m.agent_id = $2
         JOIN talk_message s ON s.talk_id = t.id AND s.id > m.seen WHERE t.ticket_id = $1 AND t.is_open = TRUE",
        params![ticket, actor.agent.map_or(0, |agent| agent.0)],
    )?;
    Ok(TalkCount { open, unread })
}

/// Opens a conversation.
pub fn open(tx: &mut Tx<'_>, actor: &Actor, id: i64, cursor: &str, limit: i64) -> Result<OpenTalk> {
    let standing = seen(tx, actor, id, "")?;
    let before = match cursor {
        "" => i64::MAX,
        cursor => cursor.parse().map_err(|_| Error::field("cursor", "malformed", "not a cursor of ours"))?,
    };
    let limit = limit.clamp(1, LARGEST_PAGE);
    let mut items: Vec<TalkMessage> = tx.query(
        "SELECT m.id, m.agent_id, a.name, m.html, m.text, m.at FROM talk_message m JOIN agent a ON a.id = m.agent_id
         WHERE m.talk_id = $1 AND m.id < $2 ORDER BY m.id DESC LIMIT $3",
        params![id, before, limit + 1],
    )?;
    let more = items.len() as i64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(0));
    items.reverse();
    with_files(tx, &mut items)?;
    let next_cursor = items.first().filter(|_| more).map(|first| first.id.to_string());
    Ok(OpenTalk { talk: whole(tx, actor, standing)?, items, next_cursor })
}

/// Notes that a member has read a conversation to its end, and with it what they were told of it.
pub fn mark_seen(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<()> {
    let Some(agent) = actor.agent else { return Ok(()) };
    tx.exec(
        "UPDATE talk_member SET seen = COALESCE((SELECT max(id) FROM talk_message WHERE talk_id = $1), 0)
         WHERE talk_id = $1 AND agent_id = $2",
        params![id, agent],
    )?;
    tx.exec(
        "UPDATE notification SET read = TRUE WHERE agent_id = $2 AND talk_id = $1 AND read = FALSE",
        params![id, agent],
    )?;
    Ok(())
}

/// Begins a conversation.
pub fn begin(
    tx: &mut Tx<'_>,
    actor: &Actor,
    ticket: TicketId,
    form: &TalkForm,
    words: &Words,
    now: Time,
) -> Result<OpenTalk> {
    let me = actor.agent_id()?;
    actor.need(Permission::TicketNote)?;
    row::get(tx, actor, ticket)?;
    let subject = error::line("subject", &form.subject, 200)?;
    let known: i64 = tx.one("SELECT count(*) FROM talk WHERE ticket_id = $1", params![ticket])?;
    if known >= MOST_TALKS {
        return Err(Error::field("subject", "too_many", format!("at most {MOST_TALKS} in a ticket")));
    }
    let id: i64 = tx.one(
        "INSERT INTO talk (ticket_id, subject, created_by, created_at, touched_at) VALUES ($1, $2, $3, $4, $4) RETURNING id",
        params![ticket, &subject, me, now.0],
    )?;
    join(tx, id, ticket, me)?;
    invite(tx, id, ticket, &form.members)?;
    say(tx, actor, id, words, &form.attachments, now)?;
    open(tx, actor, id, "", LARGEST_PAGE)
}

/// Says something in a conversation. Who was no member is one from now on; a closed conversation is open again.
pub fn say(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    words: &Words,
    uploads: &[AttachmentId],
    now: Time,
) -> Result<TalkMessage> {
    let me = actor.agent_id()?;
    actor.need(Permission::TicketNote)?;
    let standing = seen(tx, actor, id, "{for_update}")?;
    let attachments = files::take(tx, actor, uploads, &words.shown, MOST_FILES)?;
    let message: i64 = tx.one(
        "INSERT INTO talk_message (talk_id, agent_id, html, text, at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        params![id, me, &words.html, &words.text, now.0],
    )?;
    for file in &attachments {
        tx.exec(
            "UPDATE attachment SET ticket_id = $2, talk_message_id = $3 WHERE id = $1",
            params![file.id, standing.ticket, message],
        )?;
    }
    join(tx, id, standing.ticket, me)?;
    tx.exec(
        "UPDATE talk SET message_count = message_count + 1, touched_at = $2, is_open = TRUE WHERE id = $1",
        params![id, now.0],
    )?;
    mark_seen(tx, actor, id)?;
    let what = json!({ "talk": id, "talk_message": message });
    event::append(tx, "talk.message", standing.ticket.0, actor.author(), &what, now)?;
    let author = Colleague { agent_id: me, name: reply::writer(tx, actor, "")?.name };
    let (body_html, text) = (words.html.clone(), words.text.clone());
    Ok(TalkMessage { id: message, author, body_html, text, attachments, at: now })
}

/// Changes a conversation.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: i64, change: &TalkChange, now: Time) -> Result<Talk> {
    actor.need(Permission::TicketNote)?;
    let standing = seen(tx, actor, id, "{for_update}")?;
    if change.version.is_some_and(|version| version != standing.version) {
        return Err(Error::TicketChanged { fields: vec!["talk".to_owned()] });
    }
    if let Some(subject) = &change.subject {
        tx.exec("UPDATE talk SET subject = $2 WHERE id = $1", params![id, &error::line("subject", subject, 200)?])?;
    }
    if let Some(open) = change.open {
        tx.exec("UPDATE talk SET is_open = $2 WHERE id = $1", params![id, open])?;
    }
    invite(tx, id, standing.ticket, &change.add_members)?;
    for agent in &change.remove_members {
        tx.exec("DELETE FROM talk_member WHERE talk_id = $1 AND agent_id = $2", params![id, *agent])?;
    }
    tx.exec("UPDATE talk SET version = version + 1 WHERE id = $1", params![id])?;
    let what = json!({ "talk": id, "added": change.add_members });
    event::append(tx, "talk.changed", standing.ticket.0, actor.author(), &what, now)?;
    let standing = seen(tx, actor, id, "")?;
    whole(tx, actor, standing)
}

/// Whom a conversation concerns.
pub(crate) fn members(tx: &mut Tx<'_>, id: i64) -> Result<Vec<AgentId>> {
    Ok(tx.query("SELECT agent_id FROM talk_member WHERE talk_id = $1 ORDER BY agent_id", params![id])?)
}

/// To which conversation a message belongs, and what that is about.
pub fn of_message(tx: &mut Tx<'_>, message: i64) -> Result<Option<(i64, String)>> {
    Ok(tx.opt(
        "SELECT t.id, t.subject FROM talk_message m JOIN talk t ON t.id = m.talk_id WHERE m.id = $1",
        params![message],
    )?)
}

/// What was said in one message.
pub(crate) fn words_of(tx: &mut Tx<'_>, message: i64) -> Result<String> {
    let text: Option<String> = tx.opt("SELECT text FROM talk_message WHERE id = $1", params![message])?;
    Ok(text.unwrap_or_default())
}

fn with_files(tx: &mut Tx<'_>, messages: &mut [TalkMessage]) -> Result<()> {
    let ids: Vec<i64> = messages.iter().map(|message| message.id).collect();
    for found in files::of_talk(tx, &ids)? {
        if let Some(message) = messages.iter_mut().find(|message| message.id == found.message) {
            message.attachments.push(found.file.shown());
        }
    }
    Ok(())
}

fn seen(tx: &mut Tx<'_>, actor: &Actor, id: i64, lock: &str) -> Result<Standing> {
    // The lock is the conversation's alone: joined rows cannot be locked with it everywhere.
    if !lock.is_empty() {
        let found: Option<i64> = tx.opt(&format!("SELECT id FROM talk WHERE id = $1 {lock}"), params![id])?;
        found.ok_or(Error::NotFound("talk"))?;
    }
    let standing: Option<Standing> = tx.opt(&format!("{STANDING} WHERE t.id = $1"), params![id])?;
    let standing = standing.ok_or(Error::NotFound("talk"))?;
    row::get(tx, actor, standing.ticket).map_err(|_| Error::NotFound("talk"))?;
    Ok(standing)
}

fn join(tx: &mut Tx<'_>, id: i64, ticket: TicketId, agent: AgentId) -> Result<()> {
    let added = tx.exec(
        "INSERT INTO talk_member (talk_id, agent_id) VALUES ($1, $2) ON CONFLICT (talk_id, agent_id) DO NOTHING",
        params![id, agent],
    )?;
    if added > 0 {
        let members: i64 = tx.one("SELECT count(*) FROM talk_member WHERE talk_id = $1", params![id])?;
        if members > MOST_MEMBERS as i64 {
            return Err(Error::field("members", "too_many", format!("at most {MOST_MEMBERS}, in ticket {ticket}")));
        }
    }
    Ok(())
}

/// Only who sees the ticket can be asked about it.
fn invite(tx: &mut Tx<'_>, id: i64, ticket: TicketId, agents: &[AgentId]) -> Result<()> {
    if agents.len() > MOST_MEMBERS {
        return Err(Error::field("members", "too_many", format!("at most {MOST_MEMBERS}")));
    }
    let mut blind = Vec::new();
    for agent in agents {
        let reader = people::agents::actor(tx, *agent)
            .map_err(|_| Error::field("members", "unknown", format!("there is no colleague {agent}")))?;
        if row::get(tx, &reader, ticket).is_err() {
            blind.push(agent.to_string());
        }
    }
    if !blind.is_empty() {
        return Err(Error::field("members", "cannot_see", format!("do not see this ticket: {}", blind.join(", "))));
    }
    agents.iter().try_for_each(|agent| join(tx, id, ticket, *agent))
}

fn whole(tx: &mut Tx<'_>, actor: &Actor, standing: Standing) -> Result<Talk> {
    let id = standing.id;
    let members: Vec<(AgentId, String)> = tx.query(
        "SELECT m.agent_id, a.name FROM talk_member m JOIN agent a ON a.id = m.agent_id WHERE m.talk_id = $1 ORDER BY a.name, a.id",
        params![id],
    )?;
    let mut unread = Sql::new(
        "SELECT count(*) FROM talk_member m JOIN talk_message s ON s.talk_id = m.talk_id AND s.id > m.seen WHERE m.talk_id = ",
    );
    unread.bind(id).push(" AND m.agent_id = ").bind(actor.agent.map_or(0, |agent| agent.0));
    let unread: i64 = tx.one(unread.text(), unread.args())?;
    let last: Option<(AgentId, String, String, i64)> = tx.opt(
        "SELECT m.agent_id, a.name, m.text, m.at FROM talk_message m JOIN agent a ON a.id = m.agent_id
         WHERE m.talk_id = $1 ORDER BY m.id DESC LIMIT 1",
        params![id],
    )?;
    Ok(Talk {
        id,
        ticket_id: standing.ticket,
        subject: standing.subject,
        open: standing.open,
        members: members.into_iter().map(|(agent_id, name)| Colleague { agent_id, name }).collect(),
        messages: standing.messages,
        unread,
        last: last.map(|(agent_id, name, text, at)| LastWords {
            author: Colleague { agent_id, name },
            text: preview(&text),
            at: Time(at),
        }),
        created_by: standing.created_by,
        created_at: standing.created_at,
        version: standing.version,
    })
}
