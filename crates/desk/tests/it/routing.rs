//! Who takes what: the most urgent ticket, for one person at a time.

use crate::house::{House, agent, mail};
use opora_base::{Store, Time, Tx, timer};
use opora_desk::department::teams::{self, TeamForm};
use opora_desk::people::agents;
use opora_desk::roster::classes::{self, QuestionClassForm};
use opora_desk::roster::{self, PublishForm, ShiftForm};
use opora_desk::routing::people::{self, RaiseForm, WorkerForm};
use opora_desk::routing::routes::{self, RouteForm};
use opora_desk::routing::{self, Mode, Next, Reason};
use opora_desk::sla::promise::{self, PromiseForm};
use opora_desk::tickets::{Change, Priority, Status};
use opora_desk::{Actor, Error, QuestionClassId, TicketId};
use opora_testkit::engines;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub async fn asks(house: &House, number: usize) -> TicketId {
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

fn least(name: &str) -> RouteForm {
    RouteForm {
        version: None,
        name: name.into(),
        active: true,
        filter: String::new(),
        class_id: None,
        team_id: None,
        mode: Mode::LeastLoaded,
        by_roster: false,
        skills: Vec::new(),
        prefer: Vec::new(),
        return_minutes: None,
    }
}

/// The house's own team would be asked alone; here everybody helps.
async fn route(house: &House, form: RouteForm) {
    let (admin, now, team, both) = (house.admin.clone(), house.now, house.team, [house.anna.agent, house.boris.agent]);
    let members =
        TeamForm { name: "Первая линия".into(), member_ids: Some(both.into_iter().flatten().collect()) };
    let done = house.write(move |tx| {
        teams::change(tx, &admin, team, &members, now)?;
        routes::create(tx, &admin, &form, now)
    });
    done.await.unwrap();
}

/// Their screens are connected.
pub async fn there(house: &House, actors: &[&Actor]) {
    let agents: Vec<_> = actors.iter().filter_map(|actor| actor.agent).collect();
    let now = house.now;
    house.write(move |tx| people::seen(tx, &agents, now)).await.unwrap();
}

/// What the binary does: rings what is due, then hands out until nothing moves.
async fn hand_out(house: &House) {
    let now = house.now;
    let due = house.write(move |tx| Ok(timer::due(tx, now, 100)?)).await.unwrap();
    for timer in due.into_iter().filter(|timer| timer.kind == routing::RETURN_TIMER) {
        let ring = move |tx: &mut Tx<'_>| {
            if timer::take(tx, &timer)? { routing::when_over(tx, TicketId(timer.subject), now) } else { Ok(()) }
        };
        house.write(ring).await.unwrap();
    }
    while house.write(move |tx| routing::distribute(tx, now)).await.unwrap() > 0 {}
}

pub async fn class(house: &House, name: &str) -> QuestionClassId {
    let (admin, now) = (house.admin.clone(), house.now);
    let form = QuestionClassForm { name: Some(name.into()), ..QuestionClassForm::default() };
    house.write(move |tx| classes::create(tx, &admin, &form, now)).await.unwrap().id
}

/// At the desk the whole of this day.
pub async fn shift(house: &House, class: Option<QuestionClassId>, actor: &Actor) {
    let (admin, now, agent) = (house.admin.clone(), house.now, actor.agent);
    let (from, until) = (Time(now.0 - 3_600_000_000), Time(now.0 + 8 * 3_600_000_000));
    let form = ShiftForm {
        agent_id: agent,
        class_id: Some(class),
        starts_at: Some(from),
        ends_at: Some(until),
        ..ShiftForm::default()
    };
    let publish = PublishForm { from, until };
    let done = house.write(move |tx| {
        roster::create(tx, &admin, &form, now)?;
        roster::publish(tx, &admin, &publish, now)
    });
    done.await.unwrap();
}

async fn on_duty(house: &House, duties: &[(QuestionClassId, &Actor)]) {
    for (class, actor) in duties {
        shift(house, Some(*class), actor).await;
    }
}

pub async fn limit(house: &House, actor: &Actor, most: i64) {
    let (admin, agent, now) = (house.admin.clone(), actor.agent.unwrap(), house.now);
    let form = WorkerForm { limits: BTreeMap::from([("*".to_owned(), most)]), skills: Vec::new() };
    house.write(move |tx| people::set(tx, &admin, agent, &form, now)).await.unwrap();
}

