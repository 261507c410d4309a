//! The store itself: opens the database, takes calls, closes.

use super::call::{Mode, call};
use super::config::{Config, Database};
use super::dialect::Dialect;
use super::migrate::{self, Migrated, Migration};
use super::shared::{Shared, install_panic_hook};
use super::stats::Stats;
use super::tx::Tx;
use super::{lite, pg};
use crate::{Error, Result};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{oneshot, watch};

/// A database, open. Cheap to clone; closed by [`Store::close`] or with its last clone.
///
/// ```no_run
/// # async fn example() -> opora_base::Result<()> {
/// use opora_base::{Config, Store, params};
/// let store = Store::open(Config::sqlite("opora.db"))?;
/// let subject = "My parcel is late".to_owned();
/// let id: i64 = store
///     .write(move |tx| tx.insert_id("INSERT INTO ticket (subject) VALUES ($1) RETURNING id", params![&subject]))
///     .await?;
/// let subject: String = store.get(move |tx| tx.one("SELECT subject FROM ticket WHERE id = $1", params![id])).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    config: Config,
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.0.config.database).finish()
    }
}

/// With the last clone gone nobody can wait for an answer: the threads finish what they hold and end.
impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl Store {
    /// Opens the database and starts the threads that own its connections. Migrates nothing: see [`Store::migrate`].
    pub fn open(config: Config) -> Result<Store> {
        install_panic_hook();
        let shared = Arc::new(Shared::new(config.queue));
        let threads = match &config.database {
            Database::Sqlite(path) => lite::start(path, &config, &shared),
            Database::Postgres(url) => pg::start(url, &config, &shared),
        };
        let threads = threads.inspect_err(|_| shared.close())?;
        Ok(Store(Arc::new(Inner { config, shared, threads: Mutex::new(threads) })))
    }

    /// Which engine keeps the rows.
    pub fn dialect(&self) -> Dialect {
        match self.0.config.database {
            Database::Sqlite(_) => Dialect::Sqlite,
            Database::Postgres(_) => Dialect::Postgres,
        }
    }

    /// One durable transaction, as if nobody else were there: when it answers `Ok`, it is committed and synced.
    ///
    /// The closure may run more than once. A caller that goes away before the closure began takes it along; afterwards
    /// the closure is committed all the same.
    pub async fn write<T, E>(&self, closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        wait(self.send(Mode::Write, closure)?).await
    }

    /// [`Store::write`] for work nobody waits for: whoever queues up meanwhile goes first, though not for ever.
    pub async fn write_patiently<T, E>(
        &self,
        closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        wait(self.send(Mode::WritePatiently, closure)?).await
    }

    /// [`Store::write`] at READ COMMITTED, for taking rows with `{skip_locked}`: there a serialisation failure would be the rule.
    /// What such a closure read may have changed before it writes.
    pub async fn write_rc<T, E>(
        &self,
        closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        wait(self.send(Mode::WriteReadCommitted, closure)?).await
    }

    /// A snapshot: however many statements, one state of the database.
    pub async fn read<T, E>(&self, closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        wait(self.send(Mode::Read, closure)?).await
    }

    /// One statement, without a transaction around it: the cheapest read. A second statement is refused.
    pub async fn get<T, E>(&self, closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        wait(self.send(Mode::Get, closure)?).await
    }

    /// [`Store::write`] for a thread that may wait.
    pub fn write_blocking<T, E>(
        &self,
        closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        futures::executor::block_on(wait(self.send(Mode::Write, closure)?))
    }

    /// [`Store::read`] for a thread that may wait.
    pub fn read_blocking<T, E>(&self, closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        futures::executor::block_on(wait(self.send(Mode::Read, closure)?))
    }

    /// Changes whenever followers should look at the log again: after a commit whose closure called [`Tx::wake`], in
    /// this process or (PostgreSQL) in another one. Wake-ups that come close together are one; a follower looks once
    /// before it first waits.
    pub fn wakeups(&self) -> watch::Receiver<u64> {
        self.0.shared.bell.subscribe()
    }

    /// Brings the database to the shape this program knows: all missing steps in one transaction, or none.
    ///
    /// Other processes that start at the same moment wait. A SQLite file that holds something is copied first. A
    /// database with steps this program does not know is refused, and so is one whose steps were others.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<Migrated> {
        let (config, migrations) = (self.0.config.clone(), migrations.to_vec());
        on_a_thread("db-migrate", move || migrate::run(&config, &migrations)).await?
    }

    /// What the store has done so far, and what waits.
    pub fn stats(&self) -> Stats {
        let shared = &self.0.shared;
        Stats { waiting_writes: shared.writes.len(), waiting_reads: shared.reads.len(), ..shared.counters.snapshot() }
    }

    /// Takes no more calls, finishes those that wait, closes every connection.
    pub async fn close(&self) {
        self.0.shared.close();
        let threads = std::mem::take(&mut *self.0.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let joined = on_a_thread("db-close", move || {
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("a database thread had died");
                }
            }
        });
        if let Err(error) = joined.await {
            tracing::error!(%error, "the database threads were not waited for");
        }
    }

    fn send<T, E>(
        &self,
        mode: Mode,
        closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = call(mode, closure);
        let queue = match mode {
            Mode::Write | Mode::WritePatiently | Mode::WriteReadCommitted => &self.0.shared.writes,
            Mode::Read | Mode::Get => &self.0.shared.reads,
        };
        queue.push(job)?;
        Ok(answer)
    }
}

async fn wait<T, E: From<Error>>(answer: oneshot::Receiver<Result<T, E>>) -> Result<T, E> {
    answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
}

/// A thread of its own: the PostgreSQL client must neither be used nor dropped on a thread that runs async code.
async fn on_a_thread<T: Send + 'static>(name: &str, run: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let (done, wait) = oneshot::channel();
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            // Whoever started this and went away does not want to know.
            let _ = done.send(run());
        })
        .map_err(|e| Error::Db(format!("cannot start a thread: {e}")))?;
    wait.await.map_err(|_| Error::Panic(format!("{name} died")))
}
