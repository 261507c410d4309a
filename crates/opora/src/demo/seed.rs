//! Writes a told department into an empty database: people through the same commands as everybody, tickets in batches.

use super::MARK;
use super::agreements;
use super::mailbox::{Login, Mark};
use crate::command::reindex::bar;
use crate::ground::Ground;
use bytes::Bytes;
use opora_base::event::Author as By;
use opora_base::{Time, Tx, setting};
use opora_demo::{Author, Change, Department, Face, Status, StepKind, Story, TicketStory};
use opora_desk::department::{brands, inboxes, teams};
use opora_desk::people::{agents, password, roles, setup};
use opora_desk::tickets::{self, Address, MessageKind, Writer, tally::Place};
use opora_desk::told::{self, Told, ToldMessage};
use opora_desk::{Actor, AgentId, BrandId, InboxId, Result, TeamId, contacts};
use serde_json::json;
use std::collections::BTreeMap;

const BATCH: usize = 500;

/// A [`Place`] as a key.
type Corner = (&'static str, InboxId, Option<TeamId>, Option<AgentId>);

/// The department's people and places as the database numbers them.
#[derive(Clone, Debug, Default)]
struct Numbers {
    teams: Vec<TeamId>,
    agents: Vec<AgentId>,
    names: Vec<String>,
    inboxes: Vec<(InboxId, BrandId, String)>,
    organizations: Vec<String>,
    now: Time,
}

/// Makes the whole department.
pub async fn department(ground: &Ground, seed: u64, tickets: u32, now: Time) -> anyhow::Result<Mark> {
    eprintln!("Making the demonstration department: {tickets} tickets …");
    let story = Story::new(seed, now.0, tickets as usize);
    let numbers = found(ground, story.department().clone(), now).await?;
    write_tickets(ground, &story, &numbers).await?;
    let staff = numbers.agents.clone();
    ground.store.write(move |tx| super::roster::draw(tx, &staff, now)).await?;
    let manager = numbers.agents.get(1).copied();
    ground.store.write(move |tx| agreements::agree(tx, manager, now)).await?;
    let people = &story.department().agents;
    let login = |a: &opora_demo::Agent| Login {
        email: a.email.clone(),
        password: a.password.to_owned(),
        name: a.name.clone(),
        role: a.role.to_owned(),
    };
    let mark = Mark {
        logins: people.iter().map(login).collect(),
        customers: story.customers().iter().map(|c| (c.name.clone(), c.address.clone())).collect(),
    };
    let kept = mark.clone();
    ground.store.write(move |tx| setting::put(tx, MARK, &kept)).await?;
    Ok(mark)
}

async fn found(ground: &Ground, department: Department, now: Time) -> anyhow::Result<Numbers> {
    let secret = department.agents.first().map_or("opora-demo", |a| a.password);
    let hash = tokio::task::spawn_blocking(move || password::hash(secret)).await??;
    let key = ground.key.clone();
    let numbers = ground
        .store
        .write(move |tx| {
            let system = Actor::system();
            setup::furnish(tx, now)?;
            let mut numbers = Numbers { now, ..Numbers::default() };
            for team in &department.teams {
                let form = teams::TeamForm { name: team.name.clone(), member_ids: None };
                numbers.teams.push(teams::create(tx, &system, &form, now)?.id);
            }
            for agent in &department.agents {
                let role = roles::by_key(tx, agent.role)?;
                let new = agents::NewAgent {
                    email: &agent.email,
                    name: &agent.name,
                    role_id: role.id,
                    password_hash: Some(&hash),
                    locale: agent.locale.text(),
                };
                let id = agents::create(tx, &system, &new, now)?;
                let own: Vec<TeamId> = agent.teams.iter().filter_map(|t| numbers.teams.get(*t).copied()).collect();
                agents::join_teams(tx, id, &own)?;
                numbers.agents.push(id);
                numbers.names.push(agent.name.clone());
            }
            let brands = found_brands(tx, &department, &system, now)?;
            for inbox in &department.inboxes {
                let brand = brands.get(inbox.brand).copied();
                let form = inboxes::InboxForm {
                    name: Some(inbox.name.clone()),
                    address: Some(inbox.address.clone()),
                    brand_id: brand,
                    team_id: numbers.teams.get(inbox.team).copied().map(Some),
                    locale: Some(inbox.locale.text().to_owned()),
                    ..Default::default()
                };
                let made = inboxes::create(tx, &system, &form, &key, now)?;
                numbers.inboxes.push((made.id, made.brand_id, made.address));
            }
            numbers.organizations = department.organizations.iter().map(|o| o.name.clone()).collect();
            Ok::<_, opora_desk::Error>(numbers)
        })
        .await?;
    Ok(numbers)
}

/// The house's first brand becomes the tale's first one.
fn found_brands(tx: &mut Tx<'_>, department: &Department, system: &Actor, now: Time) -> Result<Vec<BrandId>> {
    let first = brands::list(tx)?.first().map(|b| b.id);
    let mut made = Vec::new();
    for (number, brand) in department.brands.iter().enumerate() {
        let said = |both: &[String; 2]| brands::Bilingual { ru: both[0].clone(), en: both[1].clone() };
        let form = brands::BrandForm {
            name: brand.name.clone(),
            face: match brand.face {
                Face::FullName => brands::Face::FullName,
                Face::FirstName => brands::Face::FirstName,
                Face::Number => brands::Face::Number,
            },
            greeting: said(&brand.greeting),
            closing: said(&brand.closing),
        };
        made.push(match first.filter(|_| number == 0) {
            Some(id) => brands::change(tx, system, id, &form.into(), now)?.id,
            None => brands::create(tx, system, &form, now)?.id,
        });
    }
    Ok(made)
}

async fn write_tickets(ground: &Ground, story: &Story, numbers: &Numbers) -> anyhow::Result<()> {
    let bar = bar(story.ticket_count() as u64);
    let mut batch: Vec<(TicketStory, Vec<Vec<String>>)> = Vec::with_capacity(BATCH);
    let mut serial = 0u64;
    for ticket in story.tickets() {
        let digests = keep_files(ground, &ticket).await?;
        batch.push((ticket, digests));
        if batch.len() == BATCH {
            serial = write_batch(ground, numbers, std::mem::take(&mut batch), serial).await?;
            bar.set_position(serial);
        }
    }
    write_batch(ground, numbers, batch, serial).await?;
    bar.finish_and_clear();
    Ok(())
}

async fn keep_files(ground: &Ground, ticket: &TicketStory) -> anyhow::Result<Vec<Vec<String>>> {
    let mut digests = Vec::with_capacity(ticket.steps.len());
    for step in &ticket.steps {
        let mut own = Vec::with_capacity(step.attachments.len());
        for file in &step.attachments {
            own.push(ground.blobs.put(Bytes::copy_from_slice(&file.bytes)).await?);
        }
        digests.push(own);
    }
    Ok(digests)
}

async fn write_batch(
    ground: &Ground,
    numbers: &Numbers,
    batch: Vec<(TicketStory, Vec<Vec<String>>)>,
    serial: u64,
) -> anyhow::Result<u64> {
    let next = serial + batch.len() as u64;
    let numbers = numbers.clone();
    ground
        .store
        .write(move |tx| {
            let mut counts: BTreeMap<Corner, (Place, i64)> = BTreeMap::new();
            for (number, (ticket, digests)) in batch.iter().enumerate() {
                let told = told(tx, &numbers, ticket, digests, serial + number as u64)?;
                let (_, place) = told::write(tx, &told)?;
                counts.entry((place.status.text(), place.inbox, place.team, place.assignee)).or_insert((place, 0)).1 +=
                    1;
            }
            for (place, n) in counts.values() {
                told::count(tx, place, *n)?;
            }
            Ok::<_, opora_desk::Error>(())
        })
        .await?;
    Ok(next)
}

fn told(
    tx: &mut Tx<'_>,
    numbers: &Numbers,
    ticket: &TicketStory,
    digests: &[Vec<String>],
    serial: u64,
) -> Result<Told> {
    let customer = &ticket.contact;
    let contact = contacts::by_address(tx, &customer.address, &customer.name, Time(ticket.created_at))?;
    if let Some(organization) = customer.organization.and_then(|o| numbers.organizations.get(o)) {
        contacts::join_organization(tx, contact, organization, Time(ticket.created_at))?;
    }
    let (inbox, brand, address) =
        numbers.inboxes.get(ticket.inbox).cloned().ok_or(opora_desk::Error::NotFound("inbox"))?;
    let by = |author: Author| match author {
        Author::Contact => By::Contact(contact.0),
        Author::Agent(agent) => numbers.agents.get(agent).map_or(By::System, |id| By::Agent(id.0)),
        Author::System => By::System,
    };
    let writer = |author: Author| match author {
        Author::Contact => Writer {
            kind: "contact".to_owned(),
            id: Some(contact.0),
            name: customer.name.clone(),
            address: customer.address.clone(),
        },
        Author::Agent(agent) => Writer {
            kind: "agent".to_owned(),
            id: numbers.agents.get(agent).map(|id| id.0),
            name: numbers.names.get(agent).cloned().unwrap_or_default(),
            address: address.clone(),
        },
        Author::System => Writer {
            kind: "system".to_owned(),
            id: None,
            name: String::new(),
            address: format!("mailer-daemon@{}", address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)),
        },
    };
    let ours = Address { name: String::new(), address: address.clone() };
    let theirs = Address { name: customer.name.clone(), address: customer.address.clone() };
    let messages = ticket.steps.iter().enumerate().map(|(number, step)| {
        let kind = kind(step.kind);
        let mail = kind != MessageKind::Note;
        let domain = if kind == MessageKind::Reply { &address } else { &customer.address };
        let domain = domain.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        let own = if kind == MessageKind::Reply { "opora" } else { "told" };
        ToldMessage {
            kind,
            author: writer(step.author),
            to: match kind {
                MessageKind::Reply => vec![theirs.clone()],
                MessageKind::Note => Vec::new(),
                _ => vec![ours.clone()],
            },
            text: step.text.clone(),
            html: step.html.clone(),
            files: step
                .attachments
                .iter()
                .zip(digests.get(number).into_iter().flatten())
                .map(|(file, digest)| {
                    (file.filename.clone(), file.content_type.to_owned(), file.bytes.len() as i64, digest.clone())
                })
                .collect(),
            mail_id: mail.then(|| format!("{own}.{serial}.{number}@{domain}")),
            at: Time(step.at),
        }
    });
    let agent = |index: Option<usize>| index.and_then(|i| numbers.agents.get(i).copied());
    let team = |index: usize| numbers.teams.get(index).copied();
    let changes = ticket.turns.iter().map(|turn| {
        let (kind, data) = match turn.change {
            Change::Status { from, to } => ("ticket.status", json!({ "from": from.text(), "to": to.text() })),
            Change::Assignee { from, to } => ("ticket.assigned", json!({ "from": agent(from), "to": agent(to) })),
            Change::Team { from, to } => ("ticket.team", json!({ "from": team(from), "to": team(to) })),
            Change::Priority { from, to } => ("ticket.priority", json!({ "from": from.text(), "to": to.text() })),
        };
        (kind, by(turn.by), Time(turn.at), data)
    });
    Ok(Told {
        subject: ticket.subject.clone(),
        contact,
        inbox,
        brand,
        team: team(ticket.team),
        assignee: agent(ticket.assignee),
        status: standing(ticket, numbers.now),
        priority: priority(ticket.priority),
        tags: ticket.tags.iter().map(|tag| (*tag).to_owned()).collect(),
        waiting_since: ticket.waiting_since().map(Time),
        created_at: Time(ticket.created_at),
        updated_at: Time(ticket.updated_at()),
        messages: messages.collect(),
        changes: changes.collect(),
    })
}

