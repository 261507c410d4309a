//! How a star is written: one line for each thing that happens, with the minutes since the one before. The moments are
//! counted backwards from now when the script ends, so a star never reaches into the future.

use crate::department::named_contact;
use crate::model::{
    Author, Change, Contact, DemoFile, Department, Face, Locale, Priority, Status, Step, StepKind, TicketStory, Turn,
};

const MINUTE: i64 = 60_000_000;

pub(super) struct Script<'a> {
    department: &'a Department,
    ticket: TicketStory,
    /// Microseconds since the beginning.
    clock: i64,
    ended: i64,
}

impl<'a> Script<'a> {
    /// A story of a named contact that came to an inbox.
    pub(super) fn new(
        department: &'a Department,
        name: &'static str,
        inbox: usize,
        contact: usize,
        subject: &str,
    ) -> Self {
        let contact: Contact = named_contact(contact);
        let ticket = TicketStory {
            star: Some(name),
            subject: subject.into(),
            inbox,
            locale: contact.locale,
            contact,
            status: Status::New,
            priority: Priority::Normal,
            assignee: None,
            team: department.inboxes[inbox].team,
            tags: Vec::new(),
            created_at: 0,
            steps: Vec::new(),
            turns: Vec::new(),
        };
        Script { department, ticket, clock: 0, ended: 5 }
    }

    pub(super) fn tags(mut self, tags: &[&'static str]) -> Self {
        self.ticket.tags = tags.to_vec();
        self
    }

    /// The customer writes; a ticket that waited or was done is open again.
    pub(super) fn customer(mut self, minutes: i64, text: &str) -> Self {
        self.step(minutes, StepKind::Customer, Author::Contact, text.replace('¶', "\n\n"));
        if !matches!(self.ticket.status, Status::New | Status::Open) {
            self.status(Status::Open, Author::Contact);
        }
        self
    }

    /// An agent answers, with signature, and the ticket stands as given.
    pub(super) fn reply(mut self, minutes: i64, agent: usize, text: &str, status: Status) -> Self {
        let text = format!("{}\n\n{}", text.replace('¶', "\n\n"), self.signature(agent));
        self.step(minutes, StepKind::Reply, Author::Agent(agent), text);
        self.status(status, Author::Agent(agent));
        self
    }

    /// A word among colleagues.
    pub(super) fn note(mut self, minutes: i64, agent: usize, text: &str) -> Self {
        self.step(minutes, StepKind::Note, Author::Agent(agent), text.replace('¶', "\n\n"));
        self
    }

    /// The customer's machine writes.
    pub(super) fn auto(mut self, text: &str) -> Self {
        self.step(1, StepKind::Auto, Author::Contact, text.replace('¶', "\n\n"));
        self
    }

    /// A mail server could not deliver the last answer.
    pub(super) fn bounce(mut self, text: &str) -> Self {
        self.step(2, StepKind::Bounce, Author::System, text.replace('¶', "\n\n"));
        self
    }

    /// An agent takes the ticket, or gets it from another.
    pub(super) fn take(mut self, minutes: i64, agent: usize) -> Self {
        self.clock += minutes * MINUTE;
        let from = self.ticket.assignee.replace(agent);
        self.turn(Author::Agent(agent), Change::Assignee { from, to: Some(agent) });
        if self.ticket.status == Status::New {
            self.status(Status::Open, Author::Agent(agent));
        }
        self
    }

    pub(super) fn hand_over(mut self, agent: usize, team: usize) -> Self {
        let from = std::mem::replace(&mut self.ticket.team, team);
        self.turn(Author::Agent(agent), Change::Team { from, to: team });
        self
    }

    pub(super) fn priority(mut self, agent: usize, to: Priority) -> Self {
        let from = std::mem::replace(&mut self.ticket.priority, to);
        self.turn(Author::Agent(agent), Change::Priority { from, to });
        self
    }

    pub(super) fn stand(mut self, agent: usize, to: Status) -> Self {
        self.status(to, Author::Agent(agent));
        self
    }

    /// Attaches a file to the last step.
    pub(super) fn file(mut self, file: DemoFile) -> Self {
        if let Some(step) = self.ticket.steps.last_mut() {
            step.attachments.push(file);
        }
        self
    }

    /// The last step came in HTML, too.
    pub(super) fn html(mut self, html: &str) -> Self {
        if let Some(step) = self.ticket.steps.last_mut() {
            step.html = Some(html.into());
        }
        self
    }

    /// How many minutes ago the last thing happened.
    pub(super) fn ended(mut self, minutes: i64) -> Self {
        self.ended = minutes;
        self
    }

    /// Moves the story to its place before `now`.
    pub(super) fn ending(mut self, now: i64) -> TicketStory {
        let start = now - self.ended * MINUTE - self.ticket.updated_at();
        self.ticket.created_at = start;
        self.ticket.steps.iter_mut().for_each(|step| step.at += start);
        self.ticket.turns.iter_mut().for_each(|turn| turn.at += start);
        self.ticket
    }

    fn step(&mut self, minutes: i64, kind: StepKind, author: Author, text: String) {
        self.clock += minutes * MINUTE;
        let at = if self.ticket.steps.is_empty() { 0 } else { self.clock.max(self.ticket.updated_at() + 1_000) };
        self.clock = at;
        self.ticket.steps.push(Step { at, kind, author, text, html: None, attachments: Vec::new() });
    }

    fn status(&mut self, to: Status, by: Author) {
        let from = std::mem::replace(&mut self.ticket.status, to);
        if from != to {
            self.turn(by, Change::Status { from, to });
        }
    }

    fn turn(&mut self, by: Author, change: Change) {
        let at = self.clock.max(self.ticket.updated_at() + 1_000);
        self.ticket.turns.push(Turn { at, by, change });
    }

    fn signature(&self, agent: usize) -> String {
        let locale = self.ticket.locale;
        let brand = self.department.inboxes[self.ticket.inbox].brand;
        let team = crate::department::brand_name(brand, locale);
        let anonymous = self.department.brands[brand].face == Face::Number;
        match (locale, anonymous) {
            (Locale::Ru, true) => format!("С уважением,\nслужба поддержки «{team}»"),
            (Locale::En, true) => format!("Kind regards,\n{team} customer care"),
            (Locale::Ru, false) => {
                format!("С уважением,\n{}\nслужба поддержки «{team}»", self.department.agents[agent].signs[0])
            }
            (Locale::En, false) => {
                format!("Kind regards,\n{}\n{team} customer care", self.department.agents[agent].signs[1])
            }
        }
    }
}
