//! A calendar that answers: when is so much work done, how much work lies between, is it open, when does it open.
//!
//! **The clock on the wall decides.** It is open exactly when the zone's clock shows a time within the hours. So an hour
//! that a zone skips is not worked, an hour that it repeats is worked twice (if it lies within the hours), and a day off
//! is the day the zone calls so. A night shift belongs to the day it starts on: the day off after it does not end it.
//!
//! **At the edges** we follow the majority of what others do (working_hours, business_time; biz in brackets):
//! - Work that fills a day ends when the day closes, not when the next one opens. (biz: when the next one opens.)
//! - Adding nothing while closed gives the next opening, as in business_time and biz; at the very moment of closing it
//!   gives that moment, so that `add(add(t, a), b)` is always `add(t, a + b)`. (working_hours: the same moment.)
//! - Subtracting mirrors this: work that fills a day leads back to its opening.
//! - Between two moments the wrong way round is a negative amount. (biz: nothing.)

use crate::error::SpecError;
use crate::spec::Spec;
use crate::table::{LAST_MS, LAST_SECOND, Table};
use crate::wall::{self, Wall};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Working time, ready to be asked. About a megabyte; a millisecond or two to make. Share it in an `Arc`.
///
/// ```
/// use opora_calendar::{Calendar, Spec, Week};
///
/// let spec = Spec { time_zone: "Europe/Moscow".into(), week: Week::office(), ..Spec::default() };
/// let calendar = Calendar::new(&spec)?;
/// let friday_half_past_five = 1_772_807_400_000; // 2026-03-06T17:30+03:00
/// let monday_half_past_nine = 1_773_037_800_000; // 2026-03-09T09:30+03:00
/// assert_eq!(calendar.add(friday_half_past_five, 60 * 60_000), Some(monday_half_past_nine));
/// assert_eq!(calendar.between(friday_half_past_five, monday_half_past_nine), 60 * 60_000);
/// # Ok::<(), opora_calendar::SpecError>(())
/// ```
#[derive(Debug)]
pub struct Calendar {
    zone: TimeZone,
    table: Table,
}

impl Calendar {
    /// Works out every open interval from 1970 to 2105.
    ///
    /// Intervals that touch are joined, and so are a night shift and the hours of the next day. Two intervals of the
    /// same day that share time are refused: that is a slip of the hand.
    ///
    /// # Errors
    /// What is wrong with the spec, by a stable code.
    pub fn new(spec: &Spec) -> Result<Calendar, SpecError> {
        let unknown = || SpecError::UnknownTimeZone(wall::shortened(&spec.time_zone));
        // "Local" and the like would mean another zone on another machine.
        let named = spec.time_zone.len() <= 64 && !spec.time_zone.eq_ignore_ascii_case("local");
        let zone = TimeZone::get(&spec.time_zone).ok().filter(|_| named).ok_or_else(unknown)?;
        let line = Wall::new(spec)?.line();
        let table = Table::new(&in_zone(&line, &zone));
        Ok(Calendar { zone, table })
    }

    /// Open always.
    pub fn around_the_clock() -> Calendar {
        Calendar { zone: TimeZone::UTC, table: Table::new(&[(0, LAST_SECOND)]) }
    }

    /// Whose clock it goes by.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The moment at which `work` milliseconds of work after `from` are done; less than nothing looks back. `None`
    /// when that, or `from`, lies outside 1970 to 2105.
    #[inline]
    pub fn add(&self, from: i64, work: i64) -> Option<i64> {
        if !(0..=LAST_MS).contains(&from) {
            return None;
        }
        let done = self.table.work_before(from).checked_add(work)?;
        match work {
            1.. => self.table.first_after(done),
            0 => self.settle(from),
            _ => self.table.last_before(done),
        }
    }

    /// Milliseconds of work between two moments; negative when `until` is the earlier one. What lies outside 1970 to
    /// 2105 does not count.
    #[inline]
    pub fn between(&self, from: i64, until: i64) -> i64 {
        self.table.work_before(until.clamp(0, LAST_MS)) - self.table.work_before(from.clamp(0, LAST_MS))
    }

    /// Whether it is open; the moment of closing is closed.
    pub fn is_open(&self, at: i64) -> bool {
        (0..LAST_MS).contains(&at)
            && self
                .table
                .bounds(self.table.interval_at(at))
                .is_some_and(|(opens, closes)| (opens..closes).contains(&at))
    }

    /// The first open moment at or after `at`.
    pub fn next_open(&self, at: i64) -> Option<i64> {
        self.intervals(at, LAST_MS).next().map(|(opens, _)| opens)
    }

    /// When it closes next: the end of the interval that is open at `at` or the next one. `None` when it never does.
    pub fn next_close(&self, at: i64) -> Option<i64> {
        self.intervals(at, LAST_MS).next().map(|(_, closes)| closes).filter(|closes| *closes < LAST_MS)
    }

    /// The open intervals between two moments, cut at both.
    pub fn intervals(&self, from: i64, until: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let (from, until) = (from.max(0), until.min(LAST_MS));
        let first = self.table.interval_at(from.min(LAST_MS));
        (first..)
            .map_while(|interval| self.table.bounds(interval))
            .take_while(move |(opens, _)| *opens < until)
            .map(move |(opens, closes)| (opens.max(from), closes.min(until)))
            .filter(|(opens, closes)| opens < closes)
    }

    /// The same moment while open or just closing, else the next opening.
    fn settle(&self, at: i64) -> Option<i64> {
        match self.table.bounds(self.table.interval_at(at)) {
            // An interval without time stands before the first opening and is no closing.
            Some((opens, closes)) if opens < closes && at <= closes => Some(at),
            _ => self.next_open(at),
        }
    }
}

/// What of the wall's line is open in real seconds. Between two changes of the zone the line is only shifted; what the
/// clock skips is shown by no stretch, what it repeats by two.
fn in_zone(line: &[(i64, i64)], zone: &TimeZone) -> Vec<(u32, u32)> {
    let last = i64::from(LAST_SECOND);
    let mut open: Vec<(i64, i64)> = Vec::with_capacity(line.len() + 8);
    let mut stretch = |from: i64, until: i64, offset: i64| {
        let (from, until) = (from.clamp(0, last), until.clamp(0, last));
        let first = line.partition_point(|(_, closes)| *closes <= from + offset);
        for (opens, closes) in &line[first..] {
            let (opens, closes) = ((opens - offset).max(from), (closes - offset).min(until));
            if opens >= until {
                break;
            }
            if opens < closes {
                wall::push(&mut open, opens, closes);
            }
        }
    };
    let mut since = 0;
    let mut offset = i64::from(zone.to_offset(Timestamp::UNIX_EPOCH).seconds());
    for change in zone.following(Timestamp::UNIX_EPOCH) {
        let at = change.timestamp().as_second();
        if at >= last {
            break;
        }
        stretch(since, at, offset);
        (since, offset) = (at, i64::from(change.offset().seconds()));
    }
    stretch(since, last, offset);
    let seconds = |at: i64| u32::try_from(at).unwrap_or(LAST_SECOND);
    open.into_iter().map(|(from, until)| (seconds(from), seconds(until))).collect()
}
