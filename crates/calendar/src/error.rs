//! Why a calendar is refused. The codes are part of the API and of the worker's answers and never change.

/// What is wrong with a [`Spec`](crate::Spec), or with a file of days.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// The time zone is not in the IANA database.
    #[error("there is no time zone \"{0}\"")]
    UnknownTimeZone(String),
    /// It is closed on every day.
    #[error("the calendar has no working hour at all")]
    NoWorkingTime,
    /// Not a time of day.
    #[error("{day}: \"{text}\" is not a time of day such as 09:00")]
    BadTime { day: String, text: String },
    /// Not a date of the supported years.
    #[error("\"{0}\" is not a date such as 2026-05-01 from 1970 to 2105")]
    BadDate(String),
    /// Two intervals of one day share time.
    #[error("{day}: {first} and {second} overlap")]
    Overlapping { day: String, first: String, second: String },
    /// More than is sensible.
    #[error("too many {what}: at most {limit}")]
    TooMany { what: &'static str, limit: usize },
    /// A name longer than a line.
    #[error("{day}: the name is longer than {limit} characters")]
    NameTooLong { day: String, limit: usize },
    /// A file that is neither days as JSON nor a calendar as ICS.
    #[error("the file is not understood: {0}")]
    BadFile(String),
    /// No such preset, or not for that year.
    #[error("there is no preset \"{0}\"")]
    UnknownPreset(String),
    /// The preset does not know that year (yet).
    #[error("{preset} is not known for {year}")]
    UnknownYear { preset: String, year: i16 },
}

impl SpecError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SpecError::UnknownTimeZone(_) => "unknown_time_zone",
            SpecError::NoWorkingTime => "no_working_time",
            SpecError::BadTime { .. } => "bad_time",
            SpecError::BadDate(_) => "bad_date",
            SpecError::Overlapping { .. } => "overlapping",
            SpecError::TooMany { .. } => "too_many",
            SpecError::NameTooLong { .. } => "name_too_long",
            SpecError::BadFile(_) => "bad_file",
            SpecError::UnknownPreset(_) => "unknown_preset",
            SpecError::UnknownYear { .. } => "unknown_year",
        }
    }
}
