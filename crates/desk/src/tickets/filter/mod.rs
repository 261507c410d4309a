//! The filter language over this department: names looked up, conditions compiled to SQL, terms for a form, and what could
//! be written next.

mod compile;
mod completion;
mod fits;
mod matches;
mod names;
mod terms;

pub(super) use compile::{Asker, Place, by_status, names_a_day, over_tally, over_tickets};
pub use completion::{Completion, Completions, complete};
pub(crate) use fits::{fitting, impersonal};
pub use matches::Matches;
pub(super) use names::known;
pub use terms::{Choice, FilterKey, FilterTerm, FilterTree, keys, tree, written};
