//! Working time: hours, holidays, short days and shifts as pure arithmetic. It knows no database, no ticket and no clock
//! of its own; moments are milliseconds since 1970 in UTC and come from whoever asks.
//!
//! A [`Spec`] is what a person wrote down, a [`Calendar`] answers. [`preset`] knows Russia's production calendar,
//! [`load_days`] reads next year's days from a file, [`worker`] answers JSON lines for scripts and checks.
//!
//! ```text
//! Spec ──wall──▶ intervals as the wall shows them ──calendar──▶ in real seconds ──table──▶ answers
//! ```

mod calendar;
mod error;
mod ics;
mod load;
pub mod preset;
mod spec;
mod table;
mod wall;
mod worker;

pub use calendar::Calendar;
pub use error::SpecError;
pub use load::{LARGEST_FILE, load_days};
pub use spec::{Day, Interval, Spec, Week};
pub use wall::{LONGEST_NAME, MOST_DAYS, MOST_INTERVALS};
pub use worker::worker;
