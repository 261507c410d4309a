//! What is measured.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a clock measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SlaMetric)]
pub enum Metric {
    /// From a customer's first message to our first answer.
    FirstResponse,
    /// From a customer's further message to our answer.
    NextResponse,
    /// From the beginning to the solution, without the time the customer or others kept us waiting.
    Resolution,
    /// From the moment a team gets a ticket until somebody takes it.
    PickUp,
    /// From the moment a team gets a ticket until it is done with it.
    TeamTime,
    /// From a promise to the answer it promised.
    Promise,
}

impl Metric {
    /// All of them.
    pub const ALL: [Metric; 6] = [
        Metric::FirstResponse,
        Metric::NextResponse,
        Metric::Resolution,
        Metric::PickUp,
        Metric::TeamTime,
        Metric::Promise,
    ];

    /// Its name in the API and in the database.
    pub const fn text(self) -> &'static str {
        match self {
            Metric::FirstResponse => "first_response",
            Metric::NextResponse => "next_response",
            Metric::Resolution => "resolution",
            Metric::PickUp => "pick_up",
            Metric::TeamTime => "team_time",
            Metric::Promise => "promise",
        }
    }

    /// The one of that name.
    pub fn parse(text: &str) -> Option<Metric> {
        Metric::ALL.into_iter().find(|metric| metric.text() == text)
    }

    /// Does it stand still in the statuses a policy names?
    pub const fn pauses(self) -> bool {
        matches!(self, Metric::Resolution | Metric::TeamTime)
    }
}
