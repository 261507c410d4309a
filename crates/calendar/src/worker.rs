//! A calendar on a pipe: one JSON request a line in, one JSON answer a line out, for scripts and checks.
//!
//! - `{"calendar":{…},"op":"add","from":"2026-03-02T17:30:00+03:00","minutes":60}` → `{"at":"2026-03-03T09:30:00+03:00"}`
//! - `{"calendar":{…},"op":"between","from":…,"to":…}` → `{"minutes":n}`
//! - `{"calendar":{…},"op":"is_open","at":…}` → `{"open":true}`
//! - `{"calendar":{…},"op":"next_open","at":…}` and `"next_close"` → `{"at":…}`, or `{"at":null}` when there is none
//! - `{"op":"days","preset":"ru-production","year":2026}` → `{"days":{…}}`: what differs from Monday to Friday 09:00–18:00
//!
//! A calendar is a [`Spec`] or the name of a preset. Times are RFC 3339; without an offset they are the calendar's. A line
//! that is not understood is answered `{"error":{"code":…,"detail":…}}`, and the next one is read.

use crate::calendar::Calendar;
use crate::error::SpecError;
use crate::preset::{self, Language};
use crate::spec::{Spec, Week};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, Read, Write};
use std::sync::Arc;

/// The longest line that is understood, in bytes; the rest of a longer one is skipped.
const LONGEST_LINE: u64 = 4 << 20;
/// So many calendars are kept ready.
const MOST_KEPT: usize = 256;
const MINUTE: f64 = 60_000.0;

/// Answers `input` line by line on `output` until the input ends.
///
/// # Errors
/// The streams break.
pub fn worker(mut input: impl BufRead, mut output: impl Write) -> std::io::Result<()> {
    let mut shelf = Shelf::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        let answer = if line.len() as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
            skip_line(&mut input)?;
            Err(Refusal::new("too_many", "the line is too long"))
        } else if line.trim_ascii().is_empty() {
            continue;
        } else {
            shelf.answer(&line)
        };
        let answer = answer.unwrap_or_else(|no| json!({"error": {"code": no.code, "detail": no.detail}}));
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
}

fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let read = input.fill_buf()?;
        let (used, ends) = match read.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (read.len(), read.is_empty()),
        };
        input.consume(used);
        if ends {
            return Ok(());
        }
    }
}

struct Refusal {
    code: &'static str,
    detail: String,
}

impl Refusal {
    fn new(code: &'static str, detail: impl Into<String>) -> Refusal {
        Refusal { code, detail: detail.into() }
    }
}

impl From<SpecError> for Refusal {
    fn from(error: SpecError) -> Refusal {
        Refusal::new(error.code(), error.to_string())
    }
}

#[derive(Deserialize)]
struct Request {
    op: String,
    calendar: Option<Value>,
    from: Option<String>,
    to: Option<String>,
    at: Option<String>,
    minutes: Option<f64>,
    preset: Option<String>,
    year: Option<i16>,
}

/// Calendars that were asked for, ready to be asked again.
#[derive(Default)]
struct Shelf {
    by_text: HashMap<String, Arc<Calendar>>,
}

