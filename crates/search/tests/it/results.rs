//! Which results, how many, and in which order.

use opora_search::{Doc, Query, Reach, TOTAL_CAP};
use proptest::prelude::*;

use crate::{desk, desk_of, found, message, search};

#[test]
fn the_tickets_own_number_comes_first() {
    let mut docs: Vec<Doc> = (1..=30).map(|key| message(key, "Про 1042 и ещё раз 1042, 1042")).collect();
    docs.push(Doc { number: Some("1042".into()), ..message(31, "Здравствуйте") });
    let index = desk_of(&docs);
    for query in ["1042", "#1042", "№1042", "№ 1042", " #1042 "] {
        assert_eq!(found(&index, query)[0], 31, "{query}");
    }
    assert_eq!(search(&index, "1042").total_groups, 31);
}

#[test]
fn a_lettered_number_is_a_number_too() {
    let docs = [Doc { number: Some("A-1234/56".into()), ..message(1, "x") }, message(2, "A-1234/56")];
    assert_eq!(found(&desk_of(&docs), "a-1234/56"), [1, 2]);
}

#[test]
fn a_ticket_is_found_once_by_its_best_message() {
    let docs = [
        Doc {
            group: 7, ..message(1, "посылка и много других слов о погоде, дороге и обеде")
        },
        Doc { group: 7, ..message(2, "посылка") },
        Doc { group: 8, ..message(3, "посылка и ещё слова") },
    ];
    let hits = search(&desk_of(&docs), "посылка");
    assert_eq!(hits.items.iter().map(|hit| (hit.group, hit.key)).collect::<Vec<_>>(), [(7, 2), (8, 3)]);
    assert_eq!(hits.total_groups, 2);
}

#[test]
fn only_allowed_tickets_are_seen_and_counted() {
    let docs: Vec<Doc> = (1..=9).map(|key| message(key, "посылка")).collect();
    let index = desk_of(&docs);
    let count = |only: Option<&[u64]>| {
        let hits = index.search(&Query { only, ..Query::new("посылка") }).unwrap();
        assert_eq!(hits.items.len(), hits.total_groups);
        hits.total_groups
    };
    assert_eq!(count(None), 9);
    assert_eq!(count(Some(&[1])), 1);
    assert_eq!(count(Some(&[9, 2, 77])), 2);
    assert_eq!(count(Some(&[77])), 0);
    assert_eq!(count(Some(&[])), 0);
}

#[test]
fn of_what_may_be_seen_some_words_are_enough_when_all_of_them_stand_nowhere_there() {
    let docs = [message(1, "посылка и деньги"), message(2, "посылка"), message(3, "погода")];
    let hits = desk_of(&docs).search(&Query { only: Some(&[2, 3]), ..Query::new("посылка деньги") }).unwrap();
    assert_eq!(hits.items.iter().map(|hit| hit.group).collect::<Vec<_>>(), [2]);
}

#[test]
fn all_tickets_that_hold_a_text_are_named_however_many() {
    let mut docs: Vec<Doc> = (1..=1_500).map(|key| message(key, "где посылка?")).collect();
    docs.push(Doc { group: 7, ..message(1_501, "верните деньги") });
    docs.push(Doc { group: 8, ..message(1_502, "деньги не пришли") });
    docs.push(Doc { group: 2_000, ..message(1_503, "только деньги") });
    let index = desk_of(&docs);
    let groups = |text, reach| index.groups(text, reach).unwrap();
    assert_eq!(groups("посылки", Reach::Every), (1..=1_500).collect::<Vec<_>>());
    // In different messages of one ticket.
    assert_eq!(groups("посылка деньги", Reach::Every), [7, 8]);
    assert_eq!(groups("посылка \"верните деньги\"", Reach::Every), [7]);
    assert!(groups("посылка абракадабра", Reach::Every).is_empty());
    assert_eq!(groups("верните абракадабра", Reach::Any), [7]);
    assert!(groups(" … ", Reach::Every).is_empty());
}

#[test]
fn the_subject_weighs_more_than_the_body() {
    let docs = [
        Doc { subject: "Доставка".into(), ..message(1, "Возврат") },
        Doc { subject: "Возврат".into(), ..message(2, "Доставка") },
    ];
    assert_eq!(found(&desk_of(&docs), "возврат"), [2, 1]);
}

