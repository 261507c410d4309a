//! What is said: picks a phrase for a place in the conversation and dresses it as its writer would, a hurried customer
//! without greeting or capital letter, an agent with greeting and signature.

use crate::chance::Chance;
use crate::department::{self, brand, team};
use crate::model::{Contact, Department, Face, Locale};
use crate::people::{self, Shop};
use crate::phrase::{Phrase, Voice};
use crate::slots::Values;
use crate::topics::{Part, Topic, Topics};

/// How the customer writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Polite,
    Plain,
    Hasty,
}

/// The voices of one ticket.
pub(crate) struct Voices<'a> {
    topics: &'static Topics,
    topic: &'static Topic,
    contact: Contact,
    organization: Option<&'static Shop>,
    department: &'a Department,
    manner: Manner,
    /// Which of the topic's openings this ticket begins with; subject and answer follow it.
    branch: usize,
    /// The customer's habit: one person greets and signs alike each time.
    habit: usize,
    /// How many questions the customer has asked after the first.
    asked: usize,
    base: Values<'static>,
}

impl<'a> Voices<'a> {
    pub(crate) fn new(
        department: &'a Department,
        topics: &'static Topics,
        topic: &'static Topic,
        contact: &Contact,
        at: i64,
        chance: &mut Chance,
    ) -> Self {
        let lists = people::lists();
        let organization = contact.organization.and_then(|index| lists.shops.get(index));
        let goods = match organization {
            Some(shop) => lists.titles(shop.goods),
            None => &chance.pick(&lists.goods).titles,
        };
        let manner = match chance.below(100) {
            0..52 => Manner::Polite,
            52..80 => Manner::Plain,
            _ => Manner::Hasty,
        };
        let mut base = Values::draw(contact.locale, at, lists, goods, chance);
        base.brand = department::brand_name(topic.brand, contact.locale);
        base.shop = organization.map_or(base.brand, |shop| shop.name);
        base.domain = organization.map_or("shop", |shop| shop.domain);
        let branch = chance.below(topic.phrases(Part::Open).len());
        let (habit, asked) = (chance.below(60), chance.below(6));
        let contact = contact.clone();
        Voices { topics, topic, contact, organization, department, manner, branch, habit, asked, base }
    }

    /// The subject of the ticket.
    pub(crate) fn subject(&self, chance: &mut Chance) -> String {
        self.bare(Part::Subject, None, chance)
    }

    /// A customer's message.
    pub(crate) fn customer(&self, part: Part, chance: &mut Chance) -> String {
        let mut text = String::with_capacity(512);
        let first = part == Part::Open;
        if self.manner == Manner::Polite || first && self.manner == Manner::Plain {
            self.say(&mut text, Part::Hello, None, chance);
            text.push_str("\n\n");
        }
        let start = text.len();
        self.say(&mut text, part, None, chance);
        match self.manner {
            Manner::Polite if is_short(part) => {
                text.push_str("\n\n");
                text.push_str(self.contact.name.split(' ').next().unwrap_or_default());
            }
            Manner::Polite => {
                text.push_str("\n\n");
                self.say(&mut text, Part::Bye, None, chance);
                if let Some(shop) = self.organization.filter(|_| first) {
                    text.push('\n');
                    text.push_str(shop.name);
                }
            }
            Manner::Plain if first => {
                text.push_str("\n\n");
                text.push_str(self.contact.name.split(' ').next().unwrap_or_default());
            }
            Manner::Plain => {}
            Manner::Hasty => {
                lower_first(&mut text, start);
                if first && chance.percent(60) {
                    text.push_str("\n\n");
                    self.say(&mut text, Part::Phone, None, chance);
                }
            }
        }
        text
    }

    /// An agent's answer, greeting and signature included.
    pub(crate) fn reply(&self, parts: &[Part], agent: usize, chance: &mut Chance) -> String {
        let mut text = String::with_capacity(640);
        self.say(&mut text, Part::AgentHello, Some(agent), chance);
        for part in parts {
            text.push_str("\n\n");
            self.say(&mut text, *part, Some(agent), chance);
        }
        text.push_str("\n\n");
        self.say(&mut text, Part::AgentBye, Some(agent), chance);
        text
    }

