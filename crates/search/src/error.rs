//! What can go wrong with the index. A query text is never among it: any string gives an answer.

use std::path::PathBuf;

/// The one error type of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The index folder could not be created, read or moved.
    #[error("the search index at {path} cannot be used: {source}")]
    Folder {
        /// The folder or file concerned.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Another process (usually the running server) holds the index open for writing.
    #[error("the search index is being written by another process")]
    Busy,
    /// The index itself refused: disk full, damaged file, failed thread.
    #[error("search index: {0}")]
    Engine(tantivy::TantivyError),
    /// The worker's streams broke.
    #[error("search worker: {0}")]
    Stream(#[from] std::io::Error),
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        match error {
            tantivy::TantivyError::LockFailure(..) => Error::Busy,
            other => Error::Engine(other),
        }
    }
}

/// Shorthand for this crate's results.
pub type Result<T> = std::result::Result<T, Error>;
