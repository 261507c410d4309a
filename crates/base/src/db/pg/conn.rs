//! One PostgreSQL connection: how it is set up, and how a statement meets its values.

use super::address::Address;
use crate::Result;
use crate::db::config::Config;
use crate::db::dialect::{Dialect, expand};
use crate::db::param::P;
use crate::db::row::Row;
use bytes::{BufMut, BytesMut};
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Statement};
use std::collections::HashMap;

/// Prepared statements kept on a connection.
const KEPT_STATEMENTS: usize = 512;

/// What a connection is for; decides what the session is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Writing,
    Reading,
    /// LISTEN and NOTIFY.
    Waking,
    /// Steps that may take hours.
    Migrating,
}

pub(crate) struct PgConn {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl PgConn {
    /// Connects. Never call this where async code runs.
    pub fn open(url: &str, config: &Config, purpose: Purpose) -> Result<Self> {
        let mut client = Address::parse(url)?.connect(config.connect_timeout)?;
        client.batch_execute(&session(config, purpose))?;
        Ok(PgConn { client, statements: HashMap::new() })
    }

    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Runs one of the store's own statements.
    pub fn run(&mut self, sql: &str) -> Result<()> {
        Ok(self.client.batch_execute(sql)?)
    }

    pub fn exec(&mut self, sql: &str, params: &[P<'_>]) -> Result<u64> {
        let statement = self.prepare(sql, params)?;
        Ok(self.client.execute(&statement, &as_values(params))?)
    }

    pub fn each(&mut self, sql: &str, params: &[P<'_>], visit: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let statement = self.prepare(sql, params)?;
        for row in self.client.query(&statement, &as_values(params))? {
            visit(&Row::pg(&row))?;
        }
        Ok(())
    }

    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// A statement is prepared for exactly the types of its values, so the server never guesses one.
    fn prepare(&mut self, sql: &str, params: &[P<'_>]) -> Result<Statement> {
        if let Some(kept) = self.statements.get(sql)
            && kept.params().len() == params.len()
            && params.iter().zip(kept.params()).all(|(value, ty)| wire_type(value) == *ty)
        {
            return Ok(kept.clone());
        }
        if self.statements.len() >= KEPT_STATEMENTS {
            self.statements.clear();
        }
        let types: Vec<Type> = params.iter().map(wire_type).collect();
        let statement = self.client.prepare_typed(&expand(Dialect::Postgres, sql), &types)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn session(config: &Config, purpose: Purpose) -> String {
    let (statement, lock) = match purpose {
        Purpose::Migrating => (0, 0),
        _ => (config.statement_timeout.as_millis(), config.lock_timeout.as_millis()),
    };
    let read_only = if purpose == Purpose::Reading { "on" } else { "off" };
    // An open writing transaction stops the followers of the whole cluster, so none may be forgotten.
    format!(
        "SET statement_timeout = {statement};
         SET lock_timeout = {lock};
         SET idle_in_transaction_session_timeout = {statement};
         SET default_transaction_read_only = {read_only};
         SET synchronous_commit = on;
         SET client_min_messages = warning;"
    )
}

fn wire_type(value: &P<'_>) -> Type {
    match value {
        P::Int(_) => Type::INT8,
        P::Real(_) => Type::FLOAT8,
        P::Bool(_) => Type::BOOL,
        P::Text(_) => Type::TEXT,
        P::Bytes(_) => Type::BYTEA,
        P::Json(_) => Type::JSONB,
        P::Ints(_) => Type::INT8_ARRAY,
    }
}

fn as_values<'a>(params: &'a [P<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|value| value as _).collect()
}

impl ToSql for P<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            P::Int(v) => v.to_sql(ty, out),
            P::Real(v) => v.to_sql(ty, out),
            P::Bool(v) => v.to_sql(ty, out),
            P::Text(v) => v.as_deref().to_sql(ty, out),
            P::Bytes(v) => v.as_deref().to_sql(ty, out),
            P::Ints(list) => list.as_ref().to_sql(ty, out),
            P::Json(None) => Ok(IsNull::Yes),
            P::Json(Some(document)) => {
                // JSONB on the wire: a version, then the text.
                out.put_u8(1);
                out.put_slice(document.as_bytes());
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        // Statements are prepared with exactly our types.
        true
    }

    to_sql_checked!();
}
