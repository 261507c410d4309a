//! Letters of the house itself (a password reset link): written as rows in the transaction that caused them, like
//! everything that leaves. Who carries them is the binary's choice.

use opora_base::{Time, Tx};
use opora_desk::{self as desk, AgentId};

/// A letter to a colleague.
#[derive(Clone, Debug)]
pub enum Letter {
    /// A link to choose a new password.
    PasswordReset {
        /// Works once, for an hour.
        link: String,
    },
    /// A link to join the department.
    Invitation {
        /// Works once, for a week.
        link: String,
    },
}

/// Whoever takes letters.
pub trait Letters: Send + Sync + 'static {
    /// Takes a letter in the transaction it belongs to.
    fn post(&self, tx: &mut Tx<'_>, to: AgentId, letter: Letter, now: Time) -> desk::Result<()>;
}

/// Without a carrier: says in the log that somebody waits for a link, but not which.
#[derive(Debug, Default)]
pub(crate) struct NoLetters;

impl Letters for NoLetters {
    fn post(&self, _: &mut Tx<'_>, to: AgentId, _: Letter, _: Time) -> desk::Result<()> {
        tracing::warn!(agent = to.0, "a letter with a link waits for somebody, but nobody carries letters here");
        Ok(())
    }
}
