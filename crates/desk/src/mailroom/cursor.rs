//! How far a mailbox was read: UIDVALIDITY and the last UID, moved in the same transaction as the mail is kept.

use crate::{InboxId, Result};
use opora_base::{Tx, params};

/// A place in an IMAP mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The mailbox's incarnation.
    pub uidvalidity: u32,
    /// The last message read in it.
    pub last_uid: u32,
}

/// Where the inbox's mailbox was left.
pub fn get(tx: &mut Tx<'_>, inbox: InboxId) -> Result<Option<Position>> {
    let row: Option<(u32, u32)> =
        tx.opt("SELECT uidvalidity, last_uid FROM imap_cursor WHERE inbox_id = $1", params![inbox])?;
    Ok(row.map(|(uidvalidity, last_uid)| Position { uidvalidity, last_uid }))
}

/// Moves on. Within one incarnation it never goes back.
pub fn put(tx: &mut Tx<'_>, inbox: InboxId, to: Position) -> Result<()> {
    tx.exec(
        "INSERT INTO imap_cursor (inbox_id, uidvalidity, last_uid) VALUES ($1, $2, $3)
         ON CONFLICT (inbox_id) DO UPDATE SET uidvalidity = excluded.uidvalidity, last_uid = excluded.last_uid
         WHERE imap_cursor.uidvalidity <> excluded.uidvalidity OR imap_cursor.last_uid < excluded.last_uid",
        params![inbox, to.uidvalidity, to.last_uid],
    )?;
    Ok(())
}
