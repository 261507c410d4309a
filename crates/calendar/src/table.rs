//! The working time of all supported years as one table, and the two questions a deadline needs: how much work lies
//! before a moment, and at which moment so much work is done.
//!
//! An entry is an open interval: the seconds of work *before* it and the seconds of closed time before it, four bytes
//! each; their sum is the moment it opens. Both questions look the entry up through a coarse index, by time or by work,
//! whose cells hold about one entry each, so an answer costs two or three cache lines and no search. Everything a zone
//! does was worked out when the table was made.

/// The moments that are supported, in milliseconds: 1970-01-01 to 2106-01-01.
pub(crate) const LAST_MS: i64 = LAST_SECOND as i64 * 1000;
/// The first second that is not supported any more.
pub(crate) const LAST_SECOND: u32 = 4_291_747_200;

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Seconds of work before this interval.
    before: u32,
    /// Seconds of closed time before this interval.
    closed: u32,
}

impl Entry {
    fn opens(self) -> u32 {
        self.before + self.closed
    }
}

/// Open intervals of all years, in order.
#[derive(Debug)]
pub(crate) struct Table {
    /// The first one opens at 0 (with no time in it, if need be); the last one is no interval but the end.
    entries: Vec<Entry>,
    by_time: Index,
    by_work: Index,
}

/// For a cell of `1 << shift` seconds: the last entry that begins no later than the cell does.
#[derive(Debug)]
struct Index {
    shift: u32,
    cells: Vec<u32>,
}

impl Index {
    /// `keys` rise from 0.
    fn new(keys: impl ExactSizeIterator<Item = u32> + Clone, most: u32) -> Index {
        let entries = u32::try_from(keys.len()).unwrap_or(u32::MAX).max(1);
        let shift = (most / entries).max(1).ilog2();
        let mut cells = Vec::with_capacity((most >> shift) as usize + 2);
        let mut last = 0;
        let mut keys = keys.zip(0_u32..).skip(1).peekable();
        for cell in 0..=most >> shift {
            while let Some((_, entry)) = keys.next_if(|(key, _)| *key <= cell << shift) {
                last = entry;
            }
            cells.push(last);
        }
        cells.push(entries - 1);
        Index { shift, cells }
    }

    /// Between which two entries the last one with a key of at most `key` lies, both included.
    #[inline]
    fn span(&self, key: u32) -> (usize, usize) {
        let cell = (key >> self.shift) as usize;
        (self.cells[cell] as usize, self.cells[cell + 1] as usize)
    }
}

impl Table {
    /// From open intervals in seconds since 1970: in order, apart from each other, each of them from 0 to `LAST_SECOND`.
    pub(crate) fn new(open: &[(u32, u32)]) -> Table {
        let mut entries = Vec::with_capacity(open.len() + 2);
        if open.first().is_none_or(|first| first.0 > 0) {
            entries.push(Entry { before: 0, closed: 0 });
        }
        let mut work = 0;
        for (from, until) in open {
            entries.push(Entry { before: work, closed: from - work });
            work += until - from;
        }
        let by_time = Index::new(entries.iter().map(|entry| entry.opens()), LAST_SECOND);
        let by_work = Index::new(entries.iter().map(|entry| entry.before), work);
        entries.push(Entry { before: work, closed: LAST_SECOND - work });
        Table { entries, by_time, by_work }
    }

    /// Milliseconds of work before `at`, which is a supported moment.
    #[inline]
    pub(crate) fn work_before(&self, at: i64) -> i64 {
        let entry = self.entry_at(at);
        let until = i64::from(self.entries[entry + 1].before) * 1000;
        (at - i64::from(self.entries[entry].closed) * 1000).min(until)
    }

    /// The first moment at which `work` milliseconds are done; `work` is more than nothing.
    #[inline]
    pub(crate) fn first_after(&self, work: i64) -> Option<i64> {
        if work > self.total() {
            return None;
        }
        // The last entry with less before it: the one in which the last of the work is done.
        self.moment(work, (work - 1) / 1000)
    }

    /// The last moment at which no more than `work` milliseconds are done.
    #[inline]
    pub(crate) fn last_before(&self, work: i64) -> Option<i64> {
        if work < 0 { None } else { self.moment(work, work / 1000) }
    }

    #[inline]
    fn moment(&self, work: i64, key: i64) -> Option<i64> {
        let key = u32::try_from(key).ok()?;
        let (first, last) = self.by_work.span(key);
        let entry = find(&self.entries[first..=last], |entry| entry.before <= key) + first;
        Some(work + i64::from(self.entries[entry].closed) * 1000)
    }

    /// Milliseconds of work in all years.
    fn total(&self) -> i64 {
        self.entries.last().map_or(0, |end| i64::from(end.before) * 1000)
    }

    /// The last entry that opens no later than `at`.
    #[inline]
    fn entry_at(&self, at: i64) -> usize {
        let second = u32::try_from(at / 1000).unwrap_or(LAST_SECOND).min(LAST_SECOND);
        let (first, last) = self.by_time.span(second);
        find(&self.entries[first..=last], |entry| entry.opens() <= second) + first
    }

    /// From which interval on to look, and the interval's bounds in milliseconds; the last one is the end.
    pub(crate) fn interval_at(&self, at: i64) -> usize {
        self.entry_at(at)
    }

    /// The bounds of an interval in milliseconds, if there is such a one. The first may have no time in it.
    pub(crate) fn bounds(&self, interval: usize) -> Option<(i64, i64)> {
        let (this, next) = (self.entries.get(interval)?, self.entries.get(interval + 1)?);
        let opens = i64::from(this.opens()) * 1000;
        Some((opens, opens + i64::from(next.before - this.before) * 1000))
    }
}

/// The last entry for which `holds`, given that it holds for the first. Few entries are walked, many are halved.
#[inline]
fn find(entries: &[Entry], holds: impl Fn(Entry) -> bool) -> usize {
    if entries.len() > 8 {
        return entries.partition_point(|entry| holds(*entry)).saturating_sub(1);
    }
    let mut found = 0;
    while found + 1 < entries.len() && holds(entries[found + 1]) {
        found += 1;
    }
    found
}
