//! Spans of time and what is left of them: the arithmetic under the roster's checks. Knows no shift.

use jiff::Timestamp;
use jiff::civil::{Date, Time as Clock};
use jiff::tz::TimeZone;
use opora_base::Time;
use serde::Serialize;
use utoipa::ToSchema;

/// From a moment until another: the first is in it, the second is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Span {
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    pub from: Time,
    /// When it is over.
    #[schema(value_type = String, format = DateTime)]
    pub until: Time,
}

impl Span {
    /// From `from` until `until`.
    pub const fn new(from: Time, until: Time) -> Span {
        Span { from, until }
    }

    /// Nothing is in it.
    pub fn is_empty(self) -> bool {
        self.until <= self.from
    }

    /// Is this moment in it?
    pub fn holds(self, at: Time) -> bool {
        self.from <= at && at < self.until
    }

    /// Have they a moment in common? Two that only touch have none.
    pub fn meets(self, other: Span) -> bool {
        self.from < other.until && other.from < self.until
    }

    /// What they have in common; may be empty.
    pub fn common(self, other: Span) -> Span {
        Span { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// How long it is, in minutes; an empty one has none.
    pub fn minutes(self) -> i64 {
        (self.until.0 - self.from.0).max(0) / 60_000_000
    }
}

/// The same moments in as few spans as possible, in order.
pub fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort();
    let mut whole: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match whole.last_mut() {
            Some(last) if span.from <= last.until => last.until = last.until.max(span.until),
            _ => whole.push(span),
        }
    }
    whole
}

/// What is left of `needed` where none of `there` is.
pub fn without(needed: Vec<Span>, there: Vec<Span>) -> Vec<Span> {
    let there = joined(there);
    let mut left = Vec::new();
    for span in joined(needed) {
        let mut from = span.from;
        for taken in there.iter().filter(|taken| taken.meets(span)) {
            left.push(Span::new(from, taken.from));
            from = from.max(taken.until);
        }
        left.push(Span::new(from, span.until));
    }
    left.retain(|span| !span.is_empty());
    left
}

/// The local day and hour of a moment.
pub fn zoned(at: Time, zone: &TimeZone) -> jiff::Zoned {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

/// The moment at which a clock on the wall of `zone` shows this. A clock time that the change to summer time leaves out is
/// the moment an hour later; one that comes twice is the first.
pub fn moment(date: Date, clock: Clock, zone: &TimeZone) -> Option<Time> {
    let zoned = date.to_datetime(clock).to_zoned(zone.clone()).ok()?;
    Some(Time(zoned.timestamp().as_microsecond()))
}

/// The moment a local day begins.
pub fn midnight(date: Date, zone: &TimeZone) -> Option<Time> {
    moment(date, Clock::midnight(), zone)
}
