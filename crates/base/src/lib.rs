//! The ground floor: everything the rooms above stand on and nothing they are about.
//!
//! It keeps rows ([`db`]), remembers what happened ([`event`]), does work later and again if it must ([`job`],
//! [`timer`]), holds large bytes ([`blob`]) and credentials ([`secret`]), says who may do a thing alone ([`lease`]),
//! what an administrator chose ([`setting`]) and what time it is ([`clock`]). It knows no ticket, no mail and no agent.

pub mod blob;
pub mod clock;
pub mod db;
pub mod error;
pub mod event;
pub mod idempotency;
pub mod job;
pub mod lease;
pub mod migration;
pub mod secret;
pub mod setting;
pub mod timer;

pub use clock::{Clock, SharedClock, SystemClock, TestClock, Time};
pub use db::*;
pub use error::{Error, Result};
