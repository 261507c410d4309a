//! Taking a new customer in [S1.3]: a list of steps, each with somebody responsible and a day by which it is done.
//!
//! [`templates`] are the department's lists; starting one on an organization copies its [`steps`], so that changing the
//! template later changes nobody's work. Days are days of the calendar where the reader is.

pub mod steps;
pub mod templates;

use crate::{Actor, Result, notifications};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opora_base::{Time, Tx};

/// Which day it is where this person is; in UTC for the program itself.
pub(crate) fn today(tx: &mut Tx<'_>, actor: &Actor, now: Time) -> Result<Date> {
    let zone = match actor.agent {
        Some(agent) => notifications::settings_of(tx, agent)?.zone(),
        None => TimeZone::UTC,
    };
    Ok(Timestamp::from_microsecond(now.0).map_or(Date::default(), |at| at.to_zoned(zone).date()))
}
