//! The roster: who is there when, and who answers for which class of question [S1.1], around the clock and across time zones
//! [S3.2].
//!
//! A *shift* is time at the desk, a *duty* is being answerable for a class of question. Both are planned as drafts and count
//! once they are published; what is published changes only by whoever plans, or when a colleague accepts a swap. Everything
//! that is wrong is found before it happens ([`check`]) and shown, never silently repaired. Whoever needs to know who is
//! there asks [`on_duty`]: it leaves out people who are away or switched off, whatever the roster says.
//!
//! Moments are stored, clocks are shown: every entry is written in a time zone and kept as an instant.

pub mod absences;
pub mod check;
pub mod checklist;
pub mod classes;
mod copy;
pub mod cover;
mod duty;
pub mod feed;
pub mod handover;
mod ical;
mod notices;
mod publish;
pub mod requests;
pub mod rotations;
mod scene;
mod shifts;
mod show;
pub mod span;

pub use copy::{Copied, CopyForm, copy_week};
pub use duty::{OnDuty, on_duty, today};
pub(crate) use duty::{began_since, general};
pub use notices::EVENT as TOLD;
pub use publish::{PublishForm, Published, publish};
pub use shifts::{Local, Saved, Shift, ShiftForm, change, create, remove};
pub(crate) use show::gaps_today;
pub use show::{Roster, RosterPerson, show, upcoming};

use crate::tickets::words;
use crate::{Actor, Error, Permission, Result, audit};
use cover::Cover;
use opora_base::event;
use opora_base::{Time, Tx, setting};
use serde::{Deserialize, Serialize};
use serde_json::json;
use span::Span;
use utoipa::ToSchema;

words! {
    /// What kind of entry it is.
    Kind {
        /// Time at the desk.
        Shift = "shift",
        /// Answerable for a class of question, at the desk or not.
        Duty = "duty",
    }
}

words! {
    /// Does it count yet?
    State {
        /// Only those who plan see it.
        Draft = "draft",
        /// It counts.
        Published = "published",
    }
}

/// How much is too much, and what the department needs as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = RosterRules)]
pub struct Rules {
    /// The department's time zone: the roster's days begin there.
    pub zone: String,
    /// Hours of rest between two shifts.
    pub rest_hours: i64,
    /// Nights in a row.
    pub nights_in_row: i64,
    /// Hours at the desk in a week.
    pub hours_a_week: i64,
    /// When anybody must be at the desk.
    pub cover: Cover,
}

impl Default for Rules {
    /// Rest as in Directive 2003/88/EC, art. 3; hours as in its art. 6.
    fn default() -> Self {
        Rules {
            zone: "Europe/Moscow".to_owned(),
            rest_hours: 11,
            nights_in_row: 3,
            hours_a_week: 48,
            cover: Cover::default(),
        }
    }
}

impl Rules {
    /// The department's time zone.
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

const RULES: &str = "roster.rules";
/// A change of the roster that screens should hear of.
pub const CHANGED: &str = "roster.changed";

/// The rules in force.
pub fn rules(tx: &mut Tx<'_>) -> Result<Rules> {
    Ok(setting::get(tx, RULES)?.unwrap_or_default())
}

/// Sets the rules.
pub fn put_rules(tx: &mut Tx<'_>, actor: &Actor, wanted: &Rules, now: Time) -> Result<Rules> {
    actor.need(Permission::RosterManage)?;
    cover::zone_named("zone", &wanted.zone)?;
    wanted.cover.checked()?;
    for (field, value, most) in [
        ("rest_hours", wanted.rest_hours, 24),
        ("nights_in_row", wanted.nights_in_row, 31),
        ("hours_a_week", wanted.hours_a_week, 168),
    ] {
        if !(0..=most).contains(&value) {
            return Err(Error::field(field, "wrong", format!("0 to {most}")));
        }
    }
    let before = rules(tx)?;
    setting::put(tx, RULES, wanted)?;
    let change = audit::Change {
        verb: "changed",
        object: "roster",
        id: 0,
        name: "rules",
        before: Some(json!(before)),
        after: Some(json!(wanted)),
    };
    audit::record(tx, actor, change, now)?;
    changed(tx, actor, None, now)?;
    Ok(wanted.clone())
}

/// Tells whoever follows the log that the roster is another, and where.
fn changed(tx: &mut Tx<'_>, actor: &Actor, span: Option<Span>, now: Time) -> Result<()> {
    event::append(tx, CHANGED, 0, actor.author(), &json!({ "span": span }), now)?;
    Ok(())
}
