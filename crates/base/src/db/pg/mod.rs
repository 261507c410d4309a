//! PostgreSQL: threads that own one connection each, and two more that carry wake-ups between processes.
//!
//! The synchronous client must neither be used nor dropped where async code runs, so it never leaves these threads.

mod address;
mod conn;
mod tls;
mod wakeups;
mod worker;

pub(super) use conn::{PgConn, Purpose};

use super::config::Config;
use super::shared::{Shared, spawn};
use crate::{Error, Result};
use std::sync::Arc;
use std::thread::JoinHandle;

/// The oldest server with 64-bit transaction numbers, which the event log's order needs.
const OLDEST_SERVER: i64 = 130_000;

/// Checks that the server is there and usable, then starts the threads. Each connects when it gets its first call.
pub(super) fn start(url: &str, config: &Config, shared: &Arc<Shared>) -> Result<Vec<JoinHandle<()>>> {
    let failed = |e: std::io::Error| Error::Db(format!("cannot start a database thread: {e}"));
    greet(url, config)?;
    let mut threads = Vec::with_capacity(config.writers + config.readers + 2);
    for n in 0..config.writers.max(1) {
        let (url, config) = (url.to_owned(), config.clone());
        let run = move |shared: &Arc<Shared>| worker::run(&url, &config, shared, Purpose::Writing);
        threads.push(spawn(format!("pg-write-{n}"), shared, run).map_err(failed)?);
    }
    for n in 0..config.readers.max(1) {
        let (url, config) = (url.to_owned(), config.clone());
        let run = move |shared: &Arc<Shared>| worker::run(&url, &config, shared, Purpose::Reading);
        threads.push(spawn(format!("pg-read-{n}"), shared, run).map_err(failed)?);
    }
    let (address, settings) = (url.to_owned(), config.clone());
    let listen = move |shared: &Arc<Shared>| wakeups::listen(&address, &settings, shared);
    threads.push(spawn("pg-listen".to_owned(), shared, listen).map_err(failed)?);
    let (address, settings) = (url.to_owned(), config.clone());
    let notify = move |shared: &Arc<Shared>| wakeups::notify(&address, &settings, shared);
    threads.push(spawn("pg-notify".to_owned(), shared, notify).map_err(failed)?);
    Ok(threads)
}

fn greet(url: &str, config: &Config) -> Result<()> {
    let (url, config) = (url.to_owned(), config.clone());
    let greeting = std::thread::spawn(move || {
        let mut conn = PgConn::open(&url, &config, Purpose::Reading)?;
        let mut found = None;
        let sql = "SELECT CAST(current_setting('server_version_num') AS BIGINT), current_setting('server_encoding')";
        conn.each(sql, &[], &mut |row| {
            found = Some((row.get::<i64>(0)?, row.get::<String>(1)?));
            Ok(())
        })?;
        found.ok_or(Error::NotFound)
    });
    let (version, encoding) = greeting.join().map_err(|_| Error::Panic("pg-greet died".to_owned()))??;
    if version < OLDEST_SERVER {
        return Err(Error::Db(format!("PostgreSQL 13 or newer is needed, this is {}", version / 10_000)));
    }
    if encoding != "UTF8" {
        return Err(Error::Db(format!("the database must be encoded in UTF8, this one is in {encoding}")));
    }
    Ok(())
}
