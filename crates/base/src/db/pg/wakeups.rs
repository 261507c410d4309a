//! Wake-ups between processes: NOTIFY after the commit, many at once, and LISTEN.
//!
//! NOTIFY inside the business transaction would hold a lock across the server's WAL flush and switch its group commit
//! off. So one thread notifies afterwards, at most every few milliseconds, and a lost notification is no harm: whoever
//! starts to listen is woken once for whatever came before.

use super::{PgConn, Purpose};
use crate::Result;
use crate::db::config::Config;
use crate::db::shared::Shared;
use postgres::fallible_iterator::FallibleIterator;
use std::time::Duration;

/// Commits within this time share a notification.
const COALESCED: Duration = Duration::from_millis(3);
/// Pause after a connection failed.
const PAUSE: Duration = Duration::from_millis(500);
/// How often the listener looks whether the store was closed.
const LISTEN_FOR: Duration = Duration::from_millis(200);

/// Tells the other processes.
pub(super) fn notify(url: &str, config: &Config, shared: &Shared) {
    let mut conn: Option<PgConn> = None;
    while shared.bell.wait_for_news() {
        let told = match conn.take() {
            Some(open) => Ok(open),
            None => PgConn::open(url, config, Purpose::Waking),
        }
        .and_then(|mut open| open.run("NOTIFY opora").map(|()| open));
        match told {
            Ok(open) => {
                conn = Some(open);
                shared.bell.wait_for_close(COALESCED);
            }
            Err(error) => {
                tracing::warn!(%error, "other processes could not be notified");
                if shared.bell.wait_for_close(PAUSE) {
                    return;
                }
                shared.bell.tell_again();
            }
        }
    }
}

/// Hears the other processes.
pub(super) fn listen(url: &str, config: &Config, shared: &Shared) {
    loop {
        match listen_on_one_connection(url, config, shared) {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "not listening to other processes for a moment"),
        }
        if shared.bell.wait_for_close(PAUSE) {
            return;
        }
    }
}

/// Until the store is closed (`Ok`) or the connection breaks.
fn listen_on_one_connection(url: &str, config: &Config, shared: &Shared) -> Result<()> {
    let mut conn = PgConn::open(url, config, Purpose::Waking)?;
    conn.run("LISTEN opora")?;
    // Whatever came while nobody listened.
    shared.bell.ring();
    loop {
        let heard = conn.client().notifications().timeout_iter(LISTEN_FOR).next()?;
        if heard.is_some() {
            shared.bell.ring();
        }
        if shared.bell.wait_for_close(Duration::ZERO) {
            return Ok(());
        }
    }
}
