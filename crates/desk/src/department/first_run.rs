//! The first steps of a department: a mailbox, colleagues, a first ticket. Seen by whoever may set it up, until they are done
//! with it.

use crate::{Actor, Permission, Result};
use opora_base::{Tx, setting};
use serde::Serialize;
use utoipa::ToSchema;

const DISMISSED: &str = "first_run.dismissed";

/// How far a department has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FirstRun {
    /// Somebody has put the guide away.
    pub dismissed: bool,
    /// In their order.
    pub steps: Vec<FirstStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FirstStep {
    /// "mailbox", "colleagues" or "first_ticket".
    pub key: &'static str,
    /// It is done.
    pub done: bool,
}

/// How far this department has come. Who may not set it up has nothing to do.
pub fn state(tx: &mut Tx<'_>, actor: &Actor) -> Result<FirstRun> {
    let dismissed = !actor.may(Permission::InboxManage) || setting::get(tx, DISMISSED)?.unwrap_or(false);
    let mut any = |sql: &str| -> Result<bool> { Ok(tx.opt::<i64>(sql, &[])?.is_some()) };
    let steps = vec![
        FirstStep { key: "mailbox", done: any("SELECT 1 FROM inbox LIMIT 1")? },
        FirstStep { key: "colleagues", done: any("SELECT 1 FROM agent ORDER BY id LIMIT 1 OFFSET 1")? },
        FirstStep { key: "first_ticket", done: any("SELECT 1 FROM ticket LIMIT 1")? },
    ];
    Ok(FirstRun { dismissed, steps })
}

/// Puts the guide away for everybody, or brings it back.
pub fn dismiss(tx: &mut Tx<'_>, actor: &Actor, away: bool) -> Result<()> {
    actor.need(Permission::InboxManage)?;
    setting::put(tx, DISMISSED, &away)?;
    Ok(())
}
