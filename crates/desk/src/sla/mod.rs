//! Deadlines: what was promised to whom, and how much of the time is left.
//!
//! A *policy* promises; for each *metric* the first policy that fits a ticket counts. A *clock* measures one metric of one
//! ticket, in the working hours of a calendar or by the wall clock, and stands still while we wait for the customer. Clocks
//! follow the log and are reckoned from the ticket itself, never from what happened between: whatever is interrupted,
//! repeated, split or taken back comes out right. Timers warn and tell when it is too late; the list shows what ends first.

mod clock;
mod escalate;
mod facts;
mod follow;
mod hours;
mod metric;
mod of_ticket;
pub mod policy;
pub mod promise;
pub mod report;
mod review;
mod rules;
mod settle;
mod store;

pub use follow::{FOLLOWER, fire, follow, is_behind};
pub use metric::Metric;
pub use of_ticket::{ClockState, TicketClock, TicketSla, clocks};
pub(crate) use review::ask as ask_for_review;
pub use settle::{BREACH_TIMER, WARN_TIMER};
