//! Texts and their trees.

use opora_query::{
    Age, AgeUnit, Comparison, Has, Is, Kind, Length, Moment, Name, Person, Priority, Sla, Status, Team, Term, When,
    Which, parse,
};

fn kinds(text: &str) -> Vec<Kind> {
    parse(text).unwrap().terms.into_iter().map(|term| term.kind).collect()
}

fn kind(text: &str) -> Kind {
    let mut kinds = kinds(text);
    assert_eq!(kinds.len(), 1, "{text} is one term");
    kinds.remove(0)
}

fn canonical(text: &str) -> String {
    parse(text).unwrap().to_string()
}

#[test]
fn every_key_has_its_own_kind() {
    assert_eq!(kind("status:new,on_hold"), Kind::Status(vec![Status::New, Status::OnHold]));
    assert_eq!(kind("priority:high"), Kind::Priority(vec![Priority::High]));
    assert_eq!(kind("assignee:me,none,7"), Kind::Assignee(vec![Person::Me, Person::Nobody, Person::Id(7)]));
    assert_eq!(kind("team:mine,none,3"), Kind::Team(vec![Team::Mine, Team::Nobody, Team::Id(3)]));
    assert_eq!(kind("inbox:2"), Kind::Inbox(vec![Which::Id(2)]));
    assert_eq!(kind("contact:17,18"), Kind::Contact(vec![Which::Id(17), Which::Id(18)]));
    assert_eq!(kind("tag:vip"), Kind::Tag(vec!["vip".into()]));
    assert_eq!(kind("channel:mail,telegram"), Kind::Channel(vec!["mail".into(), "telegram".into()]));
    assert_eq!(kind("is:open,unread"), Kind::Is(vec![Is::Open, Is::Unread]));
    assert_eq!(kind("has:attachment,draft"), Kind::Has(vec![Has::Attachment, Has::Draft]));
}

#[test]
fn people_and_things_may_be_called_by_name() {
    let name = |text: &str| Name { text: text.to_owned(), at: 0 };
    assert_eq!(kind("assignee:Анна,me"), Kind::Assignee(vec![Person::Named(name("Анна")), Person::Me]));
    assert_eq!(kind("follower:«Анна Петрова»"), Kind::Follower(vec![Person::Named(name("Анна Петрова"))]));
    assert_eq!(kind("team:billing"), Kind::Team(vec![Team::Named(name("billing"))]));
    assert_eq!(kind("plan:«Премиум плюс»"), Kind::Plan(vec![Which::Named(name("Премиум плюс"))]));
    assert_eq!(kind("vip:YES"), Kind::Vip(vec![opora_query::YesNo::Yes]));
    assert_eq!(kind("manager:me,none"), Kind::Manager(vec![Person::Me, Person::Nobody]));
    assert_eq!(canonical("Entitlement:Held,stranger,held"), "entitlement:held,stranger");
    assert_eq!(kind("org:\"Acme, Inc.\",7"), Kind::Organization(vec![Which::Named(name("Acme, Inc.")), Which::Id(7)]));
    assert_eq!(kind("contact:anna@example.org"), Kind::Contact(vec![Which::Named(name("anna@example.org"))]));
    assert_eq!(canonical("ORG:«Рога и копыта» brand:Acme"), "org:\"Рога и копыта\" brand:Acme");
}

#[test]
fn a_name_knows_where_it_was_written() {
    let Kind::Team(teams) = &kinds("возврат -team:none,billing")[1] else { panic!("not a team") };
    let [Team::Nobody, Team::Named(name)] = teams.as_slice() else { panic!("{teams:?}") };
    assert_eq!(&"возврат -team:none,billing"[name.at..], "billing");
}

#[test]
fn a_day_is_compared_by_its_sign() {
    let day = |comparison, text: &str| When { comparison, moment: Moment::Day(text.parse().unwrap()) };
    assert_eq!(kind("created:>2026-01-01"), Kind::Created(vec![day(Comparison::Greater, "2026-01-01")]));
    assert_eq!(kind("created:<=2024-02-29"), Kind::Created(vec![day(Comparison::AtMost, "2024-02-29")]));
    assert_eq!(kind("updated:2026-01-01"), Kind::Updated(vec![day(Comparison::Equal, "2026-01-01")]));
}

