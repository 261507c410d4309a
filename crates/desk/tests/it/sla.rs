//! Deadlines: what starts, stops, pauses and moves a clock, when it warns and when it is too late.

use crate::house::{House, letter, mail};
use opora_base::{Store, Time, timer};
use opora_calendar::{Day, Spec, Week};
use opora_desk::calendars::{self, CalendarChange, CalendarForm};
use opora_desk::department::teams::{self, TeamForm};
use opora_desk::notifications::Followed;
use opora_desk::sla::policy::{self, Escalation, Policy, PolicyForm, Target};
use opora_desk::sla::promise::PromiseForm;
use opora_desk::sla::{self, ClockState, Metric, TicketClock};
use opora_desk::tickets::views::{self, Counter, ViewForm};
use opora_desk::tickets::{self, Change, MessageForm, Priority, Status, filter};
use opora_desk::{Error, TicketId};
use opora_testkit::engines;
use std::collections::BTreeMap;

const HOUR: i64 = 3_600;

/// What the binary does: follows the log to its end, then rings what is due.
pub async fn keep(house: &House) {
    let now = house.now;
    loop {
        house.all_shown().await;
        while house.write(move |tx| sla::follow(tx, now)).await.unwrap() == Followed::More {}
        let due = house.write(move |tx| Ok(timer::due(tx, now, 100)?)).await.unwrap();
        let mut rang = 0;
        for timer in due.into_iter().filter(|t| [sla::BREACH_TIMER, sla::WARN_TIMER].contains(&t.kind.as_str())) {
            rang += 1;
            house
                .write(move |tx| if timer::take(tx, &timer)? { sla::fire(tx, timer.subject, now) } else { Ok(()) })
                .await
                .unwrap();
        }
        if rang == 0 {
            return;
        }
    }
}

fn always(seconds: i64) -> Target {
    Target { low: Some(seconds), normal: Some(seconds), high: Some(seconds), urgent: Some(seconds) }
}

fn promise(name: &str, filter: &str, targets: &[(Metric, Target)]) -> PolicyForm {
    PolicyForm {
        version: None,
        name: name.into(),
        active: true,
        filter: filter.into(),
        calendar_id: None,
        targets: targets.iter().copied().collect::<BTreeMap<_, _>>(),
        pauses: vec![Status::Waiting, Status::OnHold],
        warn_percent: 75,
        escalation: Escalation::default(),
    }
}

async fn make(house: &House, form: PolicyForm) -> Result<Policy, Error> {
    let (admin, now) = (house.admin.clone(), house.now);
    house.write(move |tx| policy::create(tx, &admin, &form, now)).await
}

/// A department that promises, and follows its log from now on.
async fn promising(store: Store, forms: Vec<PolicyForm>) -> House {
    let house = House::new(store).await;
    for form in forms {
        make(&house, form).await.unwrap();
    }
    keep(&house).await;
    house
}

async fn asked(house: &House) -> TicketId {
    house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
    keep(house).await;
    house.only_ticket().await.row.id
}

async fn writes_again(house: &House, id: &str) {
    let more = "In-Reply-To: <first@customer.test>\n";
    house.mail(&mail("Ольга <olga@customer.test>", id, "Re: Где заказ?", more, "Ау?")).await;
    keep(house).await;
}

async fn clocks(house: &House, id: TicketId) -> Vec<TicketClock> {
    let (admin, now) = (house.admin.clone(), house.now);
    house.store.read(move |tx| sla::clocks(tx, &admin, id, now)).await.unwrap()
}

async fn clock(house: &House, id: TicketId, metric: Metric) -> TicketClock {
    clocks(house, id).await.into_iter().find(|clock| clock.metric == metric).expect("a clock of this metric")
}

async fn promised(house: &House, id: TicketId, seconds: i64) -> Result<(), Error> {
    let (anna, now) = (house.anna.clone(), house.now);
    let form = PromiseForm { due_at: Time(now.0 + seconds * 1_000_000), text: String::new() };
    house.write(move |tx| sla::promise::make(tx, &anna, id, &form, now)).await
}

