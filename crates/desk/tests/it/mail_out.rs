//! An answer's way out: queued, taken back, sent, waiting, failed.

use crate::house::{House, letter};
use opora_base::Store;
use opora_desk::mailroom::outgoing::{self, Failure};
use opora_desk::tickets::{self, MessageKind, MessageState, Status};
use opora_desk::{MessageId, TicketId};
use opora_testkit::engines;
use std::time::Duration;

async fn answered(house: &House) -> (TicketId, MessageId) {
    house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
    let ticket = house.only_ticket().await.row.id;
    let reply = house.say(&house.anna, ticket, "reply", "Сейчас узнаю.").await.unwrap();
    (ticket, reply)
}

async fn claim(house: &House) -> Vec<opora_base::job::Job> {
    let now = house.now;
    house.store.write_rc(move |tx| outgoing::claim(tx, "me", 10, now)).await.unwrap()
}

async fn load(house: &House, message: MessageId) -> outgoing::Letter {
    house.write(move |tx| outgoing::load(tx, message)).await.unwrap().expect("still to be sent")
}

engines! {
    async fn an_answer_waits_ten_seconds_and_then_goes(store: Store) {
        let mut house = House::new(store).await;
        let (ticket, message) = answered(&house).await;
        assert!(claim(&house).await.is_empty());
        house.pass(10);
        let job = claim(&house).await.pop().expect("due");
        let letter = load(&house, message).await;
        assert_eq!(letter.envelope_to, ["olga@customer.test"]);
        let raw = String::from_utf8(letter.compose(Vec::new()).unwrap()).unwrap();
        assert!(raw.contains("In-Reply-To: <first@customer.test>") && raw.contains("References: <first@customer.test>"), "{raw}");
        assert!(raw.contains("From: ") && raw.contains("support@shop.test"), "{raw}");
        let now = house.now;
        house.write(move |tx| outgoing::sent(tx, &job, "me", &letter, &[], now)).await.unwrap();
        let opened = house.open(ticket).await;
        assert_eq!(opened.messages[1].state, MessageState::Sent);
        house.pass(3600);
        assert!(claim(&house).await.is_empty(), "once");
    }

    async fn an_answer_taken_back_is_a_draft_again_and_the_ticket_stands_as_before(store: Store) {
        let mut house = House::new(store).await;
        house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
        let before = house.only_ticket().await.row;
        let message = house.say(&house.anna, before.id, "reply", "Поспешил").await.unwrap();
        house.pass(5);
        let (anna, now) = (house.anna.clone(), house.now);
        let draft = house.write(move |tx| tickets::undo(tx, &anna, message, now)).await.unwrap();
        assert!(draft.body_html.contains("Поспешил"));
        let after = house.open(before.id).await;
        assert_eq!(
            (after.row.status, after.row.assignee_id, after.row.preview.as_str(), after.row.last_author.as_str(), after.row.waiting_since),
            (before.status, before.assignee_id, before.preview.as_str(), before.last_author.as_str(), before.waiting_since)
        );
        assert_eq!(after.messages.len(), 1);
        house.pass(60);
        assert!(claim(&house).await.is_empty());
        assert_eq!(house.list(&house.admin, "status:new").await.total, 1);
    }

    async fn a_colleagues_answer_cannot_be_taken_back_nor_one_that_left(store: Store) {
        let mut house = House::new(store).await;
        let (_, message) = answered(&house).await;
        let (boris, now) = (house.boris.clone(), house.now);
        let refused = house.write(move |tx| tickets::undo(tx, &boris, message, now)).await.unwrap_err();
        assert_eq!(refused.code(), "forbidden");
        house.pass(11);
        claim(&house).await;
        let (anna, now) = (house.anna.clone(), house.now);
        let late = house.write(move |tx| tickets::undo(tx, &anna, message, now)).await.unwrap_err();
        assert_eq!(late.code(), "already_sent");
    }

    async fn a_server_that_is_down_for_hours_delays_and_loses_nothing(store: Store) {
        let mut house = House::new(store).await;
        let (ticket, message) = answered(&house).await;
        house.pass(10);
        let mut attempts = 0;
        for _ in 0..240 {
            for job in claim(&house).await {
                attempts += 1;
                let letter = load(&house, message).await;
                let failure = Failure { code: "unreachable".into(), reason: "no route to host".into(), permanent: false, server: true };
                let now = house.now;
                house.write(move |tx| outgoing::failed(tx, &job, "me", &letter, &failure, now)).await.unwrap();
            }
            house.pass(30);
        }
        assert!((20..60).contains(&attempts), "{attempts} attempts in two hours");
        let waiting = house.open(ticket).await;
        assert_eq!(waiting.messages[1].state, MessageState::Queued);
        assert_eq!(waiting.messages[1].state_code.as_deref(), Some("unreachable"), "the agent saw it waiting");
        house.pass(400);
        let job = claim(&house).await.pop().expect("offered again");
        let letter = load(&house, message).await;
        let now = house.now;
        house.write(move |tx| outgoing::sent(tx, &job, "me", &letter, &[], now)).await.unwrap();
        assert_eq!(house.open(ticket).await.messages[1].state, MessageState::Sent);
    }

    async fn a_refused_answer_has_failed_and_can_be_tried_again(store: Store) {
        let mut house = House::new(store).await;
        let (ticket, message) = answered(&house).await;
        house.pass(10);
        let job = claim(&house).await.pop().expect("due");
        let letter = load(&house, message).await;
        let failure = Failure { code: "refused".into(), reason: "550 no such user".into(), permanent: true, server: false };
        let now = house.now;
        house.write(move |tx| outgoing::failed(tx, &job, "me", &letter, &failure, now)).await.unwrap();
        assert_eq!(house.open(ticket).await.messages[1].state, MessageState::Failed);
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| tickets::retry(tx, &anna, message, now)).await.unwrap();
        assert_eq!(claim(&house).await.len(), 1);
    }

    async fn a_worker_that_died_loses_its_lease_and_the_answer_goes_once_more(store: Store) {
        let mut house = House::new(store).await;
        answered(&house).await;
        house.pass(10);
        assert_eq!(claim(&house).await.len(), 1);
        house.now = house.now.plus(outgoing::LEASE + Duration::from_secs(1));
        let again = claim(&house).await;
        assert!(again.len() == 1 && again[0].was_abandoned);
    }

    async fn an_answer_makes_the_ticket_its_writers_and_ends_the_wait(store: Store) {
        let house = House::new(store).await;
        let (ticket, _) = answered(&house).await;
        let opened = house.open(ticket).await;
        assert_eq!((opened.row.assignee_id, opened.row.waiting_since), (house.anna.agent, None));
        assert_eq!(opened.row.status, Status::Open);
        assert_eq!(opened.messages[1].kind, MessageKind::Reply);
    }
}
