//! Names of people, teams and other things of the department. This room does not know who exists: whoever evaluates a filter
//! looks names up first, and says where an unknown one was written.

use std::fmt;
use std::hash::{Hash, Hasher};

/// A name as it was written. Equal names are equal wherever they stand.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name, never empty.
    pub text: String,
    /// Where it was written: bytes from the beginning of the text.
    pub at: usize,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::display::bare_or_quoted(f, &self.text)
    }
}

/// One thing of its kind, by id or by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Which {
    /// Its id.
    Id(i64),
    /// Its name.
    Named(Name),
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Which::Id(id) => id.fmt(f),
            Which::Named(name) => name.fmt(f),
        }
    }
}
