//! What a ticket is made of, in the shapes the API shows.

use crate::entitlement::Entitlement;
use crate::{
    AgentId, AttachmentId, BrandId, ContactId, InboxId, LocationId, MessageId, OrganizationId, TeamId, TicketId,
};
use opora_base::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum $name { $($(#[$each])* #[serde(rename = $text)] $variant),* }
        impl $name {
            /// All of them, in their natural order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// Its name in the API and in the database.
            pub const fn text(self) -> &'static str { match self { $($name::$variant => $text),* } }
            /// The one of that name.
            pub fn parse(text: &str) -> Option<$name> { match text { $($text => Some($name::$variant),)* _ => None } }
        }
        impl opora_base::Col for $name {
            fn from_datum(datum: opora_base::Datum<'_>) -> Option<Self> {
                if let opora_base::Datum::Text(text) = datum { $name::parse(text) } else { None }
            }
        }
        impl<'a> From<$name> for opora_base::P<'a> { fn from(value: $name) -> Self { value.text().into() } }
    };
}

pub(crate) use words;

words! {
    /// Where a ticket stands.
    Status {
        /// Nobody has looked at it.
        New = "new",
        /// Being worked on.
        Open = "open",
        /// Waiting for the customer.
        Waiting = "waiting",
        /// On hold for another reason.
        OnHold = "on_hold",
        /// Done; a customer's answer re-opens it.
        Solved = "solved",
        /// Done for good; a customer's answer makes a follow-up.
        Closed = "closed",
    }
}

impl Status {
    /// Is it our turn?
    pub const fn is_active(self) -> bool {
        matches!(self, Status::New | Status::Open)
    }

    /// Is the work done?
    pub const fn is_done(self) -> bool {
        matches!(self, Status::Solved | Status::Closed)
    }
}

words! {
    /// What a message is.
    MessageKind {
        /// A customer wrote.
        Customer = "customer",
        /// One of us answered.
        Reply = "reply",
        /// A word among colleagues.
        Note = "note",
        /// A mail system could not deliver.
        Bounce = "bounce",
        /// A machine wrote: vacation notices, receipts, lists.
        Auto = "auto",
    }
}

words! {
    /// How far a message has come.
    MessageState {
        /// It came in.
        Received = "received",
        /// It waits to be sent.
        Queued = "queued",
        /// It goes at a time somebody chose.
        Scheduled = "scheduled",
        /// It was to go at a chosen time, but the customer wrote before that: somebody must look.
        Held = "held",
        /// It is being handed to the mail server.
        Sending = "sending",
        /// The mail server took it.
        Sent = "sent",
        /// It will not arrive.
        Failed = "failed",
    }
}

/// How pressing a ticket is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// In its turn.
    #[default]
    Normal,
    /// Before others.
    High,
    /// Now.
    Urgent,
}

impl Priority {
    /// All of them, the least pressing first.
    pub const ALL: &'static [Priority] = &[Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];

    /// The number it is stored as.
    pub const fn number(self) -> i64 {
        match self {
            Priority::Low => 1,
            Priority::Normal => 2,
            Priority::High => 3,
            Priority::Urgent => 4,
        }
    }

    /// Its name in the API.
    pub const fn text(self) -> &'static str {
        match self {
            Priority::Low => "low",
            Priority::Normal => "normal",
            Priority::High => "high",
            Priority::Urgent => "urgent",
        }
    }
}

impl opora_base::Col for Priority {
    fn from_datum(datum: opora_base::Datum<'_>) -> Option<Self> {
        match i64::from_datum(datum)? {
            1 => Some(Priority::Low),
            2 => Some(Priority::Normal),
            3 => Some(Priority::High),
            4 => Some(Priority::Urgent),
            _ => None,
        }
    }
}

/// A mail address with the name beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Address {
    /// The name; may be empty.
    #[serde(default)]
    pub name: String,
    /// The address itself.
    pub address: String,
}

/// Whom a message goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recipients {
    /// To.
    #[serde(default)]
    pub to: Vec<Address>,
    /// Copies.
    #[serde(default)]
    pub cc: Vec<Address>,
    /// Blind copies.
    #[serde(default)]
    pub bcc: Vec<Address>,
    /// Where the writer wants the answer, when not where they wrote from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<Address>,
}

/// An organization by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrganizationName {
    /// Its number.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
}

/// A ticket's customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TicketContact {
    /// Their number.
    pub id: ContactId,
    /// Their name.
    pub name: String,
    /// Where they are reached.
    pub address: String,
    /// For whom they write.
    pub organization: Option<OrganizationName>,
}

