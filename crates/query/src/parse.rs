//! Reads a filter text, from left to right, stopping at the first mistake.
//!
//! Lenient where a person can only mean one thing (case, typographic quotes, a missing space behind a quotation), strict where a slip
//! would silently change what is found. What looks like a key but cannot be one (`https://…`, `Re: …`, `10:30`) is a word.

use std::str::FromStr;

use jiff::civil::Date;

use crate::age::{Age, Comparison, Length, Moment, When};
use crate::{
    Code, Entitlement, Filter, Has, Is, Key, Kind, Name, Person, Priority, Problem, Sla, Status, Team, Term, Which,
    YesNo,
};

/// The longest text, in characters.
pub const TEXT_LIMIT: usize = 2_000;
/// The most terms in a text.
pub const MOST_TERMS: usize = 50;

/// Days outside these years are slips.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2200;
/// So many characters of what is wrong are shown.
const SHOWN: usize = 40;

type Result<T> = std::result::Result<T, Problem>;

/// Reads a filter. The empty text is the filter that lets everything through.
///
/// # Errors
/// The first mistake, with its place.
pub fn parse(text: &str) -> Result<Filter> {
    if let Some((at, _)) = text.char_indices().nth(TEXT_LIMIT) {
        return Err(problem(Code::TooLong, at, "", None));
    }
    let mut reader = Reader { text, at: 0 };
    let mut filter = Filter::default();
    while let Some((start, term)) = reader.term()? {
        if filter.terms.len() == MOST_TERMS {
            return Err(problem(Code::TooManyTerms, start, "", None));
        }
        filter.terms.push(term);
    }
    Ok(filter)
}

impl FromStr for Filter {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self> {
        parse(text)
    }
}

/// The text and how far it is read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// A value as it was written, and where.
struct Written {
    at: usize,
    text: String,
}

impl<'a> Reader<'a> {
    /// The next term and where it begins.
    fn term(&mut self) -> Result<Option<(usize, Term)>> {
        loop {
            self.take_while(is_space);
            let start = self.at;
            if self.rest().is_empty() {
                return Ok(None);
            }
            let negated =
                self.rest().strip_prefix('-').is_some_and(|rest| !rest.is_empty() && !rest.starts_with(is_space));
            if negated {
                self.at += 1;
            }
            if let Some(kind) = self.kind()? {
                return Ok(Some((start, Term { negated, kind })));
            }
        }
    }

    /// What the term at this place asks; nothing if it is an empty quotation.
    fn kind(&mut self) -> Result<Option<Kind>> {
        if let Some(words) = self.quotation()? {
            return Ok((!words.trim().is_empty()).then_some(Kind::Phrase(words)));
        }
        let start = self.at;
        if let Some(key) = self.key()? {
            let values = self.values()?;
            return kind(key, &values).map(Some);
        }
        self.at = start;
        Ok(Some(Kind::Word(self.take_while(|c| !is_space(c)).to_owned())))
    }

    /// Reads over a key and its colon, if there is one here.
    fn key(&mut self) -> Result<Option<Key>> {
        let start = self.at;
        let name = self.take_while(|c| c.is_alphabetic() || c == '_');
        let Some(value) = self.rest().strip_prefix(':') else { return Ok(None) };
        self.at += 1;
        let known = Key::spelled(name);
        let word =
            name.chars().nth(1).is_none() || value.is_empty() || value.starts_with(is_space) || value.starts_with("//");
        if known.is_none() && !word {
            return Err(problem(Code::UnknownKey, start, name, None));
        }
        Ok(known)
    }

    /// Values with commas between them.
    fn values(&mut self) -> Result<Vec<Written>> {
        let mut values = Vec::new();
        loop {
            let at = self.at;
            let text = match self.quotation()? {
                Some(text) => text.trim().to_owned(),
                None => self.take_while(|c| !is_space(c) && c != ',').to_owned(),
            };
            values.push(Written { at, text });
            if !self.rest().starts_with(',') {
                return Ok(values);
            }
            self.at += 1;
        }
    }

    /// What stands in quotes here; `None` if no quotation begins here. In straight quotes `\"` and `\\` stand for `"` and `\`.
    fn quotation(&mut self) -> Result<Option<String>> {
        let start = self.at;
        let mut rest = self.rest().chars();
        let closing: &[char] = match rest.next() {
            Some('"') => &['"'],
            Some('«') => &['»'],
            Some('“') => &['”', '“'],
            Some('„') => &['“', '”'],
            _ => return Ok(None),
        };
        let mut inside = String::new();
        while let Some(c) = rest.next() {
            if closing.contains(&c) {
                self.at = self.text.len() - rest.as_str().len();
                return Ok(Some(inside));
            }
            let escaped = c == '\\' && closing == ['"'] && rest.as_str().starts_with(['"', '\\']);
            match if escaped { rest.next() } else { Some(c) } {
                Some(c) if is_space(c) => inside.push(' '),
                Some(c) => inside.push(c),
                None => {}
            }
        }
        Err(problem(Code::UnclosedQuote, start, self.rest(), None))
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }
}

