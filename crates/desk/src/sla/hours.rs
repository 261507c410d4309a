//! The hours a deadline is counted in: by the wall clock, or the working hours of a calendar.

use crate::{CalendarId, Result, calendars};
use opora_base::{Time, Tx};
use opora_calendar::Calendar;
use std::sync::Arc;

/// What counts as time.
#[derive(Clone, Debug)]
pub enum Hours {
    /// Every minute.
    Wall,
    /// The working hours of a calendar, to the millisecond.
    Working(Arc<Calendar>),
}

/// Microseconds in a millisecond, in which calendars count.
const MILLI: i64 = 1_000;

/// A target that needs longer than this asks for more than a calendar has.
const LONGEST: i64 = 5 * 366 * 86_400 * 1_000_000;

impl Hours {
    /// The hours of a calendar; without one every minute counts.
    pub fn of(tx: &mut Tx<'_>, calendar: Option<i64>) -> Result<Hours> {
        match calendar {
            None => Ok(Hours::Wall),
            Some(id) => Ok(Hours::Working(calendars::compiled(tx, CalendarId(id))?)),
        }
    }

    /// Does a target of so many seconds come to its end within reason?
    pub fn fits(&self, seconds: i64) -> bool {
        let from = Time::from_seconds(1_767_225_600);
        let end = self.add(from, seconds.saturating_mul(1_000_000));
        end.is_some_and(|end| end.0 - from.0 <= LONGEST)
    }

    /// The moment by which so much time (in microseconds) has passed since `from`; nothing beyond what calendars know.
    pub fn add(&self, from: Time, time: i64) -> Option<Time> {
        match self {
            Hours::Wall => from.0.checked_add(time).map(Time),
            Hours::Working(calendar) => {
                let end = calendar.add(from.0.div_euclid(MILLI), time.div_euclid(MILLI))?;
                Some(Time(end.checked_mul(MILLI)?))
            }
        }
    }

    /// How much of the time between two moments counts, in microseconds.
    pub fn between(&self, from: Time, to: Time) -> i64 {
        match self {
            Hours::Wall => to.0.saturating_sub(from.0).max(0),
            Hours::Working(calendar) => {
                calendar.between(from.0.div_euclid(MILLI), to.0.div_euclid(MILLI)).max(0).saturating_mul(MILLI)
            }
        }
    }
}
