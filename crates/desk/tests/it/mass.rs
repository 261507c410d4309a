//! One change to many tickets: counted, done in steps, stopped, taken back.

use crate::house::{House, agent, mail};
use opora_base::{Store, Time};
use opora_desk::department::teams;
use opora_desk::mailroom::outgoing;
use opora_desk::mass::{self, Action, MassAction, MassReply, Preview, Step, Wanted};
use opora_desk::people::{agents, roles};
use opora_desk::tickets::{Change, ListAsk, MessageState, Snooze, Status};
use opora_desk::{Actor, Permission, Result, TicketId};
use opora_query::Language;
use opora_testkit::engines;
use std::time::Duration;

async fn tickets(house: &House, n: usize) -> Vec<TicketId> {
    for i in 0..n {
        house
            .mail(&mail(&format!("Клиент {i} <c{i}@customer.test>"), &format!("{i}@c.test"), "Вопрос", "", "Текст"))
            .await;
    }
    house.page(&house.admin, "", "id", "", 1000).await.items.iter().map(|t| t.id).collect()
}

fn by_filter(q: &str, action: Action) -> Wanted {
    Wanted { q: Some(q.into()), action, ..Wanted::default() }
}

fn ask(wanted: &Wanted) -> Option<ListAsk> {
    wanted.q.as_deref().map(|q| ListAsk::parse(q, "", "", None, Language::English).unwrap())
}

async fn preview(house: &House, actor: &Actor, wanted: Wanted) -> Result<Preview> {
    let (actor, now) = (actor.clone(), house.now);
    house.store.read(move |tx| mass::preview(tx, &actor, &wanted, ask(&wanted).as_ref(), now)).await
}

async fn begin(house: &House, actor: &Actor, wanted: Wanted) -> Result<MassAction> {
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| mass::begin(tx, &actor, &wanted, ask(&wanted).as_ref(), now)).await
}

/// What the worker does, `many` tickets at a time. Answers how it stands then.
async fn work(house: &House, id: i64, many: i64) -> MassAction {
    let now = house.now;
    while house.write(move |tx| mass::step(tx, id, many, now)).await.unwrap() == Step::More {}
    house.store.read(move |tx| mass::find(tx, id)).await.unwrap()
}

async fn undo(house: &House, actor: &Actor, id: i64) -> Result<MassAction> {
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| mass::undo(tx, &actor, id, now)).await
}

fn solve() -> Action {
    Action { status: Some(Status::Solved), add_tags: vec!["Акция".into()], ..Action::default() }
}

fn apology() -> Action {
    let reply = MassReply { body_html: Some("<p>Сбой устранён.</p>".into()), ..MassReply::default() };
    Action { reply: Some(reply), ..Action::default() }
}

async fn one_step(house: &House, id: i64) {
    let now = house.now;
    house.write(move |tx| mass::step(tx, id, 1, now)).await.unwrap();
}

/// How many answers the carrier would take now.
async fn leaving(house: &House) -> usize {
    let now = house.now;
    house.store.write_rc(move |tx| outgoing::claim(tx, "me", 100, now)).await.unwrap().len()
}

async fn dismiss(house: &House, agent: &Actor) {
    let (admin, id, now) = (house.admin.clone(), agent.agent.unwrap(), house.now);
    let gone = agents::AgentChange { active: Some(false), ..agents::AgentChange::default() };
    house.write(move |tx| agents::change(tx, &admin, id, &gone, now)).await.unwrap();
}

