//! Topics: what the crowd writes about, read once from the files in `words/`. A topic file is made of sections
//! `== name | brand | team | tags | weight | file` with lines `part: phrase`; the section `common` holds what every
//! conversation needs. A part with as many phrases as the topic has openings answers them one to one. A file that breaks these rules fails a test, never a run.

use std::sync::LazyLock;

use crate::department::{brand, team};
use crate::files::FileKind;
use crate::model::Locale;
use crate::phrase::Phrase;

macro_rules! parts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// The place of a phrase in a conversation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Part { $($(#[$doc])* $variant),* }
        impl Part {
            pub(crate) const ALL: &'static [Part] = &[$(Part::$variant),*];
            fn named(name: &str) -> Option<Part> {
                match name { $($name => Some(Part::$variant),)* _ => None }
            }
        }
    };
}

parts! {
    Subject = "subject",
    /// The customer's first words.
    Open = "open",
    /// The agent asks for what is missing [S1.4].
    Ask = "ask",
    /// The customer gives it.
    Details = "details",
    /// The agent's solution.
    Answer = "answer",
    /// The customer asks on.
    More = "more",
    /// The agent answers that.
    MoreAnswer = "more.answer",
    /// A word among colleagues.
    Note = "note",
    Hello = "hello",
    Bye = "bye",
    Phone = "phone",
    AgentHello = "agent.hello",
    AgentBye = "agent.bye",
    /// "Is anybody there?" [S2.3]
    Hurry = "hurry",
    NeverMind = "never.mind",
    Thanks = "thanks",
    Welcome = "welcome",
    Angry = "angry",
    Apology = "apology",
    /// What was done about it.
    Amends = "amends",
    HandOver = "hand.over",
    HoldNote = "hold.note",
    /// A dated promise [S2.4].
    Promise = "promise",
    Bounce = "bounce",
    Auto = "auto",
}

/// One matter that customers write about, in one language.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    pub(crate) brand: usize,
    pub(crate) team: usize,
    pub(crate) tags: Vec<&'static str>,
    pub(crate) weight: u32,
    pub(crate) file: Option<FileKind>,
    parts: Vec<Vec<Phrase>>,
}

impl Topic {
    pub(crate) fn phrases(&self, part: Part) -> &[Phrase] {
        &self.parts[part as usize]
    }
}

/// The topics of one language.
#[derive(Debug)]
pub(crate) struct Topics {
    pub(crate) all: Vec<Topic>,
    pub(crate) weights: Vec<u32>,
    pub(crate) common: Topic,
    /// What is written while the platform is down.
    pub(crate) outage: usize,
}

/// The topics of a language, read on first use.
pub(crate) fn topics(locale: Locale) -> &'static Topics {
    static TOPICS: LazyLock<[Topics; 2]> = LazyLock::new(|| {
        [sources(Locale::Ru), sources(Locale::En)].map(|files| {
            let mut mistakes = Vec::new();
            gather(files, &mut mistakes)
        })
    });
    &TOPICS[locale as usize]
}

fn sources(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::Ru => &[
            include_str!("words/common.ru.txt"),
            include_str!("words/shop.ru.txt"),
            include_str!("words/platform.ru.txt"),
            include_str!("words/insurer.ru.txt"),
        ],
        Locale::En => &[
            include_str!("words/common.en.txt"),
            include_str!("words/shop.en.txt"),
            include_str!("words/platform.en.txt"),
            include_str!("words/insurer.en.txt"),
        ],
    }
}

fn blank() -> Topic {
    Topic {
        name: "common",
        brand: brand::PLATFORM,
        team: team::FIRST_LINE,
        tags: Vec::new(),
        weight: 0,
        file: None,
        parts: Part::ALL.iter().map(|_| Vec::new()).collect(),
    }
}

