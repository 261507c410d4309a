//! Calendars ready to be asked. Working one out takes a few milliseconds and a megabyte, so it is done once for each thing
//! a calendar can say, for the whole process, and kept on a shelf by the digest of its spec: a change is a new digest, and
//! nothing has to be thrown away in time.

use super::refused;
use crate::{CalendarId, Error, Result};
use opora_base::{Tx, params};
use opora_calendar::{Calendar, Spec};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// So many are kept; a department has a handful.
const MOST_KEPT: usize = 64;

static SHELF: LazyLock<Mutex<HashMap<String, Arc<Calendar>>>> = LazyLock::new(Mutex::default);

/// The calendar, ready to be asked. Cheap: one row by its key, then a look at the shelf.
pub fn compiled(tx: &mut Tx<'_>, id: CalendarId) -> Result<Arc<Calendar>> {
    let digest: Option<String> = tx.opt("SELECT digest FROM calendar WHERE id = $1", params![id])?;
    let digest = digest.ok_or(Error::NotFound("calendar"))?;
    if let Some(ready) = shelf().get(&digest) {
        return Ok(ready.clone());
    }
    let spec: Value = tx.one("SELECT spec FROM calendar WHERE id = $1", params![id])?;
    let broken = |error: String| Error::Storage(format!("calendar {id}: {error}"));
    let spec: Spec = serde_json::from_value(spec).map_err(|error| broken(error.to_string()))?;
    let ready = Arc::new(Calendar::new(&spec).map_err(|error| broken(error.to_string()))?);
    put(digest, ready.clone());
    Ok(ready)
}

/// Refuses a spec that makes no calendar; else its digest.
pub(super) fn check(spec: &Spec) -> Result<String> {
    let digest = digest(spec);
    if !shelf().contains_key(&digest) {
        let ready = Calendar::new(spec).map_err(|error| refused("spec", &error))?;
        put(digest.clone(), Arc::new(ready));
    }
    Ok(digest)
}

fn digest(spec: &Spec) -> String {
    let text = serde_json::to_vec(spec).unwrap_or_default();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn put(digest: String, ready: Arc<Calendar>) {
    let mut shelf = shelf();
    if shelf.len() >= MOST_KEPT {
        shelf.clear();
    }
    shelf.insert(digest, ready);
}

fn shelf() -> std::sync::MutexGuard<'static, HashMap<String, Arc<Calendar>>> {
    // A map of finished calendars is whole whatever happened to the thread that held it.
    SHELF.lock().unwrap_or_else(PoisonError::into_inner)
}
