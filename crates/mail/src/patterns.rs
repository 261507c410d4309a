//! One way to build a regular expression without a panic: a pattern that does not compile is absent, and the unit
//! tests of this crate prove that every pattern in use does compile.

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// Compiles one pattern, case kept as the pattern says.
pub(crate) fn pattern(source: &str) -> Option<Regex> {
    RegexBuilder::new(source).size_limit(16 << 20).build().ok()
}

/// Compiles a list of patterns, without case, as one set.
pub(crate) fn set<'a>(sources: impl IntoIterator<Item = &'a str>) -> Option<RegexSet> {
    RegexSetBuilder::new(sources).case_insensitive(true).size_limit(64 << 20).build().ok()
}