#[test]
fn of_equal_messages_the_newer_comes_first() {
    let day = 86_400_000_000;
    let docs: Vec<Doc> = (1..=5).map(|key| Doc { at: day * key as i64, ..message(key, "посылка") }).collect();
    let hits = desk_of(&docs).search(&Query { now: 100 * day, ..Query::new("посылка") }).unwrap();
    assert_eq!(hits.items.iter().map(|hit| hit.group).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
}

#[test]
fn people_are_found_by_name_and_address() {
    let people = vec!["Анна Петрова".to_owned(), "anna@shop.example".to_owned(), "ООО «Ромашка»".to_owned()];
    let index = desk_of(&[Doc { people, ..message(1, "Здравствуйте") }, message(2, "Добрый день")]);
    for query in ["Петровой", "анна петрова", "anna@shop.example", "ромашки"] {
        assert_eq!(found(&index, query), [1], "{query}");
    }
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let bodies: Vec<String> = (0..57).map(|i| format!("посылка {}", "слово ".repeat(i % 7))).collect();
    let index = desk(&bodies.iter().map(String::as_str).collect::<Vec<_>>());
    let page = |skip, limit| {
        let hits = index.search(&Query { skip, limit, now: 0, ..Query::new("посылка") }).unwrap();
        assert_eq!(hits.total_groups, 57);
        hits.items.into_iter().map(|hit| hit.key).collect::<Vec<_>>()
    };
    let whole = page(0, 100);
    assert_eq!(whole.len(), 57);
    assert_eq!([page(0, 20), page(20, 20), page(40, 20), page(60, 20)].concat(), whole);
}

#[test]
fn the_count_is_exact_up_to_its_cap() {
    let docs: Vec<Doc> = (1..=TOTAL_CAP as u64 + 5).map(|key| message(key, "да")).collect();
    let index = desk_of(&docs);
    assert_eq!(search(&index, "да").total_groups, TOTAL_CAP);
    index.delete_group(1).unwrap();
    (2..=10).for_each(|key| index.delete_key(key).unwrap());
    index.commit("2").unwrap();
    assert_eq!(search(&index, "да").total_groups, TOTAL_CAP - 5);
}

#[test]
fn a_message_put_again_replaces_the_old_one() {
    let index = desk(&["посылка", "письмо"]);
    index.put(&[message(1, "возврат")]).unwrap();
    index.commit("2").unwrap();
    assert_eq!(found(&index, "посылка"), [] as [u64; 0]);
    assert_eq!(found(&index, "возврат"), [1]);
    assert_eq!(index.len(), 2);
}

#[test]
fn a_message_put_twice_before_a_commit_is_there_once() {
    let index = desk(&[]);
    index.put(&[message(1, "посылка"), message(1, "возврат")]).unwrap();
    index.commit("2").unwrap();
    assert_eq!((found(&index, "посылка"), found(&index, "возврат"), index.len()), (vec![], vec![1], 1));
}

#[test]
fn deleted_messages_and_tickets_are_gone() {
    let docs: Vec<Doc> = (1..=6).map(|key| Doc { group: key / 3, ..message(key, "посылка") }).collect();
    let index = desk_of(&docs);
    index.delete_group(1).unwrap();
    index.delete_key(1).unwrap();
    index.commit("2").unwrap();
    let hits = search(&index, "посылка");
    assert_eq!(hits.items.iter().map(|hit| hit.group).collect::<std::collections::BTreeSet<_>>(), [0, 2].into());
    assert_eq!(index.len(), 2);
}

#[test]
fn nothing_asked_finds_nothing() {
    let index = desk(&["посылка"]);
    for query in ["", "   ", "\"\"", "***", "?!,.", "«»", "\0"] {
        assert_eq!(search(&index, query).total_groups, 0, "{query:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_query_of_any_text_gets_an_answer(
        query in r#"(?s)(.|[ "«»*@./+-]|посылка|12){0,40}"#, body in r"(?s)(.|посылка |12|[@./+ -]){0,60}", typing: bool,
    ) {
        let index = desk(&[&body, "посылка 12"]);
        let hits = index.search(&Query { typing, ..Query::new(&query) }).unwrap();
        prop_assert_eq!(hits.items.len(), hits.total_groups);
        for hit in hits.items {
            let plain = hit.snippet_html.replace("<mark>", "").replace("</mark>", "");
            prop_assert!(!plain.contains(['<', '>']));
        }
    }
}
