//! Counting: what the test runners print about themselves, turned into passed, failed and skipped.

use std::fmt;
use std::ops::AddAssign;

/// How many checks ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    pub const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
    pub const SKIPPED: Self = Self { passed: 0, failed: 0, skipped: 1 };
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Reads `cargo nextest`'s summary; `None` when there is none, because nothing compiled, say.
pub fn nextest(log: &str) -> Option<Tally> {
    let summary = log.lines().rfind(|line| line.trim_start().starts_with("Summary ["))?;
    // "Summary [ 1.2s] 9 tests run: 6 passed (1 slow), 2 failed, 1 timed out, 3 skipped", or "5/9 tests run: …"
    let (_, counts) = summary.split_once(" run: ")?;
    let mut tally = Tally::default();
    for part in without_parentheses(counts).split(',') {
        let mut words = part.split_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else { continue };
        match words.next() {
            Some("passed") => tally.passed += number,
            Some("skipped") => tally.skipped += number,
            _ => tally.failed += number,
        }
    }
    Some(tally)
}

/// Reads every summary of Rust's own test runner; `None` when there is none.
pub fn libtest(log: &str) -> Option<Tally> {
    let mut tally = None;
    for line in log.lines().filter(|line| line.starts_with("test result: ")) {
        let sum: &mut Tally = tally.get_or_insert_default();
        for part in line.split([';', '.']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else { continue };
            match words.next() {
                Some("passed") => sum.passed += number,
                Some("failed") => sum.failed += number,
                Some("ignored") => sum.skipped += number,
                _ => {}
            }
        }
    }
    tally
}

/// Reads Vitest's `Tests  1 failed | 5 passed | 2 skipped (8)` lines; `None` when there is none.
pub fn vitest(log: &str) -> Option<Tally> {
    let mut tally = None;
    for line in log.lines() {
        let Some(counts) = line.trim().strip_prefix("Tests  ") else { continue };
        let sum: &mut Tally = tally.get_or_insert_default();
        for part in without_parentheses(counts).split('|') {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else { continue };
            match words.next() {
                Some("passed") => sum.passed += number,
                Some("failed") => sum.failed += number,
                _ => sum.skipped += number,
            }
        }
    }
    tally
}

/// Reads the browser tests' last line, `3 passed, 1 failed, 0 skipped`; `None` when there is none.
pub fn browser(log: &str) -> Option<Tally> {
    log.lines().rev().find_map(|line| {
        let mut parts = line.trim().split(", ");
        let mut number = |word: &str| parts.next()?.strip_suffix(word)?.trim_end().parse::<u64>().ok();
        Some(Tally { passed: number("passed")?, failed: number("failed")?, skipped: number("skipped")? })
    })
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|&letter| {
            match letter {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Option<Tally> {
        Some(Tally { passed, failed, skipped })
    }

    #[test]
    fn a_nextest_summary_counts_every_bad_end_as_failed() {
        let log = "  Summary [   1.234s] 9 tests run: 6 passed (1 slow, 1 leaky), 2 failed, 1 timed out, 3 skipped\n";
        assert_eq!(nextest(log), tally(6, 3, 3));
        assert_eq!(nextest("Summary [ 0.1s] 5/9 tests run: 4 passed, 1 failed, 0 skipped"), tally(4, 1, 0));
        assert_eq!(nextest("error: could not compile `opora-mail`"), None);
    }

    #[test]
    fn all_summaries_of_doc_tests_are_added_up() {
        let line = "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.5s";
        assert_eq!(libtest(&format!("{line}\n{line}")), tally(6, 2, 4));
        assert_eq!(libtest(""), None);
    }

    #[test]
    fn vitest_and_browser_summaries_are_read() {
        assert_eq!(
            vitest(" Test Files  2 passed (2)\n      Tests  1 failed | 5 passed | 2 todo (8)\n"),
            tally(5, 1, 2)
        );
        assert_eq!(browser("3 passed, 9 failed, 9 skipped\n\n3 passed, 2 failed, 1 skipped\nbye\n"), tally(3, 2, 1));
        assert_eq!(browser("Error: no such file"), None);
    }
}
