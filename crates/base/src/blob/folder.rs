//! Blobs in a local folder: a file each, on a shelf named by the first two digits. A file gets its name only when its
//! bytes are on the disk.

use super::BlobError;
use bytes::Bytes;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where a blob lies.
pub(super) fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(&name[..2]).join(name)
}

pub(super) fn get(folder: &Path, name: &str) -> Result<Bytes, BlobError> {
    match std::fs::read(path(folder, name)) {
        Ok(bytes) => Ok(Bytes::from(bytes)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(BlobError::NotFound(name.to_owned())),
        Err(e) => Err(e.into()),
    }
}

pub(super) fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), BlobError> {
    let path = path(folder, name);
    if std::fs::metadata(&path).is_ok_and(|m| m.len() == bytes.len() as u64) {
        return Ok(());
    }
    let shelf = folder.join(&name[..2]);
    if !shelf.exists() {
        std::fs::create_dir_all(&shelf)?;
        std::fs::File::open(folder)?.sync_all()?;
    }
    let unfinished = shelf.join(format!("{name}.{:016x}.part", rand::random::<u64>()));
    let mut file = std::fs::File::create(&unfinished)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(e) = written.and_then(|()| std::fs::rename(&unfinished, &path)) {
        let _ = std::fs::remove_file(&unfinished);
        return Err(e.into());
    }
    std::fs::File::open(&shelf)?.sync_all()?;
    Ok(())
}
