//! The hand-written stories: all of them there, in both languages, with their files whole.

use std::collections::HashSet;

use opora_demo::{Change, Locale, Status, StepKind, TicketStory};

use crate::{NOW, story};

fn star(name: &str) -> TicketStory {
    let story = story(100);
    story.stars().iter().find(|star| star.star == Some(name)).unwrap_or_else(|| panic!("no star {name}")).clone()
}

#[test]
fn stars_are_in_both_languages_recent_and_each_named_once() {
    let story = story(100);
    let names: HashSet<_> = story.stars().iter().map(|star| star.star).collect();
    assert_eq!(names.len(), story.stars().len());
    for locale in Locale::ALL {
        assert!(story.stars().iter().filter(|star| star.locale == locale).count() >= 7, "{locale:?}");
    }
    assert!(story.stars().iter().all(|star| NOW - star.updated_at() < 8 * 3_600_000_000));
    assert_eq!(story.tickets().filter(|ticket| ticket.star.is_some()).count(), story.stars().len());
}

#[test]
fn a_department_smaller_than_its_stars_has_stars_only() {
    let story = story(5);
    assert_eq!(story.tickets().filter(|ticket| ticket.star.is_some()).count(), 5);
    assert_eq!(crate::story(0).tickets().count(), 0);
}

#[test]
fn every_customer_of_the_mailbox_page_has_a_ticket() {
    let story = story(60);
    assert_eq!(story.customers().len(), 6);
    for customer in story.customers() {
        assert!(customer.address.ends_with("@customer.example"));
        assert!(story.tickets().any(|ticket| ticket.contact == *customer), "{}", customer.name);
    }
}

#[test]
fn the_special_cases_are_there() {
    assert!(star("long-en").steps.len() >= 60);
    assert!(star("refund-ru").steps.iter().any(|step| step.kind == StepKind::Bounce));
    assert!(star("insurance-ru").steps.iter().any(|step| step.kind == StepKind::Auto));
    assert!(star("newsletter-en").steps[0].html.as_deref().is_some_and(|html| html.contains("<img")));
    assert_eq!(star("bug-en").status, Status::OnHold);
    assert!(star("bug-en").turns.iter().any(|turn| matches!(turn.change, Change::Team { .. })));
    assert_eq!(star("vip-ru").priority.text(), "urgent");
}

#[test]
fn attachments_are_what_they_say() {
    let first = |name: &str| star(name).steps[0].attachments[0].clone();
    assert!(first("payment-ru").bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert!(first("refund-en").bytes.starts_with(b"%PDF-1.4"));
    let csv = String::from_utf8(first("feed-ru").bytes.to_vec()).unwrap();
    assert!(csv.starts_with('\u{feff}') && csv.lines().count() == 25, "{csv}");
}

#[test]
fn a_customers_step_becomes_a_letter_and_an_agents_does_not() {
    let (story, ticket) = (story(100), star("payment-ru"));
    let first = String::from_utf8(story.raw_message(&ticket, 0).unwrap()).unwrap();
    assert!(first.contains("From: =?utf-8?B?") && first.contains("<sergey.titov@customer.example>"), "{first}");
    assert!(first.contains("Content-Type: multipart/mixed") && first.contains("image/png"));
    assert!(first.lines().all(|line| line.is_ascii() && line.len() < 200));
    let later = ticket.steps.iter().rposition(|step| step.kind == StepKind::Customer).unwrap();
    let later = String::from_utf8(story.raw_message(&ticket, later).unwrap()).unwrap();
    assert!(later.contains("\r\nIn-Reply-To: <") && later.contains("\r\nReferences: <"));
    let reply = ticket.steps.iter().position(|step| step.kind == StepKind::Reply).unwrap();
    assert_eq!(story.raw_message(&ticket, reply), None);
}
