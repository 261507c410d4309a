//! What a closure sees of the database: statements inside one transaction.

use super::dialect::Dialect;
use super::lite::LiteConn;
use super::param::P;
use super::pg::PgConn;
use super::row::{FromRow, Row};
use super::statement;
use crate::{Error, Result};

/// One transaction, or one part of it.
///
/// Every method takes one SQL text with `$1`, `$2` … and [dialect tokens](Dialect), and the values in the order of
/// their numbers ([`params!`](crate::params)). A statement that failed poisons the transaction: everything after it
/// fails with the same error and nothing is committed, whatever the closure answers. To survive an error, let it happen
/// inside [`Tx::savepoint`].
pub struct Tx<'a> {
    engine: Engine<'a>,
    failed: Option<Error>,
    wake: bool,
    scope: Scope,
}

enum Engine<'a> {
    Lite(&'a LiteConn),
    Pg(&'a mut PgConn),
}

/// How much a closure may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Any,
    OneStatement,
    Nothing,
}

impl<'a> Tx<'a> {
    pub(super) fn on_lite(conn: &'a LiteConn) -> Self {
        Tx { engine: Engine::Lite(conn), failed: None, wake: false, scope: Scope::Any }
    }

    pub(super) fn on_pg(conn: &'a mut PgConn) -> Self {
        Tx { engine: Engine::Pg(conn), failed: None, wake: false, scope: Scope::Any }
    }

    /// No transaction around it, so a second statement would see another state of the database: refuse it.
    pub(super) fn for_one_statement(mut self) -> Self {
        self.scope = Scope::OneStatement;
        self
    }

    pub(super) fn take_failure(&mut self) -> Option<Error> {
        self.failed.take()
    }

    pub(super) fn wants_wake(&self) -> bool {
        self.wake
    }
}

impl Tx<'_> {
    /// Which engine keeps the rows. Business code rarely needs to know.
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Lite(_) => Dialect::Sqlite,
            Engine::Pg(_) => Dialect::Postgres,
        }
    }

    /// All rows.
    pub fn query<T: FromRow>(&mut self, sql: &str, params: &[P<'_>]) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.each(sql, params, |row| {
            rows.push(T::from_row(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row, if there is one.
    pub fn opt<T: FromRow>(&mut self, sql: &str, params: &[P<'_>]) -> Result<Option<T>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// The first row, or [`Error::NotFound`], which does not poison the transaction.
    pub fn one<T: FromRow>(&mut self, sql: &str, params: &[P<'_>]) -> Result<T> {
        self.opt(sql, params)?.ok_or(Error::NotFound)
    }

    /// Runs a statement without a result; answers how many rows it touched.
    pub fn exec(&mut self, sql: &str, params: &[P<'_>]) -> Result<u64> {
        self.statement(sql, |engine| match engine {
            Engine::Lite(conn) => conn.exec(sql, params),
            Engine::Pg(conn) => conn.exec(sql, params),
        })
    }

    /// Inserts a row with `INSERT … RETURNING id` and answers its number.
    pub fn insert_id(&mut self, sql: &str, params: &[P<'_>]) -> Result<i64> {
        self.one(sql, params)
    }

    /// Hands every row to `visit`, which may stop with an error (and then poisons the transaction).
    pub fn each(&mut self, sql: &str, params: &[P<'_>], mut visit: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        self.statement(sql, |engine| match engine {
            Engine::Lite(conn) => conn.each(sql, params, &mut visit),
            Engine::Pg(conn) => conn.each(sql, params, &mut visit),
        })
    }

    /// Runs a part that may fail without the rest: on an error its changes are undone and the transaction goes on.
    ///
    /// Two failures are not survived, because the closure will be run again from the start: a serialisation failure
    /// and a lost connection.
    pub fn savepoint<T, E: From<Error>>(&mut self, part: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        if self.scope != Scope::Any {
            return Err(self.poison(Error::Db("a savepoint needs a transaction".to_owned())).into());
        }
        self.control("SAVEPOINT part")?;
        let outcome = part(self);
        match (outcome, self.failed.take()) {
            (Ok(value), None) => {
                self.control("RELEASE SAVEPOINT part")?;
                Ok(value)
            }
            (outcome, Some(failure)) if failure.ends_transaction() || !self.in_transaction() => {
                let error = self.poison(failure);
                outcome.and(Err(error.into()))
            }
            (outcome, failure) => {
                self.control("ROLLBACK TO SAVEPOINT part")?;
                self.control("RELEASE SAVEPOINT part")?;
                match failure {
                    Some(swallowed) => outcome.and(Err(swallowed.into())),
                    None => outcome,
                }
            }
        }
    }

    /// Wakes the followers of this store, in this and in other processes, once the transaction is committed.
    pub fn wake(&mut self) {
        self.wake = true;
    }

    fn control(&mut self, sql: &str) -> Result<()> {
        self.guard(|engine| match engine {
            Engine::Lite(conn) => conn.run(sql),
            Engine::Pg(conn) => conn.run(sql),
        })
    }

    fn statement<T>(&mut self, sql: &str, run: impl FnOnce(&mut Engine<'_>) -> Result<T>) -> Result<T> {
        match self.scope {
            Scope::Any => {}
            Scope::OneStatement => self.scope = Scope::Nothing,
            Scope::Nothing => {
                return Err(self.poison(Error::Db("get runs one statement; use read for several".to_owned())));
            }
        }
        self.guard(|engine| {
            statement::check(sql)?;
            run(engine)
        })
    }

    /// PostgreSQL refuses everything after a failed statement, and answers the COMMIT of such a transaction with
    /// success while rolling it back. Both engines behave alike here: the first failure is the transaction's.
    fn guard<T>(&mut self, run: impl FnOnce(&mut Engine<'_>) -> Result<T>) -> Result<T> {
        if let Some(failure) = &self.failed {
            return Err(failure.clone());
        }
        run(&mut self.engine).map_err(|error| self.poison(error))
    }

    fn poison(&mut self, error: Error) -> Error {
        self.failed = Some(error.clone());
        error
    }

    /// SQLite can end the whole transaction over one statement (disk full, OR ROLLBACK, an interrupted write).
    fn in_transaction(&self) -> bool {
        match &self.engine {
            Engine::Lite(conn) => conn.in_transaction(),
            Engine::Pg(_) => true,
        }
    }
}