engines! {
    async fn an_action_says_its_number_first_and_then_does_it(store: Store) {
        let house = House::new(store).await;
        let ids = tickets(&house, 7).await;
        house.change(&house.admin, ids[0], Change { status: Some(Status::Solved), tags: Some(vec!["акция".into()]), ..Change::default() }).await.unwrap();
        let said = preview(&house, &house.anna, by_filter("", solve())).await.unwrap();
        assert_eq!((said.count, said.touched, said.sample.len()), (7, 6, 5));
        let wrong = Wanted { expected: Some(8), ..by_filter("", solve()) };
        assert_eq!(begin(&house, &house.anna, wrong).await.unwrap_err().code(), "validation");
        let action = begin(&house, &house.anna, Wanted { expected: Some(7), ..by_filter("", solve()) }).await.unwrap();
        let action = work(&house, action.id, 3).await;
        assert_eq!((action.state.as_str(), action.total, action.done, action.skipped, action.failed), ("done", 7, 6, 1, 0));
        assert_eq!(house.list(&house.admin, "status:solved tag:акция").await.total, 7);
        let history = house.open(ids[3]).await.events;
        assert!(history.iter().any(|e| e.kind == "ticket.status" && e.actor.name == "Анна Петрова"), "by whoever asked for it");
    }

    async fn what_nobody_changed_since_is_taken_back(store: Store) {
        let mut house = House::new(store).await;
        let ids = tickets(&house, 4).await;
        house.change(&house.admin, ids[1], Change { tags: Some(vec!["vip".into()]), ..Change::default() }).await.unwrap();
        let action = begin(&house, &house.anna, by_filter("", Action { assignee_id: Some(house.boris.agent), ..solve() })).await.unwrap();
        work(&house, action.id, 2).await;
        // Boris opens one of them again meanwhile.
        house.change(&house.boris, ids[2], Change { status: Some(Status::Waiting), ..Change::default() }).await.unwrap();
        assert_eq!(undo(&house, &house.boris, action.id).await.unwrap_err().code(), "not_found");
        undo(&house, &house.anna, action.id).await.unwrap();
        let action = work(&house, action.id, 3).await;
        assert_eq!((action.state.as_str(), action.done), ("undone", 1));
        for (i, (status, tags)) in [(Status::New, vec![]), (Status::New, vec!["vip"]), (Status::Waiting, vec![]), (Status::New, vec![])].into_iter().enumerate() {
            let row = house.open(ids[i]).await.row;
            assert_eq!((row.status, row.tags, row.assignee_id), (status, tags.into_iter().map(String::from).collect(), None), "{i}");
        }
        house.pass(1);
        assert_eq!(undo(&house, &house.anna, action.id).await.unwrap_err().code(), "already_sent");
    }

    async fn a_minute_later_it_is_too_late(store: Store) {
        let mut house = House::new(store).await;
        tickets(&house, 2).await;
        let action = begin(&house, &house.anna, by_filter("", solve())).await.unwrap();
        work(&house, action.id, 10).await;
        house.pass(61);
        assert_eq!(undo(&house, &house.anna, action.id).await.unwrap_err().code(), "already_sent");
    }

    async fn a_stopped_action_goes_no_further_and_can_be_taken_back(store: Store) {
        let house = House::new(store).await;
        tickets(&house, 5).await;
        let action = begin(&house, &house.anna, by_filter("", solve())).await.unwrap();
        let (id, now, anna) = (action.id, house.now, house.anna.clone());
        house.write(move |tx| mass::step(tx, id, 2, now)).await.unwrap();
        house.write(move |tx| mass::cancel(tx, &anna, id, now)).await.unwrap();
        let action = work(&house, id, 2).await;
        assert_eq!((action.state.as_str(), action.done), ("cancelled", 2));
        undo(&house, &house.anna, id).await.unwrap();
        assert_eq!(work(&house, id, 2).await.state, "undone");
        assert_eq!(house.list(&house.admin, "status:solved").await.total, 0);
    }

    async fn an_answer_to_many_waits_until_it_can_no_longer_be_taken_back(store: Store) {
        let house = House::new(store).await;
        let ids = tickets(&house, 3).await;
        let reply = MassReply { body_html: Some("<p>{{contact.name}}, сбой устранён.</p>".into()), ..MassReply::default() };
        let action = Action { reply: Some(reply), note: Some("Массовый ответ".into()), status: Some(Status::Waiting), ..Action::default() };
        let action = begin(&house, &house.anna, by_filter("", action)).await.unwrap();
        work(&house, action.id, 10).await;
        let ticket = house.open(ids[1]).await;
        assert_eq!(ticket.messages.len(), 3);
        let answer = ticket.messages.iter().find(|m| m.state == MessageState::Scheduled).expect("an answer for later");
        assert!(answer.text.contains("Клиент 1, сбой устранён."), "{}", answer.text);
        assert!(answer.undo_until.unwrap() >= house.now.plus(mass::UNDO));
        undo(&house, &house.anna, action.id).await.unwrap();
        work(&house, action.id, 10).await;
        let ticket = house.open(ids[1]).await;
        assert_eq!((ticket.messages.len(), ticket.row.status, ticket.row.assignee_id), (1, Status::New, None));
    }

    async fn one_that_cannot_be_done_is_passed_over_and_the_rest_goes_on(store: Store) {
        let house = House::new(store).await;
        let ids = tickets(&house, 3).await;
        let now = house.now;
        let contact = house.open(ids[1]).await.row.contact.id;
        house.write(move |tx| opora_desk::contacts::join_organization(tx, contact, "Acme", now)).await.unwrap();
        let reply = MassReply { body_html: Some("<p>Для {{contact.organization}}</p>".into()), ..MassReply::default() };
        let id = begin(&house, &house.anna, by_filter("", Action { reply: Some(reply), ..Action::default() })).await.unwrap().id;
        let refused = house.write(move |tx| mass::step(tx, id, 10, now)).await.unwrap_err();
        assert_eq!(refused.code(), "unresolved_variable");
        house.write(move |tx| mass::fail_first(tx, id, "no organization", now)).await.unwrap();
        house.write(move |tx| mass::step(tx, id, 1, now)).await.unwrap();
        house.write(move |tx| mass::fail_first(tx, id, "no organization", now)).await.unwrap();
        let action = work(&house, id, 1).await;
        assert_eq!((action.state.as_str(), action.done, action.failed), ("done", 1, 2));
    }

    async fn nobody_does_more_to_many_than_to_one(store: Store) {
        let house = House::new(store).await;
        let ids = tickets(&house, 2).await;
        let mut observer = house.boris.clone();
        observer.permissions.retain(|p| p.text() == "ticket.view");
        assert_eq!(begin(&house, &observer, by_filter("", solve())).await.unwrap_err().code(), "forbidden");
        observer.permissions = house.boris.permissions.clone();
        observer.sight = opora_desk::actor::Sight::Teams(vec![], vec![]);
        let wanted = Wanted { ids: Some(ids), action: solve(), ..Wanted::default() };
        assert_eq!(preview(&house, &observer, wanted.clone()).await.unwrap().count, 0);
        assert_eq!(begin(&house, &observer, wanted).await.unwrap_err().code(), "validation");
        for nothing in [Wanted::default(), by_filter("", Action::default()), Wanted { ids: Some(vec![]), action: solve(), ..Wanted::default() }] {
            assert_eq!(begin(&house, &house.anna, nothing).await.unwrap_err().code(), "validation");
        }
    }

    async fn taking_answers_to_many_back_leaves_what_colleagues_did_since(store: Store) {
        let house = House::new(store).await;
        let ids = tickets(&house, 2).await;
        let id = begin(&house, &house.anna, by_filter("", apology())).await.unwrap().id;
        work(&house, id, 10).await;
        let change = Change { status: Some(Status::Waiting), assignee_id: Some(house.boris.agent), ..Change::default() };
        house.change(&house.boris, ids[0], change).await.unwrap();
        undo(&house, &house.anna, id).await.unwrap();
        work(&house, id, 10).await;
        let stands = async |id| { let row = house.open(id).await.row; (row.status, row.assignee_id, row.message_count) };
        assert_eq!(stands(ids[0]).await, (Status::Waiting, house.boris.agent, 1));
        assert_eq!(stands(ids[1]).await, (Status::New, None, 1));
    }

    async fn a_ticket_a_colleague_answered_since_stays_theirs(store: Store) {
        let house = House::new(store).await;
        let ids = tickets(&house, 1).await;
        house.change(&house.admin, ids[0], Change { assignee_id: Some(house.boris.agent), ..Change::default() }).await.unwrap();
        let id = begin(&house, &house.admin, by_filter("", Action { assignee_id: Some(None), ..Action::default() })).await.unwrap().id;
        work(&house, id, 10).await;
        house.say(&house.anna, ids[0], "reply", "Сейчас узнаю.").await.unwrap();
        undo(&house, &house.admin, id).await.unwrap();
        work(&house, id, 10).await;
        assert_eq!(house.open(ids[0]).await.row.assignee_id, house.anna.agent);
    }

    async fn what_slept_before_sleeps_again_unless_its_time_has_come(store: Store) {
        let mut house = House::new(store).await;
        let ids = tickets(&house, 3).await;
        let asleep = [Some(house.now.plus(Duration::from_secs(3_600))), Some(house.now.plus(Duration::from_secs(30))), None];
        for (id, until) in ids.iter().zip(asleep) {
            house.change(&house.anna, *id, Change { snooze: Some(Some(Snooze { until })), ..Change::default() }).await.unwrap();
        }
        let id = begin(&house, &house.anna, by_filter("", solve())).await.unwrap().id;
        work(&house, id, 10).await;
        house.pass(40);
        undo(&house, &house.anna, id).await.unwrap();
        work(&house, id, 10).await;
        let stands = async |id| { let row = house.open(id).await.row; (row.status, row.snoozed, row.snoozed_until) };
        assert_eq!(stands(ids[0]).await, (Status::OnHold, true, asleep[0]));
        assert_eq!(stands(ids[1]).await, (Status::Open, false, None));
        assert_eq!(stands(ids[2]).await, (Status::OnHold, true, None));
        let timers = house.store.read(|tx| opora_base::timer::due(tx, Time(i64::MAX), 10)).await.unwrap();
        assert_eq!(timers.iter().map(|timer| (timer.subject, timer.due_at)).collect::<Vec<_>>(), [(ids[0].0, asleep[0].unwrap())]);
    }

    async fn whoever_moved_a_ticket_out_of_their_own_sight_takes_its_answer_back_all_the_same(store: Store) {
        let house = House::new(store).await;
        let ids = tickets(&house, 1).await;
        let (admin, now) = (house.admin.clone(), house.now);
        let (carol, theirs) = house.write(move |tx| {
            let permissions = ["ticket.view", "ticket.reply", "ticket.edit", "ticket.assign"].iter().filter_map(|text| Permission::parse(text)).collect();
            roles::create(tx, &admin, &roles::RoleForm { name: "Узкий".into(), permissions }, now)?;
            let carol = agent(tx, "carol@shop.test", "Карл", "custom:узкий")?;
            let team = teams::create(tx, &admin, &teams::TeamForm { name: "Вторая линия".into(), member_ids: Some(vec![carol]) }, now)?;
            Ok((agents::actor(tx, carol)?, team.id))
        }).await.unwrap();
        house.change(&house.admin, ids[0], Change { team_id: Some(Some(theirs)), ..Change::default() }).await.unwrap();
        let away = Action { team_id: Some(Some(house.team)), assignee_id: Some(None), ..apology() };
        let id = begin(&house, &carol, by_filter("", away)).await.unwrap().id;
        assert_eq!(work(&house, id, 10).await.done, 1);
        assert_eq!(house.list(&carol, "").await.total, 0, "out of sight");
        undo(&house, &carol, id).await.unwrap();
        assert_eq!(work(&house, id, 10).await.done, 0);
        let ticket = house.open(ids[0]).await;
        assert_eq!((ticket.messages.len(), ticket.row.team_id), (1, Some(theirs)));
    }

    async fn answers_to_many_leave_a_minute_after_the_end_however_long_the_action_took(store: Store) {
        let mut house = House::new(store).await;
        tickets(&house, 3).await;
        let id = begin(&house, &house.anna, by_filter("", apology())).await.unwrap().id;
        for _ in 0..3 {
            one_step(&house, id).await;
            house.pass(300);
            assert_eq!(leaving(&house).await, 0, "it is still running");
        }
        let done = work(&house, id, 1).await;
        house.now = done.undo_until.unwrap();
        house.now.0 -= 1;
        assert_eq!(leaving(&house).await, 0, "it can still be taken back");
        house.pass(1);
        assert_eq!(leaving(&house).await, 3);
    }

    async fn answers_of_a_stopped_action_leave_a_minute_later(store: Store) {
        let mut house = House::new(store).await;
        tickets(&house, 3).await;
        let id = begin(&house, &house.anna, by_filter("", apology())).await.unwrap().id;
        one_step(&house, id).await;
        house.pass(300);
        let (anna, now) = (house.anna.clone(), house.now);
        let stopped = house.write(move |tx| mass::cancel(tx, &anna, id, now)).await.unwrap();
        assert_eq!(leaving(&house).await, 0);
        house.now = stopped.undo_until.unwrap();
        house.pass(1);
        assert_eq!(leaving(&house).await, 1);
    }

    async fn no_answer_leaves_while_its_action_is_being_taken_back(store: Store) {
        let mut house = House::new(store).await;
        let ids = tickets(&house, 3).await;
        let id = begin(&house, &house.anna, by_filter("", apology())).await.unwrap().id;
        work(&house, id, 10).await;
        house.pass(59);
        undo(&house, &house.anna, id).await.unwrap();
        for _ in 0..3 {
            house.pass(600);
            assert_eq!(leaving(&house).await, 0);
            one_step(&house, id).await;
        }
        let action = work(&house, id, 10).await;
        assert_eq!((action.state.as_str(), action.done), ("undone", 0));
        assert_eq!(house.open(ids[2]).await.messages.len(), 1);
    }

    async fn an_action_ends_with_the_agent_who_wanted_it(store: Store) {
        let house = House::new(store).await;
        tickets(&house, 3).await;
        let id = begin(&house, &house.anna, by_filter("", solve())).await.unwrap().id;
        one_step(&house, id).await;
        dismiss(&house, &house.anna).await;
        let action = work(&house, id, 1).await;
        assert_eq!((action.state.as_str(), action.done), ("cancelled", 1));
    }

    async fn what_an_agent_began_to_take_back_is_taken_back_without_them(store: Store) {
        let house = House::new(store).await;
        let ids = tickets(&house, 3).await;
        let id = begin(&house, &house.anna, by_filter("", Action { status: Some(Status::Waiting), ..apology() })).await.unwrap().id;
        work(&house, id, 10).await;
        undo(&house, &house.anna, id).await.unwrap();
        dismiss(&house, &house.anna).await;
        let action = work(&house, id, 1).await;
        assert_eq!((action.state.as_str(), action.done), ("undone", 0));
        let ticket = house.open(ids[0]).await;
        assert_eq!((ticket.row.status, ticket.messages.len()), (Status::New, 1));
    }
}
