//! How a mailbox is read: where to begin, what to do with what was read, how long to wait.

use std::time::Duration;

use jiff::Timestamp;

use crate::mail::TlsTrust;

/// How we read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whose certificates we believe.
    pub trust: TlsTrust,
    /// Where to begin in a mailbox we have not read yet.
    pub start: Start,
    /// What to do with a message that is written down.
    pub after: After,
    /// Messages above this many bytes are passed over, visibly.
    pub max_message_bytes: usize,
    /// How long to wait for a connection, and for the server to say something while it owes us an answer.
    pub timeout: Duration,
    /// How often IDLE is renewed and the mailbox looked through all the same; never more than 25 minutes.
    pub idle_renewal: Duration,
    /// How often to look where there is no IDLE.
    pub poll: Duration,
    /// The first pause after a failure; it doubles each time, with jitter, up to [`Options::longest_pause`].
    pub first_pause: Duration,
    /// The longest pause after a failure.
    pub longest_pause: Duration,
    /// The pause after a failure that only a person can mend: a wrong password, a bad certificate.
    pub settings_pause: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trust: TlsTrust::default(),
            start: Start::Everything,
            after: After::Leave,
            max_message_bytes: 40 * 1024 * 1024,
            timeout: Duration::from_secs(60),
            idle_renewal: Duration::from_secs(10 * 60),
            poll: Duration::from_secs(60),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(5 * 60),
            settings_pause: Duration::from_secs(10 * 60),
        }
    }
}

/// Where to begin in a mailbox we have not read yet, or that was renumbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With the oldest message.
    Everything,
    /// With what reached the mailbox at this time or later, by the server's clock; ten minutes earlier are read too,
    /// since clocks differ and a message twice is better than none.
    From(Timestamp),
}

/// What to do with a message that is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// Nothing at all.
    Leave,
    /// Mark it as seen.
    MarkSeen,
    /// Move it to this folder.
    Move(String),
    /// Delete it.
    Delete,
}