/// A ticket in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TicketRow {
    /// Its number in the database.
    pub id: TicketId,
    /// The number people say.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// How pressing it is.
    pub priority: Priority,
    /// How it came ("mail").
    pub channel: String,
    /// Whose it is.
    pub contact: TicketContact,
    /// The inbox it came to.
    pub inbox_id: InboxId,
    /// The brand it came to.
    pub brand_id: BrandId,
    /// The team that has it.
    pub team_id: Option<TeamId>,
    /// The colleague who has it.
    pub assignee_id: Option<AgentId>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The last words.
    pub preview: String,
    /// Who wrote them: "customer" or "agent".
    pub last_author: String,
    /// How many messages and notes it has.
    pub message_count: i64,
    /// How many files.
    pub attachment_count: i64,
    /// Something in it is new to the reader.
    pub unread: bool,
    /// Since when the customer waits for us.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Time>,
    /// It sleeps.
    pub snoozed: bool,
    /// Until when; nothing when it does not sleep, or sleeps until the customer writes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub snoozed_until: Option<Time>,
    /// Its class of question.
    pub class_id: Option<crate::QuestionClassId>,
    /// The deadline that comes first; one that stands still when none runs.
    pub sla: Option<crate::sla::TicketSla>,
    /// Whether those who write in it may ask for their organization; `null` when nobody can say.
    pub entitlement: Option<Entitlement>,
    /// Its customer's organization comes first.
    pub vip: bool,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When somebody last wrote in it or changed it.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Time,
    /// Grows with every change.
    pub version: i64,
}

/// A ticket, opened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ticket {
    /// What the list shows of it.
    #[serde(flatten)]
    pub row: TicketRow,
    /// Who else gets the answers.
    pub cc: Vec<Address>,
    /// Colleagues who follow it.
    pub follower_ids: Vec<AgentId>,
    /// The last message the reader has seen; 0 for none.
    pub read_message_id: MessageId,
    /// The closed ticket this one follows up.
    pub previous_ticket_id: Option<TicketId>,
    /// About which place of the customer's organization it is.
    pub location_id: Option<LocationId>,
    /// A page of its messages, oldest first.
    pub messages: Vec<Message>,
    /// Older messages exist: ask for those `before` this one.
    pub older: Option<MessageId>,
    /// What happened in the time of these messages.
    pub events: Vec<HistoryEvent>,
    /// What I have begun to write: an answer, a note or both, the one kept last first.
    pub drafts: Vec<super::draft::Draft>,
    /// Who is answering.
    pub answering: Option<super::Answering>,
    /// The conversations among colleagues beside it.
    pub talks: super::talks::TalkCount,
    /// What was promised and is still to be kept.
    pub promise: Option<crate::sla::promise::Promise>,
}

/// Who wrote a message or did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Writer {
    /// "contact", "agent" or "system".
    #[serde(rename = "type")]
    pub kind: String,
    /// Their number.
    pub id: Option<i64>,
    /// Their name as colleagues know it.
    pub name: String,
    /// Where it came from.
    pub address: String,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    /// Its number.
    pub id: AttachmentId,
    /// Its name.
    pub filename: String,
    /// What it says it is.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Shown inside the text.
    pub inline: bool,
    /// Where it is to be had.
    #[serde(default)]
    pub url: String,
}

impl Attachment {
    /// Where the file with this number is to be had.
    pub fn url_of(id: AttachmentId) -> String {
        format!("/api/v1/attachments/{id}")
    }
}

/// A message or note.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Message {
    /// Its number.
    pub id: MessageId,
    /// The ticket it stands in.
    pub ticket_id: TicketId,
    /// What it is.
    pub kind: MessageKind,
    /// Who wrote it.
    pub author: Writer,
    /// To whom.
    #[serde(flatten)]
    pub recipients: Recipients,
    /// Its own subject.
    pub subject: String,
    /// All of its text.
    pub text: String,
    /// What was newly written, without the quoted past.
    pub visible: String,
    /// How many lines of quoted past there are.
    pub quoted_lines: i64,
    /// The HTML, safe to show.
    pub html: Option<String>,
    /// How many pictures lie on other people's servers (not loaded unless asked).
    pub remote_images: i64,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// How far it has come.
    pub state: MessageState,
    /// Why it failed or waits: a stable code.
    pub state_code: Option<String>,
    /// The same as a sentence, often the mail server's own.
    pub state_reason: Option<String>,
    /// Until when it can be taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undo_until: Option<Time>,
    /// Colleagues named in it.
    pub mentions: Vec<AgentId>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

/// Something that happened to a ticket.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryEvent {
    /// Its place in the log.
    pub id: i64,
    /// What happened ("ticket.status").
    pub kind: String,
    /// Who did it.
    pub actor: Writer,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// The particulars, by kind; mostly `from` and `to`.
    pub data: Value,
}
