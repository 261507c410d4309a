//! Folders with one message a file: maildirs and collections of `.eml`.
//!
//! The list of names is held in memory (about a hundred bytes a message), the messages are not. A position is the number
//! of the next file in the sorted list, so an archive must not change while it is being imported.

use super::Item;
use crate::{Error, Limits, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders in folders deeper than this are not entered.
const MAX_DEPTH: usize = 20;

/// An iterator over the messages of a folder.
#[derive(Debug)]
pub struct Folder {
    files: Vec<PathBuf>,
    next: usize,
    limit: usize,
}

impl Folder {
    pub(super) fn maildir(path: &Path, position: u64, limits: &Limits) -> Result<Self> {
        let inside = |file: &Path| {
            let parent = file.parent().and_then(Path::file_name).and_then(|name| name.to_str());
            matches!(parent, Some("cur" | "new")) && !hidden(file)
        };
        Self::open(path, position, limits, &inside)
    }

    pub(super) fn eml(path: &Path, position: u64, limits: &Limits) -> Result<Self> {
        if fs::metadata(path)?.is_file() {
            return Ok(Self {
                files: vec![path.to_owned()],
                next: usize::try_from(position).unwrap_or(usize::MAX),
                limit: limits.message_bytes,
            });
        }
        let is_eml = |file: &Path| file.extension().is_some_and(|e| e.eq_ignore_ascii_case("eml")) && !hidden(file);
        Self::open(path, position, limits, &is_eml)
    }

    fn open(path: &Path, position: u64, limits: &Limits, wanted: &dyn Fn(&Path) -> bool) -> Result<Self> {
        let mut files = Vec::new();
        let mut folders = vec![(path.to_owned(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                // A link is not followed: an archive must not lead out of its folder.
                let kind = entry.file_type()?;
                if kind.is_dir() && depth < MAX_DEPTH {
                    folders.push((entry.path(), depth + 1));
                } else if kind.is_file() && wanted(&entry.path()) {
                    files.push(entry.path());
                }
            }
        }
        files.sort_unstable();
        Ok(Self { files, next: usize::try_from(position).unwrap_or(usize::MAX), limit: limits.message_bytes })
    }

    /// Where to resume: the number of the next file.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.next as u64
    }

    /// How many messages there are, for a progress bar.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.files.len() as u64
    }

    fn read(&self, path: &Path, position: u64) -> Result<Item> {
        let size = usize::try_from(fs::metadata(path)?.len()).unwrap_or(usize::MAX);
        if size > self.limit {
            return Err(Error::TooLarge { size, limit: self.limit });
        }
        Ok(Item { raw: fs::read(path)?, position })
    }
}

impl Iterator for Folder {
    type Item = Result<Item>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = self.files.get(self.next)?;
        let item = self.read(path, self.next as u64 + 1);
        self.next += 1;
        Some(item)
    }
}

fn hidden(file: &Path) -> bool {
    file.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with('.'))
}
