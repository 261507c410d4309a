//! What a calendar would mean, before anybody saves it: the coming days hour by hour, and when some work would be done.

use super::refused;
use crate::{Actor, Error, Permission, Result};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use opora_base::Time;
use opora_calendar::{Calendar, Interval, Spec};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// So many days are shown unless fewer are asked for.
const DAYS: i64 = 60;
const MOST_DAYS: i64 = 400;
const MINUTE: i64 = 60_000;
/// How much work is led to its end unless the question names another amount: four hours.
const WORK: i64 = 4 * 60;

/// What is asked.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct PreviewForm {
    /// The calendar, saved or not.
    pub spec: Spec,
    /// From when on; now when absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Time>,
    /// How many minutes of work; 240 when absent.
    pub minutes: Option<i64>,
    /// How many days to show; 60 when absent.
    pub days: Option<i64>,
}

/// What a calendar means.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preview {
    /// The days from today on, as the calendar's zone counts them.
    pub days: Vec<PreviewDay>,
    /// Whether it is open at the moment that was asked about.
    pub open: bool,
    /// When it opens next, if it is closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opens_at: Option<Time>,
    /// How much work was led to its end, in minutes.
    pub minutes: i64,
    /// When that work is done; nothing when it never is.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Time>,
}

/// One day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviewDay {
    /// Which.
    pub date: String,
    /// What it is called, if it has a name.
    pub name: String,
    /// When it is open, on the wall, from midnight to midnight; a night shift shows in both its days.
    #[schema(value_type = Vec<Vec<String>>)]
    pub hours: Vec<Interval>,
    /// How many minutes are worked.
    pub minutes: i64,
}

/// Works a calendar out without keeping it.
pub fn preview(actor: &Actor, form: &PreviewForm, now: Time) -> Result<Preview> {
    actor.need(Permission::SettingsManage)?;
    let calendar = Calendar::new(&form.spec).map_err(|error| refused("spec", &error))?;
    let from = form.from.unwrap_or(now).0.div_euclid(1_000);
    let minutes = form.minutes.unwrap_or(WORK);
    let count = form.days.unwrap_or(DAYS).clamp(0, MOST_DAYS);
    let done_at = minutes.checked_mul(MINUTE).and_then(|work| calendar.add(from, work));
    let moment = Timestamp::from_millisecond(from)
        .map_err(|_| Error::field("from", "malformed", "not a moment of the supported years"))?;
    let today = moment.to_zoned(calendar.zone().clone()).date();
    let open = calendar.is_open(from);
    Ok(Preview {
        days: today
            .series(1.days())
            .take(usize::try_from(count).unwrap_or(0))
            .map(|date| day(&calendar, &form.spec, date))
            .collect(),
        open,
        opens_at: if open { None } else { calendar.next_open(from).map(time) },
        minutes,
        done_at: done_at.map(time),
    })
}

fn day(calendar: &Calendar, spec: &Spec, date: Date) -> PreviewDay {
    let begins = |date: Date| date.to_zoned(calendar.zone().clone()).map_or(0, |at| at.timestamp().as_millisecond());
    let (from, until) = (begins(date), begins(date.saturating_add(1.days())));
    let name = spec.days.get(&date.to_string()).map(|day| day.name.clone()).unwrap_or_default();
    let clock = |at: i64| match at {
        at if at == until => "24:00".to_owned(),
        at => Timestamp::from_millisecond(at)
            .map(|at| at.to_zoned(calendar.zone().clone()).strftime("%H:%M").to_string())
            .unwrap_or_default(),
    };
    PreviewDay {
        date: date.to_string(),
        name,
        hours: calendar.intervals(from, until).map(|(opens, closes)| (clock(opens), clock(closes))).collect(),
        minutes: calendar.between(from, until) / MINUTE,
    }
}

fn time(at: i64) -> Time {
    Time(at.saturating_mul(1_000))
}
