//! A stranger gets an answer by itself: once a ticket, never to a machine, and to the same person at most once a day, whatever
//! comes back. It answers nothing in the sense of the list: the customer still waits for one of us.

use super::policy;
use super::settle::Stranger;
use crate::tickets::{self, Standing, Words, look};
use crate::{Actor, MessageId, Result, templates};
use opora_base::{Time, Tx, params};
use std::time::Duration;

/// The same person is not answered by a machine again within this time, in any ticket.
const SILENCE: Duration = Duration::from_secs(86_400);

const RUSSIAN: &str = "Здравствуйте!\n\nМы получили ваше обращение. Вашего имени нет в списке сотрудников, которым ваша организация поручила обращаться в поддержку, поэтому ответ может занять больше времени. Попросите, пожалуйста, ответственного у вас подтвердить обращение или добавить вас в список.\n\nЭто письмо отправлено автоматически.";
const ENGLISH: &str = "Hello,\n\nwe have received your request. You are not on the list of people whom your organization has named to ask for support, so our answer may take longer. Please ask whoever is responsible there to confirm the request or to put you on the list.\n\nThis message was sent automatically.";

/// Answers a stranger, if nothing speaks against it.
pub(super) fn once(tx: &mut Tx<'_>, stranger: &Stranger, to: MessageId, now: Time) -> Result<()> {
    if stranger.answered_at.is_some() || answered_lately(tx, stranger, now)? {
        return Ok(());
    }
    let Some(words) = words(tx, stranger, now)? else { return Ok(()) };
    let ticket = Standing::lock(tx, stranger.ticket_id)?;
    tickets::answer_by_itself(tx, &ticket, to, &words, now)?;
    tx.exec("UPDATE stranger SET answered_at = $2 WHERE id = $1", params![stranger.id, now.0])?;
    Ok(())
}

fn answered_lately(tx: &mut Tx<'_>, stranger: &Stranger, now: Time) -> Result<bool> {
    let lately: Option<i64> = tx.opt(
        "SELECT 1 FROM stranger WHERE contact_id = $1 AND answered_at > $2 LIMIT 1",
        params![stranger.contact_id, now.minus(SILENCE).0],
    )?;
    Ok(lately.is_some())
}

/// What the answer says: the department's template, or the house's own sentence where there is none. A template with places
/// nobody can fill is not sent.
fn words(tx: &mut Tx<'_>, stranger: &Stranger, now: Time) -> Result<Option<Words>> {
    let template = policy::department_rule(tx)?.template_id;
    if let Some(id) = template
        && templates::get(tx, &Actor::system(), id).is_ok()
    {
        let filled = templates::fill(tx, &Actor::system(), id, stranger.ticket_id, "UTC", now)?;
        return if filled.missing.is_empty() { Words::new(Some(&filled.body_html), None).map(Some) } else { Ok(None) };
    }
    let ticket = look(tx, &Actor::system(), stranger.ticket_id)?;
    let spoken = tickets::language_of(tx, &ticket)?;
    let inbox: String = tx.one("SELECT locale FROM inbox WHERE id = $1", params![ticket.inbox_id])?;
    let text = if spoken.unwrap_or(&inbox) == "ru" { RUSSIAN } else { ENGLISH };
    Words::new(None, Some(text)).map(Some)
}
