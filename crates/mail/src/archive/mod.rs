//! Mail archives read one message at a time: mbox files, maildirs, folders of `.eml`.
//!
//! Never more than one message in memory. Every reader tells the position after the last message it gave, and starts
//! again from there; a message that is too large or unreadable is an error item, and the next one follows.

mod folder;
mod mbox;

use crate::{Limits, Result};
pub use folder::Folder;
pub use mbox::Mbox;
use std::path::Path;

/// One message of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The message.
    pub raw: Vec<u8>,
    /// Where to go on after it: a byte offset in an mbox, a number in a folder.
    pub position: u64,
}

/// Opens an mbox file at a position (0 for the beginning).
///
/// # Errors
/// `io` when the file cannot be opened.
pub fn mbox(path: &Path, position: u64, limits: &Limits) -> Result<Mbox<std::io::BufReader<std::fs::File>>> {
    Mbox::open(path, position, limits)
}

/// Opens a maildir: the messages of `cur` and `new`, and of those in its sub-folders, in the order of their names.
///
/// # Errors
/// `io` when the folder cannot be listed.
pub fn maildir(path: &Path, position: u64, limits: &Limits) -> Result<Folder> {
    Folder::maildir(path, position, limits)
}

/// Opens a folder of `.eml` files (or one such file), sub-folders included, in the order of their names.
///
/// # Errors
/// `io` when the folder cannot be listed.
pub fn eml(path: &Path, position: u64, limits: &Limits) -> Result<Folder> {
    Folder::eml(path, position, limits)
}