    /// A note, a notice of a mail server, a vacation notice: the bare phrase. `agent` speaks, else the customer does.
    pub(crate) fn bare(&self, part: Part, agent: Option<usize>, chance: &mut Chance) -> String {
        let mut text = String::with_capacity(256);
        self.say(&mut text, part, agent, chance);
        text
    }

    fn say(&self, text: &mut String, part: Part, agent: Option<usize>, chance: &mut Chance) {
        let own = self.topic.phrases(part);
        let phrases = if own.is_empty() { self.topics.common.phrases(part) } else { own };
        if phrases.is_empty() {
            return;
        }
        let (line, lean) = self.line(part, phrases, chance);
        let staff = agent.and_then(|agent| self.department.agents.get(agent));
        let speaker = staff.map_or(self.contact.gender, |agent| agent.gender);
        let voice = Voice { speaker, thing: self.base.item.agreement };
        let signature = agent.map_or("", |agent| self.signature(agent));
        let mut values: Values<'_> = self.base;
        values.name = &self.contact.name;
        values.agent = signature;
        phrases[line].tell(voice, lean, chance, text, &mut |slot, out| values.write(slot, out));
    }

    /// Which of the phrases to tell, and how its first choice leans.
    fn line(&self, part: Part, phrases: &[Phrase], chance: &mut Chance) -> (usize, Option<usize>) {
        let openings = self.topic.phrases(Part::Open).len();
        match part {
            Part::Hello | Part::Bye | Part::Phone | Part::AgentBye => (self.habit % phrases.len(), Some(self.habit)),
            Part::More => (self.asked % phrases.len(), Some(self.asked / phrases.len())),
            Part::MoreAnswer => (chance.below(phrases.len()), Some(self.asked)),
            Part::Subject | Part::Open | Part::Ask | Part::Details | Part::Answer if phrases.len() == openings => {
                (self.branch, matches!(part, Part::Ask | Part::Details).then_some(self.habit))
            }
            Part::Ask | Part::Details => (chance.below(phrases.len()), Some(self.habit)),
            _ => (chance.below(phrases.len()), None),
        }
    }

    /// How many different questions a customer can ask on.
    pub(crate) fn questions(&self) -> usize {
        self.topic.phrases(Part::More).iter().map(Phrase::ways).sum()
    }

    /// The next question will be another one.
    pub(crate) fn ask_on(&mut self) {
        self.asked += 1;
    }

    /// The name an agent signs with: none but a role where the brand shows numbers [S9.1].
    fn signature(&self, agent: usize) -> &str {
        let anonymous = self.department.brands[self.topic.brand].face == Face::Number;
        match (anonymous, self.contact.locale, self.department.agents.get(agent)) {
            (false, locale, Some(agent)) => &agent.signs[locale as usize],
            (_, Locale::Ru, _) => "Дежурный специалист",
            (_, Locale::En, _) => "Your support specialist",
        }
    }

    /// Hours east of Greenwich where the customer lives.
    pub(crate) fn hours(&self) -> i8 {
        if self.contact.locale == Locale::Ru { self.base.city.hours } else { 1 }
    }

    /// Where the ticket came in. Money matters of the platform have a mailbox of their own.
    pub(crate) fn inbox(&self) -> usize {
        let money = self.topic.team == team::BILLING && self.topic.brand == brand::PLATFORM;
        department::inbox_for(self.topic.brand, self.contact.locale, money)
    }
}

/// Words of thanks or anger are not followed by a formal closing.
fn is_short(part: Part) -> bool {
    matches!(part, Part::Thanks | Part::NeverMind | Part::Angry | Part::Hurry)
}

/// A hurried customer begins without a capital, unless the word is one of capitals ("SSL") or "I".
fn lower_first(text: &mut String, start: usize) {
    let mut letters = text[start..].chars();
    let (Some(first), Some(second)) = (letters.next(), letters.next()) else { return };
    let alone = first == 'I' && !second.is_alphabetic();
    if first.is_uppercase() && !second.is_uppercase() && !alone {
        let lower: String = first.to_lowercase().collect();
        text.replace_range(start..start + first.len_utf8(), &lower);
    }
}
