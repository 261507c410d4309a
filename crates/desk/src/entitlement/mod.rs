//! Who is entitled to ask for an organization [S1.2]: the contacts it has named, and what is done when somebody else asks.
//!
//! [`authorised`] keeps the list; only a colleague's hand puts somebody on it, whatever their mail domain. [`weigh`] looks at
//! each message of a customer and says how its ticket stands ([`Entitlement`]); by the [`policy`] a stranger is let through
//! with a warning, or [`hold`]s the ticket until the organization's owner has said yes or no by a link, or gets an
//! [`answer`]. An organization that has named nobody has no strangers. [`shown`] is what an agent sees of all that.

mod answer;
pub mod authorised;
pub mod hold;
mod letter;
mod policy;
mod settle;
pub mod shown;
mod weigh;

pub use letter::{Question, question, remember_base_url};
pub use policy::{StrangerPolicy, StrangerRule, department_rule, put_department_rule};
pub use settle::{Verdict, VerdictForm, judge};
pub use weigh::weigh_again;

pub(crate) use settle::split_off;
pub(crate) use weigh::{Heard, stays_held, weigh};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a ticket stands. A ticket of which nobody can say has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entitlement {
    /// Those who write in it may ask.
    Authorised,
    /// A stranger writes in it, and somebody who may say so has vouched for them.
    Confirmed,
    /// A stranger writes in it, and the organization's owner does not want that.
    Refused,
    /// A stranger writes in it.
    Stranger,
    /// It waits for the organization's owner to say whether a stranger may ask.
    Held,
}

impl Entitlement {
    /// All of them, the most pressing last.
    pub const ALL: &'static [Entitlement] = &[
        Entitlement::Authorised,
        Entitlement::Confirmed,
        Entitlement::Refused,
        Entitlement::Stranger,
        Entitlement::Held,
    ];

    /// Its name in the API and in the database.
    pub const fn text(self) -> &'static str {
        match self {
            Entitlement::Authorised => "authorised",
            Entitlement::Confirmed => "confirmed",
            Entitlement::Refused => "refused",
            Entitlement::Stranger => "stranger",
            Entitlement::Held => "held",
        }
    }
}

impl opora_base::Col for Entitlement {
    fn from_datum(datum: opora_base::Datum<'_>) -> Option<Self> {
        let opora_base::Datum::Text(text) = datum else { return None };
        Entitlement::ALL.iter().copied().find(|one| one.text() == text)
    }
}

impl<'a> From<Entitlement> for opora_base::P<'a> {
    fn from(entitlement: Entitlement) -> Self {
        entitlement.text().into()
    }
}
