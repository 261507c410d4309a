//! The desk on both engines: the way of a mail, the life of a ticket, who sees what.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audit;
mod calendars;
mod contacts;
mod filters;
mod house;
mod imports;
mod lists;
mod mail_in;
mod mail_out;
mod mass;
mod notifications;
mod passing_on;
mod people;
mod roster;
mod routing;
mod sla;
mod sleep;
mod split;
mod templates;
mod tickets;
mod together;
mod undo;
mod views;
