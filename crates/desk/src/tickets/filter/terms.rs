//! A filter as a list of terms that a form can show and change, and back again. Text and form are the same tree.

use crate::{Error, Result};
use opora_query::{
    Comparison, Entitlement, Filter, Has, Is, Key, Kind, Language, Name, Priority, Sla, Status, Term, YesNo,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A filter, taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FilterTree {
    /// Its canonical spelling.
    pub q: String,
    /// Its conditions; all must hold.
    pub terms: Vec<FilterTerm>,
}

/// One condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct FilterTerm {
    /// The key; "text" for words.
    pub key: String,
    /// Any of these will do.
    pub values: Vec<String>,
    /// It must not hold.
    pub negated: bool,
    /// The sign before each value of a time or a length, when they all have the same.
    pub comparison: Option<String>,
    /// How it is written.
    #[schema(read_only)]
    pub text: String,
}

/// A key a form can offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FilterKey {
    /// As it is written.
    pub key: &'static str,
    /// As people call it.
    pub label: &'static str,
    /// What its values are: "choice", "person", "team", "inbox", "brand", "plan", "organization", "contact", "tag", "when" or
    /// "length".
    pub kind: &'static str,
    /// Every value of a closed list.
    pub values: Vec<Choice>,
}

/// A value of a closed list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Choice {
    /// As it is written.
    pub value: &'static str,
    /// As people call it.
    pub label: &'static str,
}

/// Takes a filter's text apart.
pub fn tree(q: &str, language: Language) -> Result<FilterTree> {
    let filter = read(q, language)?;
    Ok(FilterTree { q: filter.to_string(), terms: filter.terms.iter().map(term).collect() })
}

/// Writes the canonical text of these terms.
pub fn written(terms: &[FilterTerm], language: Language) -> Result<String> {
    let texts: Vec<String> = terms.iter().map(spelled).collect();
    Ok(read(&texts.join(" "), language)?.to_string())
}

fn read(q: &str, language: Language) -> Result<Filter> {
    opora_query::parse(q).map_err(|problem| Error::BadQuery {
        at: problem.at,
        reason: problem.code.as_str(),
        detail: problem.sentence(language),
    })
}

fn term(term: &Term) -> FilterTerm {
    let (values, signs) = values(&term.kind);
    let same = signs.first().copied().filter(|first| signs.iter().all(|sign| sign == first));
    let signed = |(value, sign): (String, &Comparison)| format!("{sign}{value}");
    FilterTerm {
        key: term.kind.key().map_or("text", Key::as_str).to_owned(),
        values: if signs.is_empty() || same.is_some() {
            values
        } else {
            values.into_iter().zip(&signs).map(signed).collect()
        },
        negated: term.negated,
        comparison: same.map(|sign| if sign == Comparison::Equal { "=".to_owned() } else { sign.to_string() }),
        text: term.to_string(),
    }
}

/// The values as a form shows them, and the signs before them if this is a key with signs.
fn values(kind: &Kind) -> (Vec<String>, Vec<Comparison>) {
    fn all<T: ToString>(list: &[T]) -> (Vec<String>, Vec<Comparison>) {
        (list.iter().map(ToString::to_string).collect(), Vec::new())
    }
    /// Without the quotation marks that only the text needs.
    fn bare<T: ToString>(list: &[T]) -> (Vec<String>, Vec<Comparison>) {
        let plain = |text: String| match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
            Some(inside) => inside.replace("\\\"", "\"").replace("\\\\", "\\"),
            None => text,
        };
        (list.iter().map(|value| plain(value.to_string())).collect(), Vec::new())
    }
    match kind {
        Kind::Status(list) => all(list),
        Kind::Priority(list) => all(list),
        Kind::Assignee(list) | Kind::Follower(list) | Kind::Manager(list) => bare(list),
        Kind::Team(list) => bare(list),
        Kind::Inbox(list) | Kind::Brand(list) | Kind::Contact(list) | Kind::Organization(list) | Kind::Plan(list) => {
            bare(list)
        }
        Kind::Vip(list) => all(list),
        Kind::Entitlement(list) => all(list),
        Kind::Tag(list) | Kind::Channel(list) => all(list),
        Kind::Is(list) => all(list),
        Kind::Has(list) => all(list),
        Kind::Created(list) | Kind::Updated(list) => list
            .iter()
            .map(|when| (when.to_string().trim_start_matches(['<', '>', '=']).to_owned(), when.comparison))
            .unzip(),
        Kind::Sla(list) => all(list),
        Kind::Waiting(list) | Kind::Due(list) => {
            list.iter().map(|length| (length.age.to_string(), length.comparison)).unzip()
        }
        // A phrase keeps its quotation marks: they are what makes it one.
        Kind::Word(_) | Kind::Phrase(_) => (vec![kind.to_string()], Vec::new()),
    }
}

