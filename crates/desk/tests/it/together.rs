//! Several people at one ticket: who is answering, what they say among themselves.

use crate::house::{House, agent, letter, mail};
use crate::notifications::follow;
use opora_base::{Store, Time, event};
use opora_desk::notifications::{self, Seen};
use opora_desk::people::{agents, profile, roles};
use opora_desk::search_feed::{self, Document, Source};
use opora_desk::tickets::answering::{self, Answering, LASTS};
use opora_desk::tickets::draft::{self, DraftForm};
use opora_desk::tickets::files;
use opora_desk::tickets::talks::{self, OpenTalk, Talk, TalkChange, TalkForm, TalkMessage};
use opora_desk::tickets::{ListAsk, MessageForm, Words};
use opora_desk::{Actor, Error, Permission, Result, TicketId};
use opora_query::Language;
use opora_testkit::engines;
use std::collections::BTreeMap;
use std::time::Duration;

async fn one(house: &House) -> TicketId {
    house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
    house.only_ticket().await.row.id
}

/// Somebody types an answer (or a note) and it is kept.
async fn types(house: &House, actor: &Actor, id: TicketId, kind: &str, html: &str) -> Option<Answering> {
    let form = DraftForm { kind: kind.into(), body_html: html.into(), ..DraftForm::default() };
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| draft::keep(tx, &actor, id, &form, now)).await.unwrap().answering
}

async fn claim(house: &House, actor: &Actor, id: TicketId, take_over: bool) -> Result<Answering> {
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| answering::claim(tx, &actor, id, take_over, now)).await
}

fn answer(take_over: bool) -> MessageForm {
    MessageForm {
        kind: "reply".into(),
        body_text: Some("Едет".into()),
        take_over,
        draft_clear: true,
        ..MessageForm::default()
    }
}

async fn begin(house: &House, actor: &Actor, id: TicketId, members: &[&Actor], text: &str) -> Result<OpenTalk> {
    let members = members.iter().filter_map(|member| member.agent).collect();
    let form =
        TalkForm { subject: "Кто возил?".into(), members, body_html: text.into(), ..TalkForm::default() };
    let words = Words::new(Some(text), None)?;
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| talks::begin(tx, &actor, id, &form, &words, now)).await
}

async fn say(house: &House, actor: &Actor, talk: i64, text: &str) -> Result<TalkMessage> {
    let words = Words::new(Some(text), None)?;
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| talks::say(tx, &actor, talk, &words, &[], now)).await
}

async fn read(house: &House, actor: &Actor, talk: i64, cursor: &'static str, limit: i64) -> Result<OpenTalk> {
    let actor = actor.clone();
    house.store.read(move |tx| talks::open(tx, &actor, talk, cursor, limit)).await
}

async fn change(house: &House, actor: &Actor, talk: i64, change: TalkChange) -> Result<Talk> {
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| talks::change(tx, &actor, talk, &change, now)).await
}

async fn told(house: &House, actor: &Actor) -> Vec<(String, String, Option<i64>)> {
    let actor = actor.clone();
    let page = house.store.read(move |tx| notifications::list(tx, &actor, "", 50)).await.unwrap();
    page.items.into_iter().map(|n| (n.kind, n.text, n.talk_id)).collect()
}

async fn stranger(house: &House) -> Actor {
    let (admin, now) = (house.admin.clone(), house.now);
    let made = house.write(move |tx| {
        let form = roles::RoleForm {
            name: "Гость".into(),
            permissions: vec![Permission::TicketView, Permission::TicketNote],
        };
        roles::create(tx, &admin, &form, now)?;
        let id = agent(tx, "guest@shop.test", "Гость", "custom:гость")?;
        agents::actor(tx, id)
    });
    made.await.unwrap()
}

