//! Variables: what a template asks for, and what a ticket answers.

use super::Stored;
use crate::department::{brands, inboxes};
use crate::people::agents::public_name;
use crate::tickets::look;
use crate::{Actor, Result, TicketId};
use jiff::tz::TimeZone;
use opora_base::{Time, Tx, params};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Every variable there is.
pub const VARIABLES: &[&str] = &[
    "contact.name",
    "contact.first_name",
    "contact.organization",
    "ticket.number",
    "ticket.subject",
    "agent.name",
    "agent.first_name",
    "brand.name",
    "inbox.name",
    "inbox.address",
    "today",
];

/// A template filled for a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Filled {
    /// What it says now; a variable without a value still stands in it.
    pub body_html: String,
    /// The variables that have no value.
    pub missing: Vec<String>,
    /// Where the ticket stands after it.
    pub status: Option<crate::tickets::Status>,
    /// What the ticket is tagged with after it.
    pub tags: Vec<String>,
}

/// Fills a template for a ticket. `zone` is where "today" is (an IANA name; UTC when nobody knows it).
pub fn fill(tx: &mut Tx<'_>, actor: &Actor, id: i64, ticket: TicketId, zone: &str, now: Time) -> Result<Filled> {
    let template = Stored::get(tx, actor, id)?;
    let values = values(tx, actor, ticket, template.locale.as_deref(), zone, now)?;
    let (body_html, missing) = replace(&template.body_html, &values);
    let template = template.shown(actor);
    Ok(Filled { body_html, missing, status: template.status, tags: template.tags })
}

/// Words with variables, filled for a ticket.
pub(crate) fn fill_words(tx: &mut Tx<'_>, actor: &Actor, html: &str, ticket: TicketId, now: Time) -> Result<String> {
    let values = values(tx, actor, ticket, None, "UTC", now)?;
    Ok(replace(html, &values).0)
}

fn values(
    tx: &mut Tx<'_>,
    actor: &Actor,
    ticket: TicketId,
    locale: Option<&str>,
    zone: &str,
    now: Time,
) -> Result<BTreeMap<&'static str, String>> {
    let standing = look(tx, actor, ticket)?;
    let inbox = inboxes::get(tx, standing.inbox_id)?;
    let brand = brands::get(tx, standing.brand_id)?;
    let locale = locale.unwrap_or(&inbox.locale);
    let (contact, organization): (String, Option<String>) = tx.one(
        "SELECT c.name, o.name FROM contact c LEFT JOIN organization o ON o.id = c.organization_id WHERE c.id = $1",
        params![standing.contact_id],
    )?;
    // A contact known by address alone has no name.
    let contact = if contact.contains('@') { String::new() } else { contact };
    let agent = match actor.agent {
        Some(agent) => {
            let (name, number): (String, i64) =
                tx.one("SELECT name, number FROM agent WHERE id = $1", params![agent])?;
            public_name(&name, number, brand.face, locale)
        }
        None => brand.name.clone(),
    };
    let first = |name: &str| name.split_whitespace().next().unwrap_or_default().to_owned();
    Ok(BTreeMap::from([
        ("contact.first_name", first(&contact)),
        ("contact.name", contact),
        ("contact.organization", organization.unwrap_or_default()),
        ("ticket.number", standing.id.to_string()),
        ("ticket.subject", standing.subject),
        ("agent.first_name", first(&agent)),
        ("agent.name", agent),
        ("brand.name", brand.name),
        ("inbox.name", inbox.name),
        ("inbox.address", inbox.address),
        ("today", day(now, zone, locale)),
    ]))
}

/// A day as a letter says it.
fn day(now: Time, zone: &str, locale: &str) -> String {
    const RUSSIAN: [&str; 12] = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ];
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let Ok(at) = jiff::Timestamp::from_microsecond(now.0) else { return String::new() };
    let date = at.to_zoned(zone).date();
    let month = usize::try_from(date.month() - 1).unwrap_or(0);
    match locale {
        "ru" => format!("{} {} {} г.", date.day(), RUSSIAN[month], date.year()),
        _ => format!("{} {} {}", date.day(), ENGLISH[month], date.year()),
    }
}

/// The HTML with every variable that has a value in its place, and the names of those that have none.
fn replace(html: &str, values: &BTreeMap<&'static str, String>) -> (String, Vec<String>) {
    let (mut out, mut missing) = (String::with_capacity(html.len()), Vec::new());
    let mut rest = html;
    while let Some((before, name, after)) = next_variable(rest) {
        out.push_str(before);
        match values.get(name).filter(|value| !value.is_empty()) {
            Some(value) => out.push_str(&escaped(value)),
            None => {
                if !missing.iter().any(|known| known == name) {
                    missing.push(name.to_owned());
                }
                out.push_str(&format!("<span data-variable=\"{name}\">{{{{{name}}}}}</span>"));
            }
        }
        rest = after;
    }
    out.push_str(rest);
    (out, missing)
}

/// What stands before the next `{{name}}`, the name, and what follows it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].find("{{")?;
        let inside = &text[open + 2..];
        let close = inside.find("}}")?;
        let name = inside[..close].trim();
        let fits = |c: char| c.is_ascii_lowercase() || matches!(c, '_' | '.');
        if !name.is_empty() && name.len() <= 40 && name.chars().all(fits) {
            return Some((&text[..open], name, &inside[close + 2..]));
        }
        from = open + 2;
    }
}

/// The variables left in a text about to be sent: those we know, and any other of their families.
pub fn unresolved(text: &str) -> Vec<String> {
    let (mut left, mut rest) = (Vec::new(), text);
    while let Some((_, name, after)) = next_variable(rest) {
        let family = |known: &&&str| known.split('.').next() == name.split('.').next();
        if VARIABLES.iter().any(|known| family(&known)) && !left.iter().any(|known| known == name) {
            left.push(name.to_owned());
        }
        rest = after;
    }
    left
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_words_and_never_markup() {
        let values = BTreeMap::from([("contact.name", "<b>Ольга</b> & Co".to_owned()), ("today", String::new())]);
        let (html, missing) = replace("<p>{{contact.name}}, {{ today }} {{contact.phone}} {{today}}</p>", &values);
        assert_eq!(
            html,
            "<p>&lt;b&gt;Ольга&lt;/b&gt; &amp; Co, <span data-variable=\"today\">{{today}}</span> \
             <span data-variable=\"contact.phone\">{{contact.phone}}</span> <span data-variable=\"today\">{{today}}</span></p>"
        );
        assert_eq!(missing, ["today", "contact.phone"]);
    }

    #[test]
    fn braces_of_other_people_are_no_variables() {
        assert_eq!(
            unresolved("{{contact.name}} {{ticket.colour}} {{user}} {{ x | y }} {{{{today}} {{"),
            ["contact.name", "ticket.colour", "today"]
        );
        assert!(unresolved("body { margin: 0 } {{handlebars}}").is_empty());
    }

    #[test]
    fn today_is_where_the_writer_is() {
        let late = Time::parse("2026-11-22T22:30:00Z").unwrap_or_default();
        assert_eq!(day(late, "Europe/Moscow", "ru"), "23 ноября 2026 г.");
        assert_eq!(day(late, "nowhere", "en"), "22 November 2026");
    }
}
