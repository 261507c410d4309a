//! How the department is arranged: brands (its faces), inboxes (its doors) and teams.

pub mod brands;
pub mod first_run;
pub mod inboxes;
pub mod teams;