fn spelled(term: &FilterTerm) -> String {
    let minus = if term.negated { "-" } else { "" };
    let quoted = |text: &str| Name { text: text.to_owned(), at: 0 }.to_string();
    if term.key == "text" {
        let words: Vec<String> = term.values.iter().map(|text| format!("{minus}{}", spelled_text(text))).collect();
        return words.join(" ");
    }
    let has_signs = Key::ALL.iter().any(|key| key.as_str() == term.key && matches!(kind_of(*key), "when" | "length"));
    let sign = term.comparison.as_deref().map(|sign| sign.trim_start_matches('=')).unwrap_or_default();
    let values: Vec<String> =
        term.values.iter().map(|value| if has_signs { format!("{sign}{value}") } else { quoted(value) }).collect();
    format!("{minus}{}:{}", term.key, values.join(","))
}

/// A word as it is, a phrase in quotation marks, and whatever means something else in a filter as the phrase it was meant to be.
fn spelled_text(text: &str) -> String {
    let text = text.trim();
    let reads_as = |kind: fn(&Kind) -> bool| {
        opora_query::parse(text)
            .is_ok_and(|filter| matches!(filter.terms.as_slice(), [term] if !term.negated && kind(&term.kind)))
    };
    match reads_as(|kind| matches!(kind, Kind::Word(_) | Kind::Phrase(_))) {
        true => text.to_owned(),
        false => Kind::Phrase(text.to_owned()).to_string(),
    }
}

/// What a form can offer.
pub fn keys(language: Language) -> Vec<FilterKey> {
    let key = |key: &Key| FilterKey {
        key: key.as_str(),
        label: key.label(language),
        kind: kind_of(*key),
        values: choices(*key, language),
    };
    Key::ALL.iter().map(key).collect()
}

const fn kind_of(key: Key) -> &'static str {
    match key {
        Key::Status | Key::Priority | Key::Is | Key::Has | Key::Channel | Key::Sla | Key::Vip | Key::Entitlement => {
            "choice"
        }
        Key::Assignee | Key::Follower | Key::Manager => "person",
        Key::Plan => "plan",
        Key::Team => "team",
        Key::Inbox => "inbox",
        Key::Brand => "brand",
        Key::Organization => "organization",
        Key::Contact => "contact",
        Key::Tag => "tag",
        Key::Created | Key::Updated => "when",
        Key::Waiting | Key::Due => "length",
    }
}

/// The values of a closed list.
pub(super) fn choices(key: Key, language: Language) -> Vec<Choice> {
    match key {
        Key::Status => Status::ALL.iter().map(|s| Choice { value: s.as_str(), label: s.label(language) }).collect(),
        Key::Priority => Priority::ALL.iter().map(|p| Choice { value: p.as_str(), label: p.label(language) }).collect(),
        Key::Is => Is::ALL.iter().map(|is| Choice { value: is.as_str(), label: is.label(language) }).collect(),
        Key::Vip => YesNo::ALL.iter().map(|one| Choice { value: one.as_str(), label: one.label(language) }).collect(),
        Key::Entitlement => {
            Entitlement::ALL.iter().map(|one| Choice { value: one.as_str(), label: one.label(language) }).collect()
        }
        Key::Has => Has::ALL.iter().map(|has| Choice { value: has.as_str(), label: has.label(language) }).collect(),
        Key::Sla => Sla::ALL.iter().map(|sla| Choice { value: sla.as_str(), label: sla.label(language) }).collect(),
        Key::Channel => match language {
            Language::Russian => {
                vec![Choice { value: "mail", label: "Почта" }, Choice { value: "api", label: "Программа" }]
            }
            Language::English => {
                vec![Choice { value: "mail", label: "Mail" }, Choice { value: "api", label: "A program" }]
            }
        },
        _ => Vec::new(),
    }
}