fn first_in_an_hour() -> PolicyForm {
    promise("First in an hour", "", &[(Metric::FirstResponse, always(HOUR))])
}

fn solved_in_a_day() -> PolicyForm {
    promise("Solved in a day", "", &[(Metric::Resolution, always(24 * HOUR))])
}

fn later(at: Time, seconds: i64) -> Option<Time> {
    Some(Time(at.0 + seconds * 1_000_000))
}

engines! {
    async fn an_answer_in_time_is_in_time_and_the_list_shows_what_is_left(store: Store) {
        let mut house = promising(store, vec![first_in_an_hour()]).await;
        let asked_at = house.now;
        let id = asked(&house).await;
        let row = house.open(id).await.row;
        assert_eq!(row.sla.as_ref().and_then(|sla| sla.due_at), later(asked_at, HOUR));
        assert_eq!(row.sla.as_ref().and_then(|sla| sla.warn_at), later(asked_at, HOUR / 4 * 3), "due soon from then on");
        let (anna, now) = (house.anna.clone(), house.now);
        let beside = house.store.read(move |tx| tickets::beside(tx, &anna, id, now)).await.unwrap();
        assert_eq!((beside.sla.len(), &beside.sla), (1, &clocks(&house, id).await), "it stands beside the ticket");
        for (q, total) in [("sla:running", 1), ("due:<2h", 1), ("due:<30m", 0), ("sla:breached", 0), ("sla:none", 0)] {
            assert_eq!(house.list(&house.anna, q).await.total, total, "{q}");
        }
        house.pass(1_800);
        house.say(&house.anna, id, "reply", "Уже едет").await.unwrap();
        keep(&house).await;
        let clock = clock(&house, id, Metric::FirstResponse).await;
        assert_eq!((clock.state, clock.spent_seconds, clock.breached_at), (ClockState::Over, 1_800, None));
        assert_eq!(house.open(id).await.row.sla, None);
        house.pass(100_000);
        keep(&house).await;
        assert!(house.told("sla.breached").await.is_empty());
    }

    async fn the_view_of_what_is_due_soon_holds_it_from_two_hours_before(store: Store) {
        let in_three = promise("In three hours", "", &[(Metric::FirstResponse, always(3 * HOUR))]);
        let mut house = promising(store, vec![in_three]).await;
        let id = asked(&house).await;
        let soon = async |house: &House| {
            let (anna, now) = (house.anna.clone(), house.now);
            let matches = filter::Matches::default();
            let all = house.store.read(move |tx| Counter::new(&matches, now).views(tx, &anna)).await.unwrap();
            let view = all.into_iter().find(|view| view.key == "due_soon").expect("it is given");
            (view.count, view.sort)
        };
        house.pass(3_599);
        assert_eq!(soon(&house).await, (0, "due".to_owned()));
        house.pass(2);
        assert_eq!(soon(&house).await.0, 1);
        house.say(&house.anna, id, "reply", "Уже едет").await.unwrap();
        keep(&house).await;
        assert_eq!(soon(&house).await.0, 0);
        let columns = Some(vec!["subject".to_owned(), "sla".to_owned()]);
        let form = ViewForm { name: Some("Сроки".into()), query: Some(String::new()), columns, ..ViewForm::default() };
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| views::create(tx, &anna, &form, now)).await.unwrap();
    }

    async fn it_warns_once_before_and_tells_once_when_it_is_too_late(store: Store) {
        let mut house = promising(store, vec![first_in_an_hour()]).await;
        let asked_at = house.now;
        let id = asked(&house).await;
        house.pass(2_699);
        keep(&house).await;
        assert_eq!(house.told("sla.warning").await.len(), 0);
        house.pass(1);
        keep(&house).await;
        keep(&house).await;
        assert_eq!(house.told("sla.warning").await.len(), 1);
        house.pass(899);
        keep(&house).await;
        assert_eq!(house.told("sla.breached").await.len(), 0);
        house.pass(1);
        keep(&house).await;
        house.pass(500);
        keep(&house).await;
        assert_eq!((house.told("sla.warning").await.len(), house.told("sla.breached").await.len()), (1, 1));
        let clock = clock(&house, id, Metric::FirstResponse).await;
        assert_eq!((clock.state, clock.breached_at), (ClockState::Running, later(asked_at, HOUR)));
        assert_eq!(house.list(&house.anna, "sla:breached").await.total, 1);
        assert!(house.open(id).await.row.sla.unwrap().breached);
    }

    // However late the program looks, the breach is at its minute.
    async fn a_breach_while_nobody_looked_is_dated_when_it_was(store: Store) {
        let mut house = promising(store, vec![first_in_an_hour()]).await;
        let asked_at = house.now;
        let id = asked(&house).await;
        house.pass(2 * 3_600);
        house.say(&house.anna, id, "reply", "Уже едет").await.unwrap();
        keep(&house).await;
        let clock = clock(&house, id, Metric::FirstResponse).await;
        assert_eq!((clock.state, clock.breached_at), (ClockState::Over, later(asked_at, HOUR)));
        assert_eq!(house.told("sla.breached").await.len(), 1);
    }

    async fn a_solution_is_not_waited_for_while_the_customer_is(store: Store) {
        let mut house = promising(store, vec![solved_in_a_day()]).await;
        let asked_at = house.now;
        let id = asked(&house).await;
        house.pass(3_600);
        house.change(&house.anna, id, Change { status: Some(Status::Waiting), ..Change::default() }).await.unwrap();
        keep(&house).await;
        let sla = house.open(id).await.row.sla.unwrap();
        assert_eq!((sla.due_at, sla.remaining_seconds), (None, Some(23 * HOUR)));
        assert_eq!(house.list(&house.anna, "sla:paused").await.total, 1);
        house.pass(3 * 86_400);
        keep(&house).await;
        writes_again(&house, "2@c.test").await;
        assert_eq!(clock(&house, id, Metric::Resolution).await.due_at, later(asked_at, 3 * 86_400 + 24 * HOUR));
        house.change(&house.anna, id, Change { status: Some(Status::Solved), ..Change::default() }).await.unwrap();
        keep(&house).await;
        let over = clock(&house, id, Metric::Resolution).await;
        assert_eq!((over.state, over.spent_seconds, over.breached_at), (ClockState::Over, HOUR, None));
        // It was not solved after all: the same clock goes on.
        house.pass(60);
        writes_again(&house, "3@c.test").await;
        let again = clock(&house, id, Metric::Resolution).await;
        assert_eq!((again.state, again.spent_seconds), (ClockState::Running, HOUR));
        assert_eq!(clocks(&house, id).await.len(), 1);
    }

    async fn each_further_question_has_a_clock_of_its_own(store: Store) {
        let next = promise("Next", "", &[(Metric::FirstResponse, always(HOUR)), (Metric::NextResponse, always(600))]);
        let mut house = promising(store, vec![next]).await;
        let id = asked(&house).await;
        house.pass(60);
        writes_again(&house, "2@c.test").await;
        assert_eq!(clocks(&house, id).await.len(), 1, "nobody has answered yet");
        house.say(&house.anna, id, "reply", "Едет").await.unwrap();
        house.pass(60);
        writes_again(&house, "3@c.test").await;
        assert_eq!(clock(&house, id, Metric::NextResponse).await.due_at, later(house.now, 600));
        house.pass(300);
        house.say(&house.anna, id, "reply", "Завтра").await.unwrap();
        keep(&house).await;
        assert_eq!(clock(&house, id, Metric::NextResponse).await.spent_seconds, 300);
        house.pass(300);
        writes_again(&house, "4@c.test").await;
        let two: Vec<i64> = clocks(&house, id).await.iter().filter(|c| c.metric == Metric::NextResponse).map(|c| c.spent_seconds).collect();
        assert_eq!(two, [0, 300]);
    }

    async fn a_promise_taken_back_keeps_what_was_measured_of_a_further_question(store: Store) {
        let next = promise("Next", "", &[(Metric::NextResponse, always(HOUR))]);
        let mut house = promising(store, vec![next.clone()]).await;
        let id = asked(&house).await;
        house.say(&house.anna, id, "reply", "Едет").await.unwrap();
        house.pass(60);
        writes_again(&house, "2@c.test").await;
        house.pass(600);
        let (admin, now) = (house.admin.clone(), house.now);
        house
            .write(move |tx| {
                let policy = policy::list(tx)?.remove(0);
                policy::delete(tx, &admin, policy.id, now)
            })
            .await
            .unwrap();
        keep(&house).await;
        let over = clock(&house, id, Metric::NextResponse).await;
        assert_eq!((over.state, over.spent_seconds), (ClockState::Over, 600));
        make(&house, next).await.unwrap();
        keep(&house).await;
        house.pass(60);
        let again = clock(&house, id, Metric::NextResponse).await;
        assert_eq!((again.state, again.spent_seconds), (ClockState::Running, 660), "promised again, it goes on");
    }

    async fn an_answer_taken_back_has_answered_nothing(store: Store) {
        let mut house = promising(store, vec![first_in_an_hour()]).await;
        let id = asked(&house).await;
        house.pass(600);
        let answer = house.say(&house.anna, id, "reply", "Едет").await.unwrap();
        keep(&house).await;
        house.pass(5);
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| tickets::undo(tx, &anna, answer, now)).await.unwrap();
        keep(&house).await;
        let clock = clock(&house, id, Metric::FirstResponse).await;
        assert_eq!((clock.state, clock.spent_seconds), (ClockState::Running, 600));
    }

    async fn an_answer_that_goes_later_answers_when_it_goes(store: Store) {
        let mut house = promising(store, vec![first_in_an_hour()]).await;
        let id = asked(&house).await;
        let form = MessageForm { kind: "reply".into(), body_text: Some("Завтра".into()), send_at: later(house.now, 3 * HOUR), ..MessageForm::default() };
        house.post(&house.anna, id, form).await.unwrap();
        keep(&house).await;
        assert_eq!(clock(&house, id, Metric::FirstResponse).await.state, ClockState::Running);
        house.pass(3 * 3_600);
        let now = house.now;
        let jobs = house.store.write_rc(move |tx| opora_desk::mailroom::outgoing::claim(tx, "me", 10, now)).await.unwrap();
        assert_eq!(jobs.len(), 1);
        keep(&house).await;
        let clock = clock(&house, id, Metric::FirstResponse).await;
        assert!(clock.breached_at.is_some(), "it was two hours late");
    }

    async fn another_priority_moves_the_deadline_and_that_is_told(store: Store) {
        let target = Target { normal: Some(8 * HOUR), urgent: Some(HOUR), ..Target::default() };
        let mut house = promising(store, vec![promise("By priority", "", &[(Metric::FirstResponse, target)])]).await;
        let asked_at = house.now;
        let id = asked(&house).await;
        house.pass(60);
        let priority = |priority| Change { priority: Some(priority), ..Change::default() };
        house.change(&house.anna, id, priority(Priority::Urgent)).await.unwrap();
        keep(&house).await;
        assert_eq!(clock(&house, id, Metric::FirstResponse).await.due_at, later(asked_at, HOUR));
        let moved = house.told("sla.recalculated").await;
        assert_eq!(moved.len(), 1);
        assert_eq!(moved[0]["from"], serde_json::json!(later(asked_at, 8 * HOUR)));
        // Nothing is promised to what can wait: the clock is over, nobody is late.
        house.change(&house.anna, id, priority(Priority::Low)).await.unwrap();
        keep(&house).await;
        house.pass(100_000);
        keep(&house).await;
        assert_eq!(house.open(id).await.row.sla, None);
        assert!(house.told("sla.breached").await.is_empty());
    }

    async fn the_first_policy_that_fits_decides_for_each_metric(store: Store) {
        let shop = promise("Shop", "inbox:support priority:high", &[(Metric::FirstResponse, always(600))]);
        let house = promising(store, vec![shop, first_in_an_hour(), solved_in_a_day()]).await;
        let id = asked(&house).await;
        let by = |clocks: &[TicketClock]| clocks.iter().map(|c| (c.metric, c.policy.clone())).collect::<BTreeMap<_, _>>();
        let expected = |first: &str| BTreeMap::from([(Metric::FirstResponse, first.to_owned()), (Metric::Resolution, "Solved in a day".to_owned())]);
        assert_eq!(by(&clocks(&house, id).await), expected("First in an hour"));
        house.change(&house.anna, id, Change { priority: Some(Priority::High), ..Change::default() }).await.unwrap();
        keep(&house).await;
        assert_eq!(by(&clocks(&house, id).await), expected("Shop"));
    }

    async fn a_team_picks_up_in_time_and_hands_on(store: Store) {
        let pick_up = promise("Tier 2", "team:\"Вторая линия\"", &[(Metric::PickUp, always(HOUR)), (Metric::TeamTime, always(8 * HOUR))]);
        let house = House::new(store).await;
        let (admin, now) = (house.admin.clone(), house.now);
        let form = TeamForm { name: "Вторая линия".into(), member_ids: None };
        let tier2 = house.write(move |tx| teams::create(tx, &admin, &form, now)).await.unwrap().id;
        make(&house, pick_up).await.unwrap();
        keep(&house).await;
        let mut house = house;
        let id = asked(&house).await;
        assert!(clocks(&house, id).await.is_empty());
        house.pass(600);
        house.change(&house.anna, id, Change { team_id: Some(Some(tier2)), ..Change::default() }).await.unwrap();
        keep(&house).await;
        assert_eq!(clock(&house, id, Metric::PickUp).await.due_at, later(house.now, HOUR));
        house.pass(1_200);
        house.change(&house.admin, id, Change { assignee_id: Some(house.boris.agent), ..Change::default() }).await.unwrap();
        keep(&house).await;
        let picked = clock(&house, id, Metric::PickUp).await;
        assert_eq!((picked.state, picked.spent_seconds), (ClockState::Over, 1_200));
        assert_eq!(clock(&house, id, Metric::TeamTime).await.state, ClockState::Running);
        house.change(&house.admin, id, Change { team_id: Some(Some(house.team)), ..Change::default() }).await.unwrap();
        keep(&house).await;
        assert_eq!(clock(&house, id, Metric::TeamTime).await.state, ClockState::Over);
    }

    async fn what_is_too_late_takes_the_policys_step_once(store: Store) {
        let step = Escalation { tell_leads: true, priority: Some(Priority::Urgent), team_id: None };
        let mut house = promising(store, vec![PolicyForm { escalation: step, ..first_in_an_hour() }]).await;
        let id = asked(&house).await;
        house.pass(3_600);
        keep(&house).await;
        let row = house.open(id).await.row;
        assert_eq!(row.priority, Priority::Urgent);
        house.change(&house.anna, id, Change { priority: Some(Priority::Low), ..Change::default() }).await.unwrap();
        keep(&house).await;
        house.pass(3_600);
        keep(&house).await;
        assert_eq!(house.open(id).await.row.priority, Priority::Low, "a person decided otherwise");
        assert_eq!(house.told("sla.breached").await.len(), 1);
    }

    async fn a_policy_that_changes_is_reckoned_anew_for_all_that_is_open(store: Store) {
        let mut house = promising(store, vec![]).await;
        let asked_at = house.now;
        let id = asked(&house).await;
        assert!(clocks(&house, id).await.is_empty());
        house.pass(60);
        let made = make(&house, first_in_an_hour()).await.unwrap();
        keep(&house).await;
        assert_eq!(clock(&house, id, Metric::FirstResponse).await.due_at, later(asked_at, HOUR));
        let (admin, now) = (house.admin.clone(), house.now);
        let form = promise("First in two", "", &[(Metric::FirstResponse, always(2 * HOUR))]);
        house.write(move |tx| policy::change(tx, &admin, made.id, &form, now)).await.unwrap();
        keep(&house).await;
        assert_eq!(clock(&house, id, Metric::FirstResponse).await.due_at, later(asked_at, 2 * HOUR));
        let (admin, now) = (house.admin.clone(), house.now);
        house.write(move |tx| policy::delete(tx, &admin, made.id, now)).await.unwrap();
        keep(&house).await;
        assert_eq!(house.open(id).await.row.sla, None);
        let timers: i64 = house.store.read(|tx| tx.one("SELECT count(*) FROM timer", &[])).await.map_err(|e: opora_base::Error| e).unwrap();
        assert_eq!(timers, 0);
    }

    async fn settling_twice_changes_and_tells_nothing(store: Store) {
        let house = promising(store, vec![first_in_an_hour(), solved_in_a_day()]).await;
        let id = asked(&house).await;
        let (before, said) = (clocks(&house, id).await, house.told("ticket.sla").await.len());
        let admin = house.admin.clone();
        let now = house.now;
        house.write(move |tx| policy::arrange(tx, &admin, &[], now)).await.unwrap();
        keep(&house).await;
        assert_eq!((clocks(&house, id).await, house.told("ticket.sla").await.len()), (before, said));
    }

    async fn a_policy_that_names_what_is_gone_is_marked_and_the_next_one_counts(store: Store) {
        let house = House::new(store).await;
        make(&house, promise("Line one", "team:\"Первая линия\"", &[(Metric::FirstResponse, always(600))])).await.unwrap();
        make(&house, first_in_an_hour()).await.unwrap();
        keep(&house).await;
        let (admin, team, now) = (house.admin.clone(), house.team, house.now);
        let form = TeamForm { name: "Другая".into(), member_ids: None };
        house.write(move |tx| teams::change(tx, &admin, team, &form, now)).await.unwrap();
        let id = asked(&house).await;
        assert_eq!(clock(&house, id, Metric::FirstResponse).await.policy, "First in an hour");
        let all = house.store.read(policy::list).await.unwrap();
        assert!(all[0].broken.contains("Первая линия"), "{:?}", all[0].broken);
        assert_eq!(house.told("sla.policy").await.len(), 1, "told once");
    }

    async fn a_policy_that_cannot_work_is_refused_with_the_reason(store: Store) {
        let house = House::new(store).await;
        let refused = async |form: PolicyForm| make(&house, form).await.unwrap_err();
        let code = |error: Error| match error {
            Error::Validation(fields) => format!("{}:{}", fields[0].field, fields[0].code),
            Error::BadQuery { reason, .. } => format!("filter:{reason}"),
            other => panic!("{other}"),
        };
        let some = || vec![(Metric::FirstResponse, always(60))];
        assert_eq!(code(refused(promise("", "", &some())).await), "name:required");
        assert_eq!(code(refused(promise("A", "stat:us", &some())).await), "filter:unknown_key");
        assert_eq!(code(refused(promise("A", "team:Никакая", &some())).await), "filter:unknown_name");
        assert_eq!(code(refused(promise("A", "assignee:me", &some())).await), "filter:personal");
        assert_eq!(code(refused(promise("A", "возврат", &some())).await), "filter:words");
        assert_eq!(code(refused(promise("A", "", &[])).await), "targets:required");
        assert_eq!(code(refused(promise("A", "", &[(Metric::PickUp, always(0))])).await), "targets:out_of_range");
        assert_eq!(code(refused(PolicyForm { pauses: vec![Status::Open], ..promise("A", "", &some()) }).await), "pauses:unknown");
        assert_eq!(code(refused(PolicyForm { warn_percent: 100, ..promise("A", "", &some()) }).await), "warn_percent:out_of_range");
        assert_eq!(code(refused(PolicyForm { calendar_id: Some(77), ..promise("A", "", &some()) }).await), "calendar_id:unknown");
        make(&house, promise("A", "", &some())).await.unwrap();
        assert_eq!(code(refused(promise("a", "", &some())).await), "name:taken");
        let (anna, now) = (house.anna.clone(), house.now);
        let form = promise("B", "", &some());
        assert!(matches!(house.write(move |tx| policy::create(tx, &anna, &form, now)).await, Err(Error::Forbidden(_))));
    }

    async fn a_promise_is_kept_by_an_answer_and_not_by_silence(store: Store) {
        let mut house = promising(store, vec![]).await;
        let id = asked(&house).await;
        let made_at = house.now;
        promised(&house, id, 2 * HOUR).await.unwrap();
        let sla = house.open(id).await.row.sla.unwrap();
        assert_eq!((sla.metric, sla.due_at), (Metric::Promise, later(made_at, 2 * HOUR)));
        house.pass(5_400);
        keep(&house).await;
        assert_eq!(house.told("sla.warning").await.len(), 1, "half an hour before");
        house.say(&house.anna, id, "reply", "Привезём в среду").await.unwrap();
        keep(&house).await;
        let kept = clock(&house, id, Metric::Promise).await;
        assert_eq!((kept.state, kept.breached_at), (ClockState::Over, None));
        assert_eq!(house.open(id).await.promise, None);
        promised(&house, id, 600).await.unwrap();
        house.pass(600);
        keep(&house).await;
        assert_eq!(house.told("sla.breached").await.len(), 1);
        house.pass(60);
        house.say(&house.anna, id, "reply", "Простите, вот ответ").await.unwrap();
        keep(&house).await;
        let (admin, from, until) = (house.admin.clone(), made_at, Time(house.now.0 + 1));
        let report = house.store.read(move |tx| sla::report::of(tx, &admin, from, until, until)).await.unwrap();
        let counts: Vec<_> = report.kept.iter().map(|kept| (kept.metric, kept.begun, kept.in_time, kept.late)).collect();
        assert_eq!(counts, [(Metric::Promise, 2, 1, 1)]);
        assert_eq!((report.late_total, report.late[0].ticket_id, report.late[0].late_seconds), (1, id, 60));
    }

    async fn a_promise_can_be_moved_and_taken_back(store: Store) {
        let mut house = promising(store, vec![]).await;
        let id = asked(&house).await;
        promised(&house, id, HOUR).await.unwrap();
        house.pass(60);
        promised(&house, id, 3 * HOUR).await.unwrap();
        assert_eq!(house.open(id).await.promise.unwrap().due_at, Time(house.now.0 + 3 * HOUR * 1_000_000));
        assert_eq!(clocks(&house, id).await.len(), 1, "the same promise");
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| sla::promise::withdraw(tx, &anna, id, now)).await.unwrap();
        house.pass(100_000);
        keep(&house).await;
        assert_eq!((house.open(id).await.promise, house.open(id).await.row.sla), (None, None));
        assert!(house.told("sla.breached").await.is_empty());
    }

    async fn an_answer_makes_a_promise_and_taking_it_back_takes_both_back(store: Store) {
        let house = promising(store, vec![]).await;
        let id = asked(&house).await;
        let promise = PromiseForm { due_at: Time(house.now.0 + HOUR * 1_000_000), text: "Узнаем у склада".into() };
        let form = MessageForm { kind: "reply".into(), body_text: Some("Узнаем".into()), promise: Some(promise), ..MessageForm::default() };
        let answer = house.post(&house.anna, id, form).await.unwrap();
        keep(&house).await;
        let open = house.open(id).await;
        assert_eq!(open.promise.map(|promise| promise.text).as_deref(), Some("Узнаем у склада"));
        assert_eq!(open.row.sla.map(|sla| sla.metric), Some(Metric::Promise));
        let (anna, now) = (house.anna.clone(), house.now);
        house.write(move |tx| tickets::undo(tx, &anna, answer, now)).await.unwrap();
        keep(&house).await;
        let open = house.open(id).await;
        assert_eq!((open.promise, open.row.sla), (None, None));
    }

    async fn what_cannot_be_promised_is_refused(store: Store) {
        let house = promising(store, vec![]).await;
        let id = asked(&house).await;
        let code = |done: Result<(), Error>| match done.unwrap_err() {
            Error::Validation(fields) => fields[0].code,
            other => panic!("{other}"),
        };
        assert_eq!(code(promised(&house, id, 0).await), "past");
        assert_eq!(code(promised(&house, id, 400 * 24 * HOUR).await), "too_far");
        house.change(&house.anna, id, Change { status: Some(Status::Solved), ..Change::default() }).await.unwrap();
        assert_eq!(code(promised(&house, id, HOUR).await), "ticket_is_done");
    }

    async fn a_department_that_promises_nothing_is_not_followed(store: Store) {
        let house = House::new(store).await;
        house.mail(&letter("first@customer.test", "Где заказ?", "Жду третий день.")).await;
        assert!(!house.store.read(sla::is_behind).await.unwrap());
        make(&house, first_in_an_hour()).await.unwrap();
        assert!(house.store.read(sla::is_behind).await.unwrap());
        keep(&house).await;
        assert!(!house.store.read(sla::is_behind).await.unwrap());
        let id = house.only_ticket().await.row.id;
        assert_eq!(clocks(&house, id).await.len(), 1, "what was open before has its clock");
    }

    async fn a_deadline_is_counted_in_working_hours_and_moves_with_the_calendar(store: Store) {
        let mut house = House::new(store).await;
        let office = Spec { time_zone: "Europe/Moscow".into(), week: Week::office(), ..Spec::default() };
        let (admin, now) = (house.admin.clone(), house.now);
        let form = CalendarForm { name: "Офис".into(), spec: office.clone() };
        let calendar = house.write(move |tx| calendars::create(tx, &admin, &form, now)).await.unwrap();
        make(&house, PolicyForm { calendar_id: Some(calendar.id.0), ..first_in_an_hour() }).await.unwrap();
        keep(&house).await;
        // Monday, 17:13:20 in Moscow: 46 minutes and 40 seconds are left of the day.
        let id = asked(&house).await;
        let due = |text: &str| Time::parse(text);
        assert_eq!(clock(&house, id, Metric::FirstResponse).await.due_at, due("2026-09-22T06:13:20Z"));
        house.pass(4 * 3_600);
        keep(&house).await;
        assert_eq!(clock(&house, id, Metric::FirstResponse).await.spent_seconds, 2_800);
        let (admin, now) = (house.admin.clone(), house.now);
        let mut holiday = office.clone();
        holiday.days.insert("2026-09-22".into(), Day::off("День города"));
        let change = CalendarChange { spec: Some(holiday), ..CalendarChange::default() };
        house.write(move |tx| calendars::change(tx, &admin, calendar.id, &change, now)).await.unwrap();
        keep(&house).await;
        assert_eq!(clock(&house, id, Metric::FirstResponse).await.due_at, due("2026-09-23T06:13:20Z"));
        assert_eq!(house.open(id).await.row.sla.unwrap().due_at, due("2026-09-23T06:13:20Z"));
        assert_eq!(house.told("sla.recalculated").await[0]["why"], "calendar");
        let (admin, now) = (house.admin.clone(), house.now);
        let refused = house.write(move |tx| calendars::delete(tx, &admin, calendar.id, now)).await.unwrap_err();
        assert!(matches!(refused, Error::Validation(fields) if fields[0].code == "in_use"));
    }
}
