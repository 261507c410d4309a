//! Large bytes, named by what they are: SHA-256 of the content.
//!
//! The same bytes put twice are kept once; a put that returned is durable (file and folder synced, or the bucket said
//! so); putting is idempotent, so it happens before the transaction that mentions the digest. Two homes: the local
//! `blobs` folder, or an S3-compatible bucket shared by several nodes.

mod bucket;
mod folder;

use bucket::Bucket;
use bytes::Bytes;
use object_store::ObjectStore;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What can go wrong with a blob.
#[derive(Clone, Debug, thiserror::Error)]
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
    /// The disk refused.
    #[error("blob store: {0}")]
    Io(String),
    /// The bucket does not answer, or not sensibly; later it may.
    #[error("the bucket cannot be used now: {0}")]
    Unavailable(String),
    /// The bucket does not exist or does not let us in: somebody has to change the settings.
    #[error("the bucket refuses us; look at its name and the keys in AWS_*: {0}")]
    Refused(String),
}

impl BlobError {
    /// The stable code a program may rely on.
    pub fn code(&self) -> &'static str {
        match self {
            BlobError::NotFound(_) => "storage_missing",
            BlobError::Damaged(_) => "storage_damaged",
            BlobError::BadDigest => "bad_digest",
            BlobError::Io(_) => "storage_failed",
            BlobError::Unavailable(_) => "storage_unavailable",
            BlobError::Refused(_) => "storage_refused",
        }
    }
}

impl From<std::io::Error> for BlobError {
    fn from(error: std::io::Error) -> Self {
        BlobError::Io(error.to_string())
    }
}

/// Where blobs live. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs {
    home: Home,
    /// The last call found that bytes can be neither kept nor read.
    away: Arc<AtomicBool>,
}

#[derive(Clone, Debug)]
enum Home {
    Folder(PathBuf),
    Bucket(Bucket),
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
    fn at(home: Home) -> Blobs {
        Blobs { home, away: Arc::default() }
    }

    /// Blobs in a local folder, made when missing.
    pub fn in_folder(folder: &Path) -> Result<Blobs, BlobError> {
        std::fs::create_dir_all(folder)?;
        Ok(Blobs::at(Home::Folder(folder.to_owned())))
    }

    /// Blobs in an S3-compatible bucket: `s3://NAME`, or `s3://NAME/a/path`, with the endpoint, region and keys in the
    /// usual `AWS_*` variables.
    pub fn in_bucket(url: &str) -> Result<Blobs, BlobError> {
        let variables = std::env::vars_os().filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?)));
        Self::in_bucket_with(url, variables)
    }

    /// The same, with other variables than those of this process.
    pub fn in_bucket_with(
        url: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Blobs, BlobError> {
        Ok(Blobs::at(Home::Bucket(Bucket::open(url, variables)?)))
    }

    /// Any object store at all (tests hand in one that lives in memory).
    pub fn in_store(store: Arc<dyn ObjectStore>) -> Blobs {
        Blobs::at(Home::Bucket(Bucket::in_store(store)))
    }

    /// Puts something small and gets it back, to see that settings and keys are right before anything depends on them.
    pub async fn try_out(&self) -> Result<(), BlobError> {
        let name = self.put(Bytes::from_static(b"opora")).await?;
        self.get(&name).await.map(drop)
    }

    /// Whether the last call, of any clone, failed for reasons of the disk or the bucket. Work that has time waits until
    /// [`Blobs::try_out`] says that it is over.
    pub fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    /// Keeps the bytes; returns their digest once they are durable.
    pub async fn put(&self, bytes: Bytes) -> Result<String, BlobError> {
        let name = digest(&bytes);
        let kept = match &self.home {
            Home::Folder(folder) => {
                let (folder, key) = (folder.clone(), name.clone());
                blocking(move || folder::put(&folder, &key, &bytes)).await
            }
            Home::Bucket(bucket) => bucket.put(&name, bytes).await,
        };
        self.noted(kept).map(|()| name)
    }

    /// The bytes of this digest, checked against it.
    pub async fn get(&self, name: &str) -> Result<Bytes, BlobError> {
        check(name)?;
        let found = match &self.home {
            Home::Folder(folder) => {
                let (folder, key) = (folder.clone(), name.to_owned());
                blocking(move || folder::get(&folder, &key)).await
            }
            Home::Bucket(bucket) => bucket.get(name).await,
        };
        let bytes = self.noted(found)?;
        if digest(&bytes) == name { Ok(bytes) } else { Err(BlobError::Damaged(name.to_owned())) }
    }

    fn noted<T>(&self, outcome: Result<T, BlobError>) -> Result<T, BlobError> {
        let away = matches!(&outcome, Err(BlobError::Unavailable(_) | BlobError::Refused(_) | BlobError::Io(_)));
        self.away.store(away, Ordering::Relaxed);
        outcome
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| BlobError::Io(e.to_string()))?
}

fn check(name: &str) -> Result<(), BlobError> {
    let hex = name.len() == 64 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if hex { Ok(()) } else { Err(BlobError::BadDigest) }
}
