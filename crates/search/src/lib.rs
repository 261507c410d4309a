//! Full-text search over messages, for departments that write Russian and English.
//!
//! Put documents, commit with a cursor, search. The index is a copy: it can be thrown away and filled again from the database, and it
//! says when that is needed ([`Index::is_fresh`]). It knows no tickets' rules, no database and no async; what may be seen comes in as
//! a list of groups.
//!
//! ```
//! use opora_search::{Doc, Index, Query};
//!
//! let index = Index::in_memory()?;
//! index.put(&[Doc {
//!     key: 1,
//!     group: 1042,
//!     number: Some("1042".into()),
//!     subject: "Где мой заказ?".into(),
//!     body: "Посылка так и не пришла, а деньги списаны.".into(),
//!     people: vec!["Анна Петрова".into(), "anna.petrova@example.com".into()],
//!     ..Doc::default()
//! }])?;
//! index.commit("event 17")?;
//!
//! let hits = index.search(&Query::new("посылки"))?;
//! assert_eq!(hits.items[0].group, 1042);
//! assert_eq!(hits.items[0].snippet_html, "<mark>Посылка</mark> так и не пришла, а деньги списаны.");
//!
//! // Somebody who sees another ticket only.
//! assert_eq!(index.search(&Query { only: Some(&[7]), ..Query::new("посылки") })?.total_groups, 0);
//! # Ok::<(), opora_search::Error>(())
//! ```

mod analysis;
mod aside;
mod collect;
mod document;
mod error;
mod folder;
mod index;
mod query;
mod search;
mod snippet;
mod worker;

pub use document::{BODY_LIMIT, Doc};
pub use error::{Error, Result};
pub use index::Index;
pub use search::{Hit, Hits, Query, Reach, TOTAL_CAP};
pub use worker::worker;
