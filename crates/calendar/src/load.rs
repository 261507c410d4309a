//! Next year's days from a file: the JSON of a calendar's days, or an ICS calendar as organizers export it.

use crate::error::SpecError;
use crate::ics;
use crate::spec::Day;
use crate::wall::{self, MOST_DAYS};
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 2 << 20;

/// Reads days from `{"2027-01-01":[],…}`, from `{"days":{…}}` (so a whole calendar or a preset's answer will do) or from
/// ICS, whose all-day events are days off and whose events with hours are a day's hours, in `zone`.
///
/// # Errors
/// The file is too large, is neither of the two, or says something that is no day.
pub fn load_days(file: &[u8], zone: &TimeZone) -> Result<BTreeMap<String, Day>, SpecError> {
    if file.len() > LARGEST_FILE {
        return Err(SpecError::TooMany { what: "bytes", limit: LARGEST_FILE });
    }
    let text = std::str::from_utf8(file).map_err(|_| SpecError::BadFile("it is not text in UTF-8".to_owned()))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let days = match text.as_bytes().first() {
        Some(b'{') => from_json(text)?,
        _ if text.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR")) => {
            ics::days(text, zone)?
        }
        _ => return Err(SpecError::BadFile("neither JSON nor ICS".to_owned())),
    };
    if days.len() > MOST_DAYS {
        return Err(SpecError::TooMany { what: "days", limit: MOST_DAYS });
    }
    if days.is_empty() {
        return Err(SpecError::BadFile("there are no days in it".to_owned()));
    }
    for (date, day) in &days {
        wall::check_day(date, day)?;
    }
    Ok(days)
}

#[derive(Deserialize)]
struct Wrapped {
    days: BTreeMap<String, Day>,
}

fn from_json(text: &str) -> Result<BTreeMap<String, Day>, SpecError> {
    let bad = |error: serde_json::Error| SpecError::BadFile(error.to_string());
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).map_err(bad)?;
    if object.contains_key("days") {
        return Ok(serde_json::from_str::<Wrapped>(text).map_err(bad)?.days);
    }
    serde_json::from_value(object.into()).map_err(bad)
}
