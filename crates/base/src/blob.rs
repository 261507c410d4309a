//! Large bytes, named by what they are: SHA-256 of the content.
//!
//! The same bytes put twice are kept once; a put that returned is durable (file and folder synced, or the bucket said
//! so); putting is idempotent, so it happens before the transaction that mentions the digest. Two homes: the local
//! `blobs` folder, or an S3-compatible bucket shared by several nodes.

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest as _, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What can go wrong with a blob.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// No blob has this digest.
    #[error("no such blob: {0}")]
    NotFound(String),
    /// What is stored under the digest is not what was put.
    #[error("blob {0} is damaged")]
    Damaged(String),
    /// The digest is not 64 hex digits.
    #[error("not a digest")]
    BadDigest,
    /// The disk or the bucket refused.
    #[error("blob store: {0}")]
    Io(String),
}

impl From<std::io::Error> for BlobError {
    fn from(error: std::io::Error) -> Self {
        BlobError::Io(error.to_string())
    }
}

/// Where blobs live. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs(Home);

#[derive(Clone, Debug)]
enum Home {
    Folder(PathBuf),
    Bucket(Arc<dyn ObjectStore>),
}

/// The digest of some bytes, 64 lower-case hex digits.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    text
}

impl Blobs {
    /// Blobs in a local folder, made when missing.
    pub fn in_folder(folder: &Path) -> Result<Blobs, BlobError> {
        std::fs::create_dir_all(folder)?;
        Ok(Blobs(Home::Folder(folder.to_owned())))
    }

    /// Blobs in an S3-compatible bucket: `s3://bucket`, with the endpoint, region and keys in the usual `AWS_*`
    /// variables.
    pub fn in_bucket(url: &str) -> Result<Blobs, BlobError> {
        let store = AmazonS3Builder::from_env().with_url(url).build().map_err(|e| BlobError::Io(e.to_string()))?;
        Ok(Blobs(Home::Bucket(Arc::new(store))))
    }

    /// Any object store at all (tests hand in one that lives in memory).
    pub fn in_store(store: Arc<dyn ObjectStore>) -> Blobs {
        Blobs(Home::Bucket(store))
    }

    /// Keeps the bytes; returns their digest once they are durable.
    pub async fn put(&self, bytes: Bytes) -> Result<String, BlobError> {
        let name = digest(&bytes);
        match &self.0 {
            Home::Folder(folder) => {
                let (folder, key) = (folder.clone(), name.clone());
                tokio::task::spawn_blocking(move || put_in_folder(&folder, &key, &bytes))
                    .await
                    .map_err(|e| BlobError::Io(e.to_string()))??;
            }
            Home::Bucket(store) => {
                let path = object_path(&name);
                if store.head(&path).await.is_err() {
                    store.put(&path, bytes.into()).await.map_err(|e| BlobError::Io(e.to_string()))?;
                }
            }
        }
        Ok(name)
    }

    /// The bytes of this digest, checked against it.
    pub async fn get(&self, name: &str) -> Result<Bytes, BlobError> {
        check(name)?;
        let bytes = match &self.0 {
            Home::Folder(folder) => {
                let path = file_path(folder, name);
                match tokio::task::spawn_blocking(move || std::fs::read(path)).await {
                    Ok(Ok(bytes)) => Bytes::from(bytes),
                    Ok(Err(e)) if e.kind() == std::io::ErrorKind::NotFound => {
                        return Err(BlobError::NotFound(name.to_owned()));
                    }
                    Ok(Err(e)) => return Err(e.into()),
                    Err(e) => return Err(BlobError::Io(e.to_string())),
                }
            }
            Home::Bucket(store) => match store.get(&object_path(name)).await {
                Ok(found) => found.bytes().await.map_err(|e| BlobError::Io(e.to_string()))?,
                Err(object_store::Error::NotFound { .. }) => return Err(BlobError::NotFound(name.to_owned())),
                Err(e) => return Err(BlobError::Io(e.to_string())),
            },
        };
        if digest(&bytes) == name { Ok(bytes) } else { Err(BlobError::Damaged(name.to_owned())) }
    }
}

fn check(name: &str) -> Result<(), BlobError> {
    let hex = name.len() == 64 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if hex { Ok(()) } else { Err(BlobError::BadDigest) }
}

fn file_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(&name[..2]).join(name)
}

fn object_path(name: &str) -> ObjectPath {
    ObjectPath::from(format!("blobs/{}/{name}", &name[..2]))
}

fn put_in_folder(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), BlobError> {
    let path = file_path(folder, name);
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    async fn keeps_and_gives_back(blobs: &Blobs) {
        let name = blobs.put(Bytes::from_static(b"hello")).await.unwrap();
        assert_eq!(name, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assert_eq!(blobs.put(Bytes::from_static(b"hello")).await.unwrap(), name);
        assert_eq!(blobs.get(&name).await.unwrap(), Bytes::from_static(b"hello"));
        assert!(matches!(blobs.get(&"0".repeat(64)).await, Err(BlobError::NotFound(_))));
        assert!(matches!(blobs.get("../../etc/passwd").await, Err(BlobError::BadDigest)));
    }

    #[tokio::test]
    async fn a_folder_keeps_the_same_bytes_once_and_gives_them_back() {
        let folder = tempfile::tempdir().unwrap();
        keeps_and_gives_back(&Blobs::in_folder(folder.path()).unwrap()).await;
    }

    #[tokio::test]
    async fn an_object_store_behaves_like_the_folder() {
        keeps_and_gives_back(&Blobs::in_store(Arc::new(object_store::memory::InMemory::new()))).await;
    }

    #[tokio::test]
    async fn damaged_bytes_are_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let name = blobs.put(Bytes::from_static(b"hello")).await.unwrap();
        std::fs::write(file_path(folder.path(), &name), b"hellO").unwrap();
        assert!(matches!(blobs.get(&name).await, Err(BlobError::Damaged(_))));
    }
}
