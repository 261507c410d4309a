//! Facts against loops: our own mark on what we send, and how often a conversation went through machines.

use crate::{Headers, Mail};

/// The field Opora writes into everything it sends; its value is how many automatic hops the conversation had before.
pub const LOOP_HEADER: &str = "X-Opora-Loop";

/// How many automatic hops the message admits to: the numbers in `X-Opora-Loop` (a mark without a number counts one),
/// plus one for each `Auto-Submitted` that is not `no`.
#[must_use]
pub fn loop_count(headers: &Headers) -> usize {
    let ours: usize = headers.texts(LOOP_HEADER).map(|value| value.parse::<usize>().unwrap_or(1).clamp(1, 1000)).sum();
    let automatic =
        headers.texts("Auto-Submitted").filter(|value| !value.to_ascii_lowercase().starts_with("no")).count();
    ours + automatic
}

impl Mail {
    /// True when an Opora wrote it (this one or another), or says so.
    #[must_use]
    pub fn is_from_opora(&self) -> bool {
        self.headers.has(LOOP_HEADER)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn hops_add_up() {
        let count = |raw: &str| loop_count(&crate::parse(raw.as_bytes()).unwrap().headers);
        assert_eq!(count("Subject: x\n\ny"), 0);
        assert_eq!(count("X-Opora-Loop: 2\nAuto-Submitted: auto-replied\n\ny"), 3);
        assert_eq!(count("X-Opora-Loop: desk\nX-Opora-Loop: 1\nAuto-Submitted: no\n\ny"), 2);
    }
}
