//! Blobs in an S3-compatible bucket: an object each, `blobs/ab/abcd…`, below the path of the URL if it has one.
//!
//! Somebody waits for each call (a mail server for its "250", a person for a file), so a bucket that does not answer is
//! given up after seconds and not after the minutes a batch job would wait; whoever asked tries again later.

use super::BlobError;
use bytes::Bytes;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{BackoffConfig, ClientConfigKey, Error, ObjectStore, ObjectStoreExt, RetryConfig};
use std::sync::Arc;
use std::time::Duration;

/// An attempt that failed is repeated within this time, and not after it.
const PATIENCE: Duration = Duration::from_secs(5);
const ATTEMPTS: usize = 3;

#[derive(Clone, Debug)]
pub(super) struct Bucket {
    store: Arc<dyn ObjectStore>,
    /// What stands before the name of each object: nothing, or a path.
    path: Path,
}

impl Bucket {
    pub(super) fn in_store(store: Arc<dyn ObjectStore>) -> Bucket {
        Bucket { store, path: Path::default() }
    }

    /// `variables` are the environment's; those named `AWS_*` count.
    pub(super) fn open(url: &str, variables: impl IntoIterator<Item = (String, String)>) -> Result<Bucket, BlobError> {
        let path = path_of(url)?;
        let backoff = BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: PATIENCE, base: 2.0 };
        let retry = RetryConfig { backoff, max_retries: ATTEMPTS, retry_timeout: PATIENCE };
        let mut builder = AmazonS3Builder::new().with_url(url).with_retry(retry);
        let mut in_the_clear = false;
        for (name, value) in variables {
            let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() else { continue };
            if !name.starts_with("AWS_") || value.is_empty() {
                continue;
            }
            let is_endpoint = matches!(key, AmazonS3ConfigKey::Endpoint | AmazonS3ConfigKey::S3Endpoint);
            in_the_clear |= is_endpoint && value.starts_with("http://");
            builder = builder.with_config(key, value);
        }
        if in_the_clear {
            // Whoever writes http:// means it.
            builder = builder.with_config(AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp), "true");
        }
        let store = builder.build().map_err(|e| BlobError::Refused(in_words(&e)))?;
        Ok(Bucket { store: Arc::new(store), path })
    }

    pub(super) async fn put(&self, name: &str, bytes: Bytes) -> Result<(), BlobError> {
        let object = self.object(name);
        match self.store.head(&object).await {
            Ok(known) if known.size == bytes.len() as u64 => return Ok(()),
            // Without the right to list a bucket, S3 says "forbidden" of what is not there.
            Ok(_) | Err(Error::NotFound { .. } | Error::PermissionDenied { .. }) => {}
            Err(e) => return Err(trouble(&e)),
        }
        self.store.put(&object, bytes.into()).await.map(drop).map_err(|e| trouble(&e))
    }

    pub(super) async fn get(&self, name: &str) -> Result<Bytes, BlobError> {
        let found = match self.store.get(&self.object(name)).await {
            Ok(found) => found.bytes().await,
            Err(e) => Err(e),
        };
        found.map_err(|e| match e {
            Error::NotFound { .. } if !is_no_bucket(&e) => BlobError::NotFound(name.to_owned()),
            e => trouble(&e),
        })
    }

    fn object(&self, name: &str) -> Path {
        self.path.clone().join("blobs").join(&name[..2]).join(name)
    }
}

/// The path behind the bucket's name; the client itself passes over it.
fn path_of(url: &str) -> Result<Path, BlobError> {
    let Some((_, rest)) = url.split_once("://").filter(|(scheme, _)| matches!(*scheme, "s3" | "s3a")) else {
        return Err(BlobError::Refused(format!("{url} is not of the form s3://NAME")));
    };
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    Path::parse(path.trim_end_matches('/')).map_err(|e| BlobError::Refused(e.to_string()))
}

/// Whether it will be better later, or somebody has to change a setting.
fn trouble(error: &Error) -> BlobError {
    let words = in_words(error);
    match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } | Error::NotFound { .. } => {
            BlobError::Refused(words)
        }
        _ => BlobError::Unavailable(words),
    }
}

fn is_no_bucket(error: &Error) -> bool {
    error.to_string().contains("NoSuchBucket")
}

/// The error with its deepest cause: that a connection was refused stands at the very bottom.
fn in_words(error: &Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    let (whole, cause) = (error.to_string(), deepest.to_string());
    if whole.contains(&cause) { whole } else { format!("{whole}: {cause}") }
}
