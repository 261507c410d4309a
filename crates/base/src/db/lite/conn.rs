//! One SQLite connection: how it is set up, and how a statement meets its values.

use crate::db::config::Config;
use crate::db::dialect::{Dialect, expand};
use crate::db::param::P;
use crate::db::row::Row;
use crate::{Error, Result};
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, vtab};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Texts with tokens whose expansion is remembered.
const REMEMBERED_TEXTS: usize = 1024;
/// SQLite asks whether to go on after so many steps of its virtual machine: a fraction of a millisecond.
const STEPS_BETWEEN_CHECKS: i32 = 10_000;

pub(crate) struct LiteConn {
    conn: Connection,
    texts: RefCell<HashMap<String, String>>,
    limit: Arc<TimeLimit>,
}

impl LiteConn {
    /// The connection that changes things. WAL, and every commit is synced before it is answered.
    pub fn open_for_writing(path: &Path, config: &Config) -> Result<Self> {
        let this = LiteConn::open(path, config)?;
        // 16 MB of log between checkpoints: in a flood the same pages change again and again, and each copy into the
        // database is the writer's time. Four times SQLite's own figure brings a sixth more mail.
        this.conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;")?;
        Ok(this)
    }

    /// A connection that only looks.
    pub fn open_for_reading(path: &Path, config: &Config) -> Result<Self> {
        let this = LiteConn::open(path, config)?;
        this.conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")?;
        Ok(this)
    }

    fn open(path: &Path, config: &Config) -> Result<Self> {
        let mut conn = Connection::open(path)?;
        conn.busy_timeout(config.lock_timeout)?;
        conn.set_prepared_statement_cache_capacity(256);
        // A statement's plan does not hang on its values: without this SQLite plans it anew for every new one.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.execute_batch(
            "PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA cache_size = -32768;
             PRAGMA temp_store = MEMORY;",
        )?;
        vtab::array::load_module(&conn)?;
        let limit = Arc::new(TimeLimit::new(config.statement_timeout));
        let asked = Arc::clone(&limit);
        conn.progress_handler(STEPS_BETWEEN_CHECKS, Some(move || asked.is_over()))?;
        Ok(LiteConn { conn, texts: RefCell::default(), limit })
    }

    /// False once SQLite has ended the transaction by itself: disk full, an I/O error, OR ROLLBACK, RAISE(ROLLBACK), an
    /// interrupted write.
    pub fn in_transaction(&self) -> bool {
        !self.conn.is_autocommit()
    }

    /// Runs one of the store's own statements, without a time limit.
    pub fn run(&self, sql: &str) -> Result<()> {
        self.limit.lift();
        self.conn.prepare_cached(sql)?.raw_execute()?;
        Ok(())
    }

    /// Commits. The error says whether the changes themselves are to blame (a deferred constraint).
    pub fn commit(&self) -> Result<(), CommitError> {
        self.limit.lift();
        let committed = self.conn.prepare_cached("COMMIT").and_then(|mut statement| statement.raw_execute());
        committed.map(drop).map_err(|error| CommitError {
            by_constraint: error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation),
            error: error.into(),
        })
    }

    /// Ends a transaction that cannot be committed, if SQLite has not done so itself.
    pub fn roll_back(&self) {
        if self.in_transaction()
            && let Err(error) = self.run("ROLLBACK")
        {
            tracing::error!(%error, "SQLite refused to roll back");
        }
    }

    /// A script of the store's own: a migration.
    pub fn script(&self, sql: &str) -> Result<()> {
        self.limit.lift();
        Ok(self.conn.execute_batch(sql)?)
    }

    /// Writes a compact copy of the whole database to a file that does not exist yet.
    pub fn copy_into(&self, file: &Path) -> Result<()> {
        self.limit.lift();
        let name = file.to_str().ok_or_else(|| Error::Db("the database's path is not valid UTF-8".to_owned()))?;
        self.conn.execute("VACUUM INTO ?1", [name])?;
        Ok(())
    }

    pub fn exec(&self, sql: &str, params: &[P<'_>]) -> Result<u64> {
        Ok(self.prepare(sql, params)?.raw_execute()? as u64)
    }

    pub fn each(&self, sql: &str, params: &[P<'_>], visit: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let mut statement = self.prepare(sql, params)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            visit(&Row::lite(row))?;
        }
        Ok(())
    }

    fn prepare(&self, sql: &str, params: &[P<'_>]) -> Result<CachedStatement<'_>> {
        self.limit.begin();
        let mut statement = if sql.contains('{') {
            let mut texts = self.texts.borrow_mut();
            if texts.len() >= REMEMBERED_TEXTS && !texts.contains_key(sql) {
                texts.clear();
            }
            let text = texts.entry(sql.to_owned()).or_insert_with(|| expand(Dialect::Sqlite, sql));
            self.conn.prepare_cached(text)?
        } else {
            self.conn.prepare_cached(sql)?
        };
        bind(&mut statement, sql, params)?;
        Ok(statement)
    }
}

/// `$1` is a *named* parameter of SQLite, numbered by first appearance: `SELECT $2, $1` bound by position would swap its
/// values without an error. So the name decides.
fn bind(statement: &mut CachedStatement<'_>, sql: &str, params: &[P<'_>]) -> Result<()> {
    for position in 1..=statement.parameter_count() {
        let number: usize = statement
            .parameter_name(position)
            .and_then(|name| name.strip_prefix('$')?.parse().ok())
            .ok_or_else(|| Error::Db(format!("placeholder {position} is not $n: {sql}")))?;
        let value = number
            .checked_sub(1)
            .and_then(|index| params.get(index))
            .ok_or_else(|| Error::Db(format!("no value for ${number}: {sql}")))?;
        match value {
            P::Int(v) => statement.raw_bind_parameter(position, v)?,
            P::Real(v) => statement.raw_bind_parameter(position, v)?,
            P::Bool(v) => statement.raw_bind_parameter(position, v)?,
            P::Text(v) | P::Json(v) => statement.raw_bind_parameter(position, v.as_deref())?,
            P::Bytes(v) => statement.raw_bind_parameter(position, v.as_deref())?,
            P::Ints(list) => {
                let list: Vec<Value> = list.iter().copied().map(Value::Integer).collect();
                statement.raw_bind_parameter(position, Rc::new(list))?;
            }
        }
    }
    Ok(())
}

pub(in crate::db) struct CommitError {
    pub by_constraint: bool,
    pub error: Error,
}

/// How long the current statement may still run.
struct TimeLimit {
    start: Instant,
    allowed: Duration,
    /// Microseconds after `start`.
    until: AtomicU64,
}

impl TimeLimit {
    fn new(allowed: Duration) -> Self {
        TimeLimit { start: Instant::now(), allowed, until: AtomicU64::new(u64::MAX) }
    }

    fn begin(&self) {
        let until = self.start.elapsed().saturating_add(self.allowed);
        self.until.store(u64::try_from(until.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn lift(&self) {
        self.until.store(u64::MAX, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.start.elapsed().as_micros() > u128::from(self.until.load(Ordering::Relaxed))
    }
}
