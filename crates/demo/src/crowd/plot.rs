//! What happens: who writes when, who takes the ticket, where it ends. The end is given (how the ticket stands today);
//! the plot leads to it in the order of real conversations, and nothing of it lies after now.

use crate::calendar;
use crate::chance::Chance;
use crate::crowd::Crowd;
use crate::crowd::voice::Voices;
use crate::model::{Author, Change, Contact, Priority, Status, Step, StepKind, TicketStory, Turn};
use crate::topics::{Part, Topic};

pub(crate) struct Plot<'a> {
    crowd: &'a Crowd,
    voices: Voices<'a>,
    topic: &'static Topic,
    chance: Chance,
    /// The moment of the story, in seconds.
    clock: i64,
    agent: usize,
    end: Status,
    ticket: TicketStory,
}

impl<'a> Plot<'a> {
    pub(crate) fn new(
        crowd: &'a Crowd,
        voices: Voices<'a>,
        topic: &'static Topic,
        contact: Contact,
        end: Status,
        at: i64,
        mut chance: Chance,
    ) -> Self {
        let inbox = voices.inbox();
        let agent = *chance.pick(&crowd.hands[topic.team][contact.locale as usize]);
        let ticket = TicketStory {
            star: None,
            subject: voices.subject(&mut chance),
            inbox,
            locale: contact.locale,
            contact,
            status: Status::New,
            priority: Priority::Normal,
            assignee: None,
            team: crowd.department.inboxes[inbox].team,
            tags: topic.tags.clone(),
            created_at: at * 1_000_000 + chance.between(0, 999) * 1_000,
            steps: Vec::with_capacity(6),
            turns: Vec::with_capacity(6),
        };
        Plot { crowd, voices, topic, chance, clock: at, agent, end, ticket }
    }

    /// Tells the ticket to its end.
    pub(crate) fn told(mut self) -> TicketStory {
        self.opening();
        if self.end != Status::New {
            self.taken();
            self.conversation();
            self.ending();
        } else if self.chance.percent(8) {
            self.customer(Part::Hurry, 40);
        }
        self.pull_before_now();
        self.ticket
    }

    fn opening(&mut self) {
        let text = self.voices.customer(Part::Open, &mut self.chance);
        let attachments = match self.topic.file {
            Some(kind) if self.chance.percent(38) => {
                vec![self.crowd.shelf.take(kind, self.ticket.locale, &mut self.chance)]
            }
            _ => Vec::new(),
        };
        let at = self.ticket.created_at;
        let (kind, author) = (StepKind::Customer, Author::Contact);
        self.ticket.steps.push(Step { at, kind, author, text, html: None, attachments });
        let to = match self.chance.below(100) {
            _ if self.topic.name == "outage" => Priority::Urgent,
            0..7 => Priority::Low,
            7..84 => Priority::Normal,
            84..96 => Priority::High,
            _ => Priority::Urgent,
        };
        let from = std::mem::replace(&mut self.ticket.priority, to);
        if from != to {
            self.turn(Author::System, Change::Priority { from, to });
        }
    }

    /// Somebody takes the ticket, sometimes after the first line has handed it to the team that knows [S7.1].
    fn taken(&mut self) {
        if self.chance.percent(6) {
            self.customer(Part::Hurry, 25);
        }
        let busy = if self.chance.percent(70) { 35 } else { 150 };
        self.wait_for_us(busy);
        let from = self.ticket.team;
        if from != self.topic.team {
            let sorter = *self.chance.pick(&self.crowd.hands[from][self.ticket.locale as usize]);
            if self.chance.percent(30) {
                self.note(Part::HandOver, sorter);
                self.clock += self.chance.between(60, 900);
            }
            self.ticket.team = self.topic.team;
            self.turn(Author::Agent(sorter), Change::Team { from, to: self.topic.team });
        }
        if !(self.end == Status::Open && self.chance.percent(18)) {
            self.ticket.assignee = Some(self.agent);
            self.turn(Author::Agent(self.agent), Change::Assignee { from: None, to: self.ticket.assignee });
        }
        self.stand(Status::Open, Author::Agent(self.agent));
    }

    fn conversation(&mut self) {
        if self.end == Status::Open && self.ticket.assignee.is_none() {
            return;
        }
        if self.chance.percent(16) {
            self.note(Part::Note, self.agent);
        }
        if self.is_to_be_done() && self.chance.percent(4) {
            self.customer(Part::NeverMind, 12);
            return;
        }
        if self.chance.percent(46) && self.question_is_the_end() {
            return;
        }
        if self.end == Status::OnHold {
            self.reply(&[Part::Promise], 50);
            return;
        }
        self.reply(&[Part::Answer], 45);
        self.further_rounds();
    }

    fn is_to_be_done(&self) -> bool {
        matches!(self.end, Status::Solved | Status::Closed)
    }

    /// The agent asks for what is missing and the customer gives it; true when the story stops there.
    fn question_is_the_end(&mut self) -> bool {
        self.reply(&[Part::Ask], 8);
        self.stand(Status::Waiting, Author::Agent(self.agent));
        if self.end == Status::Waiting && self.chance.percent(60) {
            return true;
        }
        if self.chance.per_mille(12) {
            self.machine(StepKind::Auto, Part::Auto);
        }
        self.customer(Part::Details, 140);
        self.end == Status::Open && self.chance.percent(55)
    }

