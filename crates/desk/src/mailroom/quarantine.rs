//! What could not be understood, and what machines sent unasked: looked at, tried again, made a ticket, or thrown away.

use super::intake::{fetch, keep_files};
use super::receive::{self, How, Outcome};
use super::understand::{Understood, understand};
use crate::{Actor, Error, InboundId, InboxId, Permission, Result, TicketId};
use bytes::Bytes;
use opora_base::blob::Blobs;
use opora_base::{Store, Time, Tx, event, params};
use opora_mail::Limits;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A mail laid aside.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Laid {
    /// Its number.
    pub id: InboundId,
    /// The inbox it was for, if that is known.
    pub inbox_id: Option<InboxId>,
    /// Who seems to have written it.
    pub from: String,
    /// What it seems to be about.
    pub subject: String,
    /// Why it lies here, in words.
    pub reason: String,
    /// The same as a stable code.
    pub reason_code: String,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Time,
    /// Bytes.
    pub size: i64,
}

/// Which of the two piles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pile {
    /// Could not be understood: a person must look.
    #[default]
    Quarantined,
    /// Machines' mail that belongs to no ticket.
    Aside,
}

impl Pile {
    const fn state(self) -> &'static str {
        match self {
            Pile::Quarantined => "quarantined",
            Pile::Aside => "aside",
        }
    }
}

/// A pile, the latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LaidPage {
    /// The mails.
    pub items: Vec<Laid>,
    /// How many there are in all.
    pub total: i64,
}

/// Lists a pile.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, pile: Pile, limit: i64) -> Result<LaidPage> {
    actor.need(Permission::QuarantineManage)?;
    type Columns = (InboundId, Option<InboxId>, String, String, Option<String>, Option<String>, i64, i64);
    let rows: Vec<Columns> = tx.query(
        "SELECT id, inbox_id, from_text, subject, reason, reason_code, received_at, size FROM inbound
         WHERE state = $1 ORDER BY id DESC LIMIT $2",
        params![pile.state(), limit.clamp(1, 1_000)],
    )?;
    let items = rows
        .into_iter()
        .map(|(id, inbox_id, from, subject, reason, code, received_at, size)| Laid {
            id,
            inbox_id,
            from,
            subject,
            reason: reason.unwrap_or_default(),
            reason_code: code.unwrap_or_default(),
            received_at: Time(received_at),
            size,
        })
        .collect();
    let total = tx.one("SELECT count(*) FROM inbound WHERE state = $1", params![pile.state()])?;
    Ok(LaidPage { items, total })
}

/// How many mails wait to be received, and how many wait for a person.
pub fn backlog(tx: &mut Tx<'_>) -> Result<(i64, i64)> {
    let waiting = tx.one("SELECT count(*) FROM inbound WHERE state = 'new'", &[])?;
    let quarantined = tx.one("SELECT count(*) FROM inbound WHERE state = 'quarantined'", &[])?;
    Ok((waiting, quarantined))
}

/// The mail as it came.
pub async fn raw(store: &Store, blobs: &Blobs, actor: &Actor, id: InboundId) -> Result<Bytes> {
    actor.need(Permission::QuarantineManage)?;
    bytes_of(store, blobs, id, &["quarantined", "aside"]).await.map(|(bytes, _)| bytes)
}

/// The original of a message in a ticket this person may see.
pub async fn raw_of_message(store: &Store, blobs: &Blobs, actor: &Actor, id: crate::MessageId) -> Result<Bytes> {
    let actor = actor.clone();
    let inbound: Option<InboundId> = store
        .read(move |tx| {
            crate::tickets::message(tx, &actor, id)?;
            Ok::<_, Error>(tx.one("SELECT inbound_id FROM message WHERE id = $1", params![id])?)
        })
        .await?;
    let inbound = inbound.ok_or(Error::NotFound("original"))?;
    bytes_of(store, blobs, inbound, &["done"]).await.map(|(bytes, _)| bytes)
}

async fn bytes_of(
    store: &Store,
    blobs: &Blobs,
    id: InboundId,
    states: &'static [&'static str],
) -> Result<(Bytes, String)> {
    type Columns = (Option<Vec<u8>>, Option<String>, String, String);
    let row: Option<Columns> = store
        .read(move |tx| {
            Ok::<_, Error>(tx.opt(
                "SELECT r.raw, i.raw_digest, i.state, i.envelope_from FROM inbound i
                 LEFT JOIN inbound_raw r ON r.inbound_id = i.id WHERE i.id = $1",
                params![id],
            )?)
        })
        .await?;
    let (raw, digest, state, sender) = row.ok_or(Error::NotFound("mail"))?;
    if !states.contains(&state.as_str()) {
        return Err(Error::NotFound("mail"));
    }
    Ok((fetch(blobs, raw, digest).await?, sender))
}

/// Puts a quarantined mail back to the others: it is read again by the rules.
pub fn retry(tx: &mut Tx<'_>, actor: &Actor, id: InboundId, now: Time) -> Result<()> {
    actor.need(Permission::QuarantineManage)?;
    let moved = tx.exec(
        "UPDATE inbound SET state = 'new', reason = NULL, reason_code = NULL, attempts = 0
         WHERE id = $1 AND state = 'quarantined'",
        params![id],
    )?;
    settled(tx, actor, id, moved, "mail.retried", now)
}

/// Throws a mail away: it is kept no longer.
pub fn discard(tx: &mut Tx<'_>, actor: &Actor, id: InboundId, now: Time) -> Result<()> {
    actor.need(Permission::QuarantineManage)?;
    let moved = tx.exec(
        "UPDATE inbound SET state = 'discarded' WHERE id = $1 AND state IN ('quarantined', 'aside')",
        params![id],
    )?;
    tx.exec("DELETE FROM inbound_raw WHERE inbound_id = $1", params![id])?;
    settled(tx, actor, id, moved, "mail.discarded", now)
}

fn settled(tx: &mut Tx<'_>, actor: &Actor, id: InboundId, moved: u64, kind: &str, now: Time) -> Result<()> {
    if moved != 1 {
        return Err(Error::NotFound("mail"));
    }
    event::append(tx, kind, 0, actor.author(), &json!({ "inbound": id }), now)?;
    Ok(())
}

/// Makes a ticket of it anyway, with as much as can be understood and the whole mail as a file if need be.
pub async fn make_ticket(
    store: &Store,
    blobs: &Blobs,
    limits: &Limits,
    actor: &Actor,
    id: InboundId,
    now: Time,
) -> Result<TicketId> {
    actor.need(Permission::QuarantineManage)?;
    let (raw, sender) = bytes_of(store, blobs, id, &["quarantined", "aside"]).await?;
    let ours: Vec<String> = store.get(crate::department::inboxes::all_addresses).await?;
    let mail = match understand(&raw, limits, &ours) {
        Ok(mail) => mail,
        Err(_) => Understood::of_the_unreadable(&raw, &sender, limits),
    };
    keep_files(blobs, &mail).await?;
    let outcome = store.write(move |tx| receive::receive(tx, id, &mail, How::AsTicket, now)).await?;
    match outcome {
        Outcome::Message(ticket, _) => Ok(ticket),
        Outcome::Quarantined => Err(Error::field("id", "no_inbox", "there is no inbox yet to put it into")),
        _ => Err(Error::NotFound("mail")),
    }
}
