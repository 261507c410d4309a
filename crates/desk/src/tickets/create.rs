//! A ticket comes into being: from a mail, or by the hand of a colleague or a program.

use super::model::{Address, MessageKind, MessageState, Priority, Recipients, Status, Writer};
use super::reply::MessageForm;
use super::row::{NOBODY_WAITS, preview, waiting};
use super::tally::{self, Place};
use super::words::Words;
use super::{change, files, message, reply};
use crate::department::inboxes;
use crate::entitlement::{Heard, weigh};
use crate::plans;
use crate::{
    Actor, AgentId, AttachmentId, BrandId, ContactId, Error, InboxId, MessageId, Permission, Result, TeamId, TicketId,
};
use crate::{contacts, error};
use opora_base::{Time, Tx, event, params};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// A ticket about to be: only what every way of making one knows.
#[derive(Clone, Debug)]
pub(crate) struct NewTicket<'a> {
    pub(crate) subject: &'a str,
    pub(crate) status: Status,
    pub(crate) priority: Priority,
    pub(crate) channel: &'a str,
    pub(crate) contact: ContactId,
    pub(crate) inbox: InboxId,
    pub(crate) brand: BrandId,
    pub(crate) team: Option<TeamId>,
    pub(crate) assignee: Option<AgentId>,
    pub(crate) previous: Option<TicketId>,
    pub(crate) cc: &'a [Address],
    pub(crate) tags: &'a [String],
    pub(crate) opening: Opening<'a>,
    pub(crate) at: Time,
}

/// What the list shows of the first words, as far as they are known before the ticket's row is written. The row stands in
/// a dozen indexes by these times: writing them with it instead of after it spares most of the work of a new ticket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening<'a> {
    pub(crate) words: &'a str,
    /// "customer" or "agent".
    pub(crate) last_author: &'a str,
    pub(crate) messages: usize,
    pub(crate) files: usize,
    /// [`NOBODY_WAITS`] when nobody does.
    pub(crate) waiting_since: Time,
    pub(crate) updated_at: Time,
}

impl Opening<'_> {
    /// Nothing was said yet.
    pub(crate) fn silent(at: Time) -> Self {
        Opening {
            words: "",
            last_author: "customer",
            messages: 0,
            files: 0,
            waiting_since: NOBODY_WAITS,
            updated_at: at,
        }
    }

    /// A customer's first message, for which they wait since `at`.
    pub(crate) fn by_customer(first: &message::NewMessage) -> Opening<'_> {
        Opening {
            words: &first.visible,
            last_author: "customer",
            messages: 1,
            files: first.files(),
            waiting_since: first.at,
            updated_at: first.at,
        }
    }
}

/// Writes the ticket's row and counts it, without any message yet.
pub(crate) fn begin(tx: &mut Tx<'_>, actor: &Actor, new: &NewTicket<'_>) -> Result<TicketId> {
    let id = begin_uncounted(tx, actor, new)?;
    let place = Place { status: new.status, inbox: new.inbox, team: new.team, assignee: new.assignee };
    tally::added(tx, &place)?;
    Ok(id)
}

/// Writes the ticket's row; whoever calls sees to the counts.
pub(crate) fn begin_uncounted(tx: &mut Tx<'_>, actor: &Actor, new: &NewTicket<'_>) -> Result<TicketId> {
    let subject: String = new.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect();
    let id: TicketId = tx.one(
        "INSERT INTO ticket (subject, status, active, priority, channel, contact_id, inbox_id, brand_id, team_id,
           assignee_id, preview, last_author, message_count, attachment_count, waiting_since, previous_ticket_id, tags,
           cc, created_at, updated_at, changed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
         RETURNING id",
        params![
            subject.trim(),
            new.status,
            new.status.is_active(),
            new.priority.number(),
            new.channel,
            new.contact,
            new.inbox,
            new.brand,
            new.team,
            new.assignee,
            preview(new.opening.words),
            new.opening.last_author,
            i64::try_from(new.opening.messages).unwrap_or(0),
            i64::try_from(new.opening.files).unwrap_or(0),
            new.opening.waiting_since.0,
            new.previous,
            json!(new.tags),
            json!(new.cc),
            new.at.0,
            new.opening.updated_at.0,
            json!({})
        ],
    )?;
    let what = json!({ "channel": new.channel, "previous": new.previous });
    event::append(tx, "ticket.created", id.0, actor.author(), &what, new.at)?;
    Ok(id)
}

/// A ticket as a colleague or a program asks for it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TicketForm {
    /// Which inbox it belongs to.
    pub inbox_id: InboxId,
    /// Whose it is; made when new.
    pub contact: Address,
    /// What it is about.
    pub subject: String,
    /// "customer" (their words: a call, a program), "reply" (we write first) or "note".
    pub kind: String,
    /// The first words, as text.
    #[serde(default)]
    pub body_text: Option<String>,
    /// The first words, as HTML.
    #[serde(default)]
    pub body_html: Option<String>,
    /// Files uploaded before.
    #[serde(default)]
    pub attachments: Vec<AttachmentId>,
    /// Who else gets the answers.
    #[serde(default)]
    pub cc: Vec<Address>,
    /// Who has it.
    #[serde(default)]
    pub assignee_id: Option<AgentId>,
    /// Which team; the inbox's own when absent.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// How pressing it is.
    #[serde(default)]
    pub priority: Priority,
    /// Put greeting, closing and signature around a reply.
    #[serde(default)]
    pub frame: bool,
}

