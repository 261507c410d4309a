//! The numbers things go by, each a type of its own so that one cannot be taken for another.

use opora_base::{Col, Datum, Id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub i64);
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl Col for $name {
            fn from_datum(datum: Datum<'_>) -> Option<Self> { i64::from_datum(datum).map($name) }
        }
        impl Id for $name {
            fn number(self) -> i64 { self.0 }
        }
    )* };
}

ids! {
    /// A colleague.
    AgentId,
    /// An API token.
    TokenId,
    /// A file kept with a message.
    AttachmentId,
    /// A brand.
    BrandId,
    /// A calendar.
    CalendarId,
    /// A customer.
    ContactId,
    /// Something a channel handed over.
    InboundId,
    /// An inbox.
    InboxId,
    /// A message or note of a ticket.
    MessageId,
    /// A shop or an office of an organization.
    LocationId,
    /// A customer's organization.
    OrganizationId,
    /// An SLA policy.
    PolicyId,
    /// A support plan.
    PlanId,
    /// A role.
    RoleId,
    /// A route of tickets.
    RouteId,
    /// A session.
    SessionId,
    /// A team.
    TeamId,
    /// A ticket; also its number.
    TicketId,
    /// A class of question.
    QuestionClassId,
    /// A shift or a duty in the roster.
    ShiftId,
    /// A rotation.
    RotationId,
    /// A vacation, an illness.
    AbsenceId,
    /// A wish to swap a shift or to have it covered.
    RosterRequestId,
}
