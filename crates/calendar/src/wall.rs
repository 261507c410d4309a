//! The hours as the clock on the wall shows them, before any zone: days become intervals on one long line of local
//! seconds. A shift over midnight is simply longer than its day; what touches or overlaps its neighbour becomes one.

use crate::error::SpecError;
use crate::spec::{Day, Interval, Spec};
use jiff::civil::Date;

/// Days that differ, at most.
pub const MOST_DAYS: usize = 5_000;
/// Intervals of one day, at most.
pub const MOST_INTERVALS: usize = 48;
/// Characters of a day's name, at most.
pub const LONGEST_NAME: usize = 200;

pub(crate) const MINUTE: i64 = 60;
pub(crate) const DAY: i64 = 86_400;
/// From 1970-01-01 on, in days; the years that are supported end with 2105, because seconds then still fit in 32 bits.
pub(crate) const LAST_DAY: i64 = 49_672;

/// From and until in seconds since the day began; until may lie in the next day.
pub(crate) type Hours = Vec<(i64, i64)>;

/// The spec, understood.
pub(crate) struct Wall {
    week: [Hours; 7],
    /// By day since 1970, in order.
    days: Vec<(i64, Hours)>,
}

impl Wall {
    pub(crate) fn new(spec: &Spec) -> Result<Wall, SpecError> {
        const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let mut week: [Hours; 7] = Default::default();
        for ((to, from), name) in week.iter_mut().zip(spec.week.days()).zip(NAMES) {
            *to = hours(from, name)?;
        }
        if spec.days.len() > MOST_DAYS {
            return Err(SpecError::TooMany { what: "days", limit: MOST_DAYS });
        }
        let mut days = Vec::with_capacity(spec.days.len());
        for (date, day) in &spec.days {
            days.push(check_day(date, day)?);
        }
        days.sort_by_key(|(day, _)| *day);
        if week.iter().all(Vec::is_empty) && days.iter().all(|(_, hours)| hours.is_empty()) {
            return Err(SpecError::NoWorkingTime);
        }
        Ok(Wall { week, days })
    }

    /// Every interval of the supported years and of the days around them (a zone's clock is up to a day off), in order,
    /// apart from each other.
    pub(crate) fn line(&self) -> Vec<(i64, i64)> {
        let mut line: Vec<(i64, i64)> = Vec::new();
        let mut special = self.days.iter().peekable();
        for day in -2..=LAST_DAY + 1 {
            while special.next_if(|(number, _)| *number < day).is_some() {}
            // 1970-01-01 was a Thursday.
            let usual = &self.week[usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)];
            let hours = special.next_if(|(number, _)| *number == day).map_or(usual, |(_, hours)| hours);
            for (from, until) in hours {
                push(&mut line, day * DAY + from, day * DAY + until);
            }
        }
        line
    }
}

/// Adds an interval that starts no earlier than the last one, and joins it to that one if they touch.
pub(crate) fn push(line: &mut Vec<(i64, i64)>, from: i64, until: i64) {
    match line.last_mut() {
        Some(last) if from <= last.1 => last.1 = last.1.max(until),
        _ => line.push((from, until)),
    }
}

/// A day that differs, understood: its number and its hours.
pub(crate) fn check_day(date: &str, day: &Day) -> Result<(i64, Hours), SpecError> {
    if day.name.chars().count() > LONGEST_NAME {
        return Err(SpecError::NameTooLong { day: date.to_owned(), limit: LONGEST_NAME });
    }
    Ok((number(parse_date(date)?), hours(&day.hours, date)?))
}

/// A date from 1970 to 2105.
pub(crate) fn parse_date(text: &str) -> Result<Date, SpecError> {
    let written = text.len() == 10 && text.is_ascii();
    let date = text.parse::<Date>().ok().filter(|_| written);
    date.filter(|date| (0..=LAST_DAY).contains(&number(*date))).ok_or_else(|| SpecError::BadDate(shortened(text)))
}

/// Days since 1970-01-01.
pub(crate) fn number(date: Date) -> i64 {
    date.to_datetime(jiff::civil::Time::midnight())
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_or(-1, |at| at.timestamp().as_second().div_euclid(DAY))
}

fn hours(written: &[Interval], day: &str) -> Result<Hours, SpecError> {
    if written.len() > MOST_INTERVALS {
        return Err(SpecError::TooMany { what: "intervals of a day", limit: MOST_INTERVALS });
    }
    let bad = |text: &str| SpecError::BadTime { day: day.to_owned(), text: shortened(text) };
    let mut hours = Vec::with_capacity(written.len());
    for (from_text, until_text) in written {
        let from = minute(from_text).filter(|at| *at < 24 * 60).ok_or_else(|| bad(from_text))?;
        let until = minute(until_text).ok_or_else(|| bad(until_text))?;
        let until = if until <= from { until + 24 * 60 } else { until };
        hours.push((from * MINUTE, until * MINUTE));
    }
    hours.sort_unstable();
    for pair in hours.windows(2) {
        if let [first, second] = pair
            && second.0 < first.1
        {
            return Err(SpecError::Overlapping { day: day.to_owned(), first: say(*first), second: say(*second) });
        }
    }
    Ok(hours)
}

/// "9:00" and "09:00" to "24:00", in minutes since midnight.
pub(crate) fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str, least: usize| {
        let plain = (least..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<i64>().ok()).flatten()
    };
    let (hour, minute) = (digits(hour, 1)?, digits(minute, 2)?);
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

fn say((from, until): (i64, i64)) -> String {
    let clock = |at: i64| match at {
        DAY => "24:00".to_owned(),
        at => format!("{:02}:{:02}", at.rem_euclid(DAY) / 3600, at % 3600 / 60),
    };
    format!("{}–{}", clock(from), clock(until))
}

/// So much of a stranger's text as an error needs.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
