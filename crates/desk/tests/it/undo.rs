//! Taking an answer back, also long after it was written: what colleagues did meanwhile stays.

use crate::house::{House, letter};
use opora_base::Store;
use opora_desk::mailroom::outgoing;
use opora_desk::tickets::{self, Change, MessageForm, Snooze, Status, TicketRow};
use opora_desk::{Actor, MessageId, TicketId};
use opora_testkit::engines;
use std::time::Duration;

async fn asked(house: &House) -> TicketId {
    house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
    house.only_ticket().await.row.id
}

/// Anna's answer that goes in an hour.
async fn later(house: &House, ticket: TicketId) -> MessageId {
    let send_at = Some(house.now.plus(Duration::from_secs(3_600)));
    let form = MessageForm {
        kind: "reply".into(),
        body_text: Some("Завтра привезём".into()),
        send_at,
        ..MessageForm::default()
    };
    house.post(&house.anna, ticket, form).await.unwrap()
}

async fn take_back(house: &House, message: MessageId) {
    let (anna, now) = (house.anna.clone(), house.now);
    house.write(move |tx| tickets::undo(tx, &anna, message, now)).await.unwrap();
}

/// What the list shows of a ticket, and where it stands.
fn shown(row: TicketRow) -> impl PartialEq + std::fmt::Debug {
    (
        (row.status, row.snoozed_until, row.assignee_id, row.waiting_since),
        (row.preview, row.last_author, row.message_count, row.unread),
    )
}

async fn give(house: &House, ticket: TicketId, to: &Actor, status: Status) {
    let change = Change { status: Some(status), assignee_id: Some(to.agent), ..Change::default() };
    house.change(&house.boris, ticket, change).await.unwrap();
}