fn gather(files: &[&'static str], mistakes: &mut Vec<String>) -> Topics {
    let (mut all, mut common) = (Vec::new(), blank());
    for text in files {
        for topic in read(text, mistakes) {
            if topic.name == "common" { common = topic } else { all.push(topic) }
        }
    }
    let weights = all.iter().map(|topic| topic.weight).collect();
    let outage = all.iter().position(|topic| topic.name == "outage").unwrap_or(0);
    Topics { all, weights, common, outage }
}

fn read(text: &'static str, mistakes: &mut Vec<String>) -> Vec<Topic> {
    let mut topics: Vec<Topic> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('%')) {
        if let Some(head) = line.strip_prefix("== ") {
            match header(head) {
                Some(topic) => topics.push(topic),
                None => mistakes.push(format!("not a topic: {line}")),
            }
            continue;
        }
        let Some((part, phrase)) = line.split_once(": ") else {
            mistakes.push(format!("no part: {line}"));
            continue;
        };
        let read = Part::named(part).ok_or_else(|| format!("no part {part}")).and_then(|part| {
            let phrase = Phrase::read(phrase.trim())?;
            topics.last_mut().map(|topic| topic.parts[part as usize].push(phrase)).ok_or_else(|| line.to_owned())
        });
        mistakes.extend(read.err());
    }
    topics
}

fn header(head: &'static str) -> Option<Topic> {
    let cells: Vec<&'static str> = head.split('|').map(str::trim).collect();
    match cells[..] {
        ["common"] => Some(blank()),
        [name, brand, team, tags, weight, file] => Some(Topic {
            name,
            brand: match brand {
                "platform" => brand::PLATFORM,
                "shop" => brand::SHOP,
                "insurer" => brand::INSURER,
                _ => return None,
            },
            team: match team {
                "first" => team::FIRST_LINE,
                "tech" => team::TECH,
                "billing" => team::BILLING,
                "delivery" => team::DELIVERY,
                "insurance" => team::INSURANCE,
                _ => return None,
            },
            tags: tags.split(',').map(str::trim).collect(),
            weight: weight.parse().ok()?,
            file: match file {
                "-" => None,
                "png" => Some(FileKind::Screenshot),
                "pdf" => Some(FileKind::Invoice),
                "csv" => Some(FileKind::Table),
                _ => return None,
            },
            ..blank()
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_word_files_is_understood() {
        for locale in Locale::ALL {
            let mut mistakes = Vec::new();
            gather(sources(locale), &mut mistakes);
            assert_eq!(mistakes, Vec::<String>::new());
        }
    }

    #[test]
    fn every_topic_has_what_a_conversation_needs() {
        use Part::*;
        for locale in Locale::ALL {
            let topics = topics(locale);
            for topic in &topics.all {
                for part in [Subject, Open, Ask, Details, Answer, More, MoreAnswer, Note] {
                    let enough = if matches!(part, Subject | Open | Answer) { 2 } else { 1 };
                    assert!(topic.phrases(part).len() >= enough, "{locale:?} {} lacks {part:?}", topic.name);
                }
            }
            for part in
                [Hello, Bye, Phone, AgentHello, AgentBye, Hurry, NeverMind, Thanks, Welcome, Angry, Apology, Amends]
                    .into_iter()
                    .chain([HandOver, HoldNote, Promise, Bounce, Auto])
            {
                assert!(!topics.common.phrases(part).is_empty(), "{locale:?} lacks {part:?}");
            }
        }
    }

    #[test]
    fn every_question_asked_on_has_its_answer() {
        for locale in Locale::ALL {
            for topic in &topics(locale).all {
                let [asked, answered] = [Part::More, Part::MoreAnswer].map(|part| topic.phrases(part));
                assert_eq!(answered.len(), 1, "{locale:?} {}", topic.name);
                let questions = if asked.len() == 1 { asked[0].ways() } else { asked.len() };
                assert_eq!(questions, answered[0].ways(), "{locale:?} {}", topic.name);
            }
        }
    }

    #[test]
    fn both_languages_speak_of_the_same_matters() {
        let names = |locale| topics(locale).all.iter().map(|topic| (topic.name, topic.team)).collect::<Vec<_>>();
        assert_eq!(names(Locale::Ru), names(Locale::En));
        assert_eq!(topics(Locale::Ru).all[topics(Locale::Ru).outage].name, "outage");
    }
}
