//! The filter language: what a view, a rule or a search field says about tickets, as text and as a tree.
//!
//! `status:new,open assignee:me -tag:spam waiting:>4h "нет ответа"` is five [`Term`]s that must all hold. A term is a key with one or
//! more values (any of them will do), or a word or quoted phrase to be found in the text; a `-` before it turns it around. [`parse`]
//! reads it, [`Filter`]'s `Display` writes it back in its canonical spelling, and a [`Problem`] says where the text is wrong, in
//! Russian and English. This room knows no table, no SQL, no clock and not who "me" is.
//!
//! | key | values |
//! |---|---|
//! | `status` | `new` `open` `waiting` `on_hold` `solved` `closed` |
//! | `priority` | `low` `normal` `high` `urgent` |
//! | `assignee` `follower` `manager` | `me`, `none`, an agent's name or id |
//! | `team` | `mine`, `none`, a team's name or id |
//! | `inbox` `brand` `org` `plan` | a name or id |
//! | `contact` | an address or id |
//! | `vip` | `yes` `no` |
//! | `entitlement` | `stranger` `held` `confirmed` `refused` `authorised` `unknown` |
//! | `tag` | a tag; in quotes if it has spaces or commas |
//! | `channel` | `mail` and what else there is |
//! | `is` | `open` `unread` `snoozed` |
//! | `has` | `attachment` `draft` |
//! | `created` `updated` | a day `2026-01-31`, with `<` `<=` `>` `>=` before it if wanted, or an age `2d` |
//! | `waiting` | an age: `>4h`, `<30m` |
//! | `due` | an age: `<1h` until the next deadline |
//! | `sla` | `running` `paused` `breached` `none` |
//!
//! Ages are `30m`, `4h`, `2d`, `1w`. They compare by length: `updated:>2d` was last changed *more than two days ago*. Without a sign,
//! `created:2d` is within the last two days, `waiting:4h` for four hours or longer, `due:4h` within four hours.
//!
//! ```
//! use opora_query::{Code, Kind, Status, parse};
//!
//! let filter = parse("Status:new,OPEN  -tag:spam возврат")?;
//! assert_eq!(filter.terms[0].kind, Kind::Status(vec![Status::New, Status::Open]));
//! assert!(filter.terms[1].negated);
//! assert_eq!(filter.wanted_text(), "возврат");
//! assert_eq!(filter.to_string(), "status:new,open -tag:spam возврат");
//!
//! let problem = parse("возврат status:opne").unwrap_err();
//! assert_eq!((problem.code, problem.at), (Code::UnknownValue, 22));
//! # Ok::<(), opora_query::Problem>(())
//! ```

mod age;
mod display;
mod filter;
mod name;
mod parse;
mod problem;
mod spot;
mod values;
mod words;

pub use age::{Age, AgeUnit, Comparison, Length, Moment, When};
pub use filter::{Filter, Kind, Term};
pub use name::{Name, Which};
pub use parse::{MOST_TERMS, TEXT_LIMIT, parse};
pub use problem::{Code, Language, Problem};
pub use spot::{Piece, Spot, spot};
pub use values::{Entitlement, Has, Is, Key, Person, Priority, Sla, Status, Team, YesNo};