/// Makes a ticket with its first message.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &TicketForm, words: &Words, now: Time) -> Result<TicketId> {
    actor.need(Permission::TicketEdit)?;
    let subject = error::line("subject", &form.subject, 500)?;
    let address = error::address("contact", &form.contact.address)?;
    let inbox = inboxes::get(tx, form.inbox_id).map_err(|_| Error::field("inbox_id", "unknown", "no such inbox"))?;
    let team = form.team_id.or(inbox.team_id);
    if !actor.sees(inbox.id, team, form.assignee_id) {
        return Err(Error::Forbidden("ticket.view_all"));
    }
    let contact = contacts::by_address(tx, &address, &form.contact.name, now)?;
    let cc = change::clean_addresses("cc", &form.cc)?;
    // What the customer asks goes where their plan says; what we begin ourselves stays with whoever begins it.
    let by_plan = if form.kind == "customer" { plans::route(tx, contact)? } else { plans::Route::default() };
    let new = NewTicket {
        subject: &subject,
        status: if form.kind == "customer" { Status::New } else { Status::Open },
        priority: form.priority,
        channel: if form.kind == "customer" { "api" } else { "mail" },
        contact,
        inbox: inbox.id,
        brand: inbox.brand_id,
        team: by_plan.team.or(inbox.team_id),
        assignee: by_plan.assignee,
        previous: None,
        cc: &cc,
        tags: &[],
        opening: Opening::silent(now),
        at: now,
    };
    let id = begin(tx, actor, &new)?;
    by_plan.tell(tx, id, now)?;
    let first = MessageForm {
        kind: form.kind.clone(),
        attachments: form.attachments.clone(),
        frame: form.frame,
        ..Default::default()
    };
    match form.kind.as_str() {
        "customer" => customer_words(tx, actor, id, contact, &address, form, words, now)?,
        "reply" | "note" => {
            reply::write(tx, actor, id, &first, words, now)?;
        }
        _ => return Err(Error::field("kind", "unknown", "must be \"customer\", \"reply\" or \"note\"")),
    }
    let wanted = change::Change {
        assignee_id: form.assignee_id.map(Some),
        team_id: form.team_id.map(Some),
        tags: (!form.tags.is_empty()).then(|| form.tags.clone()),
        ..Default::default()
    };
    change::change(tx, actor, id, &wanted, now)?;
    Ok(id)
}

#[allow(clippy::too_many_arguments)]
fn customer_words(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: TicketId,
    contact: ContactId,
    address: &str,
    form: &TicketForm,
    words: &Words,
    now: Time,
) -> Result<()> {
    let attachments = files::take(tx, actor, &form.attachments, &words.shown, 50)?;
    let visible = opora_mail::visible_reply(&words.text);
    let new = message::NewMessage {
        kind: MessageKind::Customer,
        author: Writer {
            kind: "contact".to_owned(),
            id: Some(contact.0),
            name: form.contact.name.clone(),
            address: address.to_owned(),
        },
        recipients: Recipients::default(),
        subject: form.subject.clone(),
        text: words.text.clone(),
        quoted_lines: i64::try_from(visible.quoted_lines).unwrap_or(0),
        visible: visible.text,
        html: Some(words.html.clone()),
        remote_images: 0,
        attachments,
        mail_id: None,
        in_reply_to: None,
        mail_refs: String::new(),
        state: MessageState::Received,
        undo_until: None,
        mentions: Vec::new(),
        inbound_id: None,
        at: now,
    };
    let message = message::insert(tx, id, &new)?;
    customer_wrote(tx, id, message.0, &new, now)?;
    event::append(tx, "message.received", id.0, actor.author(), &json!({ "message": message }), now)?;
    let heard = Heard { ticket: id, author: contact, message, by_itself: false, answerable: false };
    weigh(tx, &heard, now)
}

/// What a customer's message changes in the list: the last words, who wrote them, since when they wait. The first
/// message of a wait counts.
pub(crate) fn customer_wrote(
    tx: &mut Tx<'_>,
    id: TicketId,
    message: i64,
    new: &message::NewMessage,
    at: Time,
) -> Result<()> {
    tx.exec(
        "UPDATE ticket SET preview = $2, last_author = 'customer', message_count = message_count + 1,
           attachment_count = attachment_count + $3, last_message_id = $4,
           waiting_since = CASE WHEN waiting_since < $5 THEN waiting_since ELSE $5 END,
           updated_at = {greatest}(updated_at, $6), version = version + 1 WHERE id = $1",
        params![id, &preview(&new.visible), i64::try_from(new.files()).unwrap_or(0), message, waiting(Some(at)), at.0],
    )?;
    reply::hold_scheduled(tx, id, at)?;
    Ok(())
}

/// The newest message of a ticket whose row already tells of it.
pub(crate) fn points_at(tx: &mut Tx<'_>, id: TicketId, newest: MessageId) -> Result<()> {
    tx.exec("UPDATE ticket SET last_message_id = $2 WHERE id = $1", params![id, newest])?;
    Ok(())
}
