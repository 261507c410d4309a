//! Calendars that are ready: Russia's production calendar (its days, to be laid over any week), the office week, and
//! around the clock.
//!
//! The production calendar is law, year by year: the holidays of article 112 of the Labour Code and the days moved by the
//! government's decree; a day before a holiday is an hour shorter (article 95). It lies in `data/ru-production.json` with
//! its sources. Next year's comes by a file ([`load_days`](crate::load_days)) or with the next version.

use crate::error::SpecError;
use crate::spec::{Day, Interval, Spec, Week};
use crate::wall;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Russia's production calendar.
pub const RU_PRODUCTION: &str = "ru-production";
/// Every hour of every day.
pub const AROUND_THE_CLOCK: &str = "around-the-clock";
/// Monday to Friday, 09:00 to 18:00.
pub const OFFICE: &str = "office";
/// All of them.
pub const NAMES: [&str; 3] = [RU_PRODUCTION, OFFICE, AROUND_THE_CLOCK];

/// In which language days are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Russian,
    English,
}

#[derive(Deserialize)]
struct Data {
    years: Vec<Year>,
}

#[derive(Deserialize)]
struct Year {
    year: i16,
    source: String,
    days: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    date: String,
    kind: Kind,
    /// A working day in the place of this one: it has that day's hours.
    instead_of: Option<String>,
    ru: String,
    en: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Off,
    Short,
    Work,
}

/// Part of the program and read by a test, so it never fails to be read.
static RUSSIA: LazyLock<Data> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/ru-production.json")).unwrap_or(Data { years: Vec::new() })
});

/// The years Russia's production calendar is known for, each with where it stands.
pub fn known_years() -> Vec<(i16, &'static str)> {
    RUSSIA.years.iter().map(|year| (year.year, year.source.as_str())).collect()
}

/// A whole preset. The production calendar comes with the office week and all years that are known.
///
/// # Errors
/// There is no such preset.
pub fn spec(name: &str, time_zone: &str, language: Language) -> Result<Spec, SpecError> {
    let time_zone = time_zone.to_owned();
    match name {
        RU_PRODUCTION => {
            let week = Week::office();
            let days =
                known_years().into_iter().filter_map(|(year, _)| days(name, year, &week, language).ok()).flatten();
            Ok(Spec { days: days.collect(), time_zone, week })
        }
        OFFICE => Ok(Spec { time_zone, week: Week::office(), ..Spec::default() }),
        AROUND_THE_CLOCK => Ok(Spec { time_zone, week: Week::around_the_clock(), ..Spec::default() }),
        _ => Err(SpecError::UnknownPreset(wall::shortened(name))),
    }
}

/// The days of one year in which the preset differs from this week: days off on which the week works, days that are an
/// hour shorter, working days on which the week is closed.
///
/// # Errors
/// There is no such preset, or it does not know that year.
pub fn days(preset: &str, year: i16, week: &Week, language: Language) -> Result<BTreeMap<String, Day>, SpecError> {
    match preset {
        OFFICE | AROUND_THE_CLOCK => return Ok(BTreeMap::new()),
        RU_PRODUCTION => {}
        _ => return Err(SpecError::UnknownPreset(wall::shortened(preset))),
    }
    let unknown = || SpecError::UnknownYear { preset: preset.to_owned(), year };
    let known = RUSSIA.years.iter().find(|known| known.year == year).ok_or_else(unknown)?;
    let mut days = BTreeMap::new();
    for entry in &known.days {
        let usual = usual(week, &entry.date)?;
        let like = entry.instead_of.as_deref().map_or(Ok(usual), |date| self::usual(week, date))?;
        let hours = match entry.kind {
            Kind::Off => Vec::new(),
            Kind::Short => an_hour_shorter(like),
            Kind::Work => like.clone(),
        };
        if hours != *usual {
            let name = if language == Language::Russian { &entry.ru } else { &entry.en };
            days.insert(entry.date.clone(), Day { name: name.clone(), hours });
        }
    }
    Ok(days)
}

/// What the week says about a date.
pub(crate) fn usual<'a>(week: &'a Week, date: &str) -> Result<&'a Vec<Interval>, SpecError> {
    let weekday = wall::parse_date(date)?.weekday().to_monday_zero_offset();
    Ok(week.days()[usize::try_from(weekday).unwrap_or(0)])
}

/// An hour less at the end; an interval that is no longer than that goes as a whole. Around the clock nothing is
/// shortened: article 95 gives those who work without a break another rest instead.
fn an_hour_shorter(hours: &[Interval]) -> Vec<Interval> {
    let mut hours = hours.to_vec();
    let Some((from, until)) = hours.last_mut() else { return hours };
    let (Some(begins), Some(ends)) = (wall::minute(from), wall::minute(until)) else { return hours };
    let ends = if ends <= begins { ends + 24 * 60 } else { ends };
    match ends - begins {
        1440.. => {}
        61.. => *until = format!("{:02}:{:02}", (ends - 60) / 60 % 24, ends % 60),
        _ => drop(hours.pop()),
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shorter(from: &str, until: &str) -> Vec<Interval> {
        an_hour_shorter(&[("08:00".into(), "09:00".into()), (from.into(), until.into())]).split_off(1)
    }

    #[test]
    fn a_short_day_ends_an_hour_earlier_whatever_its_hours_are() {
        assert_eq!(shorter("10:00", "19:30"), [("10:00".into(), "18:30".into())]);
        assert_eq!(shorter("16:00", "24:00"), [("16:00".into(), "23:00".into())]);
        assert_eq!(shorter("22:00", "00:30"), [("22:00".into(), "23:30".into())]);
        assert_eq!(shorter("22:00", "06:00"), [("22:00".into(), "05:00".into())]);
        assert_eq!(shorter("17:00", "18:00"), []);
        assert_eq!(shorter("17:00", "18:01"), [("17:00".into(), "17:01".into())]);
        assert_eq!(shorter("00:00", "24:00"), [("00:00".into(), "24:00".into())]);
    }
}
