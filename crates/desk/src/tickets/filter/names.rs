//! Names in a filter become ids. A name is somebody's or something's whole name in any case, or else one whole word of it:
//! `assignee:anna` is every Anna.

use crate::{Error, Result, error};
use opora_base::{Tx, params};
use opora_query::{Code, Filter, Key, Kind, Language, Name, Person, Problem, Team, Which};
use std::borrow::Cow;

/// The same filter with ids in the place of names; the first name nobody has is the mistake.
pub(in crate::tickets) fn known<'a>(
    tx: &mut Tx<'_>,
    filter: &'a Filter,
    language: Language,
) -> Result<Cow<'a, Filter>> {
    if !filter.terms.iter().any(|term| has_names(&term.kind)) {
        return Ok(Cow::Borrowed(filter));
    }
    let mut filter = filter.clone();
    let mut book = Book { tx, language };
    for term in &mut filter.terms {
        match &mut term.kind {
            Kind::Assignee(people) => book.people(Key::Assignee, people)?,
            Kind::Follower(people) => book.people(Key::Follower, people)?,
            Kind::Manager(people) => book.people(Key::Manager, people)?,
            Kind::Plan(list) => book.things(Key::Plan, list)?,
            Kind::Team(teams) => book.teams(teams)?,
            Kind::Inbox(list) => book.things(Key::Inbox, list)?,
            Kind::Brand(list) => book.things(Key::Brand, list)?,
            Kind::Contact(list) => book.things(Key::Contact, list)?,
            Kind::Organization(list) => book.things(Key::Organization, list)?,
            _ => {}
        }
    }
    Ok(Cow::Owned(filter))
}

fn has_names(kind: &Kind) -> bool {
    match kind {
        Kind::Assignee(people) | Kind::Follower(people) | Kind::Manager(people) => {
            people.iter().any(|p| matches!(p, Person::Named(_)))
        }
        Kind::Team(teams) => teams.iter().any(|t| matches!(t, Team::Named(_))),
        Kind::Inbox(list) | Kind::Brand(list) | Kind::Contact(list) | Kind::Organization(list) | Kind::Plan(list) => {
            list.iter().any(|w| matches!(w, Which::Named(_)))
        }
        _ => false,
    }
}

struct Book<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    language: Language,
}

impl Book<'_, '_> {
    fn people(&mut self, key: Key, people: &mut Vec<Person>) -> Result<()> {
        let mut ids = Vec::with_capacity(people.len());
        for person in people.drain(..) {
            match person {
                Person::Named(name) => ids.extend(self.look_up(key, &name)?.into_iter().map(Person::Id)),
                other => ids.push(other),
            }
        }
        *people = ids;
        Ok(())
    }

    fn teams(&mut self, teams: &mut Vec<Team>) -> Result<()> {
        let mut ids = Vec::with_capacity(teams.len());
        for team in teams.drain(..) {
            match team {
                Team::Named(name) => ids.extend(self.look_up(Key::Team, &name)?.into_iter().map(Team::Id)),
                other => ids.push(other),
            }
        }
        *teams = ids;
        Ok(())
    }

    fn things(&mut self, key: Key, list: &mut Vec<Which>) -> Result<()> {
        let mut ids = Vec::with_capacity(list.len());
        for which in list.drain(..) {
            match which {
                Which::Named(name) => ids.extend(self.look_up(key, &name)?.into_iter().map(Which::Id)),
                id @ Which::Id(_) => ids.push(id),
            }
        }
        *list = ids;
        Ok(())
    }

    /// At least one id.
    fn look_up(&mut self, key: Key, name: &Name) -> Result<Vec<i64>> {
        let sql = match key {
            Key::Assignee | Key::Follower | Key::Manager => "SELECT id, name, email FROM agent ORDER BY id",
            Key::Team => "SELECT id, name, name FROM team ORDER BY id",
            Key::Inbox => {
                "SELECT i.id, i.name, a.address FROM inbox i JOIN inbox_address a ON a.inbox_id = i.id ORDER BY i.id"
            }
            Key::Plan => "SELECT id, name, name FROM plan ORDER BY id",
            Key::Brand => "SELECT id, name, name FROM brand ORDER BY id",
            // There may be very many of these: only the whole name is looked up, by its index.
            Key::Organization => {
                let key = name.text.to_lowercase();
                let ids = self.tx.query("SELECT id FROM organization WHERE name_key = $1", params![&key])?;
                return self.some(Key::Organization, name, ids);
            }
            _ => {
                let address = error::address_key(&name.text);
                let ids = self
                    .tx
                    .query("SELECT contact_id FROM contact_address WHERE address_key = $1", params![&address])?;
                return self.some(Key::Contact, name, ids);
            }
        };
        let rows: Vec<(i64, String, String)> = self.tx.query(sql, &[])?;
        let ids = called(&name.text, &rows);
        self.some(key, name, ids)
    }

    fn some(&self, key: Key, name: &Name, ids: Vec<i64>) -> Result<Vec<i64>> {
        if !ids.is_empty() {
            return Ok(ids);
        }
        let found = name.text.chars().take(40).collect();
        let problem = Problem { at: name.at, code: Code::UnknownName, found, key: Some(key) };
        Err(Error::BadQuery { at: problem.at, reason: problem.code.as_str(), detail: problem.sentence(self.language) })
    }
}

/// Whose name or address that is; when nobody's, in whose name it is a word.
fn called(name: &str, rows: &[(i64, String, String)]) -> Vec<i64> {
    let name = name.to_lowercase();
    let pick = |fits: &dyn Fn(&str) -> bool| {
        let mut ids: Vec<i64> =
            rows.iter().filter(|row| fits(&row.1.to_lowercase()) || fits(&row.2.to_lowercase())).map(|r| r.0).collect();
        ids.dedup();
        ids
    };
    let whole = pick(&|text| text == name);
    if whole.is_empty() { pick(&|text| text.split_whitespace().any(|word| word == name)) } else { whole }
}