fn kind(key: Key, values: &[Written]) -> Result<Kind> {
    let unknown = Code::UnknownValue;
    Ok(match key {
        Key::Status => Kind::Status(each(key, values, unknown, Status::spelled)?),
        Key::Priority => Kind::Priority(each(key, values, unknown, Priority::spelled)?),
        Key::Assignee => Kind::Assignee(named(key, values, person)?),
        Key::Team => Kind::Team(named(key, values, team)?),
        Key::Inbox => Kind::Inbox(named(key, values, which)?),
        Key::Brand => Kind::Brand(named(key, values, which)?),
        Key::Contact => Kind::Contact(named(key, values, which)?),
        Key::Organization => Kind::Organization(named(key, values, which)?),
        Key::Plan => Kind::Plan(named(key, values, which)?),
        Key::Vip => Kind::Vip(each(key, values, unknown, YesNo::spelled)?),
        Key::Manager => Kind::Manager(named(key, values, person)?),
        Key::Entitlement => Kind::Entitlement(each(key, values, unknown, Entitlement::spelled)?),
        Key::Follower => Kind::Follower(named(key, values, person)?),
        Key::Tag => Kind::Tag(each(key, values, unknown, tag)?),
        Key::Channel => Kind::Channel(each(key, values, unknown, channel)?),
        Key::Is => Kind::Is(each(key, values, unknown, Is::spelled)?),
        Key::Has => Kind::Has(each(key, values, unknown, Has::spelled)?),
        Key::Created => Kind::Created(times(key, values)?),
        Key::Updated => Kind::Updated(times(key, values)?),
        Key::Waiting => Kind::Waiting(each(key, values, Code::BadDuration, |text| length(text, Comparison::AtLeast))?),
        Key::Due => Kind::Due(each(key, values, Code::BadDuration, |text| length(text, Comparison::AtMost))?),
        Key::Sla => Kind::Sla(each(key, values, unknown, Sla::spelled)?),
    })
}

/// Reads every value; equal ones count once.
fn each<T: PartialEq>(key: Key, values: &[Written], code: Code, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>> {
    every(key, values, code, |value| read(&value.text))
}

/// The same where a value may be a name, which keeps its place.
fn named<T: PartialEq>(key: Key, values: &[Written], read: impl Fn(Name) -> Option<T>) -> Result<Vec<T>> {
    let name = |value: &Written| Name { text: value.text.clone(), at: value.at };
    every(key, values, Code::UnknownValue, |value| if value.text.is_empty() { None } else { read(name(value)) })
}

fn every<T: PartialEq>(
    key: Key,
    values: &[Written],
    code: Code,
    read: impl Fn(&Written) -> Option<T>,
) -> Result<Vec<T>> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        let read = read(value).ok_or_else(|| problem(code, value.at, &value.text, Some(key)))?;
        if !all.contains(&read) {
            all.push(read);
        }
    }
    Ok(all)
}

fn times(key: Key, values: &[Written]) -> Result<Vec<When>> {
    each(key, values, Code::BadDate, when).map_err(|mut problem| {
        let (_, point) = Comparison::read(&problem.found);
        if looks_like_age(point) {
            problem.code = Code::BadDuration;
        }
        problem
    })
}

fn when(text: &str) -> Option<When> {
    let (comparison, point) = Comparison::read(text);
    if let Some(age) = Age::read(point) {
        return Some(When { comparison: comparison.or(Comparison::AtMost), moment: Moment::Ago(age) });
    }
    let is_day = point.len() == "2026-01-31".len() && point.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = point.parse::<Date>().ok().filter(|day| is_day && YEARS.contains(&day.year()))?;
    Some(When { comparison, moment: Moment::Day(day) })
}

/// A length with its sign, or with the one that is meant where none is written.
fn length(text: &str, unsigned: Comparison) -> Option<Length> {
    let (comparison, age) = Comparison::read(text);
    Some(Length { comparison: comparison.or(unsigned), age: Age::read(age)? })
}

fn looks_like_age(point: &str) -> bool {
    point.ends_with(char::is_alphabetic) && !point.contains('-')
}

fn which(name: Name) -> Option<Which> {
    Some(match id(&name.text) {
        Ok(id) => Which::Id(id?),
        Err(()) => Which::Named(name),
    })
}

fn person(name: Name) -> Option<Person> {
    Some(match name.text.to_ascii_lowercase().as_str() {
        "me" => Person::Me,
        "none" => Person::Nobody,
        _ => match which(name)? {
            Which::Id(id) => Person::Id(id),
            Which::Named(name) => Person::Named(name),
        },
    })
}

fn team(name: Name) -> Option<Team> {
    Some(match name.text.to_ascii_lowercase().as_str() {
        "mine" => Team::Mine,
        "none" => Team::Nobody,
        _ => match which(name)? {
            Which::Id(id) => Team::Id(id),
            Which::Named(name) => Team::Named(name),
        },
    })
}

/// What is written in digits is an id, if it can be one; everything else is a name.
fn id(text: &str) -> std::result::Result<Option<i64>, ()> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(());
    }
    Ok(text.parse().ok().filter(|id| *id > 0))
}

fn tag(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn channel(text: &str) -> Option<String> {
    let named = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (named && !text.is_empty()).then(|| text.to_ascii_lowercase())
}

/// White space and control characters separate terms.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

fn problem(code: Code, at: usize, found: &str, key: Option<Key>) -> Problem {
    Problem { at, code, found: found.chars().take(SHOWN).collect(), key }
}
