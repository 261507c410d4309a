//! The letter that asks an organization's owner about a stranger, as whoever carries letters needs it.

use super::Entitlement;
use super::hold::{self, Asked};
use super::settle::Stranger;
use crate::department::inboxes::{self, Inbox};
use crate::mailroom;
use crate::tickets::{Address, Standing};
use crate::{Error, Result, TicketId};
use opora_base::{Time, Tx, params, setting};

const BASE_URL: &str = "entitlement.base_url";

/// Remembers where the department is reached, for the links of letters that a rule will send later. Whoever makes such a rule
/// is there by that address.
pub fn remember_base_url(tx: &mut Tx<'_>, url: &str) -> Result<()> {
    if setting::get::<String>(tx, BASE_URL)?.as_deref() != Some(url) {
        setting::put(tx, BASE_URL, &url)?;
    }
    Ok(())
}

/// A question to an owner.
#[derive(Clone, Debug)]
pub struct Question {
    /// To whom.
    pub to: Address,
    /// What it asks.
    pub asked: Asked,
    /// Which ticket waits.
    pub ticket: TicketId,
    /// The signed part of its links.
    pub token: String,
    /// Until when it can be answered.
    pub until: Time,
    /// From which inbox it goes: the ticket's own, or else the first that can send.
    pub inbox: Option<Inbox>,
    /// Where a plain answer goes, so that it comes to the ticket.
    pub reply_to: Option<String>,
    /// Where the department is reached, as far as a colleague's browser has told.
    pub base_url: Option<String>,
}

/// The question of this case; nothing when it needs no answer any more.
pub fn question(tx: &mut Tx<'_>, case: i64, now: Time) -> Result<Option<Question>> {
    let stranger = match Stranger::get(tx, case) {
        Ok(stranger) => stranger,
        Err(Error::LinkExpired) => return Ok(None),
        Err(error) => return Err(error),
    };
    let until = Time(stranger.expires_at.unwrap_or_default());
    let (Some(owner), Entitlement::Held, true) = (stranger.owner_id, stranger.state, until > now) else {
        return Ok(None);
    };
    let (name, address): (String, String) =
        tx.one("SELECT name, address FROM contact WHERE id = $1", params![owner])?;
    let ticket = Standing::read(tx, stranger.ticket_id)?;
    let own = inboxes::get(tx, ticket.inbox_id)?;
    let inbox = match own.smtp {
        Some(_) => Some(own),
        None => inboxes::list(tx)?.into_iter().find(|inbox| inbox.smtp.is_some()),
    };
    let reply_to = match inbox.as_ref().filter(|inbox| inbox.plus_address) {
        Some(inbox) => Some(mailroom::plus_address(tx, ticket.id, &inbox.address)?),
        None => None,
    };
    let base_url = setting::get(tx, BASE_URL)?;
    Ok(Some(Question {
        to: Address { name, address },
        asked: hold::describe(tx, &stranger)?,
        ticket: ticket.id,
        token: hold::token(tx, &stranger)?,
        until,
        inbox,
        reply_to,
        base_url,
    }))
}
