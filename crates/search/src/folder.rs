//! The folder an index lives in: which version of the index it holds, and what happens to one that cannot be used.
//!
//! `version` holds a number, `index/` the index, `index.damaged/` the last one that could not be opened (kept for whoever wants to know
//! why). An index is a copy of what the database holds, so a stale or damaged one is replaced by an empty one, never repaired.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::schema::Schema;

use crate::document::VERSION;
use crate::{Error, Result};

/// Opens the index in `dir`, or an empty one if there is none that can be used.
pub(crate) fn open(dir: &Path, schema: &Schema) -> Result<tantivy::Index> {
    let index = dir.join("index");
    let version = dir.join("version");
    let stored = fs::read_to_string(&version).ok();
    if index.exists() && stored.as_deref().map(str::trim) != Some(VERSION.to_string().as_str()) {
        tracing::info!(
            stored = stored.as_deref().unwrap_or("none"),
            wanted = VERSION,
            "search index of another version emptied"
        );
        remove(&index)?;
    }
    fs::create_dir_all(&index).map_err(at(&index))?;
    let opened = match open_whole(&index, schema) {
        Ok(opened) => opened,
        Err(error) => {
            let aside = dir.join("index.damaged");
            tracing::warn!(%error, "search index damaged, set aside");
            remove(&aside)?;
            fs::rename(&index, &aside).map_err(at(&index))?;
            fs::create_dir_all(&index).map_err(at(&index))?;
            open_whole(&index, schema)?
        }
    };
    fs::write(&version, VERSION.to_string()).map_err(at(&version))?;
    Ok(opened)
}

/// Opens or creates the index and every segment in it.
fn open_whole(index: &Path, schema: &Schema) -> tantivy::Result<tantivy::Index> {
    let directory = MmapDirectory::open(index)?;
    let opened = tantivy::Index::open_or_create(directory, schema.clone())?;
    let reader = opened.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into()?;
    drop(reader);
    Ok(opened)
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

fn at(path: &Path) -> impl Fn(io::Error) -> Error + use<> {
    let path: PathBuf = path.to_owned();
    move |source| Error::Folder { path: path.clone(), source }
}
