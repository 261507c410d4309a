//! What could be written next in a filter: keys by their spelling or their name, and the department's own people, teams,
//! inboxes, brands, tags, organizations and contacts.

use super::terms::choices;
use crate::actor::Sight;
use crate::pattern::beginning_with;
use crate::{Actor, Permission, Result};
use opora_base::{Tx, params};
use opora_query::{Key, Language, Name, Piece, Spot, spot};
use serde::Serialize;
use utoipa::ToSchema;

/// At most so many are offered.
const MOST: usize = 12;

/// One thing that could be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Completion {
    /// What to write.
    pub insert: String,
    /// What to show.
    pub label: String,
    /// What it is, in words.
    pub detail: String,
    /// "key" or "value".
    pub kind: &'static str,
}

/// What could be written, and instead of what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Completions {
    /// Where what is replaced begins, in bytes.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// The best first.
    pub items: Vec<Completion>,
}

/// What could be written at byte `at` of a filter's text.
pub fn complete(tx: &mut Tx<'_>, actor: &Actor, q: &str, at: usize, language: Language) -> Result<Completions> {
    actor.need(Permission::TicketView)?;
    let (piece, items) = match spot(q, at) {
        Spot::Nothing => return Ok(Completions::default()),
        Spot::Key(piece) => {
            let items = keys(&piece, language);
            (piece, items)
        }
        Spot::Value(key, piece) => {
            let items = values(tx, actor, key, &piece.written.to_lowercase(), language)?;
            (piece, items)
        }
    };
    Ok(Completions { from: piece.from, to: piece.to, items })
}

fn keys(piece: &Piece, language: Language) -> Vec<Completion> {
    let written = piece.written.to_lowercase();
    let fits =
        |key: &&Key| key.as_str().starts_with(&written) || key.label(language).to_lowercase().starts_with(&written);
    let key = |key: &Key| Completion {
        insert: format!("{key}:"),
        label: format!("{key}:"),
        detail: key.label(language).to_owned(),
        kind: "key",
    };
    Key::ALL.iter().filter(fits).map(key).take(if written.is_empty() { Key::ALL.len() } else { MOST }).collect()
}

fn values(tx: &mut Tx<'_>, actor: &Actor, key: Key, written: &str, language: Language) -> Result<Vec<Completion>> {
    let words = |russian: &'static str, english: &'static str| match language {
        Language::Russian => russian,
        Language::English => english,
    };
    let mut offers: Vec<(String, String)> = match key {
        Key::Status | Key::Priority | Key::Is | Key::Has | Key::Channel | Key::Sla | Key::Vip | Key::Entitlement => {
            choices(key, language).into_iter().map(|c| (c.value.to_owned(), c.label.to_owned())).collect()
        }
        Key::Assignee | Key::Follower | Key::Manager => [("me", words("я", "me")), ("none", words("никто", "nobody"))]
            .into_iter()
            .map(|(value, label)| (value.to_owned(), label.to_owned()))
            .chain(
                tx.query::<(String, String)>("SELECT name, email FROM agent WHERE active = TRUE ORDER BY name", &[])?,
            )
            .collect(),
        Key::Team => [("mine", words("мои команды", "my teams")), ("none", words("без команды", "no team"))]
            .into_iter()
            .map(|(value, label)| (value.to_owned(), label.to_owned()))
            .chain(plain(tx.query("SELECT name FROM team ORDER BY name", &[])?))
            .collect(),
        Key::Inbox => tx.query("SELECT name, address FROM inbox ORDER BY name", &[])?,
        Key::Plan => plain(tx.query("SELECT name FROM plan ORDER BY name_key", &[])?).collect(),
        Key::Brand => plain(tx.query("SELECT name FROM brand ORDER BY name", &[])?).collect(),
        Key::Tag => plain(tags(tx, actor)?).collect(),
        Key::Organization => plain(tx.query(
            r"SELECT name FROM organization WHERE name_key LIKE $1 ESCAPE '\' ORDER BY name_key LIMIT 12",
            params![&beginning_with(written)],
        )?)
        .collect(),
        Key::Contact => tx.query(
            r"SELECT a.address, c.name FROM contact_address a JOIN contact c ON c.id = a.contact_id
             WHERE a.address_key LIKE $1 ESCAPE '\' ORDER BY a.address_key LIMIT 12",
            params![&beginning_with(written)],
        )?,
        Key::Created | Key::Updated => vec![
            ("1d".to_owned(), words("за последние сутки", "within the last day").to_owned()),
            ("1w".to_owned(), words("за последнюю неделю", "within the last week").to_owned()),
            (">1w".to_owned(), words("раньше чем неделю назад", "more than a week ago").to_owned()),
            (">4w".to_owned(), words("раньше чем месяц назад", "more than four weeks ago").to_owned()),
        ],
        Key::Due => vec![
            ("<30m".to_owned(), words("меньше получаса", "in less than half an hour").to_owned()),
            ("<2h".to_owned(), words("меньше двух часов", "in less than two hours").to_owned()),
            ("<1d".to_owned(), words("меньше суток", "in less than a day").to_owned()),
            (">1d".to_owned(), words("больше суток", "in more than a day").to_owned()),
        ],
        Key::Waiting => vec![
            (">1h".to_owned(), words("больше часа", "more than an hour").to_owned()),
            (">4h".to_owned(), words("больше четырёх часов", "more than four hours").to_owned()),
            (">1d".to_owned(), words("больше суток", "more than a day").to_owned()),
            (">3d".to_owned(), words("больше трёх суток", "more than three days").to_owned()),
        ],
    };
    let begins = |text: &str| {
        let text = text.to_lowercase();
        text.starts_with(written) || text.split([' ', '@', '-', '_']).any(|word| word.starts_with(written))
    };
    offers.retain(|(value, detail)| begins(value) || begins(detail));
    // What begins as a whole comes before what only has a word that begins so.
    offers.sort_by_key(|(value, _)| !value.to_lowercase().starts_with(written));
    let times = matches!(key, Key::Created | Key::Updated | Key::Waiting | Key::Due);
    let offer = |(value, detail): (String, String)| Completion {
        insert: if times { value.clone() } else { Name { text: value.clone(), at: 0 }.to_string() },
        label: value,
        detail,
        kind: "value",
    };
    Ok(offers.into_iter().take(MOST).map(offer).collect())
}

fn plain(names: Vec<String>) -> impl Iterator<Item = (String, String)> {
    names.into_iter().map(|name| (name, String::new()))
}

/// All tags in use, by jumping from each to the next in their index: a department has a million tagged tickets and a hundred
/// tags. Whoever sees some tickets only is offered theirs.
fn tags(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<String>> {
    if actor.sight != Sight::Everything {
        return Ok(crate::tickets::tags(tx, actor)?.into_iter().map(|tag| tag.name).collect());
    }
    Ok(tx.query(
        "WITH RECURSIVE used (tag) AS (
           SELECT min(tag) FROM ticket_tag
           UNION ALL SELECT (SELECT min(t.tag) FROM ticket_tag t WHERE t.tag > used.tag) FROM used WHERE used.tag IS NOT NULL)
         SELECT tag FROM used WHERE tag IS NOT NULL LIMIT 2000",
        &[],
    )?)
}
