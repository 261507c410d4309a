//! What an administrator chose, by key: small JSON values with a default in the code that reads them.

use crate::{Error, Tx, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The stored value, or `None` when nothing was chosen (or what was stored no longer fits the type).
pub fn get<T: DeserializeOwned>(tx: &mut Tx<'_>, key: &str) -> Result<Option<T>, Error> {
    let value: Option<Value> = tx.opt("SELECT value FROM setting WHERE key = $1", params![key])?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

/// Stores a value.
pub fn put<T: Serialize>(tx: &mut Tx<'_>, key: &str, value: &T) -> Result<(), Error> {
    let value = serde_json::to_value(value).map_err(|e| Error::Type(format!("setting {key}: {e}")))?;
    tx.exec(
        "INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![key, &value],
    )?;
    Ok(())
}
