//! What is written back reads the same.

use opora_query::{
    Age, AgeUnit, Comparison, Entitlement, Filter, Has, Is, Kind, Length, Moment, Name, Person, Priority, Sla, Status,
    TEXT_LIMIT, Team, Term, When, Which, YesNo, parse,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn age() -> impl Strategy<Value = Age> {
    let unit = select(vec![AgeUnit::Minutes, AgeUnit::Hours, AgeUnit::Days, AgeUnit::Weeks]);
    (0..100_000_u32, unit).prop_map(|(count, unit)| Age { count, unit })
}

fn sign() -> impl Strategy<Value = Comparison> {
    select(vec![Comparison::Less, Comparison::AtMost, Comparison::AtLeast, Comparison::Greater])
}

fn when() -> impl Strategy<Value = When> {
    let day = (prop_oneof![sign(), Just(Comparison::Equal)], 1970..=2200_i16, 1..=12_i8, 1..=28_i8).prop_map(
        |(comparison, year, month, day)| When { comparison, moment: Moment::Day(jiff::civil::date(year, month, day)) },
    );
    let ago = (sign(), age()).prop_map(|(comparison, age)| When { comparison, moment: Moment::Ago(age) });
    prop_oneof![day, ago]
}

fn some<T: Clone + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    subsequence(all.to_vec(), 1..=all.len())
}

/// One to three different values.
fn few<T: PartialEq + std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    vec(value, 1..=3).prop_map(|values| {
        let mut different = Vec::new();
        for value in values {
            if !different.contains(&value) {
                different.push(value);
            }
        }
        different
    })
}

fn kind() -> impl Strategy<Value = Kind> {
    let id = || 1..=i64::MAX;
    // No name is spelled like "me" or "mine", and none is a number.
    let name = || r#"[А-Я][а-яё,:"«»\#-]{0,5}( [а-я,"\\]{1,5})?"#.prop_map(|text| Name { text, at: 0 });
    let person = || {
        prop_oneof![Just(Person::Me), Just(Person::Nobody), id().prop_map(Person::Id), name().prop_map(Person::Named)]
    };
    let team = prop_oneof![Just(Team::Mine), Just(Team::Nobody), id().prop_map(Team::Id), name().prop_map(Team::Named)];
    let which = || prop_oneof![id().prop_map(Which::Id), name().prop_map(Which::Named)];
    let length = || (sign(), age()).prop_map(|(comparison, age)| Length { comparison, age });
    prop_oneof![
        some(Status::ALL).prop_map(Kind::Status),
        some(Priority::ALL).prop_map(Kind::Priority),
        some(Is::ALL).prop_map(Kind::Is),
        some(Has::ALL).prop_map(Kind::Has),
        some(YesNo::ALL).prop_map(Kind::Vip),
        some(Entitlement::ALL).prop_map(Kind::Entitlement),
        few(which()).prop_map(Kind::Plan),
        few(person()).prop_map(Kind::Manager),
        few(person()).prop_map(Kind::Assignee),
        few(person()).prop_map(Kind::Follower),
        few(team).prop_map(Kind::Team),
        few(which()).prop_map(Kind::Inbox),
        few(which()).prop_map(Kind::Brand),
        few(which()).prop_map(Kind::Contact),
        few(which()).prop_map(Kind::Organization),
        few("[a-z0-9_]{1,9}").prop_map(Kind::Channel),
        few(r#"[а-яёa-z,:"«»\\#-]{1,5}( [а-я,"\\]{1,5})?"#).prop_map(Kind::Tag),
        few(when()).prop_map(Kind::Created),
        few(when()).prop_map(Kind::Updated),
        few(length()).prop_map(Kind::Waiting),
        few(length()).prop_map(Kind::Due),
        some(Sla::ALL).prop_map(Kind::Sla),
        "[а-яёА-Яa-z0-9@.][а-яa-z0-9@.,/\"\\\\-]{0,9}".prop_map(Kind::Word),
        r#"[а-яёa-z ,:"«»\\-]{0,9}[а-я]"#.prop_map(Kind::Phrase),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let term = (any::<bool>(), kind()).prop_map(|(negated, kind)| Term { negated, kind });
    vec(term, 0..6).prop_map(|terms| Filter { terms })
}

proptest! {
    #[test]
    fn every_filter_reads_back_as_it_was(filter in filter()) {
        prop_assert_eq!(parse(&filter.to_string()), Ok(filter));
    }

    #[test]
    fn any_text_is_a_filter_that_reads_back_or_a_mistake_inside_it(text in "(?s).{0,60}") {
        match parse(&text) {
            Ok(filter) => prop_assert_eq!(parse(&filter.to_string()), Ok(filter)),
            Err(problem) => prop_assert!(text.is_char_boundary(problem.at)),
        }
    }

    #[test]
    fn any_jumble_of_the_languages_own_pieces_does_so_too(pieces in vec(select(PIECES), 0..12)) {
        let text = pieces.concat();
        match parse(&text) {
            Ok(filter) => prop_assert_eq!(parse(&filter.to_string()), Ok(filter)),
            Err(problem) => {
                prop_assert!(text.is_char_boundary(problem.at));
                prop_assert!(problem.at <= text.len() && text.len() < TEXT_LIMIT);
            }
        }
    }
}

const PIECES: &[&str] = &[
    " ",
    " ",
    "-",
    ":",
    ",",
    "\"",
    "\\",
    "«",
    "»",
    "„",
    "“",
    "”",
    "status:",
    "tag:",
    "created:",
    "waiting:",
    "open",
    "new",
    ">",
    "<=",
    "4h",
    "2026-01-31",
    "слово",
    "a",
    "/",
    "\0",
    "\u{a0}",
    "assignee:",
    "me",
    "7",
];
