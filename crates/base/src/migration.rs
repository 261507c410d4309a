//! The database's shape, step by step: every file of `migrations/`, in order, built into the binary.

use crate::db::Migration;

/// All migrations, oldest first. A new file is one more line here; an old one never changes.
pub const ALL: &[Migration] = &[
    Migration { number: 1, name: "ground", sql: include_str!("../../../migrations/0001_ground.sql") },
    Migration { number: 2, name: "people", sql: include_str!("../../../migrations/0002_people.sql") },
    Migration { number: 3, name: "tickets", sql: include_str!("../../../migrations/0003_tickets.sql") },
    Migration { number: 4, name: "inbound_raw", sql: include_str!("../../../migrations/0004_inbound_raw.sql") },
    Migration { number: 5, name: "same_mail", sql: include_str!("../../../migrations/0005_same_mail.sql") },
    Migration { number: 6, name: "snooze", sql: include_str!("../../../migrations/0006_snooze.sql") },
    Migration { number: 7, name: "views", sql: include_str!("../../../migrations/0007_views.sql") },
    Migration { number: 8, name: "templates", sql: include_str!("../../../migrations/0008_templates.sql") },
    Migration { number: 9, name: "mass_actions", sql: include_str!("../../../migrations/0009_mass_actions.sql") },
    Migration { number: 10, name: "notifications", sql: include_str!("../../../migrations/0010_notifications.sql") },
    Migration { number: 11, name: "contacts", sql: include_str!("../../../migrations/0011_contacts.sql") },
    Migration { number: 12, name: "audit", sql: include_str!("../../../migrations/0012_audit.sql") },
    Migration {
        number: 13,
        name: "contact_imports",
        sql: include_str!("../../../migrations/0013_contact_imports.sql"),
    },
    Migration {
        number: 14,
        name: "working_together",
        sql: include_str!("../../../migrations/0014_working_together.sql"),
    },
    Migration { number: 15, name: "being_told", sql: include_str!("../../../migrations/0015_being_told.sql") },
    Migration {
        number: 16,
        name: "files_among_colleagues",
        sql: include_str!("../../../migrations/0016_files_among_colleagues.sql"),
    },
    Migration { number: 17, name: "drafts_by_kind", sql: include_str!("../../../migrations/0017_drafts_by_kind.sql") },
    Migration { number: 18, name: "found_again", sql: include_str!("../../../migrations/0018_found_again.sql") },
    Migration { number: 19, name: "split", sql: include_str!("../../../migrations/0019_split.sql") },
    Migration { number: 20, name: "sla", sql: include_str!("../../../migrations/0020_sla.sql") },
    Migration { number: 21, name: "promises", sql: include_str!("../../../migrations/0021_promises.sql") },
    Migration { number: 22, name: "next", sql: include_str!("../../../migrations/0022_next.sql") },
    Migration { number: 23, name: "roster", sql: include_str!("../../../migrations/0023_roster.sql") },
    Migration { number: 24, name: "routing", sql: include_str!("../../../migrations/0024_routing.sql") },
    Migration { number: 25, name: "calendars", sql: include_str!("../../../migrations/0025_calendars.sql") },
    Migration { number: 26, name: "entitlement", sql: include_str!("../../../migrations/0026_entitlement.sql") },
];