    fn further_rounds(&mut self) {
        let mut rounds = match self.chance.below(100) {
            0..60 => 0,
            60..85 => 1,
            85..95 => 2,
            _ => self.voices.questions() as i64,
        }
        .min(self.voices.questions() as i64);
        if self.end == Status::Open {
            rounds = rounds.max(1);
        }
        for round in 1..=rounds {
            self.stand(Status::Waiting, Author::Agent(self.agent));
            let angry = round == 1 && self.chance.percent(14);
            self.voices.ask_on();
            self.customer(if angry { Part::Angry } else { Part::More }, 220);
            if round == rounds && self.end == Status::Open {
                return;
            }
            self.reply(if angry { &[Part::Apology, Part::Amends] } else { &[Part::MoreAnswer] }, 40);
        }
    }

    fn ending(&mut self) {
        let agent = Author::Agent(self.agent);
        match self.end {
            Status::New | Status::Open => {}
            Status::Waiting => self.stand(Status::Waiting, agent),
            Status::OnHold => {
                self.note(Part::HoldNote, self.agent);
                self.stand(Status::OnHold, agent);
            }
            Status::Solved | Status::Closed => self.solved(agent),
        }
    }

    fn solved(&mut self, agent: Author) {
        self.clock += 20;
        self.stand(Status::Solved, agent);
        let answered = self.ticket.steps.last().is_some_and(|step| step.kind == StepKind::Reply);
        if answered && self.chance.per_mille(8) {
            self.machine(StepKind::Bounce, Part::Bounce);
        } else if answered && self.chance.percent(34) {
            self.customer(Part::Thanks, 180);
            if self.chance.percent(25) {
                self.reply(&[Part::Welcome], 20);
            }
            self.clock += 30;
            self.stand(Status::Solved, agent);
        }
        if self.end == Status::Closed {
            self.clock += self.chance.between(3 * 86_400, 5 * 86_400);
            self.stand(Status::Closed, Author::System);
        }
    }

    /// Lets a delay pass, in minutes, then the time until somebody is at work.
    fn wait_for_us(&mut self, minutes: i64) {
        self.clock += self.chance.delay(minutes);
        self.clock = calendar::office_time(self.clock, &mut self.chance);
    }

    fn customer(&mut self, part: Part, minutes: i64) {
        self.clock += self.chance.delay(minutes);
        self.clock = calendar::waking_time(self.clock, self.voices.hours(), &mut self.chance);
        let text = self.voices.customer(part, &mut self.chance);
        self.step(StepKind::Customer, Author::Contact, text);
        if !matches!(self.ticket.status, Status::New | Status::Open) {
            self.stand(Status::Open, Author::Contact);
        }
    }

    fn reply(&mut self, parts: &[Part], minutes: i64) {
        self.wait_for_us(minutes);
        let text = self.voices.reply(parts, self.agent, &mut self.chance);
        self.step(StepKind::Reply, Author::Agent(self.agent), text);
    }

    fn note(&mut self, part: Part, agent: usize) {
        self.wait_for_us(10);
        let text = self.voices.bare(part, Some(agent), &mut self.chance);
        self.step(StepKind::Note, Author::Agent(agent), text);
    }

    fn machine(&mut self, kind: StepKind, part: Part) {
        let text = self.voices.bare(part, None, &mut self.chance);
        let author = if kind == StepKind::Auto { Author::Contact } else { Author::System };
        self.step(kind, author, text);
    }

    fn step(&mut self, kind: StepKind, author: Author, text: String) {
        self.clock += 2;
        let at = self.clock * 1_000_000 + self.chance.between(0, 999) * 1_000;
        let at = at.max(self.ticket.updated_at() + 1_000);
        self.ticket.steps.push(Step { at, kind, author, text, html: None, attachments: Vec::new() });
    }

    fn stand(&mut self, to: Status, by: Author) {
        let from = std::mem::replace(&mut self.ticket.status, to);
        if from != to {
            self.turn(by, Change::Status { from, to });
        }
    }

    /// Changes happen right after the words that caused them.
    fn turn(&mut self, by: Author, change: Change) {
        let at = (self.ticket.updated_at() + 1_000).max(self.clock * 1_000_000);
        self.ticket.turns.push(Turn { at, by, change });
    }

    /// A story that would reach into the future is told faster: all its moments move towards its beginning.
    fn pull_before_now(&mut self) {
        let (start, last) = (self.ticket.created_at, self.ticket.updated_at());
        let limit = self.crowd.now * 1_000_000 - 20_000_000;
        if last <= limit {
            return;
        }
        let (room, length) = (i128::from((limit - start).max(100)), i128::from((last - start).max(1)));
        let pull = |at: i64| start + (i128::from(at - start) * room / length) as i64;
        let mut before = start - 1;
        for step in &mut self.ticket.steps {
            step.at = pull(step.at).max(before + 1);
            before = step.at;
        }
        for turn in &mut self.ticket.turns {
            turn.at = pull(turn.at);
        }
    }
}
