//! What stands beside an open ticket: the frame of an answer, the customer, what they asked before, and the
//! deadlines; in the same snapshot, so that a screen needs one question for all of it.

use super::frame::{Frame, frame};
use super::list::{ListAsk, TicketPage, list};
use super::row;
use crate::contacts::{self, Contact};
use crate::sla::{self, TicketClock};
use crate::{Actor, Error, Result, TicketId};
use opora_base::{Time, Tx};
use opora_query::Language;
use serde::Serialize;
use utoipa::ToSchema;

/// So many of the customer's tickets, the newest first: a screenful.
const PAST: i64 = 8;

/// What stands beside an open ticket.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Beside {
    /// As `/tickets/{id}/reply-frame` gives it.
    pub frame: Frame,
    /// As `/contacts/{id}` gives it; absent for who may not see it.
    pub contact: Option<Contact>,
    /// As `/tickets?q=contact:{id}&sort=created&limit=8` gives it.
    pub past: TicketPage,
    /// As `/tickets/{id}/sla` gives them.
    pub sla: Vec<TicketClock>,
}

/// What stands beside this ticket.
pub fn beside(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, now: Time) -> Result<Beside> {
    let customer = row::get(tx, actor, id)?.contact.id;
    let contact = match contacts::get(tx, actor, customer) {
        Ok(contact) => Some(contact),
        Err(Error::Forbidden(_) | Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let past = ListAsk::parse(&format!("contact:{customer}"), "created", "", Some(PAST), Language::English)?;
    let past = list(tx, actor, &past, now)?;
    Ok(Beside { frame: frame(tx, actor, id, None)?, contact, past, sla: sla::clocks(tx, actor, id, now)? })
}
