//! A mail's way in: what it becomes, and what it must never do.

use crate::house::{House, letter, mail};
use bytes::Bytes;
use opora_base::Store;
use opora_desk::Actor;
use opora_desk::mailroom::{Arrival, quarantine};
use opora_desk::tickets::{Change, MessageKind, MessageState, Status};
use opora_mail::Limits;
use opora_testkit::engines;

const VACATION: &str = "Auto-Submitted: auto-replied\nIn-Reply-To: <REF>\n";

async fn answered(house: &House) -> (opora_desk::TicketId, String) {
    house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
    let ticket = house.only_ticket().await;
    let reply = house.say(&house.anna, ticket.row.id, "reply", "Сейчас узнаю.").await.unwrap();
    let mail_id: String = house
        .store
        .read(move |tx| tx.one("SELECT mail_id FROM message WHERE id = $1", &[reply.into()]))
        .await
        .map_err(|e: opora_base::Error| e)
        .unwrap();
    (ticket.row.id, mail_id)
}

engines! {
    async fn a_mail_becomes_a_ticket_of_its_inbox_and_team(store: Store) {
        let house = House::new(store).await;
        house.mail(&letter("1@customer.test", "Re: Где заказ?", "Жду третий день.\n\n> вы писали")).await;
        let ticket = house.only_ticket().await;
        assert_eq!(ticket.row.subject, "Где заказ?");
        assert_eq!((ticket.row.status, ticket.row.team_id), (Status::New, Some(house.team)));
        assert_eq!(ticket.row.contact.name, "Ольга");
        assert_eq!(ticket.row.preview, "Жду третий день.");
        assert_eq!(ticket.row.waiting_since, Some(house.now));
        assert!(ticket.messages[0].text.contains("вы писали"), "nothing of the mail is lost");
    }

    async fn the_same_mail_by_two_routes_and_to_two_addresses_is_one_message(store: Store) {
        let house = House::new(store).await;
        let raw = letter("1@customer.test", "Привет", "Текст");
        house.mail(&raw).await;
        let second = house.mail_to(&format!("Received: from elsewhere\nDelivered-To: help@shop.test\n{raw}"), "help@shop.test").await;
        assert_eq!(house.state_of(second).await.0, "duplicate");
        assert_eq!(house.only_ticket().await.messages.len(), 1);
    }

    async fn a_repeated_message_id_with_other_words_is_another_message(store: Store) {
        let house = House::new(store).await;
        house.mail(&letter("same@customer.test", "Первое", "Один")).await;
        house.mail(&letter("same@customer.test", "Второе", "Два")).await;
        assert_eq!(house.list(&house.admin, "").await.total, 2);
    }

    async fn a_mail_without_message_id_is_received_once(store: Store) {
        let house = House::new(store).await;
        let raw = letter("gone@customer.test", "Без номера", "Текст").replace("Message-ID: <gone@customer.test>\n", "");
        house.mail(&raw).await;
        house.mail(&raw).await;
        assert_eq!(house.only_ticket().await.messages.len(), 1);
    }

    async fn an_answer_finds_its_ticket_by_reference_and_reopens_it(store: Store) {
        let mut house = House::new(store).await;
        let (id, mail_id) = answered(&house).await;
        house.change(&house.anna, id, Change { status: Some(Status::Solved), ..Change::default() }).await.unwrap();
        house.pass(3600);
        house.mail(&mail("olga@customer.test", "2@customer.test", "Совсем другая тема", &format!("In-Reply-To: <{mail_id}>\n"), "Всё ещё жду")).await;
        let ticket = house.only_ticket().await;
        assert_eq!(ticket.row.status, Status::Open);
        assert_eq!(ticket.messages.len(), 3);
        assert!(ticket.events.iter().any(|e| e.kind == "ticket.reopened"));
        assert_eq!(ticket.row.waiting_since, Some(house.now));
    }

    async fn an_answer_to_a_closed_ticket_begins_a_linked_follow_up(store: Store) {
        let house = House::new(store).await;
        let (id, mail_id) = answered(&house).await;
        house.change(&house.anna, id, Change { status: Some(Status::Closed), ..Change::default() }).await.unwrap();
        house.mail(&mail("olga@customer.test", "2@customer.test", "Re: Где заказ?", &format!("References: <{mail_id}>\n"), "Опять")).await;
        let page = house.list(&house.admin, "status:new").await;
        assert_eq!(page.total, 1);
        assert_eq!(house.open(page.items[0].id).await.previous_ticket_id, Some(id));
        assert_eq!(house.open(id).await.row.status, Status::Closed);
    }

    async fn a_subject_alone_never_finds_a_ticket_and_a_number_only_for_those_who_take_part(store: Store) {
        let house = House::new(store).await;
        house.mail(&letter("1@customer.test", "Вопрос", "Раз")).await;
        let id = house.only_ticket().await.row.id;
        house.mail(&letter("2@customer.test", "Re: Вопрос", "Два")).await;
        assert_eq!(house.list(&house.admin, "").await.total, 2, "the same subject is not the same ticket");
        house.mail(&mail("stranger@elsewhere.test", "3@x.test", &format!("[#{id}] Вопрос"), "", "Три")).await;
        assert_eq!(house.list(&house.admin, "").await.total, 3, "a stranger does not get in by a number");
        house.mail(&letter("4@customer.test", &format!("Re: [#{id}] Вопрос"), "Четыре")).await;
        assert_eq!(house.open(id).await.messages.len(), 2);
    }

    async fn a_plus_address_leads_back_even_without_references(store: Store) {
        let house = House::new(store).await;
        house.mail(&letter("1@customer.test", "Вопрос", "Раз")).await;
        let id = house.only_ticket().await.row.id;
        let address = house.write(move |tx| opora_desk::mailroom::plus_address(tx, id, "support@shop.test")).await.unwrap();
        house.mail_to(&mail("other@customer.test", "2@x.test", "no subject in common", "", "Два"), &address).await;
        assert_eq!(house.only_ticket().await.messages.len(), 2);
        let forged = address.replace(&address[address.len() - 14..address.len() - 10], "0000");
        house.mail_to(&mail("other@customer.test", "3@x.test", "forged", "", "Три"), &forged).await;
        assert_eq!(house.list(&house.admin, "").await.total, 2);
    }

    async fn a_vacation_notice_stands_in_the_ticket_and_changes_nothing(store: Store) {
        let mut house = House::new(store).await;
        let (id, mail_id) = answered(&house).await;
        house.change(&house.anna, id, Change { status: Some(Status::Solved), ..Change::default() }).await.unwrap();
        let before = house.open(id).await.row;
        house.pass(60);
        house.mail(&mail("olga@customer.test", "ooo@customer.test", "Автоответ: в отпуске", &VACATION.replace("REF", &mail_id), "Меня нет")).await;
        let after = house.open(id).await;
        assert_eq!(after.messages.last().unwrap().kind, MessageKind::Auto);
        assert_eq!((after.row.status, after.row.updated_at, after.row.preview), (Status::Solved, before.updated_at, before.preview));
    }

    async fn a_machines_mail_nobody_asked_for_opens_nothing_and_can_be_made_a_ticket(store: Store) {
        let house = House::new(store).await;
        let id = house.mail(&mail("news@list.test", "n@list.test", "Новости недели", "List-Id: <news.list.test>\nPrecedence: list\n", "Скидки")).await;
        assert_eq!(house.state_of(id).await, ("aside".to_owned(), Some("list".to_owned())));
        assert_eq!(house.list(&house.admin, "").await.total, 0);
        let ticket = quarantine::make_ticket(&house.store, &house.blobs, &Limits::default(), &house.admin, id, house.now).await.unwrap();
        assert_eq!(house.only_ticket().await.row.id, ticket);
    }

    async fn our_own_answer_coming_back_is_not_a_message(store: Store) {
        let house = House::new(store).await;
        let (id, mail_id) = answered(&house).await;
        let copy = house.mail(&mail("support@shop.test", &mail_id, "Re: Где заказ?", "", "Сейчас узнаю.")).await;
        assert_eq!(house.state_of(copy).await.0, "own");
        assert_eq!(house.open(id).await.messages.len(), 2);
    }

    async fn a_bounce_marks_the_answer_that_bounced_and_says_why(store: Store) {
        let house = House::new(store).await;
        let (id, mail_id) = answered(&house).await;
        house.change(&house.anna, id, Change { status: Some(Status::Waiting), ..Change::default() }).await.unwrap();
        let report = format!("From: MAILER-DAEMON@mx.test\nTo: support@shop.test\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <dsn@mx.test>\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nNo such user.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\nFinal-Recipient: rfc822; olga@customer.test\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{mail_id}>\nSubject: Re\n\n--b--\n");
        house.mail(&report).await;
        let ticket = house.open(id).await;
        let failed = ticket.messages.iter().find(|m| m.kind == MessageKind::Reply).unwrap();
        assert_eq!(failed.state, MessageState::Failed);
        assert!(failed.state_reason.as_deref().unwrap_or_default().contains("olga@customer.test"), "{:?}", failed.state_reason);
        assert_eq!(ticket.messages.last().unwrap().kind, MessageKind::Bounce);
        assert_eq!(ticket.row.status, Status::Open, "it is our turn again");
        assert!(ticket.events.iter().any(|e| e.kind == "message.failed"));
    }

    async fn what_cannot_be_understood_waits_in_quarantine_and_blocks_nobody(store: Store) {
        let house = House::new(store).await;
        let bad = house.mail("Subject: nobody wrote this\n\nanonymous").await;
        // An envelope sender is enough to answer; without any the mail needs a person.
        assert_eq!(house.state_of(bad).await.0, "done");
        let raw = Bytes::from_static(b"Subject: nobody\r\n\r\nx");
        let arrival = Arrival { inbox: None, route: "lmtp", envelope_from: String::new(), envelope_to: vec!["support@shop.test".into()], raw, historic: false };
        let lost = house.arrive(arrival).await;
        house.mail(&letter("after@customer.test", "Следующее", "Текст")).await;
        assert_eq!(house.state_of(lost).await, ("quarantined".to_owned(), Some("no_sender".to_owned())));
        assert_eq!(house.list(&house.admin, "").await.total, 2);
        let admin = house.admin.clone();
        let pile = house.store.read(move |tx| quarantine::list(tx, &admin, quarantine::Pile::Quarantined, 10)).await.unwrap();
        assert_eq!((pile.total, pile.items[0].reason_code.as_str()), (1, "no_sender"));
        let raw = quarantine::raw(&house.store, &house.blobs, &house.admin, lost).await.unwrap();
        assert_eq!(&raw[..], b"Subject: nobody\r\n\r\nx");
        let ticket = quarantine::make_ticket(&house.store, &house.blobs, &Limits::default(), &house.admin, lost, house.now).await.unwrap();
        assert!(house.open(ticket).await.row.contact.address.ends_with("@unknown.invalid"), "nobody is answered by mistake");
    }

    async fn a_large_mail_lies_beside_the_database_and_is_read_the_same(store: Store) {
        let house = House::new(store).await;
        let text = "длинная строка письма\n".repeat(20_000);
        house.mail(&letter("big@customer.test", "Большое", &text)).await;
        let ticket = house.only_ticket().await;
        assert!(ticket.messages[0].text.len() > 256 * 1024);
        let raw = quarantine::raw_of_message(&house.store, &house.blobs, &house.admin, ticket.messages[0].id).await.unwrap();
        assert!(raw.len() > 256 * 1024);
    }

    async fn an_import_brings_old_mail_closed_and_in_its_own_time(store: Store) {
        let house = House::new(store).await;
        let raw = letter("old@customer.test", "Давно", "Текст").replace("21 Sep 2026", "21 Sep 2020");
        let arrival = Arrival { inbox: Some(house.inbox), route: "import", envelope_from: String::new(), envelope_to: Vec::new(), raw: Bytes::from(raw), historic: true };
        house.arrive(arrival).await;
        let ticket = house.only_ticket().await;
        assert_eq!(ticket.row.status, Status::Closed);
        assert!(ticket.row.created_at.to_rfc3339().starts_with("2020-09-21"), "{}", ticket.row.created_at);
        assert_eq!(ticket.row.waiting_since, None);
        assert!(!ticket.row.unread);
    }

    async fn a_mail_to_none_of_our_addresses_is_for_a_person_to_look_at(store: Store) {
        let house = House::new(store).await;
        let lost = house.mail_to(&letter("x@customer.test", "Кому?", "Текст").replace("To: support@shop.test\n", "To: other@else.test\n"), "other@else.test").await;
        assert_eq!(house.state_of(lost).await.1.as_deref(), Some("no_inbox"));
    }

    async fn two_machines_talking_are_stopped(store: Store) {
        let house = House::new(store).await;
        house.mail(&letter("0@customer.test", "ping", "0")).await;
        let id = house.only_ticket().await.row.id;
        for n in 1..40 {
            house.mail(&mail("olga@customer.test", &format!("{n}@customer.test"), "ping", "In-Reply-To: <0@customer.test>\n", &format!("{n}"))).await;
        }
        assert_eq!(house.open(id).await.messages.len(), 20);
        let admin: Actor = house.admin.clone();
        let pile = house.store.read(move |tx| quarantine::list(tx, &admin, quarantine::Pile::Quarantined, 100)).await.unwrap();
        assert_eq!(pile.total, 20);
        assert!(pile.items.iter().all(|laid| laid.reason_code == "loop"));
    }

    async fn somebody_else_who_writes_into_a_ticket_gets_the_answers_too(store: Store) {
        let house = House::new(store).await;
        let (id, mail_id) = answered(&house).await;
        house.mail(&mail("Пётр <petr@customer.test>", "p@customer.test", "Re: Где заказ?", &format!("References: <{mail_id}>\n"), "И я жду")).await;
        let ticket = house.open(id).await;
        assert_eq!(ticket.cc.iter().map(|a| a.address.as_str()).collect::<Vec<_>>(), ["petr@customer.test"]);
    }
}
