//! Tickets: the list and its counts, the conversation, every change, answers, notes, drafts and files.

pub mod answering;
mod beside;
mod by_itself;
mod change;
mod create;
pub mod draft;
pub mod files;
pub mod filter;
mod frame;
mod history;
mod list;
mod mentions;
pub(crate) mod message;
mod model;
mod open;
mod reply;
mod row;
mod snooze;
mod split;
pub mod talks;
pub mod tally;
mod undo;
pub mod views;
pub mod words;

pub use answering::Answering;
pub use beside::{Beside, beside};
pub use change::{CLOSE_TIMER, CLOSES_AFTER, Change, Tag, change, close_when_solved, tags};
pub use create::{TicketForm, create};
pub use frame::{Frame, frame};
pub use list::{ListAsk, Sort, TicketPage, list};
pub(crate) use message::find as find_message;
pub use message::get as message;
pub(crate) use model::words;
pub use model::*;
pub use open::{LARGEST_PAGE, Page, mark_read, open};
pub(crate) use reply::{JOB_KEY, leaves};
pub use reply::{MessageForm, SEND_QUEUE, UNDO, job_key, retry, write};
pub use row::{get as row, only_seen, seen_among};
pub use snooze::{Snooze, WAKE_TIMER, wake_when_over};
pub(crate) use snooze::{back_to, stays_awake};
pub use split::{SplitForm, split};
pub use undo::undo;
pub(crate) use undo::{remove_note, withdraw};
pub use words::Words;

pub(crate) use by_itself::answer_by_itself;
pub(crate) use change::{apply, clean_tags, keep_timer};
pub(crate) use create::{NewTicket, Opening, begin, begin_uncounted, customer_wrote, points_at};
pub(crate) use filter::fitting;
pub(crate) use frame::language_of;
pub(crate) use list::{Condition, my_teams};
pub(crate) use row::{NOBODY_WAITS, Standing, preview};

/// What a ticket stands on, if this person may see it.
pub(crate) fn look(tx: &mut opora_base::Tx<'_>, actor: &crate::Actor, id: crate::TicketId) -> crate::Result<Standing> {
    Standing::look(tx, actor, id)
}