impl Shelf {
    fn answer(&mut self, line: &[u8]) -> Result<Value, Refusal> {
        let request: Request =
            serde_json::from_slice(line).map_err(|error| Refusal::new("bad_request", error.to_string()))?;
        match request.op.as_str() {
            "add" => {
                let calendar = self.calendar(&request)?;
                let from = moment(&calendar, request.from.as_deref(), "from")?;
                let minutes = request.minutes.ok_or_else(|| missing("minutes"))?;
                let beyond = || Refusal::new("out_of_range", "there is no such moment from 1970 to 2105");
                let at = work(minutes).and_then(|work| calendar.add(from, work)).ok_or_else(beyond)?;
                Ok(json!({"at": say(&calendar, at)}))
            }
            "between" => {
                let calendar = self.calendar(&request)?;
                let from = moment(&calendar, request.from.as_deref(), "from")?;
                let to = moment(&calendar, request.to.as_deref(), "to")?;
                Ok(json!({"minutes": in_minutes(calendar.between(from, to))}))
            }
            "is_open" => {
                let calendar = self.calendar(&request)?;
                let at = moment(&calendar, request.at.as_deref().or(request.from.as_deref()), "at")?;
                Ok(json!({"open": calendar.is_open(at)}))
            }
            op @ ("next_open" | "next_close") => {
                let calendar = self.calendar(&request)?;
                let at = moment(&calendar, request.at.as_deref().or(request.from.as_deref()), "at")?;
                let next = if op == "next_open" { calendar.next_open(at) } else { calendar.next_close(at) };
                Ok(json!({"at": next.map(|at| say(&calendar, at))}))
            }
            "days" => {
                let name = request.preset.as_deref().ok_or_else(|| missing("preset"))?;
                let year = request.year.ok_or_else(|| missing("year"))?;
                let days = preset::days(name, year, &Week::office(), Language::English)?;
                // The bare hours, without names: what a machine compares.
                let days: BTreeMap<_, _> = days.into_iter().map(|(date, day)| (date, day.hours)).collect();
                Ok(json!({"days": days}))
            }
            _ => Err(Refusal::new("unknown_op", "op is one of add, between, is_open, next_open, next_close, days")),
        }
    }

    fn calendar(&mut self, request: &Request) -> Result<Arc<Calendar>, Refusal> {
        let asked = request.calendar.as_ref().ok_or_else(|| missing("calendar"))?;
        let text = asked.to_string();
        if let Some(calendar) = self.by_text.get(&text) {
            return Ok(calendar.clone());
        }
        let spec = match asked {
            Value::String(name) => preset::spec(name, "Europe/Moscow", Language::English)?,
            spec => Spec::deserialize(spec).map_err(|error| Refusal::new("bad_calendar", error.to_string()))?,
        };
        let calendar = Arc::new(Calendar::new(&spec)?);
        if self.by_text.len() >= MOST_KEPT {
            self.by_text.clear();
        }
        self.by_text.insert(text, calendar.clone());
        Ok(calendar)
    }
}

fn missing(what: &str) -> Refusal {
    Refusal::new("bad_request", format!("{what} is missing"))
}

/// Milliseconds, when there can be so many.
fn work(minutes: f64) -> Option<i64> {
    let work = (minutes * MINUTE).round();
    // Far more than all supported years and far less than an i64 holds; what is not a number is no amount either.
    #[expect(clippy::cast_possible_truncation, reason = "the range was just checked")]
    (work.abs() < 1e16).then_some(work as i64)
}

/// A whole number when it is one.
fn in_minutes(work: i64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "136 years in milliseconds are far below 2^53")]
    if work % 60_000 == 0 { json!(work / 60_000) } else { json!(work as f64 / MINUTE) }
}

fn moment(calendar: &Calendar, text: Option<&str>, name: &str) -> Result<i64, Refusal> {
    let text = text.ok_or_else(|| missing(name))?;
    let here = |at: DateTime| at.to_zoned(calendar.zone().clone()).map(|at| at.timestamp());
    let at = text.parse::<Timestamp>().or_else(|_| text.parse::<DateTime>().and_then(here));
    let at = at.map_err(|error| Refusal::new("bad_time", format!("{name}: {error}")))?;
    Ok(at.as_millisecond())
}

/// As the calendar's own clock shows it, with its offset.
fn say(calendar: &Calendar, at: i64) -> String {
    match Timestamp::from_millisecond(at) {
        Ok(at) => {
            let here = at.to_zoned(calendar.zone().clone());
            at.display_with_offset(here.offset()).to_string()
        }
        Err(_) => String::new(),
    }
}
