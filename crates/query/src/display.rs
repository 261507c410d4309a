//! Writes a filter in its canonical spelling: lower-case keys, one space between terms, quotes only where they are needed.
//!
//! Promises that [`crate::parse`] reads back the same tree, for every tree that [`crate::parse`] made.

use std::fmt::{self, Display, Formatter, Write};

use crate::{Filter, Kind, Term};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, term) in self.terms.iter().enumerate() {
            if i > 0 {
                f.write_char(' ')?;
            }
            term.fmt(f)?;
        }
        Ok(())
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_char('-')?;
        }
        self.kind.fmt(f)
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(key) = self.key() {
            write!(f, "{key}:")?;
        }
        match self {
            Kind::Status(values) => list(f, values),
            Kind::Priority(values) => list(f, values),
            Kind::Assignee(values) | Kind::Follower(values) | Kind::Manager(values) => list(f, values),
            Kind::Team(values) => list(f, values),
            Kind::Inbox(values)
            | Kind::Brand(values)
            | Kind::Contact(values)
            | Kind::Organization(values)
            | Kind::Plan(values) => list(f, values),
            Kind::Vip(values) => list(f, values),
            Kind::Entitlement(values) => list(f, values),
            Kind::Tag(tags) => list(f, tags.iter().map(|tag| Tag(tag))),
            Kind::Channel(values) => list(f, values),
            Kind::Is(values) => list(f, values),
            Kind::Has(values) => list(f, values),
            Kind::Created(values) | Kind::Updated(values) => list(f, values),
            Kind::Waiting(values) | Kind::Due(values) => list(f, values),
            Kind::Sla(values) => list(f, values),
            Kind::Word(word) => f.write_str(word),
            Kind::Phrase(words) => quoted(f, words),
        }
    }
}

fn list<T: Display>(f: &mut Formatter<'_>, values: impl IntoIterator<Item = T>) -> fmt::Result {
    for (i, value) in values.into_iter().enumerate() {
        if i > 0 {
            f.write_char(',')?;
        }
        value.fmt(f)?;
    }
    Ok(())
}

struct Tag<'a>(&'a str);

impl Display for Tag<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        bare_or_quoted(f, self.0)
    }
}

pub(crate) fn bare_or_quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#' | '+' | '@');
    if text.chars().all(plain) { f.write_str(text) } else { quoted(f, text) }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
