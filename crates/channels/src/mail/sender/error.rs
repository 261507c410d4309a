//! Why a message did not go out, and whether it is worth trying again.

use super::{Refusal, Reply};
use crate::mail::{Code, Language, Problem};

/// What may be done with a message that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing is wrong with the message: send it again later.
    Later,
    /// It will never be taken as it is.
    Never,
    /// It went out whole and the answer never came. Sending it again may double it; the Message-ID stays the same,
    /// so most mail systems show it once.
    Unknown,
}

/// A message was not sent to anybody, or we do not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SendError {
    /// What happened, with its stable code.
    pub problem: Problem,
    /// What to do with the message.
    pub fate: Fate,
    /// What the server said, if it said anything.
    pub reply: Option<Reply>,
    /// The recipients the server refused before that, each with its answer.
    pub refused: Vec<Refusal>,
}

impl SendError {
    pub(super) fn new(fate: Fate, code: Code, detail: impl Into<String>) -> Self {
        Self { problem: Problem::new(code, detail), fate, reply: None, refused: Vec::new() }
    }

    /// The server answered no. 5xx is for ever, anything else is not for now.
    pub(super) fn refused(doing: &str, code: Code, reply: Reply) -> Self {
        let busy = reply.code == 421;
        let (fate, code) = match (reply.is_permanent(), busy) {
            (true, _) => (Fate::Never, code),
            (false, true) => (Fate::Later, Code::Busy),
            (false, false) => (Fate::Later, Code::Deferred),
        };
        Self { problem: Problem::new(code, format!("{doing}: {reply}")), fate, reply: Some(reply), refused: Vec::new() }
    }

    /// Whether sending the same message again later makes sense.
    pub fn is_temporary(&self) -> bool {
        self.fate == Fate::Later
    }

    /// Whether the message will never be taken as it is.
    pub fn is_permanent(&self) -> bool {
        self.fate == Fate::Never
    }

    /// What happened in plain words, with the server's own words behind them.
    pub fn in_words(&self, language: Language) -> String {
        let sentence = self.problem.sentence(language);
        let said = self.reply.as_ref().or_else(|| self.refused.first().map(|refusal| &refusal.reply));
        match (said, language) {
            (None, _) => sentence.to_owned(),
            (Some(reply), Language::English) => format!("{sentence} The server said: {reply}"),
            (Some(reply), Language::Russian) => format!("{sentence} Ответ сервера: {reply}"),
        }
    }
}

/// Trouble with the line or the settings is never the message's fault: it waits.
impl From<Problem> for SendError {
    fn from(problem: Problem) -> Self {
        Self { problem, fate: Fate::Later, reply: None, refused: Vec::new() }
    }
}
