//! Who takes what.
//!
//! A *route* says which tickets it has, which class of question and team they get, and how they are handed out: to those
//! the roster names, to a team, in turn, to whoever has least, or by a lead. [`distribute`] decides one ticket after the
//! other in the same transaction, so that nobody ever gets more than they take; every decision is explained in the ticket.
//! What is not picked up comes back and is offered on. «Решить» ([`next`]) gives a colleague the single most urgent ticket
//! they may take, and says why [S8.2].

mod choose;
mod distribute;
mod giveback;
mod next;
pub mod people;
pub mod routes;

pub use choose::Mode;
pub use distribute::{distribute, is_behind};
pub use giveback::{RETURN_TIMER, when_over};
pub use next::{Next, Reason, free_for, next};
