//! The tree a filter text is read into. The desk compiles it to SQL and to a text search; nothing here is evaluated.

use crate::{Entitlement, Has, Is, Key, Length, Person, Priority, Sla, Status, Team, When, Which, YesNo};

/// What a ticket must be like: every term must hold. No term: every ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// In the order they were written.
    pub terms: Vec<Term>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// Written with a `-`: must not hold.
    pub negated: bool,
    /// What is asked.
    pub kind: Kind,
}

/// What a [`Term`] asks. The lists are never empty when they come from [`crate::parse`]; any of their values will do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `status:new,open`
    Status(Vec<Status>),
    /// `priority:high`
    Priority(Vec<Priority>),
    /// `assignee:me`
    Assignee(Vec<Person>),
    /// `team:mine`
    Team(Vec<Team>),
    /// `inbox:3`, `inbox:billing`
    Inbox(Vec<Which>),
    /// `brand:Acme`
    Brand(Vec<Which>),
    /// `contact:17`, `contact:anna@example.org`
    Contact(Vec<Which>),
    /// `org:"Acme"`
    Organization(Vec<Which>),
    /// `plan:premium`: what the organization has bought
    Plan(Vec<Which>),
    /// `vip:yes`: the organization comes first
    Vip(Vec<YesNo>),
    /// `manager:me`: the organization's account manager
    Manager(Vec<Person>),
    /// `entitlement:stranger`: whether those who write may ask
    Entitlement(Vec<Entitlement>),
    /// `follower:me`
    Follower(Vec<Person>),
    /// `tag:refund`
    Tag(Vec<String>),
    /// `channel:mail`; lower-case Latin letters, digits and `_`
    Channel(Vec<String>),
    /// `is:unread`
    Is(Vec<Is>),
    /// `has:attachment`
    Has(Vec<Has>),
    /// `created:>2026-01-01`
    Created(Vec<When>),
    /// `updated:<2d`
    Updated(Vec<When>),
    /// `waiting:>4h`: how long the customer has been waiting for an answer
    Waiting(Vec<Length>),
    /// `due:<1h`: how long until the next deadline; what is late is due in less than anything
    Due(Vec<Length>),
    /// `sla:breached`
    Sla(Vec<Sla>),
    /// A free word, to be found in any of its forms.
    Word(String),
    /// Words in quotes, to be found as they stand.
    Phrase(String),
}

impl Kind {
    /// The key it is written with; `None` for words and phrases.
    pub fn key(&self) -> Option<Key> {
        Some(match self {
            Kind::Status(_) => Key::Status,
            Kind::Priority(_) => Key::Priority,
            Kind::Assignee(_) => Key::Assignee,
            Kind::Team(_) => Key::Team,
            Kind::Inbox(_) => Key::Inbox,
            Kind::Brand(_) => Key::Brand,
            Kind::Contact(_) => Key::Contact,
            Kind::Organization(_) => Key::Organization,
            Kind::Plan(_) => Key::Plan,
            Kind::Vip(_) => Key::Vip,
            Kind::Manager(_) => Key::Manager,
            Kind::Entitlement(_) => Key::Entitlement,
            Kind::Follower(_) => Key::Follower,
            Kind::Tag(_) => Key::Tag,
            Kind::Channel(_) => Key::Channel,
            Kind::Is(_) => Key::Is,
            Kind::Has(_) => Key::Has,
            Kind::Created(_) => Key::Created,
            Kind::Updated(_) => Key::Updated,
            Kind::Waiting(_) => Key::Waiting,
            Kind::Due(_) => Key::Due,
            Kind::Sla(_) => Key::Sla,
            Kind::Word(_) | Kind::Phrase(_) => return None,
        })
    }
}

impl Filter {
    /// Does it let every ticket through?
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The words and phrases that must be found, phrases in quotes: a text for the search index. Empty if there are none.
    pub fn wanted_text(&self) -> String {
        let wanted: Vec<String> = self.text_terms(false).map(|kind| kind.to_string()).collect();
        wanted.join(" ")
    }

    /// The words and phrases that must *not* be found, one text for the search index each: a ticket that any of them finds is out.
    pub fn unwanted_texts(&self) -> Vec<String> {
        self.text_terms(true).map(|kind| kind.to_string()).collect()
    }

    fn text_terms(&self, negated: bool) -> impl Iterator<Item = &Kind> {
        let text = |term: &&Term| matches!(term.kind, Kind::Word(_) | Kind::Phrase(_));
        self.terms.iter().filter(move |term| term.negated == negated).filter(text).map(|term| &term.kind)
    }
}
