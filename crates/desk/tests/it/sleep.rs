//! Tickets asleep and answers that go later.

use crate::house::{House, letter, mail};
use opora_base::Store;
use opora_desk::mailroom::outgoing;
use opora_desk::tickets::{self, Change, MessageForm, MessageState, Snooze, Status};
use opora_desk::{MessageId, TicketId};
use opora_testkit::engines;
use std::time::Duration;

async fn one(house: &House) -> TicketId {
    house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
    house.only_ticket().await.row.id
}

fn asleep(until: Option<opora_base::Time>) -> Change {
    Change { snooze: Some(Some(Snooze { until })), ..Change::default() }
}

/// What the binary does when a timer is due.
async fn ring(house: &House) -> usize {
    let now = house.now;
    house
        .write(move |tx| {
            let due = opora_base::timer::due(tx, now, 10)?;
            for timer in due.iter().filter(|timer| timer.kind == tickets::WAKE_TIMER) {
                assert!(opora_base::timer::take(tx, timer)?);
                tickets::wake_when_over(tx, TicketId(timer.subject), now)?;
            }
            Ok(due.len())
        })
        .await
        .unwrap()
}

async fn later(house: &House, ticket: TicketId, seconds: u64) -> MessageId {
    let at = house.now.plus(Duration::from_secs(seconds));
    let form = MessageForm {
        kind: "reply".into(),
        body_text: Some("Завтра привезём".into()),
        send_at: Some(at),
        ..MessageForm::default()
    };
    house.post(&house.anna, ticket, form).await.unwrap()
}

async fn claimed(house: &House) -> Vec<MessageId> {
    let now = house.now;
    let jobs = house.store.write_rc(move |tx| outgoing::claim(tx, "me", 10, now)).await.unwrap();
    jobs.iter().filter_map(outgoing::message_of).collect()
}

engines! {
    async fn a_ticket_asleep_wakes_at_its_time_and_the_customer_still_waits(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        let waits_since = house.open(id).await.row.waiting_since;
        let until = house.now.plus(Duration::from_secs(3_600));
        house.change(&house.anna, id, asleep(Some(until))).await.unwrap();
        let row = house.open(id).await.row;
        assert_eq!((row.status, row.snoozed, row.snoozed_until, row.waiting_since), (Status::OnHold, true, Some(until), None));
        assert_eq!(house.list(&house.anna, "is:snoozed").await.total, 1);
        house.pass(3_599);
        assert_eq!(ring(&house).await, 0);
        house.pass(1);
        assert_eq!(ring(&house).await, 1);
        let row = house.open(id).await.row;
        assert_eq!((row.status, row.snoozed, row.snoozed_until, row.waiting_since), (Status::Open, false, None, waits_since));
        assert_eq!(house.list(&house.anna, "is:snoozed").await.total, 0);
        assert_eq!(house.list(&house.anna, "status:open").await.total, 1);
    }

    async fn a_customers_word_wakes_a_ticket_and_its_timer_is_forgotten(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        house.change(&house.anna, id, asleep(Some(house.now.plus(Duration::from_secs(60))))).await.unwrap();
        house.pass(10);
        house.mail(&mail("Ольга <olga@customer.test>", "second@customer.test", "Re: Где заказ?", "In-Reply-To: <first@customer.test>\n", "Ау")).await;
        let row = house.open(id).await.row;
        assert_eq!((row.status, row.snoozed), (Status::Open, false));
        house.pass(100);
        assert_eq!(ring(&house).await, 0);

        house.change(&house.anna, id, asleep(None)).await.unwrap();
        let row = house.open(id).await.row;
        assert_eq!((row.snoozed, row.snoozed_until), (true, None));
        house.change(&house.anna, id, Change { snooze: Some(None), ..Change::default() }).await.unwrap();
        assert_eq!(house.open(id).await.row.status, Status::Open);
    }

    async fn any_other_status_ends_the_sleep_and_the_past_is_refused(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let refused = house.change(&house.anna, id, asleep(Some(house.now))).await.unwrap_err();
        assert_eq!(refused.code(), "validation");
        house.change(&house.anna, id, asleep(Some(house.now.plus(Duration::from_secs(60))))).await.unwrap();
        house.change(&house.boris, id, Change { status: Some(Status::Solved), ..Change::default() }).await.unwrap();
        assert!(!house.open(id).await.row.snoozed);
        assert_eq!(ring(&house).await, 0);
    }

    async fn an_answer_for_later_goes_then_and_until_then_the_customer_waits(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        let message = later(&house, id, 3_600).await;
        let ticket = house.open(id).await;
        assert_eq!(ticket.messages[1].state, MessageState::Scheduled);
        assert!(ticket.row.waiting_since.is_some());
        house.pass(60);
        assert!(claimed(&house).await.is_empty());
        house.pass(3_600);
        assert_eq!(claimed(&house).await, [message]);
        let ticket = house.open(id).await;
        assert_eq!((ticket.messages[1].state, ticket.row.waiting_since), (MessageState::Sending, None));
    }

    async fn an_answer_for_later_can_be_taken_back_long_afterwards(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        let message = later(&house, id, 3_600).await;
        house.pass(1_800);
        let (anna, now) = (house.anna.clone(), house.now);
        let draft = house.write(move |tx| tickets::undo(tx, &anna, message, now)).await.unwrap();
        assert!(draft.body_html.contains("Завтра"));
        house.pass(3_600);
        assert!(claimed(&house).await.is_empty());
    }

    async fn an_answer_for_later_is_held_when_the_customer_writes_before_it(store: Store) {
        let mut house = House::new(store).await;
        let id = one(&house).await;
        let message = later(&house, id, 3_600).await;
        house.pass(60);
        house.mail(&mail("Ольга <olga@customer.test>", "second@customer.test", "Re: Где заказ?", "In-Reply-To: <first@customer.test>\n", "Уже не надо")).await;
        let ticket = house.open(id).await;
        assert_eq!((ticket.messages[1].state, ticket.messages[1].state_code.as_deref()), (MessageState::Held, Some("customer_wrote")));
        assert!(ticket.events.iter().any(|event| event.kind == "message.held"));
        assert!(ticket.events.iter().any(|event| event.kind == "message.held"));
        house.pass(7_200);
        assert!(claimed(&house).await.is_empty(), "nothing goes unseen");
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| tickets::retry(tx, &anna, message, now)).await.unwrap();
        assert_eq!(claimed(&house).await, [message]);
    }

    async fn an_answer_puts_its_ticket_to_sleep_in_one_gesture(store: Store) {
        let house = House::new(store).await;
        let id = one(&house).await;
        let until = house.now.plus(Duration::from_secs(86_400));
        let form = MessageForm { kind: "reply".into(), body_text: Some("Жду склад".into()), snooze: Some(Snooze { until: Some(until) }), ..MessageForm::default() };
        let message = house.post(&house.anna, id, form).await.unwrap();
        let row = house.open(id).await.row;
        assert_eq!((row.status, row.snoozed_until), (Status::OnHold, Some(until)));
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| tickets::undo(tx, &anna, message, now)).await.unwrap();
        let row = house.open(id).await.row;
        assert_eq!((row.status, row.snoozed), (Status::New, false), "as before the answer");
    }
}
