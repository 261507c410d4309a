//! The words of the demo department: what a generator hands to whoever fills a database with it. Plain data; nothing
//! here knows of tables, identifiers or the network. Indexes point into the lists of [`Department`]; moments are
//! microseconds since 1970 (UTC).

use std::sync::Arc;

pub use crate::phrase::Gender;

/// The language somebody reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Locale {
    /// Both, in the order in which lists are kept.
    pub const ALL: [Locale; 2] = [Locale::Ru, Locale::En];

    /// "ru" or "en".
    pub const fn text(self) -> &'static str {
        match self {
            Locale::Ru => "ru",
            Locale::En => "en",
        }
    }
}

/// How a brand's agents appear to customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Full name.
    FullName,
    /// First name only.
    FirstName,
    /// "Agent #345" [S9.1].
    Number,
}

impl Face {
    /// The API's word for it.
    pub const fn text(self) -> &'static str {
        match self {
            Face::FullName => "full_name",
            Face::FirstName => "first_name",
            Face::Number => "number",
        }
    }
}

/// A company the department works for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// How agents appear to its customers.
    pub face: Face,
    /// The greeting that answers begin with, in Russian and English.
    pub greeting: [String; 2],
    /// What answers end with, in Russian and English.
    pub closing: [String; 2],
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its name.
    pub name: String,
}

/// A colleague.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The full name, in the agent's own language.
    pub name: String,
    /// The first name as it is signed in Russian and in English.
    pub signs: [String; 2],
    /// The login.
    pub email: String,
    /// The password, the same for all.
    pub password: &'static str,
    /// "admin", "lead", "agent" or "observer".
    pub role: &'static str,
    /// The teams.
    pub teams: Vec<usize>,
    /// The language of the screens.
    pub locale: Locale,
    /// Decides the endings of Russian verbs.
    pub gender: Gender,
}

/// A mailbox the department answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// The brand.
    pub brand: usize,
    /// The team that new tickets go to.
    pub team: usize,
    /// The language its customers write.
    pub locale: Locale,
}

/// A customer's company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// Its mail domain.
    pub domain: String,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its place among all contacts of the story: equal indexes are the same person.
    pub index: usize,
    /// First and last name.
    pub name: String,
    /// The mail address.
    pub address: String,
    /// The company the person writes for.
    pub organization: Option<usize>,
    /// The language.
    pub locale: Locale,
    /// Decides the endings of Russian verbs.
    pub gender: Gender,
}

/// The department without its tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Its name.
    pub name: String,
    /// The companies it works for.
    pub brands: Vec<Brand>,
    /// Its teams.
    pub teams: Vec<Team>,
    /// Its staff, the administrator first.
    pub agents: Vec<Agent>,
    /// Its mailboxes.
    pub inboxes: Vec<Inbox>,
    /// The companies of its customers.
    pub organizations: Vec<Organization>,
    /// The customers known by name (the hand-written stories are theirs); all others come with their tickets.
    pub contacts: Vec<Contact>,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$each])* $variant),* }
        impl $name {
            /// All of them, in their natural order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// The API's word for it.
            pub const fn text(self) -> &'static str { match self { $($name::$variant => $text),* } }
        }
    };
}

words! {
    /// Where a ticket stands.
    Status {
        /// Nobody has looked at it.
        New = "new",
        /// Our turn.
        Open = "open",
        /// The customer's turn.
        Waiting = "waiting",
        /// Waits for something else.
        OnHold = "on_hold",
        /// Done; an answer re-opens it.
        Solved = "solved",
        /// Done for good.
        Closed = "closed",
    }
}

words! {
    /// How pressing a ticket is.
    Priority {
        /// When there is time.
        Low = "low",
        /// In its turn.
        Normal = "normal",
        /// Before others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
}

words! {
    /// What a step of a conversation is.
    StepKind {
        /// The customer wrote.
        Customer = "customer",
        /// An agent answered.
        Reply = "reply",
        /// A word among colleagues.
        Note = "note",
        /// A mail system could not deliver the reply before it.
        Bounce = "bounce",
        /// The customer's machine wrote (a vacation notice).
        Auto = "auto",
    }
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The ticket's contact.
    Contact,
    /// The agent of that index.
    Agent(usize),
    /// A machine: a mail server, a timer.
    System,
}

/// A file that came or went with a message. The bytes may be shared by many files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFile {
    /// Its name.
    pub filename: String,
    /// Its type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

/// One message or note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: i64,
    /// What it is.
    pub kind: StepKind,
    /// Whose it is.
    pub author: Author,
    /// The plain text.
    pub text: String,
    /// The same in HTML, when the writer's program sent it so.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<DemoFile>,
}

/// What was changed about a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Where it stands.
    Status {
        /// Before.
        from: Status,
        /// After.
        to: Status,
    },
    /// Who has it.
    Assignee {
        /// Before.
        from: Option<usize>,
        /// After.
        to: Option<usize>,
    },
    /// The team that has it.
    Team {
        /// Before.
        from: usize,
        /// After.
        to: usize,
    },
    /// How pressing it is.
    Priority {
        /// Before.
        from: Priority,
        /// After.
        to: Priority,
    },
}

/// A change, its moment and its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: i64,
    /// By whom.
    pub by: Author,
    /// What.
    pub change: Change,
}

/// One ticket from its first word to where it stands now. A ticket begins as [`Status::New`], [`Priority::Normal`], with
/// nobody, in its inbox's team; `turns` lead from there to `status`, `priority`, `assignee` and `team`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketStory {
    /// The name of a hand-written story; none for the crowd.
    pub star: Option<&'static str>,
    /// What it is about.
    pub subject: String,
    /// The inbox it came to.
    pub inbox: usize,
    /// Whose it is.
    pub contact: Contact,
    /// The language it is held in.
    pub locale: Locale,
    /// Where it stands.
    pub status: Status,
    /// How pressing it is.
    pub priority: Priority,
    /// Who has it.
    pub assignee: Option<usize>,
    /// The team that has it.
    pub team: usize,
    /// Its tags.
    pub tags: Vec<&'static str>,
    /// When it began: the moment of the first step.
    pub created_at: i64,
    /// The conversation, in order, at least one step.
    pub steps: Vec<Step>,
    /// What was changed, in order.
    pub turns: Vec<Turn>,
}

impl TicketStory {
    /// When somebody last wrote in it or changed it.
    pub fn updated_at(&self) -> i64 {
        let spoke = self.steps.last().map_or(self.created_at, |step| step.at);
        self.turns.last().map_or(spoke, |turn| turn.at.max(spoke))
    }

    /// Since when the customer waits for a word from us: the first customer's message after our last answer.
    pub fn waiting_since(&self) -> Option<i64> {
        let mut since = None;
        for step in &self.steps {
            match step.kind {
                StepKind::Customer => since = since.or(Some(step.at)),
                StepKind::Reply => since = None,
                StepKind::Note | StepKind::Bounce | StepKind::Auto => {}
            }
        }
        matches!(self.status, Status::New | Status::Open).then_some(since).flatten()
    }
}
