//! Days from an ICS calendar (RFC 5545), as far as holidays need it: VEVENTs with a start, an end and a summary.
//!
//! Tolerant of what real files do: folded lines, LF or CRLF, parameters in any order, zones by name, events of several
//! days (DTEND is the first moment that does not belong any more, section 3.6.1), cancelled events, unknown properties.
//! A rule of repetition is not followed: holidays are listed, and guessing one wrong would move deadlines in silence.

use crate::error::SpecError;
use crate::spec::Day;
use crate::wall::{LONGEST_NAME, MOST_DAYS};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;

#[derive(Default)]
struct Event {
    start: Option<Moment>,
    end: Option<Moment>,
    days: Option<i64>,
    summary: String,
    cancelled: bool,
    repeats: bool,
}

/// A date, or a date and time on the calendar's clock.
#[derive(Clone, Copy)]
enum Moment {
    Date(Date),
    At(DateTime),
}

pub(crate) fn days(text: &str, zone: &TimeZone) -> Result<BTreeMap<String, Day>, SpecError> {
    let mut days = BTreeMap::new();
    let mut event: Option<Event> = None;
    // An alarm within an event has properties of the same names.
    let mut inner = 0_u32;
    for line in unfold(text) {
        let Some((name, parameters, value)) = property(&line) else { continue };
        match (name.as_str(), &mut event) {
            ("BEGIN", None) if value.eq_ignore_ascii_case("VEVENT") => event = Some(Event::default()),
            ("BEGIN", Some(_)) => inner += 1,
            ("END", Some(_)) if inner > 0 => inner -= 1,
            ("END", Some(_)) => {
                if let Some(event) = event.take() {
                    put(&mut days, event)?;
                }
            }
            (name, Some(event)) if inner == 0 => match name {
                "DTSTART" => event.start = Some(moment(parameters, value, zone)?),
                "DTEND" => event.end = Some(moment(parameters, value, zone)?),
                "DURATION" => event.days = whole_days(value),
                "SUMMARY" => event.summary = unescape(value),
                "STATUS" => event.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
                "RRULE" | "RDATE" => event.repeats = true,
                _ => {}
            },
            _ => {}
        }
    }
    match event {
        Some(_) => Err(SpecError::BadFile("it ends in the middle of an event".to_owned())),
        None => Ok(days),
    }
}

fn put(days: &mut BTreeMap<String, Day>, event: Event) -> Result<(), SpecError> {
    let Some(start) = event.start.filter(|_| !event.cancelled) else { return Ok(()) };
    if event.repeats {
        return Err(SpecError::BadFile(format!("\"{}\" repeats by a rule; list its days instead", event.summary)));
    }
    match start {
        Moment::Date(first) => {
            let after = match (event.end, event.days) {
                (Some(Moment::Date(end)), _) => end,
                (Some(Moment::At(end)), _) => end.date(),
                (None, Some(days)) => first.saturating_add(days.days()),
                (None, None) => first,
            };
            // An event without an end, or with one that is not later, is one day.
            let after = after.max(first.saturating_add(1.days()));
            for date in first.series(1.days()).take_while(|date| *date < after) {
                if days.len() > MOST_DAYS {
                    return Err(SpecError::TooMany { what: "days", limit: MOST_DAYS });
                }
                let day = days.entry(date.to_string()).or_default();
                // A day off stays one, whatever else is on that date.
                *day = Day::off(joined(&day.name, &event.summary, day.hours.is_empty()));
            }
        }
        Moment::At(start) => {
            let Some(Moment::At(end)) = event.end else { return Ok(()) };
            if end <= start || end > start.saturating_add(24.hours()) {
                return Err(SpecError::BadFile(format!("\"{}\" does not last up to a day", event.summary)));
            }
            let date = start.date().to_string();
            let fresh = !days.contains_key(&date);
            let day = days.entry(date).or_default();
            if fresh || !day.hours.is_empty() {
                day.name = joined(&day.name, &event.summary, true);
                day.hours.push((clock(start.time()), until(start, end)));
            }
        }
    }
    Ok(())
}

/// Both names of a day with two events, unless one says it all.
fn joined(before: &str, name: &str, keep: bool) -> String {
    let name = match before {
        before if !keep || before.is_empty() || before == name => name.to_owned(),
        before if name.is_empty() => before.to_owned(),
        before => format!("{before}, {name}"),
    };
    name.chars().take(LONGEST_NAME).collect()
}

fn until(start: DateTime, end: DateTime) -> String {
    let midnight = end.time() == Time::midnight() && end.date() > start.date();
    if midnight { "24:00".to_owned() } else { clock(end.time()) }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Lines as they were before they were folded (section 3.1).
fn unfold(text: &str) -> impl Iterator<Item = String> {
    let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).peekable();
    std::iter::from_fn(move || {
        let mut line = lines.next()?.to_owned();
        while let Some(more) = lines.next_if(|next| next.starts_with([' ', '\t'])) {
            line.push_str(&more[1..]);
        }
        Some(line)
    })
}

/// `NAME;PARAMETER=…:VALUE`. A colon within quotes belongs to a parameter.
fn property(line: &str) -> Option<(String, &str, &str)> {
    let mut quoted = false;
    let colon = line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })?;
    let (head, value) = (&line[..colon], line[colon + 1..].trim());
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    Some((name.trim().to_ascii_uppercase(), parameters, value))
}

fn moment(parameters: &str, value: &str, zone: &TimeZone) -> Result<Moment, SpecError> {
    let bad = || SpecError::BadFile(format!("\"{}\" is neither a date nor a time", crate::wall::shortened(value)));
    if value.len() == 8 {
        return Date::strptime("%Y%m%d", value).map(Moment::Date).map_err(|_| bad());
    }
    if let Some(utc) = value.strip_suffix(['Z', 'z']) {
        let at =
            DateTime::strptime("%Y%m%dT%H%M%S", utc).and_then(|at| at.to_zoned(TimeZone::UTC)).map_err(|_| bad())?;
        return Ok(Moment::At(here(at.timestamp(), zone)));
    }
    let at = DateTime::strptime("%Y%m%dT%H%M%S", value).map_err(|_| bad())?;
    let named = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.eq_ignore_ascii_case("TZID").then(|| value.trim_matches('"'))
    });
    // A zone under a name of its own (VTIMEZONE) is taken as the calendar's.
    let theirs = named.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| zone.clone());
    let there = at.to_zoned(theirs).map_err(|_| bad())?;
    Ok(Moment::At(here(there.timestamp(), zone)))
}

fn here(at: Timestamp, zone: &TimeZone) -> DateTime {
    at.to_zoned(zone.clone()).datetime()
}

/// `P1D`, `P2W`; anything else is a part of a day.
fn whole_days(value: &str) -> Option<i64> {
    let (number, unit) = value.strip_prefix('P')?.split_at_checked(value.len().checked_sub(2)?)?;
    let number: i64 = number.parse().ok().filter(|days| (0..=5_000).contains(days))?;
    match unit {
        "D" => Some(number),
        "W" => Some(number * 7),
        _ => None,
    }
}

/// Section 3.3.11.
fn unescape(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.extend(letters.next().map(|next| if matches!(next, 'n' | 'N') { ' ' } else { next })),
            letter => plain.push(letter),
        }
    }
    plain.trim().to_owned()
}
