//! The door: a mail is kept, byte for byte, before anybody says it was accepted.

use crate::{InboundId, InboxId, Result, department::inboxes};
use bytes::Bytes;
use opora_base::blob::Blobs;
use opora_base::{Store, Time, Tx, params};
use serde_json::json;

/// Mails up to this size lie in the database, in the same sync as their row; larger ones beside it
/// (docs/decisions/0002).
pub const INLINE_LIMIT: usize = 256 * 1024;

/// A mail at the door.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The inbox it is for, when the channel knows; else the recipients decide.
    pub inbox: Option<InboxId>,
    /// How it came: "lmtp", "smtp", "imap", "api", "import", "demo".
    pub route: &'static str,
    /// The envelope's sender; empty for none.
    pub envelope_from: String,
    /// The envelope's recipients.
    pub envelope_to: Vec<String>,
    /// The mail.
    pub raw: Bytes,
    /// It is history (an import): nobody is waiting for an answer to it.
    pub historic: bool,
}

/// Keeps a mail. When this answers, the mail is durable; it is read later.
pub async fn accept(store: &Store, blobs: &Blobs, arrival: Arrival, now: Time) -> Result<InboundId> {
    let digest = if arrival.raw.len() > INLINE_LIMIT { Some(blobs.put(arrival.raw.clone()).await?) } else { None };
    store.write(move |tx| keep(tx, &arrival, digest.as_deref(), now)).await
}

fn keep(tx: &mut Tx<'_>, arrival: &Arrival, digest: Option<&str>, now: Time) -> Result<InboundId> {
    let id: InboundId = tx.one(
        "INSERT INTO inbound (inbox_id, route, envelope_from, envelope_to, raw_digest, size, historic, state, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'new', $8) RETURNING id",
        params![
            arrival.inbox,
            arrival.route,
            &arrival.envelope_from,
            json!(arrival.envelope_to),
            digest,
            i64::try_from(arrival.raw.len()).unwrap_or(i64::MAX),
            arrival.historic,
            now.0
        ],
    )?;
    if digest.is_none() {
        keep_raw(tx, id, &arrival.raw)?;
    }
    tx.wake();
    Ok(id)
}

fn keep_raw(tx: &mut Tx<'_>, id: InboundId, raw: &[u8]) -> Result<()> {
    tx.exec("INSERT INTO inbound_raw (inbound_id, raw) VALUES ($1, $2)", params![id, raw])?;
    Ok(())
}

/// Is mail for this address taken here? `postmaster` of a domain of ours is.
pub fn accepts(tx: &mut Tx<'_>, address: &str) -> Result<bool> {
    if inboxes::by_address(tx, address)?.is_some() {
        return Ok(true);
    }
    Ok(address.to_lowercase().starts_with("postmaster") && postmaster_inbox(tx, address)?.is_some())
}

/// RFC 5321, 4.5.1: whoever has addresses at a domain takes mail for its postmaster.
pub(super) fn postmaster_inbox(tx: &mut Tx<'_>, address: &str) -> Result<Option<InboxId>> {
    let address = address.to_lowercase();
    let Some(rest) = address.strip_prefix("postmaster") else { return Ok(None) };
    let inboxes: Vec<(String, InboxId)> =
        tx.query("SELECT address_key, inbox_id FROM inbox_address ORDER BY inbox_id", &[])?;
    Ok(inboxes.into_iter().find(|(ours, _)| rest.is_empty() || ours.ends_with(rest)).map(|(_, id)| id))
}

/// Notes a mail that could not be fetched (too large, refused by its server): its header lies in the quarantine, so that a
/// person sees that it exists. Noted once.
pub fn pass_over(
    tx: &mut Tx<'_>,
    inbox: InboxId,
    header: &[u8],
    size: i64,
    code: &str,
    reason: &str,
    now: Time,
) -> Result<()> {
    let fingerprint = format!("passed:{inbox}:{}", opora_base::blob::digest(header));
    let headers = opora_mail::parse(header).ok();
    let from = headers.as_ref().and_then(|mail| mail.from.as_ref()).map(|a| a.email.clone()).unwrap_or_default();
    let subject = headers.map(|mail| mail.subject).unwrap_or_default();
    let known: Option<i64> =
        tx.opt("SELECT inbound_id FROM inbound_fingerprint WHERE fingerprint = $1", params![&fingerprint])?;
    if known.is_some() {
        return Ok(());
    }
    let id: InboundId = tx.one(
        "INSERT INTO inbound (inbox_id, route, envelope_from, envelope_to, size, state, fingerprint, received_at)
         VALUES ($1, 'imap', '', $2, $3, 'new', $4, $5) RETURNING id",
        params![inbox, json!([]), size, &fingerprint, now.0],
    )?;
    keep_raw(tx, id, header)?;
    tx.exec("INSERT INTO inbound_fingerprint (fingerprint, inbound_id) VALUES ($1, $2)", params![&fingerprint, id])?;
    super::receive::lay_aside(tx, id, code, reason, &from, &subject, now)
}
