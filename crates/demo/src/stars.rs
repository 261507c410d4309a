//! Stars: stories written by hand, which a newcomer meets first. They follow the field notes: a parcel that got lost, a
//! feed broken by an update, a key asked for by a stranger, a bug that went through tier 2, an angry VIP. All of them are
//! recent, so they stand on top of the views.

mod insurer;
mod long;
mod platform;
mod script;
mod shop;

use crate::model::{Department, TicketStory};
use script::Script;

/// All stars, in no order of time.
pub(crate) fn all(seed: u64, now: i64, department: &Department) -> Vec<TicketStory> {
    let mut scripts: Vec<Script<'_>> = shop::scripts(department);
    scripts.extend(platform::scripts(department, seed));
    scripts.extend(insurer::scripts(department));
    scripts.push(long::script(department));
    scripts.into_iter().map(|script| script.ending(now)).collect()
}

/// The agents by name, as indexes into the department.
mod who {
    pub(super) const MARIA: usize = 0;
    pub(super) const ANTON: usize = 1;
    pub(super) const HELEN: usize = 2;
    pub(super) const OLGA: usize = 3;
    pub(super) const TIMUR: usize = 4;
    pub(super) const DANIEL: usize = 5;
    pub(super) const KSENIA: usize = 6;
    pub(super) const PAVEL: usize = 7;
    pub(super) const PRIYA: usize = 8;
    pub(super) const VERA: usize = 9;
    pub(super) const TOM: usize = 11;
}

#[cfg(test)]
mod tests {
    use super::who;
    use crate::department::department;

    #[test]
    fn agents_are_called_by_their_names() {
        let department = department();
        let logins = [
            (who::MARIA, "maria"),
            (who::ANTON, "anton"),
            (who::HELEN, "helen"),
            (who::OLGA, "olga"),
            (who::TIMUR, "timur"),
            (who::DANIEL, "daniel"),
            (who::KSENIA, "ksenia"),
            (who::PAVEL, "pavel"),
            (who::PRIYA, "priya"),
            (who::VERA, "vera"),
            (who::TOM, "tom"),
        ];
        for (index, login) in logins {
            assert!(department.agents[index].email.starts_with(login), "{login}");
        }
    }
}
