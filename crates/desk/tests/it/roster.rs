//! The roster: what is refused, what counts when, who is told, and who is on duty whatever the roster says.

use crate::house::{House, START};
use opora_base::{Store, Time};
use opora_desk::people::agents::{self, AgentChange};
use opora_desk::roster::absences::{self, AbsenceForm, AbsenceKind};
use opora_desk::roster::check::ProblemKind;
use opora_desk::roster::checklist::{self, Every, RoutineCheck, TickForm};
use opora_desk::roster::classes::{self, QuestionClassForm};
use opora_desk::roster::cover::{Cover, CoverKind, Hours};
use opora_desk::roster::handover::{self, HandoverForm};
use opora_desk::roster::requests::{self, RequestState, RosterAnswerForm, RosterRequestForm};
use opora_desk::roster::rotations::{self, RotationForm, SpreadForm};
use opora_desk::roster::{self, CopyForm, Kind, Local, PublishForm, Roster, Saved, ShiftForm, State, feed};
use opora_desk::{Actor, AgentId, Error, QuestionClassId, Result, ShiftId, notifications};
use opora_testkit::engines;
use std::time::Duration;

/// Monday in Moscow, after the house's beginning.
const MONDAY: &str = "2026-11-23";

fn at(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn local(date: &str, from: &str, to: &str) -> ShiftForm {
    let zone = "Europe/Moscow".to_owned();
    let local = Local { date: date.into(), from: from.into(), to: to.into(), days: 0, zone };
    ShiftForm { local: Some(local), ..ShiftForm::default() }
}

fn code(error: Error) -> String {
    match error {
        Error::Validation(fields) => fields[0].code.to_owned(),
        other => other.code().to_owned(),
    }
}

/// Does a command as somebody.
macro_rules! act {
    ($house:expr, $actor:expr, |$tx:ident, $who:ident, $now:ident| $body:expr) => {{
        let ($who, $now) = ($actor.clone(), $house.now);
        $house
            .write(move |$tx| {
                let $who = &$who;
                $body
            })
            .await
    }};
}

async fn shift(house: &House, agent: &Actor, form: ShiftForm) -> Result<Saved> {
    let form = ShiftForm { agent_id: agent.agent, ..form };
    act!(house, house.admin, |tx, who, now| roster::create(tx, who, &form, now))
}

async fn publish(house: &House) -> usize {
    let form = PublishForm { from: at("2026-11-20T00:00:00Z"), until: at("2026-12-20T00:00:00Z") };
    act!(house, house.admin, |tx, who, now| roster::publish(tx, who, &form, now)).unwrap().published
}

async fn shown(house: &House, actor: &Actor) -> Roster {
    let (from, until) = (at("2026-11-22T21:00:00Z"), at("2026-12-20T21:00:00Z"));
    act!(house, actor, |tx, who, now| roster::show(tx, who, from, until, now)).unwrap()
}

async fn class(house: &House, name: &str) -> QuestionClassId {
    let form = QuestionClassForm { name: Some(name.into()), ..QuestionClassForm::default() };
    act!(house, house.admin, |tx, who, now| classes::create(tx, who, &form, now)).unwrap().id
}

async fn on_duty(house: &House, class: Option<QuestionClassId>, when: &str) -> Vec<AgentId> {
    let when = at(when);
    house.store.read(move |tx| roster::on_duty(tx, class, when)).await.unwrap()
}

async fn away(house: &House, agent: &Actor, first: &str, last: &str) {
    let form = AbsenceForm {
        agent_id: agent.agent.unwrap(),
        kind: AbsenceKind::Vacation,
        first_day: first.into(),
        last_day: last.into(),
        note: String::new(),
    };
    act!(house, house.admin, |tx, who, now| absences::create(tx, who, &form, now)).unwrap();
}

/// The kinds of what somebody was told by the bell, the latest first.
async fn told(house: &House, actor: &Actor) -> Vec<String> {
    crate::notifications::follow(house).await;
    let actor = actor.clone();
    let page = house.store.read(move |tx| notifications::list(tx, &actor, "", 50)).await.unwrap();
    page.items.into_iter().map(|one| one.kind).collect()
}

engines! {
    async fn what_cannot_be_is_refused_with_a_clear_word(store: Store) {
        let house = House::new(store).await;
        shift(&house, &house.anna, local(MONDAY, "10:00", "19:00")).await.unwrap();
        assert_eq!(code(shift(&house, &house.anna, local(MONDAY, "18:00", "23:00")).await.unwrap_err()), "overlap");
        shift(&house, &house.boris, local(MONDAY, "18:00", "23:00")).await.unwrap();

        away(&house, &house.boris, "2026-11-25", "2026-11-26").await;
        assert_eq!(code(shift(&house, &house.boris, local("2026-11-26", "10:00", "19:00")).await.unwrap_err()), "absent");
        shift(&house, &house.boris, local("2026-11-27", "00:00", "08:00")).await.unwrap();

        let boris = house.boris.agent.unwrap();
        let off = AgentChange { active: Some(false), ..AgentChange::default() };
        act!(house, house.admin, |tx, who, now| agents::change(tx, who, boris, &off, now)).unwrap();
        assert_eq!(code(shift(&house, &house.boris, local("2026-11-30", "10:00", "19:00")).await.unwrap_err()), "switched_off");

        assert_eq!(code(shift(&house, &house.anna, local("2026-11-31", "10:00", "19:00")).await.unwrap_err()), "malformed");
        let form = ShiftForm { starts_at: Some(at("2026-11-24T10:00:00Z")), ends_at: Some(at("2026-11-26T10:00:00Z")), ..ShiftForm::default() };
        assert_eq!(code(shift(&house, &house.anna, form).await.unwrap_err()), "too_long");
        let refused = act!(house, house.anna, |tx, who, now| {
            roster::create(tx, who, &ShiftForm { agent_id: who.agent, ..local(MONDAY, "01:00", "02:00") }, now)
        });
        assert_eq!(refused.unwrap_err().code(), "forbidden");
    }

    async fn what_is_unwise_is_written_and_answered_with_a_warning(store: Store) {
        let house = House::new(store).await;
        shift(&house, &house.anna, local(MONDAY, "13:00", "22:00")).await.unwrap();
        let saved = shift(&house, &house.anna, local("2026-11-24", "07:00", "15:00")).await.unwrap();
        let kinds: Vec<ProblemKind> = saved.warnings.iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [ProblemKind::Rest]);
        assert_eq!(saved.warnings[0].amount, Some(9 * 60));
    }

    async fn a_draft_counts_for_nobody_until_it_is_published_and_then_its_people_are_told_once(store: Store) {
        let house = House::new(store).await;
        crate::notifications::follow(&house).await;
        let backend = class(&house, "Backend").await;
        let duty = |date: &str| ShiftForm { class_id: Some(Some(backend)), kind: Some(Kind::Duty), ..local(date, "00:00", "24:00") };
        shift(&house, &house.anna, duty(MONDAY)).await.unwrap();
        shift(&house, &house.anna, duty("2026-11-24")).await.unwrap();
        assert!(shown(&house, &house.anna).await.shifts.is_empty());
        assert_eq!(shown(&house, &house.admin).await.shifts.len(), 2);
        assert!(on_duty(&house, Some(backend), "2026-11-23T12:00:00Z").await.is_empty());
        assert!(told(&house, &house.anna).await.is_empty());

        assert_eq!(publish(&house).await, 2);
        assert_eq!(publish(&house).await, 0);
        assert_eq!(shown(&house, &house.anna).await.shifts.len(), 2);
        assert_eq!(on_duty(&house, Some(backend), "2026-11-23T12:00:00Z").await, [house.anna.agent.unwrap()]);
        assert_eq!(told(&house, &house.anna).await, ["roster"]);
        assert!(told(&house, &house.boris).await.is_empty());
    }

    async fn a_published_shift_that_is_changed_tells_whoever_had_it_and_whoever_has_it(store: Store) {
        let house = House::new(store).await;
        crate::notifications::follow(&house).await;
        let id = shift(&house, &house.anna, local(MONDAY, "10:00", "19:00")).await.unwrap().shift.id;
        publish(&house).await;
        told(&house, &house.anna).await;
        let to_boris = ShiftForm { agent_id: house.boris.agent, version: Some(2), ..ShiftForm::default() };
        act!(house, house.admin, |tx, who, now| roster::change(tx, who, id, &to_boris, now)).unwrap();
        assert_eq!(told(&house, &house.anna).await, ["roster", "roster"]);
        assert_eq!(told(&house, &house.boris).await, ["roster"]);
        let stale = ShiftForm { note: Some("?".into()), version: Some(2), ..ShiftForm::default() };
        let refused = act!(house, house.admin, |tx, who, now| roster::change(tx, who, id, &stale, now)).unwrap_err();
        assert_eq!(refused.code(), "ticket_changed");
    }

    async fn publishing_refuses_all_of_it_when_somebody_has_fallen_away_meanwhile(store: Store) {
        let house = House::new(store).await;
        shift(&house, &house.anna, local(MONDAY, "10:00", "19:00")).await.unwrap();
        shift(&house, &house.boris, local("2026-11-24", "10:00", "19:00")).await.unwrap();
        away(&house, &house.boris, "2026-11-24", "2026-11-24").await;
        let form = PublishForm { from: at("2026-11-22T00:00:00Z"), until: at("2026-11-30T00:00:00Z") };
        let refused = act!(house, house.admin, |tx, who, now| roster::publish(tx, who, &form, now)).unwrap_err();
        assert_eq!(code(refused), "absent");
        assert!(shown(&house, &house.admin).await.shifts.iter().all(|shift| shift.state == State::Draft));
    }

    async fn on_duty_leaves_out_whoever_is_away_or_switched_off_and_says_so(store: Store) {
        let house = House::new(store).await;
        let backend = class(&house, "Backend").await;
        let cover = QuestionClassForm { cover: Some(Cover { kind: CoverKind::Always, ..Cover::default() }), ..QuestionClassForm::default() };
        act!(house, house.admin, |tx, who, now| classes::change(tx, who, backend, &cover, now)).unwrap();
        for (who, day) in [(&house.anna, MONDAY), (&house.boris, "2026-11-24")] {
            let duty = ShiftForm { class_id: Some(Some(backend)), kind: Some(Kind::Duty), ..local(day, "00:00", "24:00") };
            shift(&house, who, duty).await.unwrap();
        }
        shift(&house, &house.admin, local(MONDAY, "10:00", "19:00")).await.unwrap();
        publish(&house).await;
        away(&house, &house.anna, MONDAY, MONDAY).await;
        let noon = "2026-11-23T12:00:00Z";
        assert!(on_duty(&house, Some(backend), noon).await.is_empty());
        assert_eq!(on_duty(&house, None, noon).await, [house.admin.agent.unwrap()]);
        let today = act!(house, house.boris, |tx, who, _now| roster::today(tx, who, at(noon))).unwrap();
        let row = &today.classes[0];
        assert!(row.needed && row.people.is_empty(), "{row:?}");
        assert_eq!(row.stand_ins[0].agent_id, house.admin.agent.unwrap());
        assert_eq!(row.next.as_ref().map(|next| next.agent_id), house.boris.agent);
        assert_eq!((today.left_out[0].agent_id, today.left_out[0].reason.as_str()), (house.anna.agent.unwrap(), "absent"));
        assert_eq!(today.changes_at, Some(at("2026-11-23T19:00:00+03:00")));
        let problems = shown(&house, &house.boris).await.problems;
        let kinds: Vec<ProblemKind> = problems.iter().map(|problem| problem.kind).take(2).collect();
        assert_eq!(kinds, [ProblemKind::Gap, ProblemKind::Absent]);
    }

    async fn what_is_wrong_is_told_for_whole_days_ahead_and_drafts_only_to_those_who_plan(store: Store) {
        let mut house = House::new(store).await;
        house.now = at("2026-11-23T09:21:00Z");
        let backend = class(&house, "Backend").await;
        let hours = vec![Hours { day: 0, from: "09:00".into(), to: "21:00".into() }];
        let cover = Cover { kind: CoverKind::Hours, zone: "Europe/Moscow".into(), hours };
        let form = QuestionClassForm { cover: Some(cover), ..QuestionClassForm::default() };
        act!(house, house.admin, |tx, who, now| classes::change(tx, who, backend, &form, now)).unwrap();
        let duty = ShiftForm { class_id: Some(Some(backend)), kind: Some(Kind::Duty), ..local(MONDAY, "00:00", "24:00") };
        shift(&house, &house.anna, duty).await.unwrap();
        let planned = act!(house, house.admin, |tx, who, now| roster::upcoming(tx, who, 7, now)).unwrap();
        assert!(planned.is_empty(), "next Monday is the eighth day: {planned:?}");
        let seen = act!(house, house.anna, |tx, who, now| roster::upcoming(tx, who, 7, now)).unwrap();
        assert_eq!((seen[0].kind, seen[0].span.from), (ProblemKind::Gap, house.now));
    }

    async fn a_rotation_passes_over_whoever_is_away_and_never_doubles_a_place(store: Store) {
        let house = House::new(store).await;
        let backend = class(&house, "Backend").await;
        away(&house, &house.boris, "2026-12-01", "2026-12-02").await;
        let (admin, anna, boris) = (house.admin.agent.unwrap(), house.anna.agent.unwrap(), house.boris.agent.unwrap());
        let form = RotationForm {
            name: "Backend по неделям".into(),
            class_id: Some(backend),
            kind: Kind::Duty,
            agent_ids: vec![anna, boris, admin],
            days: 7,
            starts_on: MONDAY.into(),
            zone: "Europe/Moscow".into(),
            hours: Vec::new(),
            active: true,
        };
        let id = act!(house, house.admin, |tx, who, now| rotations::create(tx, who, &form, now)).unwrap().id;
        let range = SpreadForm { from: MONDAY.into(), until: "2026-12-14".into() };
        let wide = SpreadForm { from: "2026-11-30".into(), until: "2026-12-21".into() };
        let once_more = range.clone();
        let first = act!(house, house.admin, |tx, who, now| rotations::spread(tx, who, id, &range, now)).unwrap();
        assert_eq!((first.made, first.kept), (3, 0));
        let again = act!(house, house.admin, |tx, who, now| rotations::spread(tx, who, id, &once_more, now)).unwrap();
        assert_eq!((again.made, again.kept), (0, 3));
        let on = act!(house, house.admin, |tx, who, now| rotations::spread(tx, who, id, &wide, now)).unwrap();
        assert_eq!((on.made, on.kept), (1, 2));
        let shifts = shown(&house, &house.admin).await.shifts;
        let turns: Vec<(AgentId, &str)> = shifts.iter().map(|shift| (shift.agent_id, if shift.starts_at == at("2026-11-23T00:00:00+03:00") { "first" } else { "" })).collect();
        // Boris is on vacation in his week: the one after him takes it, and his own turn comes as it would have.
        assert_eq!(turns, [(anna, "first"), (admin, ""), (admin, ""), (anna, "")]);
        assert!(shifts.windows(2).all(|pair| pair[0].ends_at == pair[1].starts_at));
    }

    async fn a_rotation_of_nights_knows_its_hours_and_leaves_empty_what_nobody_can_take(store: Store) {
        let house = House::new(store).await;
        let hours = (0..7).map(|day| Hours { day, from: "22:00".into(), to: "06:00".into() }).collect();
        let form = RotationForm {
            name: "Ночь".into(),
            class_id: None,
            kind: Kind::Shift,
            agent_ids: vec![house.anna.agent.unwrap()],
            days: 1,
            starts_on: MONDAY.into(),
            zone: "Europe/Moscow".into(),
            hours,
            active: true,
        };
        shift(&house, &house.anna, local("2026-11-25", "01:00", "09:00")).await.unwrap();
        let id = act!(house, house.admin, |tx, who, now| rotations::create(tx, who, &form, now)).unwrap().id;
        let range = SpreadForm { from: MONDAY.into(), until: "2026-11-28".into() };
        let made = act!(house, house.admin, |tx, who, now| rotations::spread(tx, who, id, &range, now)).unwrap();
        assert_eq!((made.made, made.empty.len()), (4, 1));
        assert_eq!(made.empty[0].from, at("2026-11-24T22:00:00+03:00"));
    }

    async fn a_week_is_copied_by_the_clock_once(store: Store) {
        let house = House::new(store).await;
        // Berlin changes its clocks in the night to 2026-10-25.
        let berlin = |date: &str| {
            let local = Local { date: date.into(), from: "09:00".into(), to: "17:00".into(), days: 0, zone: "Europe/Berlin".into() };
            ShiftForm { local: Some(local), ..ShiftForm::default() }
        };
        shift(&house, &house.anna, berlin("2026-10-19")).await.unwrap();
        shift(&house, &house.boris, berlin("2026-10-20")).await.unwrap();
        away(&house, &house.boris, "2026-10-27", "2026-10-27").await;
        let form = CopyForm { from: "2026-10-19".into(), to: "2026-10-26".into(), zone: Some("Europe/Berlin".into()) };
        let twice = form.clone();
        let copied = act!(house, house.admin, |tx, who, now| roster::copy_week(tx, who, &form, now)).unwrap();
        assert_eq!((copied.made, copied.kept, copied.left_out[0].reason.as_str()), (1, 0, "absent"));
        let again = act!(house, house.admin, |tx, who, now| roster::copy_week(tx, who, &twice, now)).unwrap();
        assert_eq!((again.made, again.kept), (0, 1));
        let (from, until) = (at("2026-10-25T00:00:00Z"), at("2026-11-02T00:00:00Z"));
        let week = act!(house, house.admin, |tx, who, now| roster::show(tx, who, from, until, now)).unwrap();
        assert_eq!(week.shifts[0].starts_at, at("2026-10-26T09:00:00+01:00"));
    }

    async fn the_roster_changes_only_when_the_colleague_accepts(store: Store) {
        let mut house = House::new(store).await;
        house.now = at("2026-11-22T09:00:00Z");
        crate::notifications::follow(&house).await;
        let mine = shift(&house, &house.anna, local(MONDAY, "10:00", "19:00")).await.unwrap().shift.id;
        let theirs = shift(&house, &house.boris, local("2026-11-24", "10:00", "19:00")).await.unwrap().shift.id;
        publish(&house).await;
        let form = RosterRequestForm { shift_id: mine, other_shift_id: Some(theirs), to_agent_id: None, note: "К врачу".into() };
        let id = act!(house, house.anna, |tx, who, now| requests::ask(tx, who, &form, now)).unwrap().id;
        assert_eq!(owner(&house, mine).await, house.anna.agent.unwrap());
        assert_eq!(told(&house, &house.boris).await[0], "roster_asked");

        let yes = RosterAnswerForm { accept: true };
        let strangers = yes.clone();
        let refused = act!(house, house.admin, |tx, who, now| requests::answer(tx, who, id, &strangers, now)).unwrap_err();
        assert_eq!(refused.code(), "not_found");
        let twice = yes.clone();
        let answered = act!(house, house.boris, |tx, who, now| requests::answer(tx, who, id, &yes, now)).unwrap();
        assert_eq!(answered.request.state, RequestState::Accepted);
        assert_eq!((owner(&house, mine).await, owner(&house, theirs).await), (house.boris.agent.unwrap(), house.anna.agent.unwrap()));
        assert_eq!(told(&house, &house.anna).await[0], "roster_answered");
        let again = act!(house, house.boris, |tx, who, now| requests::answer(tx, who, id, &twice, now)).unwrap_err();
        assert_eq!(code(again), "answered");
    }

    async fn a_wish_is_overtaken_when_its_shift_changes_and_refused_when_it_cannot_be(store: Store) {
        let mut house = House::new(store).await;
        house.now = at("2026-11-22T09:00:00Z");
        let first = shift(&house, &house.anna, local(MONDAY, "10:00", "19:00")).await.unwrap().shift.id;
        let second = shift(&house, &house.anna, local("2026-11-25", "10:00", "19:00")).await.unwrap().shift.id;
        shift(&house, &house.boris, local("2026-11-25", "12:00", "15:00")).await.unwrap();
        publish(&house).await;
        let form = |id: ShiftId| RosterRequestForm { shift_id: id, other_shift_id: None, to_agent_id: None, note: String::new() };
        let (one, two) = (form(first), form(second));
        let first_wish = act!(house, house.anna, |tx, who, now| requests::ask(tx, who, &one, now)).unwrap().id;
        let second_wish = act!(house, house.anna, |tx, who, now| requests::ask(tx, who, &two, now)).unwrap().id;
        let later = local(MONDAY, "11:00", "19:00");
        act!(house, house.admin, |tx, who, now| roster::change(tx, who, first, &later, now)).unwrap();
        let yes = RosterAnswerForm { accept: true };
        let also = yes.clone();
        let refused = act!(house, house.boris, |tx, who, now| requests::answer(tx, who, first_wish, &yes, now)).unwrap_err();
        assert_eq!(code(refused), "overtaken");
        let refused = act!(house, house.boris, |tx, who, now| requests::answer(tx, who, second_wish, &also, now)).unwrap_err();
        assert_eq!(code(refused), "overlap");
        assert_eq!(owner(&house, second).await, house.anna.agent.unwrap());
        act!(house, house.anna, |tx, who, now| requests::withdraw(tx, who, second_wish, now)).unwrap();
    }

    async fn a_hand_over_lists_what_is_open_and_is_ticked_as_read(store: Store) {
        let house = House::new(store).await;
        house.mail(&crate::house::letter("1@c.test", "Где заказ?", "Жду")).await;
        let ticket = house.only_ticket().await.row.id;
        let give = opora_desk::tickets::Change { assignee_id: Some(house.anna.agent), ..Default::default() };
        house.change(&house.admin, ticket, give).await.unwrap();
        let form = HandoverForm { class_id: None, text: "Импорт упал у трёх клиентов".into() };
        let note = act!(house, house.anna, |tx, who, now| handover::write(tx, who, &form, now)).unwrap();
        assert_eq!((note.tickets.len(), note.tickets[0].subject.as_str()), (1, "Где заказ?"));
        let id = note.id;
        for _ in 0..2 {
            act!(house, house.boris, |tx, who, now| handover::mark_read(tx, who, id, now)).unwrap();
        }
        let list = act!(house, house.boris, |tx, who, now| handover::list(tx, who, now)).unwrap();
        assert_eq!(list[0].read_by, [house.boris.agent.unwrap()]);
        let empty = HandoverForm { class_id: None, text: "  ".into() };
        let refused = act!(house, house.boris, |tx, who, now| handover::write(tx, who, &empty, now)).unwrap_err();
        assert_eq!(code(refused), "required");
    }

    async fn a_check_comes_once_a_shift_or_day_and_keeps_who_ticked_it_first(store: Store) {
        let mut house = House::new(store).await;
        house.now = at("2026-11-23T09:00:00Z");
        shift(&house, &house.anna, local(MONDAY, "10:00", "19:00")).await.unwrap();
        publish(&house).await;
        let check = |title: &str, every: Every| RoutineCheck { id: None, class_id: None, title: title.into(), every };
        let wanted = [check("Сбор данных идёт", Every::Day), check("Обновление проверено", Every::Shift)];
        act!(house, house.admin, |tx, who, now| checklist::put(tx, who, &wanted, now)).unwrap();
        let mine = act!(house, house.anna, |tx, who, now| checklist::now(tx, who, now)).unwrap();
        assert_eq!(mine.iter().map(|check| check.title.as_str()).collect::<Vec<_>>(), ["Сбор данных идёт", "Обновление проверено"]);
        let theirs = act!(house, house.boris, |tx, who, now| checklist::now(tx, who, now)).unwrap();
        assert_eq!(theirs.len(), 1, "he is in no shift");
        let (id, occasion) = (mine[0].id, mine[0].occasion.clone());
        let tick = TickForm { occasion, done: true };
        let again = tick.clone();
        act!(house, house.anna, |tx, who, now| checklist::tick(tx, who, id, &tick, now)).unwrap();
        let now = act!(house, house.boris, |tx, who, now| checklist::tick(tx, who, id, &again, now)).unwrap();
        assert_eq!(now[0].done_by, house.anna.agent);
        house.now = house.now.plus(Duration::from_secs(86_400));
        let tomorrow = act!(house, house.boris, |tx, who, now| checklist::now(tx, who, now)).unwrap();
        assert_eq!(tomorrow[0].done_by, None);
    }

    async fn a_calendar_address_shows_published_shifts_until_it_is_taken_back(store: Store) {
        let mut house = House::new(store).await;
        house.now = at("2026-11-22T09:00:00Z");
        let id = shift(&house, &house.anna, local(MONDAY, "10:00", "19:00")).await.unwrap().shift.id;
        shift(&house, &house.boris, local(MONDAY, "10:00", "19:00")).await.unwrap();
        publish(&house).await;
        shift(&house, &house.anna, local("2026-11-24", "10:00", "19:00")).await.unwrap();
        let token = act!(house, house.anna, |tx, who, now| feed::make(tx, who, now)).unwrap().token.unwrap();
        let now = house.now;
        let read = |token: String| async { house.store.read(move |tx| feed::read(tx, &token, now)).await };
        let file = read(token.clone()).await.unwrap();
        assert_eq!(file.matches("BEGIN:VEVENT").count(), 1, "{file}");
        assert!(file.contains(&format!("UID:shift-{id}@opora\r\nSEQUENCE:2\r\n")), "{file}");
        assert!(file.contains("DTSTART:20261123T070000Z\r\nDTEND:20261123T160000Z\r\n"), "{file}");
        let other = act!(house, house.anna, |tx, who, now| feed::make(tx, who, now)).unwrap().token.unwrap();
        assert_eq!(read(token).await.unwrap_err().code(), "not_found");
        act!(house, house.anna, |tx, who, now| feed::revoke(tx, who, now)).unwrap();
        assert_eq!(read(other).await.unwrap_err().code(), "not_found");
    }

    async fn whoever_is_ill_says_so_but_nobody_gives_themselves_a_vacation(store: Store) {
        let house = House::new(store).await;
        let form = |kind| AbsenceForm { agent_id: house.anna.agent.unwrap(), kind, first_day: MONDAY.into(), last_day: MONDAY.into(), note: "Грипп".into() };
        let (ill, vacation) = (form(AbsenceKind::Sick), form(AbsenceKind::Vacation));
        act!(house, house.anna, |tx, who, now| absences::create(tx, who, &ill, now)).unwrap();
        assert_eq!(act!(house, house.anna, |tx, who, now| absences::create(tx, who, &vacation, now)).unwrap_err().code(), "forbidden");
        let seen = shown(&house, &house.boris).await.absences;
        assert_eq!((seen[0].kind, seen[0].note.as_str()), (AbsenceKind::Other, ""), "why is nobody's business");
    }
}

async fn owner(house: &House, id: ShiftId) -> AgentId {
    shown(house, &house.admin).await.shifts.into_iter().find(|shift| shift.id == id).unwrap().agent_id
}

#[test]
fn the_house_begins_before_the_weeks_these_stories_are_about() {
    assert!(START < at("2026-11-22T00:00:00Z"));
}
