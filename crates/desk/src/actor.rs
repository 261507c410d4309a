//! Who is asking, and what they may do. Roles are sets of permissions; four come with the house, others can be made.

use crate::{AgentId, Error, InboxId, Result, TeamId};
use opora_base::event::Author;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// One thing a role allows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        pub enum Permission { $($(#[$doc])* #[serde(rename = $text)] $name),* }
        impl Permission {
            /// Every permission there is.
            pub const ALL: &'static [Permission] = &[$(Permission::$name),*];
            /// Its name in the API and in the database.
            pub const fn text(self) -> &'static str { match self { $(Permission::$name => $text),* } }
            /// The permission of that name.
            pub fn parse(text: &str) -> Option<Permission> { match text { $($text => Some(Permission::$name),)* _ => None } }
        }
    };
}

permissions! {
    /// See the tickets of one's own teams and one's own.
    TicketView = "ticket.view",
    /// See everybody's tickets.
    TicketViewAll = "ticket.view_all",
    /// Answer customers.
    TicketReply = "ticket.reply",
    /// Write notes.
    TicketNote = "ticket.note",
    /// Change status, priority, tags, subject.
    TicketEdit = "ticket.edit",
    /// Give tickets to people and teams.
    TicketAssign = "ticket.assign",
    /// Share views and templates with a team or with everybody.
    ViewShare = "view.share",
    /// Change contacts.
    ContactEdit = "contact.edit",
    /// See and settle what could not be understood.
    QuarantineManage = "quarantine.manage",
    /// Plan the roster: shifts, rotations, absences, publishing; its classes of question and rules.
    RosterManage = "roster.manage",
    /// Invite, change and switch off people; roles and teams.
    PeopleManage = "people.manage",
    /// Create and change inboxes; hand in raw mail.
    InboxManage = "inbox.manage",
    /// Brands and department-wide settings.
    SettingsManage = "settings.manage",
    /// Read the audit log.
    AuditView = "audit.view",
}

/// The four roles that come with the house: key and what they allow.
pub fn preset_roles() -> Vec<(&'static str, Vec<Permission>)> {
    use Permission::*;
    let lead = vec![
        TicketView,
        TicketViewAll,
        TicketReply,
        TicketNote,
        TicketEdit,
        TicketAssign,
        ViewShare,
        ContactEdit,
        QuarantineManage,
        RosterManage,
        AuditView,
    ];
    let agent = vec![TicketView, TicketViewAll, TicketReply, TicketNote, TicketEdit, TicketAssign, ContactEdit];
    vec![
        ("admin", Permission::ALL.to_vec()),
        ("lead", lead),
        ("agent", agent),
        ("observer", vec![TicketView, TicketViewAll]),
    ]
}

/// Which tickets somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of them.
    Everything,
    /// Those of these teams and their inboxes, and those assigned to oneself.
    Teams(Vec<TeamId>, Vec<InboxId>),
}

/// Somebody acting: an agent with their rights, or the program itself.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The agent; `None` when the program acts on its own.
    pub agent: Option<AgentId>,
    /// What they may do.
    pub permissions: Vec<Permission>,
    /// What they may see.
    pub sight: Sight,
}

impl Actor {
    /// The program itself: may do everything, signs as "system".
    pub fn system() -> Actor {
        Actor { agent: None, permissions: Permission::ALL.to_vec(), sight: Sight::Everything }
    }

    /// Does this person have the permission?
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Go on only with the permission.
    pub fn need(&self, permission: Permission) -> Result<()> {
        if self.may(permission) { Ok(()) } else { Err(Error::Forbidden(permission.text())) }
    }

    /// The agent who acts; the program itself has no drafts, sessions or tokens.
    pub fn agent_id(&self) -> Result<AgentId> {
        self.agent.ok_or(Error::Forbidden("agent"))
    }

    /// How events name this person.
    pub fn author(&self) -> Author {
        self.agent.map_or(Author::System, |id| Author::Agent(id.0))
    }

    /// May this person see a ticket that stands there?
    pub fn sees(&self, inbox: InboxId, team: Option<TeamId>, assignee: Option<AgentId>) -> bool {
        match &self.sight {
            Sight::Everything => true,
            Sight::Teams(teams, inboxes) => {
                inboxes.contains(&inbox)
                    || team.is_some_and(|t| teams.contains(&t))
                    || (assignee.is_some() && assignee == self.agent)
            }
        }
    }
}
