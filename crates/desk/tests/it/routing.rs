//! Who takes what: the most urgent ticket, for one person at a time.

use crate::house::{House, agent, mail};
use opora_base::Store;
use opora_desk::department::teams::{self, TeamForm};
use opora_desk::people::agents;
use opora_desk::routing::{self, Next, Reason};
use opora_desk::sla::promise::{self, PromiseForm};
use opora_desk::tickets::{Change, Priority, Status};
use opora_desk::{Actor, TicketId};
use opora_testkit::engines;
use std::collections::BTreeSet;
use std::time::Duration;

async fn asks(house: &House, number: usize) -> TicketId {
    let (from, id) = (format!("Клиент {number} <c{number}@customer.test>"), format!("{number}@c.test"));
    house.mail(&mail(&from, &id, &format!("Вопрос {number}"), "", "Помогите")).await;
    let page = house.page(&house.admin, "", "-id", "", 1).await;
    page.items[0].id
}

async fn next(house: &House, actor: &Actor, besides: &[TicketId]) -> Option<Next> {
    let (actor, now, besides) = (actor.clone(), house.now, besides.to_vec());
    house.write(move |tx| routing::next(tx, &actor, &besides, now)).await.unwrap()
}

async fn pressing(house: &House, id: TicketId, priority: Priority) {
    house.change(&house.admin, id, Change { priority: Some(priority), ..Change::default() }).await.unwrap();
}

engines! {
    async fn the_most_urgent_comes_first_and_says_why(store: Store) {
        let mut house = House::new(store).await;
        let old = asks(&house, 1).await;
        let waits_since = house.now;
        house.pass(3_600);
        let urgent = asks(&house, 2).await;
        pressing(&house, urgent, Priority::Urgent).await;
        let promised = asks(&house, 3).await;
        let (admin, now) = (house.admin.clone(), house.now);
        let due_at = now.plus(Duration::from_secs(60));
        house.write(move |tx| promise::make(tx, &admin, promised, &PromiseForm { due_at, text: String::new() }, now)).await.unwrap();
        let first = next(&house, &house.anna, &[]).await.unwrap();
        assert_eq!((first.ticket.id, first.reason, first.left), (promised, Reason::Due { due_at }, 2));
        assert_eq!(first.ticket.assignee_id, house.anna.agent);
        let second = next(&house, &house.anna, &[promised]).await.unwrap();
        assert_eq!((second.ticket.id, second.reason, second.own), (urgent, Reason::Waits { since: now }, false));
        let third = next(&house, &house.anna, &[promised, urgent]).await.unwrap();
        assert_eq!((third.ticket.id, third.reason, third.left), (old, Reason::Waits { since: waits_since }, 0));
        // One's own that is late comes before what is free.
        house.pass(120);
        asks(&house, 4).await;
        let own = next(&house, &house.anna, &[]).await.unwrap();
        assert_eq!((own.ticket.id, own.reason, own.own, own.left), (promised, Reason::Late { due_at }, true, 1));
    }

    async fn another_teams_tickets_are_not_ones_own_to_take(store: Store) {
        let house = House::new(store).await;
        let id = asks(&house, 1).await;
        let (admin, now, boris) = (house.admin.clone(), house.now, house.boris.agent.unwrap());
        let form = TeamForm { name: "Вторая линия".into(), member_ids: Some(vec![boris]) };
        let second = house.write(move |tx| teams::create(tx, &admin, &form, now)).await.unwrap().id;
        assert!(next(&house, &house.boris, &[]).await.is_none());
        house.change(&house.admin, id, Change { team_id: Some(Some(second)), ..Change::default() }).await.unwrap();
        assert!(next(&house, &house.anna, &[]).await.is_none());
        assert_eq!(next(&house, &house.boris, &[]).await.unwrap().ticket.id, id);
    }

    async fn what_is_done_or_waits_for_the_customer_is_nobodys_next(store: Store) {
        let house = House::new(store).await;
        for (number, status) in [Status::Waiting, Status::OnHold, Status::Solved].into_iter().enumerate() {
            let id = asks(&house, number).await;
            house.change(&house.admin, id, Change { status: Some(status), ..Change::default() }).await.unwrap();
        }
        assert!(next(&house, &house.anna, &[]).await.is_none());
    }

    // 64 who press at the same moment.
    async fn two_never_get_the_same(store: Store) {
        let house = House::new(store).await;
        let mut takers = Vec::new();
        for number in 0..64_usize {
            asks(&house, number).await;
            let name = format!("Сотрудник {number}");
            let email = format!("taker{number}@shop.test");
            takers.push(house.write(move |tx| { let id = agent(tx, &email, &name, "agent")?; agents::actor(tx, id) }).await.unwrap());
        }
        let now = house.now;
        let pressing = takers.into_iter().map(|taker| {
            let store = house.store.clone();
            tokio::spawn(async move { store.write(move |tx| routing::next(tx, &taker, &[], now)).await })
        });
        let mut got = BTreeSet::new();
        for pressed in futures::future::join_all(pressing).await {
            let next = pressed.unwrap().unwrap().expect("there is one for each");
            assert!(got.insert(next.ticket.id), "{} was given twice", next.ticket.id);
        }
        assert_eq!(got.len(), 64);
    }
}
