//! Phrases: text with choices in it. A phrase is read once from the story files and then told many times, each time a
//! little differently.
//!
//! - `{a|b|c}` is one of the alternatives (they nest; an empty one is allowed: `{ещё |}`);
//! - `[сделал/сделала]` follows the gender of the person who speaks;
//! - `[пришёл/пришла/пришло/пришли]` follows the gender and number of the thing the story is about;
//! - `¶` is an empty line, `↵` a new line;
//! - `<order>` is a value of this story, the same in every message of it.

use crate::chance::Chance;
use crate::slots::Slot;

/// Who speaks decides the endings of Russian verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// «сделал»
    Male,
    /// «сделала»
    Female,
}

/// The gender and number of a thing decide the endings that agree with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    Masculine,
    Feminine,
    Neuter,
    Plural,
}

/// What the endings of a telling depend on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    pub(crate) speaker: Gender,
    pub(crate) thing: Agreement,
}

#[derive(Debug)]
enum Piece {
    Text(&'static str),
    Slot(Slot),
    Speaker(&'static str, &'static str),
    Thing([&'static str; 4]),
    Choice(Vec<Vec<Piece>>),
}

/// A text that can be told in several ways.
#[derive(Debug)]
pub(crate) struct Phrase(Vec<Piece>);

impl Phrase {
    /// Reads a phrase, or says what is wrong with it.
    pub(crate) fn read(text: &'static str) -> Result<Phrase, String> {
        let mut reader = Reader { text, at: 0 };
        let pieces = reader.pieces(false)?;
        if reader.at < text.len() {
            return Err(format!("unexpected text at byte {} of: {text}", reader.at));
        }
        Ok(Phrase(pieces))
    }

    /// How many ways its first choice has.
    pub(crate) fn ways(&self) -> usize {
        let first =
            self.0.iter().find_map(|piece| if let Piece::Choice(ways) = piece { Some(ways.len()) } else { None });
        first.unwrap_or(1)
    }

    /// Appends one telling of the phrase; `fill` writes the value of a slot. A `lean` decides the first choice instead of
    /// chance, so that a question and its answer can take the same turn.
    pub(crate) fn tell(
        &self,
        voice: Voice,
        lean: Option<usize>,
        chance: &mut Chance,
        out: &mut String,
        fill: &mut impl FnMut(Slot, &mut String),
    ) {
        tell(&self.0, voice, lean, chance, out, fill);
    }
}

fn tell(
    pieces: &[Piece],
    voice: Voice,
    mut lean: Option<usize>,
    chance: &mut Chance,
    out: &mut String,
    fill: &mut impl FnMut(Slot, &mut String),
) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(slot) => fill(*slot, out),
            Piece::Speaker(he, she) => out.push_str(if voice.speaker == Gender::Male { he } else { she }),
            Piece::Thing(forms) => out.push_str(forms[voice.thing as usize]),
            Piece::Choice(ways) => {
                let way = lean.take().map_or_else(|| chance.below(ways.len()), |lean| lean % ways.len());
                tell(&ways[way], voice, None, chance, out, fill);
            }
        }
    }
}

struct Reader {
    text: &'static str,
    at: usize,
}

impl Reader {
    fn pieces(&mut self, inside: bool) -> Result<Vec<Piece>, String> {
        let mut pieces = Vec::new();
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let special = rest.find(['{', '}', '|', '<', '[', '¶', '↵']).unwrap_or(rest.len());
            if special > 0 {
                pieces.push(Piece::Text(&rest[..special]));
                self.at += special;
                continue;
            }
            match rest.chars().next() {
                Some('{') => pieces.push(self.choice()?),
                Some('¶') => {
                    pieces.push(Piece::Text("\n\n"));
                    self.at += '¶'.len_utf8();
                }
                Some('↵') => {
                    pieces.push(Piece::Text("\n"));
                    self.at += '↵'.len_utf8();
                }
                Some('<') => {
                    let name = self.enclosed('>')?;
                    let slot = Slot::named(name).ok_or_else(|| format!("no slot <{name}> in: {}", self.text))?;
                    pieces.push(Piece::Slot(slot));
                }
                Some('[') => {
                    let forms = self.enclosed(']')?;
                    let split: Vec<&'static str> = forms.split('/').collect();
                    pieces.push(match split[..] {
                        [he, she] => Piece::Speaker(he, she),
                        [masculine, feminine, neuter, plural] => Piece::Thing([masculine, feminine, neuter, plural]),
                        _ => return Err(format!("neither two nor four forms in [{forms}]")),
                    });
                }
                _ if inside => break,
                _ => return Err(format!("'}}' or '|' outside of a choice in: {}", self.text)),
            }
        }
        Ok(pieces)
    }

    fn choice(&mut self) -> Result<Piece, String> {
        let mut ways = Vec::new();
        loop {
            self.at += 1;
            ways.push(self.pieces(true)?);
            match self.text.as_bytes().get(self.at) {
                Some(b'|') => {}
                Some(b'}') => break,
                _ => return Err(format!("a choice without its end in: {}", self.text)),
            }
        }
        self.at += 1;
        Ok(Piece::Choice(ways))
    }

    fn enclosed(&mut self, end: char) -> Result<&'static str, String> {
        let rest = &self.text[self.at + 1..];
        let length = rest.find(end).ok_or_else(|| format!("no '{end}' in: {}", self.text))?;
        self.at += length + 2;
        Ok(&rest[..length])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn tellings(text: &'static str, gender: Gender) -> std::collections::BTreeSet<String> {
        let phrase = Phrase::read(text).unwrap();
        let mut chance = Chance::of(3, 3, 3);
        (0..200)
            .map(|_| {
                let mut out = String::new();
                let voice = Voice { speaker: gender, thing: Agreement::Neuter };
                phrase.tell(voice, None, &mut chance, &mut out, &mut |_, out| out.push('№'));
                out
            })
            .collect()
    }

    #[test]
    fn choices_nest_and_may_be_empty() {
        let all = tellings("я {очень |}рад{ {вам|тебе}|}", Gender::Male);
        assert_eq!(all.len(), 6);
        assert!(all.contains("я рад") && all.contains("я очень рад тебе"));
    }

    #[test]
    fn verbs_follow_the_speaker() {
        assert!(tellings("я наш[ёл/ла]", Gender::Female).contains("я нашла"));
        assert!(tellings("[он/она/оно/они] приш[ёл/ла/ло/ли]", Gender::Male).contains("оно пришло"));
        assert!(tellings("оплатил[/а] <order>", Gender::Male).contains("оплатил №"));
    }

    #[test]
    fn a_lean_decides_the_first_choice_only() {
        let phrase = Phrase::read("{a|b|c} {x|y}").unwrap();
        let voice = Voice { speaker: Gender::Male, thing: Agreement::Plural };
        let mut chance = Chance::of(1, 1, 1);
        let told: std::collections::BTreeSet<String> = (0..100)
            .map(|_| {
                let mut out = String::new();
                phrase.tell(voice, Some(4), &mut chance, &mut out, &mut |_, _| {});
                out
            })
            .collect();
        assert_eq!(told.into_iter().collect::<Vec<_>>(), ["b x", "b y"]);
    }

    #[test]
    fn mistakes_are_named() {
        for wrong in ["{a|b", "a}b", "<nothing>", "[ab]", "<order"] {
            assert!(Phrase::read(wrong).is_err(), "{wrong}");
        }
    }
}
