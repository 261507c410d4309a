//! To which ticket a mail belongs.
//!
//! In this order: a Message-ID it answers is one of ours or one we received; the plus-address it was sent to carries a
//! ticket's token; its subject carries a ticket's number *and* it comes from somebody who already takes part. Never by the
//! subject's words alone.

use super::understand::Understood;
use crate::tickets::Address;
use crate::{Result, TicketId, error};
use opora_base::{Tx, params, setting};
use serde_json::Value;
use sha2::{Digest, Sha256};

const SECRET: &str = "mail.plus_secret";

/// The ticket this mail answers, if any. `received_at` are the addresses it came to.
pub(super) fn find(tx: &mut Tx<'_>, mail: &Understood, came_to: &[String], sender: &str) -> Result<Option<TicketId>> {
    for id in &mail.answers {
        let known: Option<TicketId> =
            tx.opt("SELECT ticket_id FROM mail_id WHERE mail_id = $1 ORDER BY message_id DESC LIMIT 1", params![id])?;
        if known.is_some() {
            return Ok(known);
        }
    }
    if let Some(ticket) = by_plus_address(tx, mail, came_to)? {
        return Ok(Some(ticket));
    }
    by_subject(tx, &mail.subject, sender)
}

fn by_plus_address(tx: &mut Tx<'_>, mail: &Understood, came_to: &[String]) -> Result<Option<TicketId>> {
    let header = mail.to.iter().chain(&mail.cc).map(|a| a.address.as_str());
    for address in came_to.iter().map(String::as_str).chain(header) {
        let Some((local, _)) = address.rsplit_once('@') else { continue };
        let Some((number, code)) = local.rsplit_once('+').and_then(|(_, token)| token.split_once('-')) else {
            continue;
        };
        let Ok(number) = number.parse::<i64>() else { continue };
        let secret: Option<String> = setting::get(tx, SECRET)?;
        if secret.is_some_and(|secret| token_code(&secret, TicketId(number)) == code.to_lowercase()) {
            let known = tx.opt("SELECT id FROM ticket WHERE id = $1", params![number])?;
            if known.is_some() {
                return Ok(known);
            }
        }
    }
    Ok(None)
}

fn by_subject(tx: &mut Tx<'_>, subject: &str, sender: &str) -> Result<Option<TicketId>> {
    let Some(number) = opora_mail::subject_token(subject).and_then(|n| i64::try_from(n).ok()) else { return Ok(None) };
    let row: Option<(TicketId, i64, Value)> =
        tx.opt("SELECT id, contact_id, cc FROM ticket WHERE id = $1", params![number])?;
    let Some((ticket, contact, cc)) = row else { return Ok(None) };
    let key = error::address_key(sender);
    let theirs: Option<i64> =
        tx.opt("SELECT 1 FROM contact_address WHERE address_key = $1 AND contact_id = $2", params![&key, contact])?;
    let copied = serde_json::from_value::<Vec<Address>>(cc).unwrap_or_default();
    let takes_part = theirs.is_some() || copied.iter().any(|a| error::address_key(&a.address) == key);
    Ok(takes_part.then_some(ticket))
}

/// The address that leads an answer to this ticket even when its references are lost: `support+1042-1f9a…@…`.
pub fn plus_address(tx: &mut Tx<'_>, ticket: TicketId, address: &str) -> Result<String> {
    let secret = match setting::get::<String>(tx, SECRET)? {
        Some(secret) => secret,
        None => {
            let secret = format!("{:032x}", rand::random::<u128>());
            setting::put(tx, SECRET, &secret)?;
            secret
        }
    };
    let code = token_code(&secret, ticket);
    Ok(match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}+{ticket}-{code}@{domain}"),
        None => address.to_owned(),
    })
}

/// Sixteen hexadecimal digits that nobody guesses.
fn token_code(secret: &str, ticket: TicketId) -> String {
    let hash = Sha256::digest(format!("plus:{secret}:{ticket}").as_bytes());
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
