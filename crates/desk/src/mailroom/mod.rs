//! The way of a mail: accepted and kept, understood, received into a ticket; and the way back of an answer.
//!
//! ```text
//! channel ──accept──▶ inbound (durable, then "250") ──understand──▶ receive ──▶ message in a ticket
//!                                                        │              ├──▶ set aside (machines nobody asked)
//!                                                        └─ quarantine  └──▶ duplicate (the written rule of sameness)
//! answer ──▶ outbox job ──load, compose──▶ mail server ──settle──▶ sent, waiting, failed
//! ```
//! Nothing here opens a socket: the binary joins this room to the channels.

mod accept;
pub mod cursor;
pub mod imports;
mod intake;
pub mod outgoing;
pub mod quarantine;
mod receive;
mod report;
mod thread;
mod understand;

pub use accept::{Arrival, INLINE_LIMIT, accept, accepts, pass_over};
pub use intake::{BATCH, take_in};
pub use receive::Outcome;
pub use thread::plus_address;
