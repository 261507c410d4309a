//! What stands around an answer: to whom it goes, the greeting and closing by brand and language [S9.5], the signature.

use super::model::{Address, Recipients};
use super::row::Standing;
use super::words::Words;
use crate::department::{brands, inboxes};
use crate::people::agents::public_name;
use crate::{Actor, Result, TicketId, error};
use opora_base::{Tx, params};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The frame of an answer, to be shown in the editor before anything is typed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Frame {
    /// To whom.
    pub to: Vec<Address>,
    /// Copies.
    pub cc: Vec<Address>,
    /// How it begins.
    pub greeting_html: String,
    /// How it ends.
    pub closing_html: String,
    /// What stands under it.
    pub signature_html: String,
    /// The language of greeting and closing.
    pub locale: String,
}

/// The frame of an answer in this ticket; the language is the inbox's unless one is asked for.
pub fn frame(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, locale: Option<&str>) -> Result<Frame> {
    let ticket = Standing::look(tx, actor, id)?;
    build(tx, actor, &ticket, locale)
}

fn build(tx: &mut Tx<'_>, actor: &Actor, ticket: &Standing, locale: Option<&str>) -> Result<Frame> {
    let usual = usual_recipients(tx, ticket)?;
    let inbox = inboxes::get(tx, ticket.inbox_id)?;
    let brand = brands::get(tx, ticket.brand_id)?;
    let spoken = language_of(tx, ticket)?;
    let locale = locale.filter(|l| matches!(*l, "ru" | "en")).or(spoken).unwrap_or(&inbox.locale).to_owned();
    let (name, number): (String, i64) = match actor.agent {
        Some(agent) => tx.one("SELECT name, number FROM agent WHERE id = $1", params![agent])?,
        None => (brand.name.clone(), 0),
    };
    let agent = public_name(&name, number, brand.face, &locale);
    let contact: String = tx.one("SELECT name FROM contact WHERE id = $1", params![ticket.contact_id])?;
    let said = |sentence: &str| {
        let filled = fill(sentence, &contact, &agent, &brand.name);
        if filled.trim().is_empty() { String::new() } else { opora_mail::text_to_html(&tidy(&filled)) }
    };
    Ok(Frame {
        to: usual.to,
        cc: usual.cc,
        greeting_html: said(brand.greeting.in_language(&locale)),
        closing_html: said(brand.closing.in_language(&locale)),
        signature_html: inbox.signature_html,
        locale,
    })
}

/// Puts names where a sentence asks for them: `{{contact.name}}`, `{{contact.first_name}}`, `{{agent.name}}`,
/// `{{brand.name}}`, and the short forms `{contact}`, `{agent}`, `{brand}`. A contact known by address alone has no name.
fn fill(sentence: &str, contact: &str, agent: &str, brand: &str) -> String {
    let contact = if contact.contains('@') { "" } else { contact };
    let first = contact.split_whitespace().next().unwrap_or_default();
    let names = [
        ("{{contact.first_name}}", first),
        ("{{contact.name}}", contact),
        ("{{agent.name}}", agent),
        ("{{brand.name}}", brand),
        ("{contact}", contact),
        ("{agent}", agent),
        ("{brand}", brand),
    ];
    names.iter().fold(sentence.to_owned(), |filled, (variable, name)| filled.replace(variable, name))
}

/// A greeting without a name has no lonely comma: "Hello ," and "Здравствуйте, !" are put right.
fn tidy(sentence: &str) -> String {
    sentence.replace(", !", "!").replace(" ,", ",").replace(" !", "!")
}

/// Russian when the customer's last message holds Cyrillic, English when it has letters but no Cyrillic.
pub(crate) fn language_of(tx: &mut Tx<'_>, ticket: &Standing) -> Result<Option<&'static str>> {
    let text: Option<String> = tx.opt(
        "SELECT visible FROM message WHERE ticket_id = $1 AND kind = 'customer' ORDER BY id DESC LIMIT 1",
        params![ticket.id],
    )?;
    let text = text.unwrap_or_default();
    let cyrillic =
        text.chars().filter(|c| ('а'..='я').contains(&c.to_ascii_lowercase()) || ('А'..='Я').contains(c)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    Ok(if cyrillic * 3 > latin && cyrillic > 0 { Some("ru") } else { (latin > 0).then_some("en") })
}

/// The words with greeting, closing and signature around them.
pub(super) fn around(tx: &mut Tx<'_>, actor: &Actor, ticket: &Standing, words: &Words) -> Result<Words> {
    let frame = build(tx, actor, ticket, None)?;
    let html = format!("{}{}{}{}", frame.greeting_html, words.html, frame.closing_html, frame.signature_html);
    let text =
        [&frame.greeting_html, &frame.closing_html, &frame.signature_html].map(|html| opora_mail::html_to_text(html));
    let parts = [text[0].trim(), words.text.trim(), text[1].trim(), text[2].trim()];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    Ok(Words { html, text, shown: words.shown.clone() })
}

/// To whom an answer usually goes: where the customer wants it, else where they wrote from; copies as the ticket has them.
/// A message keeps its author when contacts are merged, so whoever became this contact, over however many merges, counts too.
pub(super) fn usual_recipients(tx: &mut Tx<'_>, ticket: &Standing) -> Result<Recipients> {
    let (name, main): (String, String) =
        tx.one("SELECT name, address FROM contact WHERE id = $1", params![ticket.contact_id])?;
    let last: Option<(String, String, Value)> = tx.opt(
        "WITH RECURSIVE same_person (id) AS (
           SELECT id FROM contact WHERE id = $2
           UNION SELECT c.id FROM contact c JOIN same_person s ON c.merged_into = s.id)
         SELECT author_name, author_address, recipients FROM message
         WHERE ticket_id = $1 AND kind = 'customer' AND author_id IN (SELECT id FROM same_person)
         ORDER BY id DESC LIMIT 1",
        params![ticket.id, ticket.contact_id],
    )?;
    let to = match last {
        Some((said, from, recipients)) => {
            let wanted = serde_json::from_value::<Recipients>(recipients).unwrap_or_default().reply_to;
            if wanted.is_empty() { vec![Address { name: said, address: from }] } else { wanted }
        }
        None => vec![Address { name, address: main }],
    };
    let mut cc: Vec<Address> = serde_json::from_value(ticket.cc.clone()).unwrap_or_default();
    cc.retain(|copy| !to.iter().any(|t| error::address_key(&t.address) == error::address_key(&copy.address)));
    Ok(Recipients { to, cc, bcc: Vec::new(), reply_to: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_the_customer_if_they_have_a_name() {
        let greeting = "Здравствуйте, {{contact.first_name}}!";
        assert_eq!(tidy(&fill(greeting, "Ольга Иванова", "", "")), "Здравствуйте, Ольга!");
        assert_eq!(tidy(&fill(greeting, "olga@customer.test", "", "")), "Здравствуйте!");
        assert_eq!(fill("{agent}, {{brand.name}}", "", "Анна", "Лавка"), "Анна, Лавка");
    }

    #[test]
    fn a_greeting_without_a_name_has_no_lonely_comma() {
        assert_eq!(tidy("Здравствуйте, !"), "Здравствуйте!");
        assert_eq!(tidy("Hello ,"), "Hello,");
    }
}
