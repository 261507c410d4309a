//! When somebody must be there: never, at certain hours of the week, or around the clock. Written in a time zone, read out
//! as spans; hours may go over midnight, and days with a change of clocks are as long as they are.

use super::span::{Span, midnight, moment, zoned};
use crate::{Error, Result};
use jiff::civil::{Date, Time as Clock};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// More than this is a mistake of the pen.
const MOST_HOURS: usize = 50;

/// Hours of one day of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hours {
    /// 0 is Monday; the day on which they begin.
    pub day: u8,
    /// From, "09:00".
    pub from: String,
    /// To, "18:00"; not later than `from`: on the next day. "24:00" is midnight.
    pub to: String,
}

/// What kind of cover is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoverKind {
    /// None: whoever is there is there.
    #[default]
    None,
    /// At these hours of the week.
    Hours,
    /// At every moment.
    Always,
}

/// When somebody must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Cover {
    /// What kind.
    pub kind: CoverKind,
    /// In which zone the hours are written, as an IANA name.
    pub zone: String,
    /// The hours, for `hours`.
    pub hours: Vec<Hours>,
}

/// A time zone by its name.
pub fn zone_named(field: &'static str, name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| Error::field(field, "unknown", "an IANA name such as Europe/Moscow"))
}

fn clock(text: &str) -> Option<Clock> {
    (text.len() == 5).then(|| format!("{text}:00").parse().ok()).flatten()
}

impl Hours {
    /// Do they say something?
    pub(super) fn checked(&self, field: &'static str) -> Result<()> {
        let fits = self.day < 7 && clock(&self.from).is_some() && (self.to == "24:00" || clock(&self.to).is_some());
        if fits {
            Ok(())
        } else {
            Err(Error::field(field, "malformed", "day 0 to 6 (0 is Monday), hours as \"09:00\""))
        }
    }

    /// When they are on this day, which is taken to be theirs.
    pub(super) fn on(&self, date: Date, zone: &TimeZone) -> Option<Span> {
        let from = clock(&self.from)?;
        let until = match clock(&self.to) {
            Some(to) if to > from => moment(date, to, zone)?,
            Some(to) => moment(date.tomorrow().ok()?, to, zone)?,
            None => midnight(date.tomorrow().ok()?, zone)?,
        };
        Some(Span::new(moment(date, from, zone)?, until))
    }
}

/// All of them say something.
pub(super) fn checked_hours(field: &'static str, hours: &[Hours]) -> Result<()> {
    if hours.len() > MOST_HOURS {
        return Err(Error::field(field, "too_many", format!("at most {MOST_HOURS}")));
    }
    hours.iter().try_for_each(|hours| hours.checked(field))
}

impl Cover {
    /// Does it say something?
    pub fn checked(&self) -> Result<()> {
        if self.kind == CoverKind::Hours {
            zone_named("cover.zone", &self.zone)?;
            if self.hours.is_empty() {
                return Err(Error::field("cover.hours", "required", "name the hours, or no cover"));
            }
            checked_hours("cover.hours", &self.hours)?;
        }
        Ok(())
    }

    /// The spans within `range` in which somebody must be there.
    pub fn needed(&self, range: Span) -> Vec<Span> {
        match self.kind {
            CoverKind::None => Vec::new(),
            CoverKind::Always => vec![range],
            CoverKind::Hours => {
                let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
                let mut spans = Vec::new();
                // Hours of yesterday may go over midnight.
                let mut day = zoned(range.from, &zone).date().yesterday().unwrap_or(Date::MIN);
                let last = zoned(range.until, &zone).date();
                while day <= last {
                    let weekday = day.weekday().to_monday_zero_offset();
                    let of_day = self.hours.iter().filter(|hours| i64::from(hours.day) == i64::from(weekday));
                    spans.extend(of_day.filter_map(|hours| hours.on(day, &zone)).map(|span| span.common(range)));
                    match day.tomorrow() {
                        Ok(next) => day = next,
                        Err(_) => break,
                    }
                }
                spans.retain(|span| !span.is_empty());
                spans
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use opora_base::Time;

    fn at(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn hours(day: u8, from: &str, to: &str) -> Hours {
        Hours { day, from: from.into(), to: to.into() }
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_they_begin() {
        let cover =
            Cover { kind: CoverKind::Hours, zone: "Europe/Moscow".into(), hours: vec![hours(6, "19:00", "10:00")] };
        // Sunday evening until Monday morning; the range begins in the middle of it.
        let range = Span::new(at("2026-11-23T00:00:00+03:00"), at("2026-11-29T20:00:00+03:00"));
        assert_eq!(
            cover.needed(range),
            [
                Span::new(at("2026-11-23T00:00:00+03:00"), at("2026-11-23T10:00:00+03:00")),
                Span::new(at("2026-11-29T19:00:00+03:00"), at("2026-11-29T20:00:00+03:00")),
            ]
        );
    }

    #[test]
    fn a_day_on_which_the_clocks_change_is_as_long_as_it_is() {
        // Berlin, 2026-03-29 has 23 hours, 2026-10-25 has 25.
        let whole = |date: &str| {
            let cover =
                Cover { kind: CoverKind::Hours, zone: "Europe/Berlin".into(), hours: vec![hours(6, "00:00", "24:00")] };
            let noon = at(&format!("{date}T12:00:00Z"));
            let range = Span::new(Time(noon.0 - 86_400_000_000), Time(noon.0 + 86_400_000_000));
            cover.needed(range).iter().map(|span| span.minutes()).sum::<i64>() / 60
        };
        assert_eq!((whole("2026-03-29"), whole("2026-10-25"), whole("2026-11-22")), (23, 25, 24));
    }

    #[test]
    fn hours_that_say_nothing_are_refused() {
        for wrong in [hours(7, "09:00", "18:00"), hours(0, "9:00", "18:00"), hours(0, "09:00", "25:00")] {
            let cover = Cover { kind: CoverKind::Hours, zone: "Europe/Moscow".into(), hours: vec![wrong] };
            assert_eq!(cover.checked().map_err(|e| e.code()), Err("validation"));
        }
    }
}