fn kind(kind: StepKind) -> MessageKind {
    match kind {
        StepKind::Customer => MessageKind::Customer,
        StepKind::Reply => MessageKind::Reply,
        StepKind::Note => MessageKind::Note,
        StepKind::Bounce => MessageKind::Bounce,
        StepKind::Auto => MessageKind::Auto,
    }
}

/// What was solved long ago has closed by itself since.
fn standing(ticket: &TicketStory, now: Time) -> tickets::Status {
    let standing = status(ticket.status);
    let old = Time(ticket.updated_at()).plus(tickets::CLOSES_AFTER) <= now;
    if standing == tickets::Status::Solved && old { tickets::Status::Closed } else { standing }
}

fn status(status: Status) -> tickets::Status {
    match status {
        Status::New => tickets::Status::New,
        Status::Open => tickets::Status::Open,
        Status::Waiting => tickets::Status::Waiting,
        Status::OnHold => tickets::Status::OnHold,
        Status::Solved => tickets::Status::Solved,
        Status::Closed => tickets::Status::Closed,
    }
}

fn priority(priority: opora_demo::Priority) -> tickets::Priority {
    match priority {
        opora_demo::Priority::Low => tickets::Priority::Low,
        opora_demo::Priority::Normal => tickets::Priority::Normal,
        opora_demo::Priority::High => tickets::Priority::High,
        opora_demo::Priority::Urgent => tickets::Priority::Urgent,
    }
}