#[test]
fn an_age_without_a_sign_means_what_people_mean() {
    let age = |count, unit| Age { count, unit };
    let within = |age| When { comparison: Comparison::AtMost, moment: Moment::Ago(age) };
    assert_eq!(kind("created:2d"), Kind::Created(vec![within(age(2, AgeUnit::Days))]));
    let at_least = |age| Length { comparison: Comparison::AtLeast, age };
    assert_eq!(kind("waiting:4h"), Kind::Waiting(vec![at_least(age(4, AgeUnit::Hours))]));
    let within = Length { comparison: Comparison::AtMost, age: age(4, AgeUnit::Hours) };
    assert_eq!(kind("due:4h"), Kind::Due(vec![within]));
    assert_eq!(kind("sla:Breached,none"), Kind::Sla(vec![Sla::Breached, Sla::Nothing]));
}

#[test]
fn ages_are_counted_in_seconds() {
    let seconds = |text: &str| match kind(&format!("waiting:>{text}")) {
        Kind::Waiting(lengths) => lengths[0].age.seconds(),
        other => panic!("{other:?}"),
    };
    assert_eq!(["30m", "4h", "2d", "1w", "0m"].map(seconds), [1_800, 14_400, 172_800, 604_800, 0]);
    assert_eq!(seconds("99999w"), 60_479_395_200);
}

#[test]
fn a_minus_turns_any_term_around() {
    let filter = parse("-status:closed -посылка -\"no refund\" e-mail").unwrap();
    assert_eq!(filter.terms.iter().map(|term| term.negated).collect::<Vec<_>>(), [true, true, true, false]);
    assert_eq!(filter.unwanted_texts(), ["посылка", "\"no refund\""]);
    assert_eq!(filter.wanted_text(), "e-mail");
}

#[test]
fn free_words_and_phrases_are_the_search_text() {
    let filter = parse("возврат status:open «не пришла» assignee:me деньги").unwrap();
    assert_eq!(filter.wanted_text(), "возврат \"не пришла\" деньги");
    assert!(filter.unwanted_texts().is_empty());
}

#[test]
fn keys_and_values_may_be_written_in_any_case_but_tags_keep_theirs() {
    assert_eq!(canonical("STATUS:Open,ON_HOLD Assignee:ME tag:VIP channel:Mail waiting:>4H"), {
        "status:open,on_hold assignee:me tag:VIP channel:mail waiting:>4h"
    });
}

#[test]
fn equal_values_count_once() {
    assert_eq!(canonical("status:new,open,NEW created:2d,<1w,2d"), "status:new,open created:<=2d,<1w");
}

#[test]
fn a_tag_in_quotes_may_contain_anything() {
    let tags = vec!["срочный возврат".to_owned(), "a,b".to_owned(), "5\" \\ screen".to_owned()];
    assert_eq!(kind(r#"tag:"срочный возврат","a,b","5\" \\ screen""#), Kind::Tag(tags));
    assert_eq!(canonical("tag:«срочный возврат»,vip"), "tag:\"срочный возврат\",vip");
}

#[test]
fn every_kind_of_quotation_marks_makes_a_phrase() {
    let phrase = |text: &str| Kind::Phrase(text.into());
    assert_eq!(kinds("\"a b\" «в г» “c d” „д е“"), [phrase("a b"), phrase("в г"), phrase("c d"), phrase("д е")]);
}

#[test]
fn what_cannot_be_a_key_is_a_word() {
    for text in
        ["https://example.com/a?b=1", "10:30", "Re:", "C:\\temp", "anna@example.com", "#1042", "A-1234/56", "-", ":"]
    {
        assert_eq!(kind(text), Kind::Word(text.into()), "{text}");
    }
    assert_eq!(kinds("Re: заказ").len(), 2);
}

#[test]
fn nothing_asked_is_every_ticket() {
    for text in ["", "   \t\n", "\"\"", "«  »", "\0"] {
        assert!(parse(text).unwrap().is_empty(), "{text:?}");
    }
}

#[test]
fn white_space_and_control_characters_only_separate() {
    let words = |text: &str| kinds(text);
    assert_eq!(words("a\u{a0}b\tc\0d"), words("a b c d"));
    assert_eq!(kind("\"a\0b\""), Kind::Phrase("a b".into()));
}

#[test]
fn a_missing_space_behind_a_quotation_is_forgiven() {
    let word = |text: &str| Term { negated: false, kind: Kind::Word(text.into()) };
    assert_eq!(parse("tag:\"a\"b").unwrap().terms[1], word("b"));
}

#[test]
fn the_views_every_department_starts_with_are_canonical() {
    for text in ["assignee:me is:open", "assignee:none is:open", "team:mine is:open", "status:waiting", "status:solved"]
    {
        assert_eq!(canonical(text), text);
    }
}