async fn raise(house: &House, actor: &Actor, to: i64) -> Result<(), Error> {
    let (actor, now) = (actor.clone(), house.now);
    let form =
        RaiseForm { limits: BTreeMap::from([("*".to_owned(), to)]), until: now.plus(Duration::from_secs(3_600)) };
    house.write(move |tx| people::raise(tx, &actor, &form, now)).await
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

    async fn a_ticket_goes_to_whoever_is_on_duty_for_its_class_and_says_why(store: Store) {
        let house = House::new(store).await;
        let (backend, care) = (class(&house, "Бэкенд").await, class(&house, "Забота").await);
        on_duty(&house, &[(backend, &house.anna), (care, &house.boris)]).await;
        route(&house, RouteForm { filter: "priority:high".into(), class_id: Some(backend), by_roster: true, ..least("Бэкенд") }).await;
        route(&house, RouteForm { class_id: Some(care), by_roster: true, ..least("Остальное") }).await;
        there(&house, &[&house.anna, &house.boris]).await;
        let first = asks(&house, 1).await;
        hand_out(&house).await;
        let row = house.open(first).await.row;
        assert_eq!((row.assignee_id, row.class_id), (house.boris.agent, Some(care)));
        let second = asks(&house, 2).await;
        pressing(&house, second, Priority::High).await;
        hand_out(&house).await;
        assert_eq!(house.open(second).await.row.assignee_id, house.anna.agent);
        let said = house.told("ticket.routed").await;
        assert_eq!((said.len(), &said[1]["why"], &said[1]["class"], &said[1]["on_duty"]), (2, &json!("only"), &json!("Бэкенд"), &json!(true)));
    }

    async fn nobody_on_duty_for_the_class_means_those_at_the_desk_and_nobody_at_all_is_said_aloud(store: Store) {
        let house = House::new(store).await;
        let backend = class(&house, "Бэкенд").await;
        on_duty(&house, &[]).await;
        route(&house, RouteForm { class_id: Some(backend), by_roster: true, ..least("Бэкенд") }).await;
        there(&house, &[&house.anna, &house.boris]).await;
        let id = asks(&house, 1).await;
        hand_out(&house).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, None);
        let said = house.told("ticket.not_routed").await;
        assert_eq!((said.len(), &said[0]["why"]), (1, &json!("nobody_there")));
        let desk = house.boris.clone();
        shift(&house, None, &desk).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, desk.agent);
    }

    async fn who_is_away_or_has_no_screen_gets_nothing_and_a_limit_holds(store: Store) {
        let house = House::new(store).await;
        route(&house, least("Все")).await;
        there(&house, &[&house.anna, &house.boris]).await;
        limit(&house, &house.boris, 2).await;
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| people::set_away(tx, &anna, true, now)).await.unwrap();
        for number in 0..5 {
            asks(&house, number).await;
        }
        hand_out(&house).await;
        assert_eq!(house.list(&house.admin, "assignee:none").await.total, 3);
        // One may take more oneself, for a while, up to twice as much.
        let raised = raise(&house, &house.boris, 5).await;
        assert!(matches!(raised, Err(Error::Validation(fields)) if fields[0].code == "out_of_range"));
        raise(&house, &house.boris, 4).await.unwrap();
        hand_out(&house).await;
        assert_eq!(house.list(&house.admin, "assignee:none").await.total, 1);
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| people::set_away(tx, &anna, false, now)).await.unwrap();
        hand_out(&house).await;
        assert_eq!(house.list(&house.admin, "assignee:none").await.total, 0);
    }

    async fn what_nobody_picks_up_comes_back_and_is_offered_on(store: Store) {
        let mut house = House::new(store).await;
        route(&house, RouteForm { mode: Mode::RoundRobin, return_minutes: Some(10), ..least("Все") }).await;
        there(&house, &[&house.anna]).await;
        let id = asks(&house, 1).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, house.anna.agent);
        house.pass(599);
        there(&house, &[&house.anna, &house.boris]).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, house.anna.agent);
        house.pass(1);
        there(&house, &[&house.anna, &house.boris]).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, house.boris.agent);
        // Boris opens it: it is his.
        let (boris, last) = (house.boris.clone(), house.open(id).await.messages[0].id);
        house.write(move |tx| opora_desk::tickets::mark_read(tx, &boris, id, last)).await.unwrap();
        house.pass(3_600);
        there(&house, &[&house.anna, &house.boris]).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, house.boris.agent);
        assert_eq!(house.told("ticket.routed_back").await.len(), 1);
    }

    async fn whoever_goes_gives_back_what_they_have_not_picked_up(store: Store) {
        let mut house = House::new(store).await;
        route(&house, RouteForm { return_minutes: Some(600), ..least("Все") }).await;
        there(&house, &[&house.anna]).await;
        let id = asks(&house, 1).await;
        hand_out(&house).await;
        house.pass(300);
        there(&house, &[&house.boris]).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, house.boris.agent);
        let said = house.told("ticket.routed_back").await;
        assert_eq!((said.len(), &said[0]["why"]), (1, &json!("gone")));
    }

    async fn a_customer_goes_back_to_whoever_helped_and_skills_are_needed(store: Store) {
        let house = House::new(store).await;
        let form = RouteForm { prefer: vec!["last".into()], skills: vec!["English".into()], ..least("По-английски") };
        route(&house, RouteForm { filter: "priority:high".into(), ..form }).await;
        route(&house, RouteForm { prefer: vec!["last".into()], ..least("Все") }).await;
        there(&house, &[&house.anna, &house.boris]).await;
        let first = asks(&house, 1).await;
        let boris = house.boris.agent;
        house.change(&house.admin, first, Change { assignee_id: Some(boris), ..Change::default() }).await.unwrap();
        house.mail(&mail("Клиент 1 <c1@customer.test>", "again@c.test", "Ещё вопрос", "", "Снова я")).await;
        hand_out(&house).await;
        assert_eq!(house.list(&house.admin, "").await.items.iter().filter(|row| row.assignee_id == boris).count(), 2);
        let third = asks(&house, 3).await;
        pressing(&house, third, Priority::High).await;
        hand_out(&house).await;
        assert_eq!(house.told("ticket.not_routed").await[0]["why"], "no_skill");
        let (admin, anna, now) = (house.admin.clone(), house.anna.agent.unwrap(), house.now);
        let form = WorkerForm { limits: BTreeMap::new(), skills: vec!["english ".into()] };
        house.write(move |tx| people::set(tx, &admin, anna, &form, now)).await.unwrap();
        hand_out(&house).await;
        assert_eq!(house.open(third).await.row.assignee_id, house.anna.agent);
    }

    async fn a_lead_hands_out_by_hand_where_a_route_says_so(store: Store) {
        let house = House::new(store).await;
        route(&house, RouteForm { mode: Mode::Manual, ..least("Руками") }).await;
        there(&house, &[&house.anna]).await;
        let id = asks(&house, 1).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, None);
        assert!(house.told("ticket.not_routed").await.is_empty());
    }

    async fn what_somebody_had_who_is_switched_off_is_handed_on(store: Store) {
        let house = House::new(store).await;
        route(&house, least("Все")).await;
        let id = asks(&house, 1).await;
        let boris = house.boris.agent;
        house.change(&house.admin, id, Change { assignee_id: Some(boris), ..Change::default() }).await.unwrap();
        let (admin, now) = (house.admin.clone(), house.now);
        let off = agents::AgentChange { active: Some(false), ..agents::AgentChange::default() };
        house.write(move |tx| agents::change(tx, &admin, boris.unwrap(), &off, now)).await.unwrap();
        there(&house, &[&house.anna]).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, house.anna.agent);
    }

    async fn a_route_that_names_what_is_gone_is_marked_and_the_next_one_counts(store: Store) {
        let house = House::new(store).await;
        route(&house, RouteForm { mode: Mode::Manual, filter: "team:\"Первая линия\"".into(), ..least("Первая") }).await;
        route(&house, least("Все")).await;
        let (admin, team, now) = (house.admin.clone(), house.team, house.now);
        let form = TeamForm { name: "Другая".into(), member_ids: None };
        house.write(move |tx| teams::change(tx, &admin, team, &form, now)).await.unwrap();
        there(&house, &[&house.anna]).await;
        let id = asks(&house, 1).await;
        hand_out(&house).await;
        assert_eq!(house.open(id).await.row.assignee_id, house.anna.agent);
        assert!(house.store.read(routes::list).await.unwrap()[0].broken.contains("Первая линия"));
    }

    // 64 nodes hand out at the same moment: nobody gets more than they take.
    async fn however_many_hand_out_at_once_a_limit_holds(store: Store) {
        let house = House::new(store).await;
        route(&house, least("Все")).await;
        there(&house, &[&house.anna, &house.boris]).await;
        limit(&house, &house.anna, 7).await;
        limit(&house, &house.boris, 9).await;
        for number in 0..30 {
            asks(&house, number).await;
        }
        let now = house.now;
        let nodes = (0..64).map(|_| {
            let store = house.store.clone();
            tokio::spawn(async move { store.write(move |tx| routing::distribute(tx, now)).await })
        });
        for done in futures::future::join_all(nodes).await {
            done.unwrap().unwrap();
        }
        let has = async |q: &str| house.list(&house.admin, q).await.total;
        assert_eq!((has("assignee:anna@shop.test").await, has("assignee:boris@shop.test").await, has("assignee:none").await), (7, 9, 14));
    }
}
