//! The same every time, in order, nothing after now, and the changes lead where the ticket stands.

use std::collections::{HashMap, HashSet};

use opora_demo::{Author, Change, Priority, Status, StepKind, Story, TicketStory};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::{NOW, story};

fn digest(story: &Story) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{:?}", story.department()));
    for ticket in story.tickets() {
        hash.update(format!("{ticket:?}"));
    }
    format!("{:x}", hash.finalize())
}

#[test]
fn one_seed_always_gives_one_department() {
    assert_eq!(digest(&story(400)), digest(&story(400)));
    assert_ne!(digest(&story(400)), digest(&Story::new(8, NOW, 400)));
    assert_ne!(digest(&story(400)), digest(&Story::new(7, NOW + 86_400_000_000, 400)));
}

fn check(ticket: &TicketStory, story: &Story, now: i64) {
    let department = story.department();
    let first = &ticket.steps[0];
    assert_eq!((first.at, first.kind), (ticket.created_at, StepKind::Customer), "{ticket:?}");
    assert!(ticket.steps.is_sorted_by(|a, b| a.at < b.at), "steps out of order: {ticket:?}");
    assert!(ticket.turns.is_sorted_by(|a, b| a.at <= b.at), "turns out of order: {ticket:?}");
    assert!(ticket.turns.iter().all(|turn| turn.at >= ticket.created_at) && ticket.updated_at() <= now, "{ticket:?}");

    let inbox = &department.inboxes[ticket.inbox];
    assert_eq!(ticket.locale, inbox.locale, "{ticket:?}");
    let (mut status, mut priority, mut assignee, mut team) = (Status::New, Priority::Normal, None, inbox.team);
    for turn in &ticket.turns {
        match turn.change {
            Change::Status { from, to } => assert_eq!(std::mem::replace(&mut status, to), from, "{ticket:?}"),
            Change::Priority { from, to } => assert_eq!(std::mem::replace(&mut priority, to), from, "{ticket:?}"),
            Change::Assignee { from, to } => assert_eq!(std::mem::replace(&mut assignee, to), from, "{ticket:?}"),
            Change::Team { from, to } => assert_eq!(std::mem::replace(&mut team, to), from, "{ticket:?}"),
        }
    }
    assert_eq!(
        (status, priority, assignee, team),
        (ticket.status, ticket.priority, ticket.assignee, ticket.team),
        "{ticket:?}"
    );
    for step in &ticket.steps {
        let fits = match step.kind {
            StepKind::Customer | StepKind::Auto => step.author == Author::Contact,
            StepKind::Reply | StepKind::Note => {
                matches!(step.author, Author::Agent(agent) if agent < department.agents.len())
            }
            StepKind::Bounce => step.author == Author::System,
        };
        assert!(fits, "{:?} by {:?}", step.kind, step.author);
    }
    if ticket.status == Status::Waiting {
        let spoke = ticket.steps.iter().rfind(|step| matches!(step.kind, StepKind::Customer | StepKind::Reply));
        assert_eq!(spoke.map(|step| step.kind), Some(StepKind::Reply), "we wait, but for ourselves: {ticket:?}");
    }
    assert_eq!(ticket.waiting_since().is_some(), matches!(ticket.status, Status::New | Status::Open), "{ticket:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn every_ticket_is_in_order_and_ends_where_it_stands(
        seed in any::<u64>(), hours in 0i64..20_000, tickets in 0usize..500,
    ) {
        let now = NOW - hours * 3_600_000_000;
        let story = Story::new(seed, now, tickets);
        let mut told = 0;
        let mut before = i64::MIN;
        for ticket in story.tickets() {
            check(&ticket, &story, now);
            prop_assert!(ticket.created_at >= before);
            before = ticket.created_at;
            told += 1;
        }
        prop_assert_eq!(told, tickets);
    }
}

#[test]
fn the_desk_of_the_default_demo_has_about_twelve_hundred_active_tickets() {
    let mut counts: HashMap<Status, usize> = HashMap::new();
    for ticket in story(20_000).tickets() {
        *counts.entry(ticket.status).or_default() += 1;
    }
    let share = |status: Status| counts[&status] as f64 / 200.0;
    let near = |status, percent: f64| (share(status) - percent).abs() < percent * 0.15;
    assert!(near(Status::New, 2.0) && near(Status::Open, 4.0) && near(Status::Waiting, 3.0), "{counts:?}");
    assert!(near(Status::OnHold, 1.0) && near(Status::Solved, 10.0) && near(Status::Closed, 80.0), "{counts:?}");
    let active = counts[&Status::New] + counts[&Status::Open];
    assert!((1_100..1_300).contains(&active), "{active}");
}

#[test]
fn half_of_the_department_speaks_russian() {
    let russian = story(4_000).tickets().filter(|ticket| ticket.locale == opora_demo::Locale::Ru).count();
    assert!((1_850..2_250).contains(&russian), "{russian}");
}

#[test]
fn equal_contact_indexes_are_the_same_person_and_people_write_again() {
    let mut people = HashMap::new();
    let mut tickets = 0;
    for ticket in story(3_000).tickets() {
        tickets += 1;
        let known = people.entry(ticket.contact.index).or_insert_with(|| ticket.contact.clone());
        assert_eq!(*known, ticket.contact);
    }
    let addresses: HashSet<&str> = people.values().map(|contact| contact.address.as_str()).collect();
    assert_eq!(addresses.len(), people.len(), "two people share an address");
    assert!(people.len() * 3 < tickets * 2, "{} people for {tickets} tickets", people.len());
}

#[test]
fn every_kind_of_step_and_every_agent_who_answers_is_there() {
    let story = story(5_000);
    let (mut kinds, mut agents) = (HashSet::new(), HashMap::new());
    for ticket in story.tickets() {
        kinds.extend(ticket.steps.iter().map(|step| step.kind));
        *agents.entry(ticket.assignee).or_insert(0) += 1;
    }
    assert_eq!(kinds.len(), StepKind::ALL.len());
    let answering = story.department().agents.iter().enumerate().filter(|(_, agent)| agent.role == "agent");
    for (index, agent) in answering {
        let share = agents.get(&Some(index)).copied().unwrap_or(0);
        assert!(share > 60, "{} had {share} of 5,000 tickets: {agents:?}", agent.name);
    }
}

/// `cargo nextest run -p opora-demo --release --run-ignored only --no-capture` prints the speed.
#[test]
#[cfg(not(debug_assertions))]
#[ignore = "a measurement"]
fn a_million_tickets_are_told_in_little_time_and_memory() {
    let begun = std::time::Instant::now();
    let (mut tickets, mut steps, mut letters) = (0usize, 0usize, 0usize);
    for ticket in story(1_000_000).tickets() {
        tickets += 1;
        steps += ticket.steps.len();
        letters += ticket.steps.iter().map(|step| step.text.len()).sum::<usize>();
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{tickets} tickets, {steps} steps, {letters} bytes in {seconds:.1} s: {:.0} a second",
        tickets as f64 / seconds
    );
    assert_eq!(tickets, 1_000_000);
}
