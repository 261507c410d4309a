//! A believable support department out of a seed: its people, its customers and fourteen months of conversations in
//! Russian and English, for the demo, the screenshots and the benchmarks.
//!
//! It is pure: no database, no clock, no network, no files. The same seed, moment and number of tickets always give the
//! same department; a million tickets are told one by one in the memory of one. It knows nothing of how a desk stores
//! things: whoever fills a database walks the stories and writes them down its own way.
//!
//! ```
//! let story = opora_demo::Story::new(7, 1_795_000_000_000_000, 50);
//! let newest = story.tickets().last().map(|ticket| ticket.subject);
//! assert!(newest.is_some_and(|subject| !subject.is_empty()));
//! ```
//!
//! Two kinds of tickets: *stars* ([`Story::stars`]) are written by hand and tell the stories of the field notes; the
//! *crowd* ([`Story::crowd`]) is told from phrases with slots. [`Story::tickets`] has both, in the order in which they
//! began. To add a matter that customers write about, add a section to a file in `src/words` (both languages); the tests
//! say what it still lacks.

mod calendar;
mod chance;
mod crowd;
mod department;
mod files;
mod letter;
mod model;
mod people;
mod phrase;
mod slots;
mod stars;
mod story;
mod topics;

pub use department::PASSWORD;
pub use model::{
    Agent, Author, Brand, Change, Contact, DemoFile, Department, Face, Gender, Inbox, Locale, Organization, Priority,
    Status, Step, StepKind, Team, TicketStory, Turn,
};
pub use story::Story;