engines! {
    async fn the_first_words_of_an_answer_say_who_is_answering(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        assert_eq!(types(&house, &house.anna, id, "reply", "<p><br></p>").await, None, "an empty box claims nothing");
        assert_eq!(types(&house, &house.anna, id, "note", "<p>Для себя</p>").await, None, "nor does a note");
        let held = types(&house, &house.anna, id, "reply", "<p>Здравствуйте</p>").await.unwrap();
        assert_eq!((Some(held.agent_id), held.name.as_str()), (house.anna.agent, "Анна Петрова"));
        let other = types(&house, &house.boris, id, "reply", "<p>Я тоже</p>").await.unwrap();
        assert_eq!(other.agent_id, held.agent_id, "the second is told of the first, and their words are kept");
        assert!(house.open_as(&house.boris, id).await.drafts.len() == 1);
        assert_eq!(house.open_as(&house.boris, id).await.answering, Some(held));
    }

    async fn a_claim_lasts_while_somebody_writes_and_ends_by_itself(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        let first = types(&house, &house.anna, id, "reply", "<p>А</p>").await.unwrap();
        house.pass(120);
        let later = types(&house, &house.anna, id, "reply", "<p>Аб</p>").await.unwrap();
        assert_eq!((later.since, later.until), (first.since, house.now.plus(LASTS)));
        house.now = house.now.plus(LASTS);
        assert_eq!(house.open(id).await.answering, None);
        let boris = types(&house, &house.boris, id, "reply", "<p>Б</p>").await.unwrap();
        assert_eq!(Some(boris.agent_id), house.boris.agent);
    }

    async fn an_answer_does_not_go_past_somebody_who_is_writing_one_unless_that_is_meant(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        types(&house, &house.anna, id, "reply", "<p>Пишу</p>").await;
        let Err(Error::BeingAnswered(by)) = house.post(&house.boris, id, answer(false)).await else { panic!("it went") };
        assert_eq!(by.name, "Анна Петрова");
        house.say(&house.boris, id, "note", "Заметке это не мешает").await.unwrap();
        assert_eq!(house.open(id).await.row.last_author, "customer", "nothing was sent");
        house.post(&house.boris, id, answer(true)).await.unwrap();
        assert_eq!(house.open(id).await.answering, None, "the answer ends the claim");
        assert!(house.open_as(&house.anna, id).await.drafts.len() == 1, "her words are kept");
    }

    async fn ones_own_answer_or_a_draft_thrown_away_ends_the_claim(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        types(&house, &house.anna, id, "reply", "<p>Пишу</p>").await;
        house.post(&house.anna, id, answer(false)).await.unwrap();
        assert_eq!(house.open(id).await.answering, None);
        types(&house, &house.anna, id, "reply", "<p>Ещё</p>").await;
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| draft::delete(tx, &anna, id, "reply", None, now)).await.unwrap();
        assert_eq!(house.open(id).await.answering, None);
    }

    async fn who_is_taken_over_from_is_told(store: Store) {
        let house = House::new(store).await;
        follow(&house).await;
        let id = one(&house).await;
        types(&house, &house.anna, id, "reply", "<p>Пишу</p>").await;
        assert_eq!(claim(&house, &house.boris, id, false).await.unwrap_err().code(), "being_answered");
        let mine = claim(&house, &house.boris, id, true).await.unwrap();
        assert_eq!(Some(mine.agent_id), house.boris.agent);
        follow(&house).await;
        assert_eq!(told(&house, &house.anna).await, [("taken_over".to_owned(), String::new(), None)]);
        assert!(told(&house, &house.boris).await.is_empty());
    }

    async fn an_answer_taken_back_is_being_written_again(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let sent = house.post(&house.anna, id, answer(false)).await.unwrap();
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| opora_desk::tickets::undo(tx, &anna, sent, now)).await.unwrap();
        assert_eq!(house.open(id).await.answering.map(|by| by.agent_id), house.anna.agent);
    }

    async fn colleagues_talk_beside_a_ticket_and_those_asked_are_told(store: Store) {
        let house = House::new(store).await;
        follow(&house).await;
        let id = one(&house).await;
        let begun = begin(&house, &house.anna, id, &[&house.boris], "<p>Борис, <b>кто</b> возил?</p>").await.unwrap();
        let talk = begun.talk.id;
        assert_eq!((begun.talk.messages, begun.talk.unread, begun.items.len()), (1, 0, 1));
        assert_eq!(begun.items[0].body_html, "<p>Борис, <b>кто</b> возил?</p>");
        let ticket = house.open_as(&house.boris, id).await;
        assert_eq!((ticket.talks.open, ticket.talks.unread, ticket.messages.len()), (1, 1, 1), "the customer's conversation knows nothing of it");
        say(&house, &house.boris, talk, "<p>Пятая машина</p>").await.unwrap();
        follow(&house).await;
        assert_eq!(told(&house, &house.boris).await, [("talk".to_owned(), "Борис, кто возил?".to_owned(), Some(talk))]);
        assert_eq!(told(&house, &house.anna).await, [("talk".to_owned(), "Пятая машина".to_owned(), Some(talk))]);
        let page = read(&house, &house.anna, talk, "", 50).await.unwrap();
        assert_eq!(page.items.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["Борис, кто возил?", "Пятая машина"]);
        assert_eq!(page.talk.unread, 1);
        let anna = house.anna.clone();
        house.write(move |tx| talks::mark_seen(tx, &anna, talk)).await.unwrap();
        assert_eq!(house.open_as(&house.anna, id).await.talks.unread, 0);
        let unread = async |actor: &Actor| {
            let actor = actor.clone();
            house.store.read(move |tx| notifications::unread(tx, &actor)).await.unwrap()
        };
        assert_eq!(unread(&house.anna).await, 0, "what was told of it is seen with it");
        let (boris, seen) = (house.boris.clone(), Seen { ticket_id: Some(id), ..Seen::default() });
        house.write(move |tx| notifications::mark_seen(tx, &boris, &seen)).await.unwrap();
        assert_eq!(unread(&house.boris).await, 1, "opening the ticket is not reading the talk");
    }

    async fn a_closed_talk_opens_with_the_next_word_and_its_people_change(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let talk = begin(&house, &house.anna, id, &[], "<p>Вопрос</p>").await.unwrap().talk;
        let closed = change(&house, &house.anna, talk.id, TalkChange { open: Some(false), ..TalkChange::default() }).await.unwrap();
        assert!(!closed.open && house.open(id).await.talks.open == 0);
        let stale = TalkChange { subject: Some("Другое".into()), version: Some(talk.version), ..TalkChange::default() };
        assert_eq!(change(&house, &house.anna, talk.id, stale).await.unwrap_err().code(), "ticket_changed");
        say(&house, &house.boris, talk.id, "<p>Ответ</p>").await.unwrap();
        let again = read(&house, &house.anna, talk.id, "", 50).await.unwrap().talk;
        assert!(again.open);
        assert_eq!(again.members.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["Анна Петрова", "Борис Иванов"], "who writes is a member");
        let boris = house.boris.agent.unwrap();
        let fewer = change(&house, &house.anna, talk.id, TalkChange { remove_members: vec![boris], ..TalkChange::default() }).await.unwrap();
        assert_eq!(fewer.members.len(), 1);
    }

    async fn what_colleagues_say_is_found_under_the_subject_of_their_talk(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let start = house.store.read(event::end).await.unwrap();
        let talk = begin(&house, &house.anna, id, &[], "<p>Полка пуста</p>").await.unwrap();
        say(&house, &house.boris, talk.talk.id, "<p>Второй склад</p>").await.unwrap();
        let said = |documents: &[Document]| {
            documents.iter().map(|d| (d.subject.clone(), d.body.trim().to_owned(), d.people.join(","))).collect::<Vec<_>>()
        };
        // On a server shared with others the log is told when what they had begun before is over.
        let news = async |from, subject: &'static str| loop {
            let changes = house.store.read(move |tx| {
                let events = event::after(tx, from, 100)?;
                search_feed::changes(tx, &events)
            });
            let put = changes.await.unwrap().put.into_iter();
            let talks = put.filter(|d| matches!(d.source, Source::Talk(_)) && d.subject == subject);
            let by_key: BTreeMap<u64, Document> = talks.map(|d| (d.source.key(), d)).collect();
            if by_key.len() == 2 {
                break by_key.into_values().collect::<Vec<_>>();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let found = news(start, "Кто возил?").await;
        let spoken = |subject: &str| [
            (subject.to_owned(), "Полка пуста".to_owned(), "Анна Петрова".to_owned()),
            (subject.to_owned(), "Второй склад".to_owned(), "Борис Иванов".to_owned()),
        ];
        assert_eq!(said(&found), spoken("Кто возил?"));
        assert!(found.iter().all(|d| d.ticket == id && Source::of_key(d.source.key()) == d.source), "{found:?}");

        let begun = house.store.read(event::end).await.unwrap();
        let subject = TalkChange { subject: Some("Кто отвезёт?".into()), ..TalkChange::default() };
        change(&house, &house.anna, talk.talk.id, subject).await.unwrap();
        let renamed = news(begun, "Кто отвезёт?").await;
        assert_eq!(said(&renamed), spoken("Кто отвезёт?"), "a new subject goes for all that was said");
        let anew = house.store.read(|tx| search_feed::after(tx, Source::Talk(0), 10)).await.unwrap();
        assert_eq!(anew, renamed, "building anew finds the same");
        let message = anew[1].source;
        let Source::Talk(message) = message else { panic!("{message:?}") };
        let place = house.store.read(move |tx| talks::of_message(tx, message)).await.unwrap();
        assert_eq!(place, Some((talk.talk.id, "Кто отвезёт?".to_owned())));
    }

    async fn a_long_talk_comes_in_pages_the_latest_first(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let talk = begin(&house, &house.anna, id, &[], "<p>0</p>").await.unwrap().talk.id;
        for n in 1..5 {
            say(&house, &house.anna, talk, &format!("<p>{n}</p>")).await.unwrap();
        }
        let texts = |page: &OpenTalk| page.items.iter().map(|m| m.text.trim().to_owned()).collect::<Vec<_>>();
        let latest = read(&house, &house.anna, talk, "", 3).await.unwrap();
        assert_eq!(texts(&latest), ["2", "3", "4"]);
        let cursor: &'static str = latest.next_cursor.unwrap().leak();
        let older = read(&house, &house.anna, talk, cursor, 3).await.unwrap();
        assert_eq!((texts(&older), older.next_cursor), (vec!["0".to_owned(), "1".to_owned()], None));
    }

    async fn a_talk_is_seen_by_those_who_see_its_ticket_and_nobody_else_is_asked(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let guest = stranger(&house).await;
        assert_eq!(begin(&house, &house.anna, id, &[&guest], "<p>?</p>").await.unwrap_err().code(), "validation");
        let talk = begin(&house, &house.anna, id, &[], "<p>?</p>").await.unwrap().talk.id;
        assert_eq!(read(&house, &guest, talk, "", 50).await.unwrap_err().code(), "not_found");
        assert_eq!(say(&house, &guest, talk, "<p>Пустите</p>").await.unwrap_err().code(), "not_found");
        assert_eq!(begin(&house, &house.anna, id, &[], "<p> </p>").await.unwrap_err().code(), "validation");
        assert_eq!(house.open(id).await.talks.open, 1, "what was refused left nothing behind");
    }

    async fn files_go_along_in_a_talk_and_come_with_its_messages(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let talk = begin(&house, &house.anna, id, &[], "<p>Вот</p>").await.unwrap().talk.id;
        let upload = async |actor: &Actor, filename: &'static str| {
            let (actor, now) = (actor.clone(), house.now);
            let file = files::NewFile { filename, content_type: "image/png", content_id: None, inline: false, size: 3, digest: "d" };
            house.write(move |tx| files::keep(tx, &actor, &file, now)).await.unwrap()
        };
        let (scan, shown) = (upload(&house.boris, "скан.png").await, upload(&house.boris, "снимок.png").await);
        let html = format!("<p>Смотрите <img src=\"{}\"></p>", shown.url);
        let words = Words::new(Some(&html), None).unwrap();
        let (boris, now, uploads) = (house.boris.clone(), house.now, [scan.id]);
        let said = house.write(move |tx| talks::say(tx, &boris, talk, &words, &uploads, now)).await.unwrap();
        assert_eq!(said.attachments.iter().map(|f| f.inline).collect::<Vec<_>>(), [false, true]);
        let page = read(&house, &house.anna, talk, "", 50).await.unwrap();
        assert_eq!(page.items[1].attachments, said.attachments);
        assert!(page.items[0].attachments.is_empty());
        assert!(house.open(id).await.messages.iter().all(|m| m.attachments.is_empty()), "the customer's conversation has none of it");
        let (anna, words) = (house.anna.clone(), Words::new(Some("<p>Чужое</p>"), None).unwrap());
        let foreign = upload(&house.boris, "чужой.png").await.id;
        let refused = house.write(move |tx| talks::say(tx, &anna, talk, &words, &[foreign], now)).await;
        assert_eq!(refused.unwrap_err().code(), "validation", "nobody sends another's upload");
    }

    async fn markup_in_a_talk_is_made_safe(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let begun = begin(&house, &house.anna, id, &[], "<p onclick=\"x()\">Да<script>x()</script></p>").await.unwrap();
        assert_eq!(begun.items[0].body_html, "<p>Да</p>");
    }

    async fn what_somebody_sets_for_themselves_is_found_on_another_device(store: Store) {
        let house = House::new(store).await;
        let set = |json: serde_json::Value| profile::ProfileChange { preferences: json.as_object().unwrap().clone(), ..Default::default() };
        let anna = house.anna.clone();
        let first = set(serde_json::json!({ "keys": { "off": true }, "guide": 1 }));
        house.write(move |tx| profile::change(tx, &anna, &first)).await.unwrap();
        let anna = house.anna.clone();
        let second = set(serde_json::json!({ "guide": null, "density": "close" }));
        house.write(move |tx| profile::change(tx, &anna, &second)).await.unwrap();
        let anna = house.anna.clone();
        let me = house.store.read(move |tx| profile::me(tx, &anna, false)).await.unwrap();
        assert_eq!(serde_json::Value::Object(me.preferences), serde_json::json!({ "keys": { "off": true }, "density": "close" }));
        let anna = house.anna.clone();
        let long = set(serde_json::json!({ "keys": "x".repeat(20_000) }));
        assert_eq!(house.write(move |tx| profile::change(tx, &anna, &long)).await.unwrap_err().code(), "validation");
    }

    async fn a_list_is_begun_anywhere_and_goes_on_from_there(store: Store) {
        let house = House::new(store).await;
        for n in 0..7 {
            house.mail(&mail("Ольга <olga@customer.test>", &format!("{n}@c.test"), &format!("Вопрос {n}"), "", "?")).await;
        }
        let id = house.page(&house.admin, "", "id", "", 1).await.items[0].id;
        house.change(&house.admin, id, opora_desk::tickets::Change { priority: Some(opora_desk::tickets::Priority::High), ..Default::default() }).await.unwrap();
        for (q, sort) in [("", "id"), ("status:new,open", "-created"), ("", "updated"), ("is:unread", "waiting")] {
            let all: Vec<TicketId> = house.page(&house.admin, q, sort, "", 100).await.items.iter().map(|row| row.id).collect();
            for skip in 0..=all.len() {
                let mut ask = ListAsk::parse(q, sort, "", Some(2), Language::English).unwrap();
                ask.skip(skip as i64).unwrap();
                let (admin, now) = (house.admin.clone(), house.now);
                let page = house.store.read(move |tx| opora_desk::tickets::list(tx, &admin, &ask, now)).await.unwrap();
                let ids: Vec<TicketId> = page.items.iter().map(|row| row.id).collect();
                assert_eq!(ids, all.iter().skip(skip).take(2).copied().collect::<Vec<_>>(), "{q} {sort} {skip}");
                assert_eq!(page.total, all.len() as i64);
                if let Some(cursor) = page.next_cursor {
                    let next = house.page(&house.admin, q, sort, &cursor, 1).await;
                    assert_eq!(next.items.first().map(|row| row.id), all.get(skip + 2).copied());
                }
            }
        }
        let mut ask = ListAsk::parse("", "", "", None, Language::English).unwrap();
        assert_eq!(ask.skip(-1).unwrap_err().code(), "validation");
    }
}

#[test]
fn a_claim_is_long_enough_for_a_thought_and_short_enough_for_a_lunch() {
    assert!(LASTS >= Duration::from_secs(120) && LASTS <= Duration::from_secs(15 * 60));
    assert_eq!(Time(0).plus(LASTS).since(Time(0)), LASTS);
}
