//! Time as a value: microseconds since 1970 in UTC, handed in by whoever calls.
//!
//! Nothing below the binary asks the machine what time it is: a [`Clock`] is passed in, so a test lives through three
//! months in a millisecond. [`Time`] is what the database stores (`{int}` microseconds) and what the API says
//! (RFC 3339, milliseconds, `Z`).

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub i64);

impl Time {
    /// The moment `seconds` after 1970.
    pub const fn from_seconds(seconds: i64) -> Time {
        Time(seconds * 1_000_000)
    }

    /// Whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This moment and a while later; stays at the end of time instead of wrapping.
    pub fn plus(self, wait: Duration) -> Time {
        Time(self.0.saturating_add(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX)))
    }

    /// This moment and a while earlier.
    pub fn minus(self, wait: Duration) -> Time {
        Time(self.0.saturating_sub(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long from `earlier` until this moment; zero when `earlier` is not earlier.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339 with milliseconds, as the API writes it.
    pub fn to_rfc3339(self) -> String {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(at) => format!("{at:.3}"),
            Err(_) => "1970-01-01T00:00:00.000Z".to_owned(),
        }
    }

    /// Reads RFC 3339 (`2026-11-22T08:00:00Z`, any offset).
    pub fn parse(text: &str) -> Option<Time> {
        text.parse::<jiff::Timestamp>().ok().map(|at| Time(at.as_microsecond()))
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Time::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time"))
    }
}

/// Whoever knows what time it is.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Time;
}

/// A clock shared by every part of the program.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        Time(jiff::Timestamp::now().as_microsecond())
    }
}

/// A clock that a test turns.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// A clock standing still at `start`.
    pub fn at(start: Time) -> Arc<TestClock> {
        Arc::new(TestClock(AtomicI64::new(start.0)))
    }

    /// Lets `step` pass.
    pub fn advance(&self, step: Duration) {
        self.0.fetch_add(i64::try_from(step.as_micros()).unwrap_or(0), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_with_milliseconds_and_read_back_from_any_offset() {
        let at = Time::parse("2026-11-22T11:00:00.123456+03:00");
        assert_eq!(at.map(|t| t.to_rfc3339()).as_deref(), Some("2026-11-22T08:00:00.123Z"));
        assert_eq!(Time::parse("yesterday"), None);
    }

    #[test]
    fn a_test_clock_stands_until_it_is_turned() {
        let clock = TestClock::at(Time::from_seconds(100));
        clock.advance(Duration::from_secs(90 * 86_400));
        assert_eq!(clock.now().seconds(), 100 + 90 * 86_400);
    }
}
