//! What a command may answer instead of doing what was asked. One type for the whole department; the HTTP room turns it
//! into problem+json with the same codes.

use opora_base as base;

/// A desk result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The field, as the API names it.
    pub field: &'static str,
    /// A stable code ("required", "too_long", "unknown", "taken", "malformed").
    pub code: &'static str,
    /// A sentence for a developer.
    pub detail: String,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The ground gave way: busy, lost, broken.
    #[error(transparent)]
    Base(#[from] base::Error),
    /// Files or large mails cannot be reached.
    #[error(transparent)]
    Blob(#[from] base::blob::BlobError),
    /// What is kept sealed could not be sealed or opened.
    #[error("storage: {0}")]
    Storage(String),
    /// There is no such thing, or this person may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// This person may not do this.
    #[error("the permission {0} is needed")]
    Forbidden(&'static str),
    /// What was sent does not fit.
    #[error("some fields do not fit: {}", .0.iter().map(|f| f.field).collect::<Vec<_>>().join(", "))]
    Validation(Vec<FieldError>),
    /// Somebody changed the same thing since it was read.
    #[error("this ticket was changed by somebody else meanwhile: {}", .fields.join(", "))]
    TicketChanged {
        /// Which fields.
        fields: Vec<String>,
    },
    /// Somebody else is writing the answer.
    #[error("{} is answering this ticket", .0.name)]
    BeingAnswered(Box<crate::tickets::Answering>),
    /// Another draft was kept since the one this was written over.
    #[error("this draft was written on elsewhere meanwhile")]
    DraftChanged(Box<crate::tickets::draft::Draft>),
    /// A customer's message arrived after the last one the writer had seen.
    #[error("a new message arrived while you were writing")]
    NewMessage,
    /// A text still holds variables of a template that nobody filled.
    #[error("these variables have no value yet: {}", .0.join(", "))]
    UnresolvedVariable(Vec<String>),
    /// It is too late to take this back.
    #[error("this message has already been sent")]
    AlreadySent,
    /// The contact that was kept has been merged into another one since.
    #[error("this contact was merged into another one since; take that back first")]
    MergedOnward,
    /// An organization's plan allows no more authorised contacts.
    #[error("{used} contacts are authorised, and the plan allows {quota}")]
    QuotaReached {
        /// How many there are.
        used: i64,
        /// How many there may be.
        quota: i64,
    },
    /// The address or the password is wrong (never said which).
    #[error("this address and password do not match")]
    WrongLogin,
    /// Too many wrong guesses.
    #[error("too many attempts; try again in {0} s")]
    Throttled(u64),
    /// The first administrator exists already.
    #[error("this department is already set up")]
    AlreadySetUp,
    /// A link was used, expired, or never existed.
    #[error("this link is no longer valid")]
    LinkExpired,
    /// The same Idempotency-Key came with another request.
    #[error("this Idempotency-Key was used for a different request")]
    KeyReused,
    /// `q=` could not be read.
    #[error("the filter could not be read: {detail}")]
    BadQuery {
        /// Where, in bytes from the start.
        at: usize,
        /// What kind of mistake it is, as a stable code.
        reason: &'static str,
        /// Why.
        detail: String,
    },
}

impl Error {
    /// One field is wrong.
    pub fn field(field: &'static str, code: &'static str, detail: impl Into<String>) -> Error {
        Error::Validation(vec![FieldError { field, code, detail: detail.into() }])
    }

    /// The stable code a program may rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Base(base::Error::Busy) => "busy",
            Error::Base(base::Error::NotFound) | Error::NotFound(_) => "not_found",
            Error::Base(_) | Error::Storage(_) => "internal",
            Error::Blob(error) => error.code(),
            Error::Forbidden(_) => "forbidden",
            Error::Validation(_) => "validation",
            Error::TicketChanged { .. } => "ticket_changed",
            Error::BeingAnswered(_) => "being_answered",
            Error::DraftChanged(_) => "draft_changed",
            Error::NewMessage => "new_message",
            Error::UnresolvedVariable(_) => "unresolved_variable",
            Error::AlreadySent => "already_sent",
            Error::MergedOnward => "merged_onward",
            Error::QuotaReached { .. } => "quota_reached",
            Error::WrongLogin => "wrong_login",
            Error::Throttled(_) => "throttled",
            Error::AlreadySetUp => "already_set_up",
            Error::LinkExpired => "link_expired",
            Error::KeyReused => "idempotency_key_reused",
            Error::BadQuery { .. } => "bad_query",
        }
    }
}

/// Trims and checks a short line of text: no control characters, at most `longest` characters, not empty.
pub fn line(field: &'static str, text: &str, longest: usize) -> Result<String> {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field(field, "required", "must not be empty"));
    }
    if text.chars().count() > longest {
        return Err(Error::field(field, "too_long", format!("at most {longest} characters")));
    }
    Ok(text.to_owned())
}

/// Trims and checks a text of several lines: at most `longest` characters, may be empty.
pub fn text(field: &'static str, text: &str, longest: usize) -> Result<String> {
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(Error::field(field, "too_long", format!("at most {longest} characters")));
    }
    Ok(text.to_owned())
}

/// Checks a day of the calendar, written as 2026-01-31.
pub fn day(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok() {
        Ok(text.to_owned())
    } else {
        Err(Error::field(field, "malformed", "a day such as 2026-01-31"))
    }
}

/// Checks an e-mail address: one @, a local part, a domain, no spaces. Returns it trimmed.
pub fn address(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    let fits = text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"'))
        && text.rsplit_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !local.contains('@')
                && !domain.is_empty()
                && !domain.starts_with('.')
                && !domain.ends_with('.')
        });
    if fits { Ok(text.to_owned()) } else { Err(Error::field(field, "malformed", "not an e-mail address")) }
}

/// The form under which two spellings of an address are the same: lower case throughout. Local parts are
/// case-sensitive on paper (RFC 5321, 2.4) and nowhere in practice.
pub fn address_key(address: &str) -> String {
    address.trim().to_lowercase()
}
