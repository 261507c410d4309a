//! The wall: figures that agree with the tickets, people and roster they are of.

use crate::house::House;
use crate::routing::{asks, class, limit, shift, there};
use crate::sla::keep;
use opora_base::Store;
use opora_desk::actor::Sight;
use opora_desk::roster::classes::{self, QuestionClassForm};
use opora_desk::roster::cover::{Cover, CoverKind};
use opora_desk::roster::{self, ShiftForm};
use opora_desk::sla::promise::{self, PromiseForm};
use opora_desk::tickets::{Change, Status};
use opora_desk::wall::{self, Wall};
use opora_desk::{Actor, Error, TicketId};
use opora_testkit::engines;
use std::time::Duration;

async fn look(house: &House, actor: &Actor) -> Result<Wall, Error> {
    let (actor, now) = (actor.clone(), house.now);
    house.store.read(move |tx| wall::wall(tx, &actor, now)).await
}

async fn promised(house: &House, id: TicketId, seconds: u64) {
    let (anna, now) = (house.anna.clone(), house.now);
    let form = PromiseForm { due_at: now.plus(Duration::from_secs(seconds)), text: String::new() };
    house.write(move |tx| promise::make(tx, &anna, id, &form, now)).await.unwrap();
}

engines! {
    async fn who_waits_is_counted_by_queue_and_class_with_the_longest_first(store: Store) {
        let mut house = House::new(store).await;
        assert_eq!(look(&house, &house.admin).await.unwrap().queues, []);
        let money = class(&house, "Счета").await;
        let first = asks(&house, 1).await;
        let began = house.now;
        house.pass(600);
        let second = asks(&house, 2).await;
        let third = asks(&house, 3).await;
        house.change(&house.admin, second, Change { class_id: Some(Some(money)), ..Change::default() }).await.unwrap();
        let mine = Change { assignee_id: Some(house.anna.agent), ..Change::default() };
        house.change(&house.admin, third, mine).await.unwrap();
        let done = Change { status: Some(Status::Solved), ..Change::default() };
        house.change(&house.admin, third, done).await.unwrap();

        let wall = look(&house, &house.admin).await.unwrap();
        let told: Vec<_> = wall.queues.iter().map(|q| (q.class_id, q.open, q.waiting, q.unassigned, q.oldest)).collect();
        assert_eq!(told, [(None, 1, 1, 1, Some(began)), (Some(money), 1, 1, 1, Some(house.now))]);
        assert_eq!(wall.oldest.iter().map(|row| row.id).collect::<Vec<_>>(), [first, second]);
    }

    async fn deadlines_are_named_in_their_order_and_those_that_passed_are_counted(store: Store) {
        let mut house = House::new(store).await;
        let (late, soon, later) = (asks(&house, 1).await, asks(&house, 2).await, asks(&house, 3).await);
        asks(&house, 4).await;
        promised(&house, later, 9_000).await;
        promised(&house, soon, 4_000).await;
        promised(&house, late, 1_000).await;
        keep(&house).await;
        house.pass(1_000);
        let wall = look(&house, &house.admin).await.unwrap().deadlines;
        assert_eq!((wall.late, wall.soon), (1, 1));
        assert_eq!(wall.first.iter().map(|row| row.id).collect::<Vec<_>>(), [late, soon, later]);
    }

    async fn people_stand_with_what_they_have_in_hand(store: Store) {
        let house = House::new(store).await;
        let id = asks(&house, 1).await;
        let take = Change { assignee_id: Some(house.anna.agent), ..Change::default() };
        house.change(&house.admin, id, take).await.unwrap();
        limit(&house, &house.anna, 3).await;
        there(&house, &[&house.anna]).await;
        let wall = look(&house, &house.admin).await.unwrap();
        let of = |actor: &Actor| wall.people.iter().find(|one| Some(one.agent_id) == actor.agent).unwrap();
        assert_eq!(of(&house.anna).load.values().sum::<i64>(), 1);
        assert_eq!(of(&house.anna).limits.get("*"), Some(&3));
        assert_eq!((of(&house.anna).connected, of(&house.boris).connected), (true, false));
    }

    async fn where_nobody_is_until_the_day_ends_is_told_until_somebody_is_published(store: Store) {
        let house = House::new(store).await;
        let money = class(&house, "Счета").await;
        assert_eq!(look(&house, &house.admin).await.unwrap().gaps, []);
        let (admin, now) = (house.admin.clone(), house.now);
        let always = Cover { kind: CoverKind::Always, ..Cover::default() };
        let form = QuestionClassForm { cover: Some(always), ..QuestionClassForm::default() };
        house.write(move |tx| classes::change(tx, &admin, money, &form, now)).await.unwrap();
        let gaps = look(&house, &house.admin).await.unwrap().gaps;
        assert_eq!(gaps.iter().map(|gap| (gap.class_id, gap.span.from)).collect::<Vec<_>>(), [(Some(money), now)]);
        let (admin, boris) = (house.admin.clone(), house.boris.agent);
        let draft = ShiftForm {
            agent_id: boris,
            class_id: Some(Some(money)),
            starts_at: Some(now),
            ends_at: Some(now.plus(Duration::from_secs(28_800))),
            ..ShiftForm::default()
        };
        house.write(move |tx| roster::create(tx, &admin, &draft, now)).await.unwrap();
        assert_eq!(look(&house, &house.admin).await.unwrap().gaps, gaps, "a draft is nobody yet");
        shift(&house, Some(money), &house.anna).await;
        let wall = look(&house, &house.admin).await.unwrap();
        assert!(wall.gaps.first().is_none_or(|gap| gap.span.from > now), "{:?}", wall.gaps);
        let row = wall.duty.classes.iter().find(|row| row.class_id == Some(money)).unwrap();
        assert_eq!(row.people.iter().map(|person| Some(person.agent_id)).collect::<Vec<_>>(), [house.anna.agent, boris]);
    }

    async fn nobody_sees_more_on_the_wall_than_in_the_lists(store: Store) {
        let house = House::new(store).await;
        let id = asks(&house, 1).await;
        promised(&house, id, 60).await;
        keep(&house).await;
        let apart = Actor { sight: Sight::Teams(Vec::new(), Vec::new()), ..house.boris.clone() };
        let wall = look(&house, &apart).await.unwrap();
        assert_eq!((wall.queues.len(), wall.oldest.len(), wall.deadlines.first.len()), (0, 0, 0));
        assert_eq!((wall.deadlines.late, wall.deadlines.soon), (0, 0));
        let nobody = Actor { permissions: Vec::new(), ..house.boris.clone() };
        assert_eq!(look(&house, &nobody).await.unwrap_err().code(), "forbidden");
    }
}
