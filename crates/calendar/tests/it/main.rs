//! Working time against other projects' cases, against a count by the minute, and against the law.

#![allow(clippy::expect_used)]

mod brute;
mod cases;
mod files;
mod pipe;
mod russia;
mod specs;
mod zones;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use opora_calendar::{Calendar, Day, Interval, Spec, Week};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// "09:00-13:00 14:00-18:00"
fn hours(text: &str) -> Vec<Interval> {
    let one = |part: &str| part.split_once('-').map(|(from, until)| (from.to_owned(), until.to_owned()));
    text.split_whitespace().filter_map(one).collect()
}

/// "mon 09:00-17:00; sat 10:00-15:00"; "mon-fri 09:00-17:00"; "2026-05-01" closes that day, "2026-05-02 10:00-12:00" opens it so.
fn spec(zone: &str, text: &str) -> Spec {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut spec = Spec { time_zone: zone.to_owned(), ..Spec::default() };
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, rest) = part.split_once(' ').unwrap_or((part, ""));
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            spec.days.insert(name.to_owned(), Day { name: String::new(), hours: hours(rest) });
            continue;
        }
        let (first, last) = name.split_once('-').unwrap_or((name, name));
        let place = |name: &str| NAMES.iter().position(|known| *known == name).expect(name);
        let Week { mon, tue, wed, thu, fri, sat, sun } = &mut spec.week;
        let mut week = [mon, tue, wed, thu, fri, sat, sun];
        for day in &mut week[place(first)..=place(last)] {
            **day = hours(rest);
        }
    }
    spec
}

fn calendar(zone: &str, text: &str) -> Calendar {
    Calendar::new(&spec(zone, text)).expect(text)
}

/// "2026-03-02 17:30" on the zone's clock (the first time it shows that), or RFC 3339 with an offset.
fn at(zone: &str, text: &str) -> i64 {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return moment.as_millisecond();
    }
    let here: DateTime = text.replace(' ', "T").parse().expect(text);
    here.to_zoned(TimeZone::get(zone).expect(zone)).expect(text).timestamp().as_millisecond()
}

/// The moment in words, for a failure a person can read.
fn say(zone: &str, moment: Option<i64>) -> String {
    let Some(moment) = moment else { return "never".to_owned() };
    let moment = Timestamp::from_millisecond(moment).expect("a moment");
    moment.to_zoned(TimeZone::get(zone).expect(zone)).strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
}
