//! What is wrong with a filter text, where, and how to say it to a person.

use std::fmt;

use crate::{Entitlement, Has, Is, Key, Priority, Sla, Status, YesNo};

/// The kinds of mistakes; their spellings are part of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// There is no such key.
    UnknownKey,
    /// The key does not take this value.
    UnknownValue,
    /// Not a day of the calendar.
    BadDate,
    /// Not a length of time.
    BadDuration,
    /// A quotation mark without its partner.
    UnclosedQuote,
    /// Longer than [`crate::TEXT_LIMIT`] characters.
    TooLong,
    /// More than [`crate::MOST_TERMS`] terms.
    TooManyTerms,
    /// Nobody and nothing is called so. Said by whoever looks names up, never by [`crate::parse`].
    UnknownName,
}

impl Code {
    /// As the API says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::UnknownKey => "unknown_key",
            Code::UnknownValue => "unknown_value",
            Code::BadDate => "bad_date",
            Code::BadDuration => "bad_duration",
            Code::UnclosedQuote => "unclosed_quote",
            Code::TooLong => "too_long",
            Code::TooManyTerms => "too_many_terms",
            Code::UnknownName => "unknown_name",
        }
    }
}

/// A language a sentence can be asked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Русский.
    Russian,
    /// English.
    English,
}

/// Why a text is not a filter. Displays as its English sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// Where the mistake begins: bytes from the beginning of the text, always between two characters.
    pub at: usize,
    /// What kind of mistake it is.
    pub code: Code,
    /// The key or value that is wrong, as it was written; empty if a value is missing.
    pub found: String,
    /// The key whose value is wrong.
    pub key: Option<Key>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl Problem {
    /// One sentence for whoever typed the text: what is wrong and what would be right.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Russian => self.in_russian(),
            Language::English => self.in_english(),
        }
    }

    fn in_russian(&self) -> String {
        let found = &self.found;
        match self.code {
            Code::UnknownKey => format!("Условия «{found}:» нет. Есть: {}.", listed(Key::ALL)),
            Code::UnknownValue => {
                let takes = self.key.map_or_else(String::new, |key| takes(key, Language::Russian));
                let key = self.key.map_or("", Key::as_str);
                match found.as_str() {
                    "" => format!("После «{key}:» не хватает значения: {takes}."),
                    _ => format!("Значение «{found}» не подходит для «{key}:». Подходит: {takes}."),
                }
            }
            Code::BadDate => format!("«{found}» — не дата. Пишите, например, 2026-01-31 или 2d (дней назад)."),
            Code::BadDuration => format!("«{found}» — не промежуток времени. Пишите, например, 30m, 4h, 2d или 1w."),
            Code::UnclosedQuote => "Кавычка не закрыта.".to_owned(),
            Code::TooLong => format!("Запрос длиннее {} знаков.", crate::TEXT_LIMIT),
            Code::TooManyTerms => format!("В запросе больше {} условий.", crate::MOST_TERMS),
            Code::UnknownName => format!("«{found}»: такого имени для «{}:» нет.", self.key.map_or("", Key::as_str)),
        }
    }

    fn in_english(&self) -> String {
        let found = &self.found;
        match self.code {
            Code::UnknownKey => format!("There is no “{found}:” condition. There are: {}.", listed(Key::ALL)),
            Code::UnknownValue => {
                let takes = self.key.map_or_else(String::new, |key| takes(key, Language::English));
                let key = self.key.map_or("", Key::as_str);
                match found.as_str() {
                    "" => format!("A value is missing after “{key}:”: {takes}."),
                    _ => format!("“{found}” does not fit “{key}:”. What fits: {takes}."),
                }
            }
            Code::BadDate => format!("“{found}” is not a date. Write 2026-01-31, say, or 2d (days ago)."),
            Code::BadDuration => format!("“{found}” is not a length of time. Write 30m, 4h, 2d or 1w, say."),
            Code::UnclosedQuote => "The quotation mark has no partner.".to_owned(),
            Code::TooLong => format!("The query is longer than {} characters.", crate::TEXT_LIMIT),
            Code::TooManyTerms => format!("The query has more than {} conditions.", crate::MOST_TERMS),
            Code::UnknownName => {
                format!("“{found}”: there is no such name for “{}:”.", self.key.map_or("", Key::as_str))
            }
        }
    }
}

/// What can stand behind the colon.
fn takes(key: Key, language: Language) -> String {
    let (russian, english) = match key {
        Key::Status => return listed(Status::ALL),
        Key::Priority => return listed(Priority::ALL),
        Key::Is => return listed(Is::ALL),
        Key::Has => return listed(Has::ALL),
        Key::Vip => return listed(YesNo::ALL),
        Key::Entitlement => return listed(Entitlement::ALL),
        Key::Plan => ("название или номер тарифа", "a plan's name or id"),
        Key::Assignee | Key::Follower | Key::Manager => {
            ("me, none, имя или номер сотрудника", "me, none, an agent's name or id")
        }
        Key::Team => ("mine, none, название или номер команды", "mine, none, a team's name or id"),
        Key::Inbox => ("название, адрес или номер ящика", "an inbox's name, address or id"),
        Key::Brand => ("название или номер бренда", "a brand's name or id"),
        Key::Contact => ("адрес или номер клиента", "a contact's address or id"),
        Key::Organization => ("название или номер организации", "an organization's name or id"),
        Key::Tag => ("метка", "a tag"),
        Key::Channel => ("название канала, например mail", "a channel's name such as mail"),
        Key::Created | Key::Updated => ("дата 2026-01-31 или промежуток 2d", "a date 2026-01-31 or an age 2d"),
        Key::Sla => return listed(Sla::ALL),
        Key::Waiting => ("промежуток времени, например >4h", "a length of time such as >4h"),
        Key::Due => ("промежуток времени, например <1h", "a length of time such as <1h"),
    };
    match language {
        Language::Russian => russian.to_owned(),
        Language::English => english.to_owned(),
    }
}

fn listed(values: &[impl fmt::Display]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    values.join(", ")
}
