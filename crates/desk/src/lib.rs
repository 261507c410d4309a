//! The department itself: people, tickets, and the way of a mail from the door to the answer.
//!
//! Every command is a plain synchronous function `fn(tx, actor, command, now) -> Result<_>` run inside one transaction:
//! it checks the permission, applies the rule, writes the rows and appends the events. HTTP, the channels, the importer
//! and the command line all call these same functions: there is no second way to change a ticket. Each feature is a
//! folder; its SQL stands beside its rules and touches only its own tables.

pub mod actor;
pub mod audit;
pub mod calendars;
pub mod contacts;
pub mod department;
pub mod entitlement;
pub mod error;
pub mod ids;
pub mod mailroom;
pub mod mass;
pub mod notifications;
pub mod onboarding;
mod pattern;
pub mod people;
pub mod plans;
mod present;
pub mod roster;
pub mod routing;
pub mod search_feed;
pub mod sla;
pub mod templates;
pub mod tickets;
pub mod told;
pub mod wall;

pub use actor::{Actor, Permission};
pub use error::{Error, FieldError, Result};
pub use ids::*;
