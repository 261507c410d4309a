//! The words look like people's: no open slots, no doubled spaces, no Latin letters inside Russian words, no addresses of
//! anybody real, and variety enough for a search to mean something.

use std::collections::HashSet;

use opora_demo::{Locale, StepKind, TicketStory};

use crate::story;

fn texts(ticket: &TicketStory) -> impl Iterator<Item = &str> {
    std::iter::once(ticket.subject.as_str()).chain(ticket.steps.iter().map(|step| step.text.as_str()))
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{4ff}')
}

#[test]
fn no_text_shows_how_it_was_made() {
    for ticket in story(3_000).tickets() {
        for text in texts(&ticket) {
            assert!(!text.contains(['{', '}', '|', '[', ']', '¶', '↵']), "{text}");
            assert!(!text.contains("  ") && !text.contains(" \n") && !text.contains("\n\n\n"), "{text:?}");
            for wrong in [" ,", " .", " !", " ?", "..", ",,", "«»", "\"\"", " :"] {
                assert!(!text.contains(wrong), "{wrong:?} in {text}");
            }
            assert_eq!(text.trim(), text);
            assert!(!text.is_empty());
        }
    }
}

#[test]
fn russian_words_are_made_of_russian_letters() {
    for ticket in story(3_000).tickets() {
        for text in texts(&ticket) {
            for word in text.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
                let cyrillic = word.chars().filter(|letter| is_cyrillic(*letter)).count();
                let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
                assert!(cyrillic == 0 || cyrillic == letters, "mixed alphabets: {word:?} in {text}");
                let stray = word.chars().count() == 1 && "aceopxyABCEHKMOPTX".contains(word);
                let expected = matches!(word, "A" | "a" | "M" | "E" | "e" | "p" | "T" | "H" | "y");
                assert!(ticket.locale == Locale::En || !stray || expected, "Latin {word:?} alone in {text}");
            }
        }
    }
}

#[test]
fn english_tickets_hold_no_russian() {
    for ticket in story(3_000).tickets().filter(|ticket| ticket.locale == Locale::En) {
        for step in ticket.steps.iter().filter(|step| step.kind != StepKind::Note) {
            assert!(!step.text.chars().any(is_cyrillic), "{}", step.text);
        }
    }
}

#[test]
fn nobody_real_is_addressed() {
    let story = story(2_000);
    let department = story.department();
    let ours =
        department.agents.iter().map(|agent| &agent.email).chain(department.inboxes.iter().map(|inbox| &inbox.address));
    let mut addresses: Vec<String> = ours.cloned().collect();
    addresses.extend(department.organizations.iter().map(|organization| organization.domain.clone()));
    addresses.extend(story.tickets().map(|ticket| ticket.contact.address));
    for address in addresses {
        assert!([".example", ".test", "example.com"].iter().any(|end| address.ends_with(end)), "{address}");
        assert!(address.is_ascii() && !address.contains(' '), "{address}");
    }
    for ticket in story.tickets() {
        for text in texts(&ticket).flat_map(str::split_whitespace) {
            let web = text.contains("http") || text.contains("www.");
            assert!(!web || text.contains(".example"), "{text}");
        }
    }
}

#[test]
fn no_two_openings_out_of_a_thousand_read_alike_too_often() {
    let openings: Vec<String> = story(1_000).tickets().map(|ticket| ticket.steps[0].text.clone()).collect();
    let different: HashSet<&String> = openings.iter().collect();
    assert!(different.len() > 990, "{} of {}", different.len(), openings.len());
    let words: HashSet<String> =
        openings.iter().flat_map(|text| text.split_whitespace().map(str::to_lowercase)).collect();
    assert!(words.len() > 3_000, "{} words", words.len());
}

#[test]
fn quantities_read_right_in_russian() {
    for ticket in story(6_000).tickets().filter(|ticket| ticket.locale == Locale::Ru) {
        for text in texts(&ticket) {
            let words: Vec<&str> = text.split_whitespace().collect();
            for pair in words.windows(2) {
                let Ok(number) = pair[0].parse::<u32>() else { continue };
                let noun = pair[1].trim_matches(|letter: char| !letter.is_alphabetic());
                let many = (11..15).contains(&(number % 100)) || !(1..5).contains(&(number % 10));
                let few = !many && number % 10 != 1;
                assert!(!(matches!(noun, "штук" | "дней" | "раз" | "голосов") && few), "{pair:?}: {text}");
                assert!(!matches!(noun, "дня" | "раза" | "года" | "случая") || few, "{pair:?}: {text}");
            }
        }
    }
}
