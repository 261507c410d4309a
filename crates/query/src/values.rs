//! The keys of the language and the values that come from a closed list. Their spellings are part of the API and never change.

use crate::Name;

/// Declares an enum whose variants each have one spelling.
macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $spelling:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// All of them, in the order a person expects.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// As it is written in a filter and in the API.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $spelling),* }
            }

            /// The one spelled so, in any case.
            pub fn spelled(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str().eq_ignore_ascii_case(text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

spelled! {
    /// What can stand before the colon.
    Key {
        /// The ticket's state.
        Status = "status",
        /// How urgent it is.
        Priority = "priority",
        /// Whose it is.
        Assignee = "assignee",
        /// Which team's it is.
        Team = "team",
        /// Through which inbox it came.
        Inbox = "inbox",
        /// Whose name it is answered in.
        Brand = "brand",
        /// Who wrote.
        Contact = "contact",
        /// For whom they wrote.
        Organization = "org",
        /// What they have bought.
        Plan = "plan",
        /// Whether they come first.
        Vip = "vip",
        /// Who looks after them.
        Manager = "manager",
        /// Whether they may ask.
        Entitlement = "entitlement",
        /// Who follows it.
        Follower = "follower",
        /// What it is tagged with.
        Tag = "tag",
        /// Mail, a messenger, a phone call.
        Channel = "channel",
        /// A question with yes or no.
        Is = "is",
        /// What it contains.
        Has = "has",
        /// When it began.
        Created = "created",
        /// When it last changed.
        Updated = "updated",
        /// How long the customer has been waiting.
        Waiting = "waiting",
        /// How long until its next deadline.
        Due = "due",
        /// How its deadlines stand.
        Sla = "sla",
    }
}

spelled! {
    /// How a ticket's deadlines stand.
    Sla {
        /// One runs and is not late.
        Running = "running",
        /// They stand still.
        Paused = "paused",
        /// One that is not over yet is late.
        Breached = "breached",
        /// There is none.
        Nothing = "none",
    }
}

spelled! {
    /// A ticket's state.
    Status {
        /// Nobody has looked at it.
        New = "new",
        /// Being worked on.
        Open = "open",
        /// For the customer to answer.
        Waiting = "waiting",
        /// For somebody else to do something.
        OnHold = "on_hold",
        /// Answered; an answer opens it again.
        Solved = "solved",
        /// Over; an answer opens a follow-up.
        Closed = "closed",
    }
}

spelled! {
    /// How urgent a ticket is.
    Priority {
        /// When there is time.
        Low = "low",
        /// As usual.
        Normal = "normal",
        /// Before the others.
        High = "high",
        /// At once.
        Urgent = "urgent",
    }
}

spelled! {
    /// Questions with yes or no.
    Is {
        /// Neither solved nor closed.
        Open = "open",
        /// Something in it is new to the one who asks.
        Unread = "unread",
        /// Asleep until a moment or an answer.
        Snoozed = "snoozed",
    }
}

spelled! {
    /// What a ticket can contain.
    Has {
        /// A file in any of its messages.
        Attachment = "attachment",
        /// Something the one who asks has begun to write.
        Draft = "draft",
    }
}

spelled! {
    /// A plain answer.
    YesNo {
        /// It is so.
        Yes = "yes",
        /// It is not.
        No = "no",
    }
}

spelled! {
    /// Whether those who write in a ticket may ask for their organization.
    Entitlement {
        /// A stranger writes in it.
        Stranger = "stranger",
        /// It waits for the owner's word about a stranger.
        Held = "held",
        /// Somebody has vouched for the stranger.
        Confirmed = "confirmed",
        /// The stranger may not.
        Refused = "refused",
        /// They may.
        Authorised = "authorised",
        /// Nobody can say.
        Unknown = "unknown",
    }
}

/// Whose a ticket is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Person {
    /// `me`: the one who asks.
    Me,
    /// `none`: nobody's.
    Nobody,
    /// An agent's id.
    Id(i64),
    /// An agent's name.
    Named(Name),
}

/// Which team's a ticket is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Team {
    /// `mine`: any team of the one who asks.
    Mine,
    /// `none`: no team's.
    Nobody,
    /// A team's id.
    Id(i64),
    /// A team's name.
    Named(Name),
}

impl std::fmt::Display for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Person::Me => f.write_str("me"),
            Person::Nobody => f.write_str("none"),
            Person::Id(id) => id.fmt(f),
            Person::Named(name) => name.fmt(f),
        }
    }
}

impl std::fmt::Display for Team {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Team::Mine => f.write_str("mine"),
            Team::Nobody => f.write_str("none"),
            Team::Id(id) => id.fmt(f),
            Team::Named(name) => name.fmt(f),
        }
    }
}