engines! {
    async fn what_colleagues_did_since_an_answer_outlives_its_taking_back(store: Store) {
        let mut house = House::new(store).await;
        let id = asked(&house).await;
        let message = later(&house, id).await;
        house.pass(600);
        give(&house, id, &house.boris, Status::Waiting).await;
        take_back(&house, message).await;
        let row = house.open(id).await.row;
        assert_eq!((row.status, row.assignee_id), (Status::Waiting, house.boris.agent));
        assert_eq!(house.list(&house.admin, "status:waiting").await.total, 1);
    }

    async fn an_answer_taken_back_tells_what_it_put_back(store: Store) {
        let house = House::new(store).await;
        let id = asked(&house).await;
        let message = house.say(&house.anna, id, "reply", "Поспешил").await.unwrap();
        let seen = house.open(id).await.row.version;
        take_back(&house, message).await;
        let events = house.open(id).await.events;
        let last = |kind: &str| events.iter().rfind(|event| event.kind == kind).expect("told").data.clone();
        assert_eq!((last("ticket.status")["from"].clone(), last("ticket.status")["to"].clone()), ("open".into(), "new".into()));
        assert!(last("ticket.assigned")["to"].is_null());
        let unaware = Change { version: Some(seen), status: Some(Status::Solved), ..Change::default() };
        assert_eq!(house.change(&house.boris, id, unaware).await.unwrap_err().code(), "ticket_changed");
    }

    async fn a_note_after_an_answer_does_not_hide_that_the_customer_waits_again(store: Store) {
        let mut house = House::new(store).await;
        let id = asked(&house).await;
        let before = house.open(id).await.row;
        let message = house.say(&house.anna, id, "reply", "Поспешил").await.unwrap();
        house.pass(2);
        let note = house.say(&house.boris, id, "note", "Это не тот заказ").await.unwrap();
        take_back(&house, message).await;
        let after = house.open(id).await;
        assert_eq!((after.row.status, after.row.assignee_id), (Status::New, None));
        assert_eq!((after.row.waiting_since, after.row.preview, after.row.last_author), (before.waiting_since, before.preview, before.last_author));
        assert_eq!(after.messages.last().map(|message| message.id), Some(note));
    }

    async fn two_answers_taken_back_in_either_order_leave_the_ticket_as_before(store: Store) {
        let house = House::new(store).await;
        let id = asked(&house).await;
        let before = house.open(id).await.row;
        for first_comes_first in [true, false] {
            let one = house.say(&house.anna, id, "reply", "Сейчас узнаю").await.unwrap();
            let two = house.say(&house.anna, id, "reply", "Нет, завтра").await.unwrap();
            let (first, second) = if first_comes_first { (one, two) } else { (two, one) };
            take_back(&house, first).await;
            let between = house.open(id).await.row;
            assert_eq!((between.status, between.assignee_id, between.waiting_since), (Status::Open, house.anna.agent, None), "one answer still stands");
            take_back(&house, second).await;
            assert_eq!(shown(house.open(id).await.row), shown(before.clone()), "{first_comes_first}");
        }
        assert_eq!(house.list(&house.admin, "status:new").await.total, 1);
    }

    async fn an_answer_that_stands_keeps_the_ticket_its_writers(store: Store) {
        let mut house = House::new(store).await;
        let id = asked(&house).await;
        let scheduled = later(&house, id).await;
        let quick = house.say(&house.anna, id, "reply", "Уже едет").await.unwrap();
        house.pass(20);
        let now = house.now;
        let jobs = house.store.write_rc(move |tx| outgoing::claim(tx, "me", 10, now)).await.unwrap();
        assert_eq!(jobs.iter().filter_map(outgoing::message_of).collect::<Vec<_>>(), [quick]);
        take_back(&house, scheduled).await;
        let row = house.open(id).await.row;
        assert_eq!((row.status, row.assignee_id, row.waiting_since), (Status::Open, house.anna.agent, None));
        assert_eq!(row.preview, "Уже едет");
    }

    async fn a_ticket_whose_only_other_answer_goes_later_still_waits(store: Store) {
        let house = House::new(store).await;
        let id = asked(&house).await;
        let waits_since = house.open(id).await.row.waiting_since;
        later(&house, id).await;
        let quick = house.say(&house.anna, id, "reply", "Поспешил").await.unwrap();
        take_back(&house, quick).await;
        assert_eq!(house.open(id).await.row.waiting_since, waits_since);
    }

    async fn a_ticket_that_slept_before_an_answer_sleeps_again_without_it(store: Store) {
        let mut house = House::new(store).await;
        let id = asked(&house).await;
        let until = house.now.plus(Duration::from_secs(3_600));
        for until in [Some(until), None] {
            house.change(&house.anna, id, Change { snooze: Some(Some(Snooze { until })), ..Change::default() }).await.unwrap();
            let before = house.open(id).await.row;
            let form = MessageForm { kind: "reply".into(), body_text: Some("Ждём вас".into()), status: Some(Status::Waiting), ..MessageForm::default() };
            let message = house.post(&house.anna, id, form).await.unwrap();
            assert!(!house.open(id).await.row.snoozed);
            house.pass(5);
            take_back(&house, message).await;
            let after = house.open(id).await.row;
            assert!(after.snoozed);
            assert_eq!(shown(after), shown(before));
            let timers = house.store.read(move |tx| opora_base::timer::due(tx, START_OF_NEXT_YEAR, 10)).await.unwrap();
            assert_eq!(timers.iter().map(|timer| Some(timer.due_at)).collect::<Vec<_>>(), until.map(Some).into_iter().collect::<Vec<_>>());
        }
    }

    async fn a_sleep_that_is_over_meanwhile_is_not_begun_again(store: Store) {
        let mut house = House::new(store).await;
        let id = asked(&house).await;
        let until = Some(house.now.plus(Duration::from_secs(60)));
        house.change(&house.anna, id, Change { snooze: Some(Some(Snooze { until })), ..Change::default() }).await.unwrap();
        let send_at = Some(house.now.plus(Duration::from_secs(3_600)));
        let form = MessageForm { kind: "reply".into(), body_text: Some("Ждём вас".into()), status: Some(Status::Waiting), send_at, ..MessageForm::default() };
        let message = house.post(&house.anna, id, form).await.unwrap();
        house.pass(600);
        take_back(&house, message).await;
        let row = house.open(id).await.row;
        assert_eq!((row.status, row.snoozed), (Status::Open, false));
        assert!(row.waiting_since.is_some());
    }
}

const START_OF_NEXT_YEAR: opora_base::Time = opora_base::Time::from_seconds(1_798_761_600);
