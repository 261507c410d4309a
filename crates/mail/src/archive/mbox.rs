//! mbox: messages in one file, each after a line `From address date`.
//!
//! Reads mboxo and mboxrd: one `>` is taken from `>From ` lines. A separator must stand at the beginning or after an
//! empty line, and look like one (a time of day in it), because old writers did not quote every `From ` of a letter.

use super::Item;
use crate::{Error, Limits, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes of a line looked at in one piece.
const PIECE: u64 = 64 << 10;

/// An iterator over the messages of an mbox.
#[derive(Debug)]
pub struct Mbox<R> {
    input: R,
    limit: usize,
    /// Bytes read so far, from the beginning of the file.
    read: u64,
    /// Where the next message starts: resume here.
    position: u64,
    finished: bool,
    /// The separator of the next message was read already.
    pending: bool,
}

impl Mbox<BufReader<File>> {
    pub(super) fn open(path: &Path, position: u64, limits: &Limits) -> Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(position))?;
        Ok(Mbox::new(BufReader::with_capacity(256 << 10, file), position, limits))
    }
}

impl<R: BufRead> Mbox<R> {
    /// Reads from a stream that stands at `position` of the archive.
    pub fn new(input: R, position: u64, limits: &Limits) -> Self {
        Self { input, limit: limits.message_bytes, read: position, position, finished: false, pending: false }
    }

    /// Where to resume: after the last message given, at the separator of the next one.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The next piece of a line into `piece`; false at the end.
    fn piece(&mut self, piece: &mut Vec<u8>) -> Result<bool> {
        piece.clear();
        let count = (&mut self.input).take(PIECE).read_until(b'\n', piece)?;
        self.read += count as u64;
        Ok(count > 0)
    }

    fn message(&mut self) -> Result<Option<Item>> {
        let mut raw = Vec::new();
        let mut size = 0_usize;
        let mut piece = Vec::new();
        let mut started = std::mem::take(&mut self.pending);
        let (mut line_start, mut after_blank) = (true, !started);
        loop {
            let piece_at = self.read;
            if !self.piece(&mut piece)? {
                self.finished = true;
                break;
            }
            let separates = line_start && after_blank && is_separator(&piece);
            let blank = line_start && matches!(piece.as_slice(), b"\n" | b"\r\n");
            if separates && started {
                self.position = piece_at;
                self.pending = true;
                break;
            }
            if separates {
                started = true;
                // The rest of a very long separator line is no message.
                while !piece.ends_with(b"\n") && self.piece(&mut piece)? {}
                (line_start, after_blank) = (true, false);
                continue;
            }
            // Junk before the first separator is skipped, blank or not; an archive without any is one message.
            started = started || !blank;
            if started {
                let content = if line_start { unquoted(&piece) } else { &piece };
                size += content.len();
                if size <= self.limit {
                    raw.extend_from_slice(content);
                } else {
                    raw = Vec::new();
                }
            }
            after_blank = blank;
            line_start = piece.ends_with(b"\n");
        }
        if self.finished {
            self.position = self.read;
        }
        if size > self.limit {
            return Err(Error::TooLarge { size, limit: self.limit });
        }
        drop_final_blank(&mut raw);
        Ok((started && !raw.is_empty()).then_some(Item { raw, position: self.position }))
    }
}

impl<R: BufRead> Iterator for Mbox<R> {
    type Item = Result<Item>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.finished {
            match self.message() {
                Ok(Some(item)) => return Some(Ok(item)),
                Ok(None) => {}
                Err(Error::Io(error)) => {
                    // The stream itself is broken: say so once and stop.
                    self.finished = true;
                    return Some(Err(Error::Io(error)));
                }
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

/// `From anna@example.com Mon Mar  2 10:00:00 2026`
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let rest = &rest[..rest.len().min(300)];
    rest.windows(5).any(|w| matches!(w, [a, b, b':', c, d] if [a, b, c, d].iter().all(|x| x.is_ascii_digit())))
        || rest.trim_ascii() == b"-"
        || rest.starts_with(b"???@???")
}

fn unquoted(line: &[u8]) -> &[u8] {
    let arrows = line.iter().take_while(|b| **b == b'>').count();
    if arrows > 0 && line[arrows..].starts_with(b"From ") { &line[1..] } else { line }
}

/// The empty line in front of the next separator belongs to the archive.
fn drop_final_blank(raw: &mut Vec<u8>) {
    for blank in [&b"\r\n\r\n"[..], b"\n\n"] {
        if raw.ends_with(blank) {
            let end = raw.len() - blank.len() / 2;
            raw.truncate(end);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn limits(bytes: usize) -> Limits {
        Limits { message_bytes: bytes, ..Limits::default() }
    }

    const TWO: &str = "From a@x Mon Mar  2 10:00:00 2026\nSubject: one\n\nhi\n\nFrom now on\n>From me\n>>From you\n\nFrom b@x Mon Mar  2 10:00:01 2026\nSubject: two\n\nyo\n";

    fn all(text: &str, position: u64, limit: usize) -> Vec<Result<Item>> {
        let rest = &text.as_bytes()[position as usize..];
        Mbox::new(Cursor::new(rest), position, &limits(limit)).collect()
    }

    #[test]
    fn messages_are_split_and_unquoted() {
        let items: Vec<Item> = all(TWO, 0, 1000).into_iter().map(Result::unwrap).collect();
        assert_eq!(items.len(), 2);
        assert_eq!(String::from_utf8_lossy(&items[0].raw), "Subject: one\n\nhi\n\nFrom now on\nFrom me\n>From you\n");
        assert_eq!(items[1].raw, b"Subject: two\n\nyo\n");
    }

    #[test]
    fn reading_resumes_after_any_message() {
        let items: Vec<Item> = all(TWO, 0, 1000).into_iter().map(Result::unwrap).collect();
        let rest = all(TWO, items[0].position, 1000);
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].as_ref().unwrap(), &items[1]);
        assert!(all(TWO, items[1].position, 1000).is_empty());
    }

    #[test]
    fn a_message_too_large_is_named_and_the_next_one_follows() {
        let big = format!("From a@x 10:00\nS: 1\n\n{}\n\nFrom b@x 10:00\nS: 2\n\nyo\n", "x".repeat(1_000_000));
        let items = all(&big, 0, 1000);
        assert!(matches!(items[0], Err(Error::TooLarge { size, .. }) if size > 1_000_000));
        assert_eq!(items[1].as_ref().unwrap().raw, b"S: 2\n\nyo\n");
    }

    #[test]
    fn a_file_without_separators_is_one_message() {
        assert_eq!(all("Subject: x\n\nhi\n", 0, 1000).len(), 1);
        assert!(all("\n\n", 0, 1000).is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes: Vec<u8>, limit in 0_usize..50) {
            let count = Mbox::new(Cursor::new(&bytes), 0, &limits(limit)).count();
            prop_assert!(count <= bytes.len() + 1);
        }
    }
}
