//! A ticket's life among colleagues: changes, conflicts, notes, drafts, who sees it.

use crate::house::{House, letter};
use opora_base::Store;
use opora_desk::tickets::draft::{self, DraftForm};
use opora_desk::tickets::{self, Change, MessageForm, MessageKind, Page, Priority, Status};
use opora_desk::{Error, MessageId, Result, TicketId};
use opora_testkit::engines;

async fn one(house: &House) -> TicketId {
    house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
    house.only_ticket().await.row.id
}

async fn keeps(house: &House, id: TicketId, kind: &str, html: &str, over: draft::Over) -> Result<draft::Draft> {
    let form = DraftForm { kind: kind.into(), body_html: html.into(), over, ..DraftForm::default() };
    let (anna, now) = (house.anna.clone(), house.now);
    Ok(house.write(move |tx| draft::keep(tx, &anna, id, &form, now)).await?.draft)
}

engines! {
    async fn two_people_may_change_two_things_but_not_the_same_unawares(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let seen = house.open(id).await.row.version;
        house.change(&house.anna, id, Change { version: Some(seen), priority: Some(Priority::High), ..Change::default() }).await.unwrap();
        house.change(&house.boris, id, Change { version: Some(seen), status: Some(Status::OnHold), ..Change::default() }).await.unwrap();
        let refused = house.change(&house.boris, id, Change { version: Some(seen), priority: Some(Priority::Low), ..Change::default() }).await.unwrap_err();
        assert_eq!(refused.code(), "ticket_changed");
        let row = house.open(id).await.row;
        assert_eq!((row.priority, row.status), (Priority::High, Status::OnHold));
    }

    async fn every_change_is_in_the_history_with_before_and_after(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let change = Change {
            status: Some(Status::Waiting),
            assignee_id: Some(house.boris.agent),
            priority: Some(Priority::Urgent),
            subject: Some("Новая тема".into()),
            tags: Some(vec!["Срочно".into(), "VIP".into()]),
            hand_over_note: Some("Ты знаешь клиента".into()),
            ..Change::default()
        };
        house.change(&house.anna, id, change).await.unwrap();
        let ticket = house.open(id).await;
        let kinds: Vec<&str> = ticket.events.iter().map(|e| e.kind.as_str()).collect();
        for kind in ["ticket.created", "ticket.subject", "ticket.priority", "ticket.handed_over", "ticket.status", "ticket.tags"] {
            assert!(kinds.contains(&kind), "{kind} is missing in {kinds:?}");
        }
        let handed = ticket.events.iter().find(|e| e.kind == "ticket.handed_over").unwrap();
        assert_eq!(handed.data["note"], "Ты знаешь клиента");
        assert_eq!(handed.actor.name, "Анна Петрова");
        assert_eq!(ticket.row.tags, ["срочно", "vip"]);
    }

    async fn what_stands_beside_a_ticket_is_what_its_own_addresses_give(store: Store) {
        let house = House::new(store).await;
        house.mail(&letter("before@customer.test", "Прошлый заказ", "Спасибо.")).await;
        let earlier = house.only_ticket().await.row.id;
        house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
        let list = house.list(&house.anna, "").await.items;
        let id = list.iter().map(|row| row.id).find(|id| *id != earlier).unwrap();
        let (anna, now) = (house.anna.clone(), house.now);
        let beside = house.store.read(move |tx| tickets::beside(tx, &anna, id, now)).await.unwrap();
        let anna = house.anna.clone();
        let frame = house.store.read(move |tx| tickets::frame(tx, &anna, id, None)).await.unwrap();
        assert_eq!((beside.frame.greeting_html, beside.frame.to), (frame.greeting_html, frame.to));
        let customer = house.open(id).await.row.contact.id;
        assert_eq!(beside.contact.unwrap().id, customer);
        let past: Vec<TicketId> = beside.past.items.iter().map(|row| row.id).collect();
        assert_eq!((past, beside.past.total), (vec![id, earlier], 2), "the newest first");
    }

    async fn an_answer_stops_when_the_customer_wrote_meanwhile(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let seen = house.open(id).await.messages[0].id;
        house.mail(&crate::house::mail("olga@customer.test", "2@customer.test", "Re: Где заказ?", "In-Reply-To: <first@customer.test>\n", "Уже пришёл!")).await;
        let form = MessageForm { kind: "reply".into(), body_text: Some("Ищем".into()), seen_message_id: Some(seen), ..MessageForm::default() };
        let refused = house.post(&house.anna, id, form).await.unwrap_err();
        assert_eq!(refused.code(), "new_message");
        assert_eq!(house.open(id).await.messages.len(), 2);
    }

    async fn a_note_is_among_ourselves_and_calls_colleagues_by_name(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let before = house.open(id).await.row;
        house.say(&house.anna, id, "note", "@Борис Иванов, посмотри, пожалуйста").await.unwrap();
        let ticket = house.open(id).await;
        let note = ticket.messages.last().unwrap();
        assert_eq!((note.kind, note.mentions.as_slice()), (MessageKind::Note, [house.boris.agent.unwrap()].as_slice()));
        assert_eq!(ticket.follower_ids, [house.boris.agent.unwrap()]);
        assert_eq!((ticket.row.preview, ticket.row.waiting_since), (before.preview, before.waiting_since), "customers' words stay in the list");
    }

    async fn a_draft_is_found_on_another_device_and_gone_with_the_answer(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let (anna, now) = (house.anna.clone(), house.now);
        let form = DraftForm { kind: "reply".into(), body_html: "<p>Начал</p>".into(), ..DraftForm::default() };
        house.write(move |tx| draft::keep(tx, &anna, id, &form, now)).await.unwrap();
        let opened = house.open_as(&house.anna, id).await;
        assert_eq!(opened.drafts[0].body_html, "<p>Начал</p>");
        assert!(house.open(id).await.drafts.is_empty(), "a draft is its writer's");
        let form = MessageForm { kind: "reply".into(), body_text: Some("Готово".into()), draft_clear: true, ..MessageForm::default() };
        house.post(&house.anna, id, form).await.unwrap();
        let anna = house.anna.clone();
        assert!(house.store.read(move |tx| draft::get(tx, &anna, id, "reply")).await.unwrap().is_none());
    }

    async fn an_answer_and_a_note_are_begun_side_by_side_and_end_apart(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        for (kind, html) in [("reply", "<p>Ответ</p>"), ("note", "<p>Заметка</p>")] {
            keeps(&house, id, kind, html, None).await.unwrap();
        }
        let form = MessageForm { kind: "note".into(), body_text: Some("Заметка".into()), draft_clear: true, ..MessageForm::default() };
        house.post(&house.anna, id, form).await.unwrap();
        let opened = house.open_as(&house.anna, id).await;
        assert_eq!(opened.drafts.iter().map(|draft| draft.kind.as_str()).collect::<Vec<_>>(), ["reply"]);
        assert!(opened.answering.is_some(), "who wrote a note still answers");
        keeps(&house, id, "note", "<p>Ещё</p>", None).await.unwrap();
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| draft::delete(tx, &anna, id, "note", None, now)).await.unwrap();
        let opened = house.open_as(&house.anna, id).await;
        assert_eq!((opened.drafts.len(), opened.answering.is_some()), (1, true));
    }

    async fn a_draft_is_not_replaced_by_one_that_was_written_over_another(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let desk = keeps(&house, id, "reply", "<p>За столом</p>", Some(None)).await.unwrap();
        let phone = keeps(&house, id, "reply", "<p>С телефона</p>", Some(Some(desk.updated_at))).await.unwrap();
        assert!(phone.updated_at > desk.updated_at, "also in the same millisecond");
        for over in [None, Some(desk.updated_at)] {
            let refused = keeps(&house, id, "reply", "<p>Снова за столом</p>", Some(over)).await.unwrap_err();
            let Error::DraftChanged(kept) = refused else { panic!("{refused:?}") };
            assert_eq!(kept.body_html, "<p>С телефона</p>");
        }
        keeps(&house, id, "reply", "<p>С телефона</p>", Some(None)).await.expect("the same words are no other text");
        keeps(&house, id, "note", "<p>Коллегам</p>", Some(None)).await.expect("a note stands in nobody's way");
        keeps(&house, id, "reply", "<p>Скрипт</p>", None).await.expect("who does not ask replaces");
    }

    async fn an_answer_taken_back_stands_above_what_was_begun_since(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        house.say(&house.anna, id, "reply", "Поспешил").await.unwrap();
        keeps(&house, id, "reply", "<p>И ещё</p>", None).await.unwrap();
        let message = house.open(id).await.messages.last().unwrap().id;
        let (anna, now) = (house.anna.clone(), house.now);
        let taken = house.write(move |tx| tickets::undo(tx, &anna, message, now)).await.unwrap();
        let opened = house.open_as(&house.anna, id).await;
        assert!(taken.body_html.contains("Поспешил") && !taken.body_html.contains("И ещё"), "{}", taken.body_html);
        assert_eq!(opened.drafts[0].body_html, format!("{}<p>И ещё</p>", taken.body_html));
        assert_eq!(opened.drafts[0].updated_at, taken.updated_at);
    }

    async fn who_sees_only_their_team_does_not_know_of_other_tickets(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let (team, admin, now) = (house.team, house.admin.clone(), house.now);
        let carol = house
            .write(move |tx| {
                use opora_desk::people::{agents, roles};
                let form = roles::RoleForm { name: "Стажёр".into(), permissions: vec![opora_desk::Permission::TicketView] };
                roles::create(tx, &admin, &form, now)?;
                let carol = crate::house::agent(tx, "carol@shop.test", "Карл", "custom:стажёр")?;
                let _ = team;
                agents::actor(tx, carol)
            })
            .await
            .unwrap();
        let (other, seen) = (carol.clone(), id);
        let hidden = house.store.read(move |tx| tickets::open(tx, &other, seen, &Page::default(), now)).await.unwrap_err();
        assert_eq!(hidden.code(), "not_found");
        assert_eq!(house.list(&carol, "").await.total, 0);
        let carols = Change { assignee_id: Some(carol.agent), ..Change::default() };
        house.change(&house.admin, id, carols).await.unwrap();
        assert_eq!(house.list(&carol, "").await.total, 1, "what is given to somebody is seen by them");
    }

    async fn reading_a_ticket_is_remembered_for_each_reader(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        assert!(house.list(&house.anna, "is:unread").await.items[0].unread);
        let (anna, last) = (house.anna.clone(), house.open(id).await.messages[0].id);
        house.write(move |tx| tickets::mark_read(tx, &anna, id, last)).await.unwrap();
        assert_eq!(house.list(&house.anna, "is:unread").await.total, 0);
        assert_eq!(house.list(&house.boris, "is:unread").await.total, 1);
        let _: MessageId = last;
    }

    async fn a_solved_ticket_closes_by_itself_unless_somebody_writes(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        house.change(&house.anna, id, Change { status: Some(Status::Solved), ..Change::default() }).await.unwrap();
        house.now = house.now.plus(tickets::CLOSES_AFTER);
        let now = house.now;
        let due = house.store.read(move |tx| opora_base::timer::due(tx, now, 10)).await.unwrap();
        assert_eq!(due.len(), 1);
        house.write(move |tx| tickets::close_when_solved(tx, id, now)).await.unwrap();
        assert_eq!(house.open(id).await.row.status, Status::Closed);
    }

    async fn an_answer_that_takes_a_ticket_is_a_change_to_whoever_saw_it_before(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let seen = Some(house.open(id).await.row.version);
        house.say(&house.anna, id, "reply", "Сейчас узнаю.").await.unwrap();
        let mine = Change { version: seen, assignee_id: Some(house.boris.agent), ..Change::default() };
        assert_eq!(house.change(&house.boris, id, mine).await.unwrap_err().code(), "ticket_changed");
        let held = Change { version: seen, status: Some(Status::OnHold), ..Change::default() };
        assert_eq!(house.change(&house.boris, id, held).await.unwrap_err().code(), "ticket_changed");
        let pressing = Change { version: seen, priority: Some(Priority::High), ..Change::default() };
        house.change(&house.boris, id, pressing).await.unwrap();
    }

    async fn every_event_stands_on_exactly_one_page_of_a_conversation(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        for priority in [Priority::High, Priority::Low, Priority::Urgent, Priority::Normal, Priority::High] {
            house.pass(10);
            house.say(&house.anna, id, "note", "Ищем").await.unwrap();
            let change = Change { priority: Some(priority), ..Change::default() };
            house.change(&house.anna, id, change.clone()).await.unwrap();
            house.pass(10);
            let tags = Change { tags: Some(vec![priority.text().to_owned()]), ..change };
            house.change(&house.anna, id, tags).await.unwrap();
        }
        let all: Vec<i64> = house.open(id).await.events.iter().map(|event| event.id).collect();
        assert_eq!(all.len(), 11);
        let (mut paged, mut before) = (Vec::new(), None);
        loop {
            let (anna, now, page) = (house.anna.clone(), house.now, Page { before, limit: 2 });
            let ticket = house.store.read(move |tx| tickets::open(tx, &anna, id, &page, now)).await.unwrap();
            paged.splice(0..0, ticket.events.iter().map(|event| event.id));
            before = ticket.older;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(paged, all);
    }

    async fn a_mail_address_or_a_longer_name_calls_nobody(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let (ivan, anna) = house
            .write(|tx| {
                let ivan = crate::house::agent(tx, "ivan@shop.test", "Ivan Petrov", "agent")?;
                Ok((ivan, crate::house::agent(tx, "just@shop.test", "Anna", "agent")?))
            })
            .await
            .unwrap();
        house.say(&house.boris, id, "note", "Писал shop@anna.test, а @Ivan Petrova уже ушла").await.unwrap();
        let ticket = house.open(id).await;
        assert_eq!((ticket.messages.last().unwrap().mentions.as_slice(), ticket.follower_ids.len()), ([].as_slice(), 0));
        house.say(&house.boris, id, "note", "(@ivan petrov, @Anna: посмотрите)").await.unwrap();
        assert_eq!(house.open(id).await.messages.last().unwrap().mentions, [ivan, anna]);
    }
}
