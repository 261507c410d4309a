//! SQLite: one thread that writes for everybody, several that read.

mod conn;
mod reader;
mod writer;

pub(super) use conn::LiteConn;

use super::config::Config;
use super::shared::{Shared, spawn};
use crate::{Error, Result};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

/// Opens all connections, then starts their threads.
pub(super) fn start(path: &Path, config: &Config, shared: &Arc<Shared>) -> Result<Vec<JoinHandle<()>>> {
    let failed = |e: std::io::Error| Error::Db(format!("cannot start a database thread: {e}"));
    let writing = LiteConn::open_for_writing(path, config)?;
    let mut threads = Vec::with_capacity(config.readers + 1);
    for n in 0..config.readers.max(1) {
        let reading = LiteConn::open_for_reading(path, config)?;
        let run = move |shared: &Arc<Shared>| reader::run(&reading, shared);
        threads.push(spawn(format!("db-read-{n}"), shared, run).map_err(failed)?);
    }
    let caps = (config.group_size.max(1), config.group_time);
    let run = move |shared: &Arc<Shared>| writer::run(&writing, shared, caps);
    threads.push(spawn("db-write".to_owned(), shared, run).map_err(failed)?);
    Ok(threads)
}
