//! Mistakes: which, where, and in what words.

use opora_query::{Code, Key, Language, MOST_TERMS, Problem, TEXT_LIMIT, parse};

fn mistake(text: &str) -> Problem {
    parse(text).unwrap_err()
}

/// The code, and the text from where the mistake is said to be.
fn at(text: &str) -> (&'static str, &str) {
    let problem = mistake(text);
    (problem.code.as_str(), &text[problem.at..])
}

#[test]
fn a_mistake_is_pointed_at() {
    assert_eq!(at("возврат статус:открыт"), ("unknown_key", "статус:открыт"));
    assert_eq!(at("возврат -colour:red x"), ("unknown_key", "colour:red x"));
    assert_eq!(at("посылка status:new,opne x"), ("unknown_value", "opne x"));
    assert_eq!(at("status:"), ("unknown_value", ""));
    assert_eq!(at("status:open, x"), ("unknown_value", " x"));
    assert_eq!(at("tag:\"\" x"), ("unknown_value", "\"\" x"));
    assert_eq!(at("assignee:0"), ("unknown_value", "0"));
    assert_eq!(at("org: x"), ("unknown_value", " x"));
    assert_eq!(at("посылка created:>вчера"), ("bad_duration", ">вчера"));
    assert_eq!(at("waiting:>2026-01-01"), ("bad_duration", ">2026-01-01"));
    assert_eq!(at("посылка «не пришла"), ("unclosed_quote", "«не пришла"));
    assert_eq!(at("tag:a,\"b c"), ("unclosed_quote", "\"b c"));
}

#[test]
fn only_real_days_are_dates() {
    for day in [
        "2026-02-29",
        "2026-13-01",
        "2026-1-1",
        "01.02.2026",
        "1969-12-31",
        "9999-12-31",
        "20260101",
        "2026-01-01T10:00",
    ] {
        assert_eq!(mistake(&format!("created:<{day}")).code, Code::BadDate, "{day}");
    }
    assert!(parse("created:2028-02-29").is_ok());
}

#[test]
fn only_whole_numbers_of_known_units_are_lengths_of_time() {
    for age in ["4", "h", "4x", "1.5h", "-4h", "+4h", "4 h", "100000m", "99999999999999999999w", "4ч", ">>4h", ""] {
        assert_eq!(mistake(&format!("waiting:{age}")).code, Code::BadDuration, "{age}");
    }
}

#[test]
fn an_id_is_a_positive_number() {
    for id in ["0", "000", "9223372036854775808"] {
        assert_eq!(mistake(&format!("inbox:{id}")).code, Code::UnknownValue, "{id}");
    }
    assert!(parse("inbox:9223372036854775807").is_ok());
}

#[test]
fn the_limits_are_exact() {
    let words = |count| "ж ".repeat(count);
    assert!(parse(&words(MOST_TERMS)).is_ok());
    let problem = mistake(&words(MOST_TERMS + 1));
    assert_eq!((problem.code, problem.at), (Code::TooManyTerms, "ж ".len() * MOST_TERMS));

    assert!(parse(&"ж".repeat(TEXT_LIMIT)).is_ok());
    let problem = mistake(&"ж".repeat(TEXT_LIMIT + 1));
    assert_eq!((problem.code, problem.at), (Code::TooLong, "ж".len() * TEXT_LIMIT));
}

#[test]
fn a_mistake_is_said_in_both_languages() {
    let problem = mistake("status:opne");
    assert_eq!((problem.key, problem.found.as_str()), (Some(Key::Status), "opne"));
    assert_eq!(
        problem.sentence(Language::Russian),
        "Значение «opne» не подходит для «status:». Подходит: new, open, waiting, on_hold, solved, closed."
    );
    assert_eq!(
        problem.sentence(Language::English),
        "“opne” does not fit “status:”. What fits: new, open, waiting, on_hold, solved, closed."
    );
    assert_eq!(mistake("has:").sentence(Language::Russian), "После «has:» не хватает значения: attachment, draft.");
    assert_eq!(mistake("\"a").to_string(), "The quotation mark has no partner.");
}

#[test]
fn every_mistake_has_its_own_sentence_in_each_language() {
    let long = "x".repeat(TEXT_LIMIT + 1);
    let many = "x ".repeat(MOST_TERMS + 1);
    let texts = ["foo:bar", "is:x", "created:x-y", "waiting:x", "\"", &long, &many];
    let problems: Vec<Problem> = texts.iter().map(|text| mistake(text)).collect();
    let mut sentences: Vec<String> = Vec::new();
    for language in [Language::Russian, Language::English] {
        sentences.extend(problems.iter().map(|problem| problem.sentence(language)));
    }
    let count = sentences.len();
    sentences.sort_unstable();
    sentences.dedup();
    assert_eq!(sentences.len(), count);
}

#[test]
fn what_is_quoted_back_is_short() {
    let problem = mistake(&format!("status:{}", "ж".repeat(1_000)));
    assert_eq!(problem.found.chars().count(), 40);
}
