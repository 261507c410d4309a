//! Calendars in the department: the first one, changes that are told, what is refused, and the shelf of ready ones.

use crate::house::House;
use opora_base::{Store, Tx, params};
use opora_calendar::{Day, Spec, Week};
use opora_desk::calendars::{
    self, Calendar, CalendarChange, CalendarForm, DaysForm, PreviewForm, compiled, load_days, preview,
};
use opora_desk::people::setup;
use opora_desk::{Actor, CalendarId, Error, Result};
use opora_testkit::engines;
use std::sync::Arc;

const HOUR: i64 = 3_600_000;

fn nights() -> Spec {
    let night = vec![("22:00".to_owned(), "06:00".to_owned())];
    let week = Week { mon: night.clone(), tue: night, ..Week::default() };
    Spec { time_zone: "Asia/Vladivostok".into(), week, ..Spec::default() }
}

async fn all(house: &House) -> Vec<Calendar> {
    house.store.read(calendars::list).await.unwrap()
}

async fn make(house: &House, actor: &Actor, name: &str, spec: Spec) -> Result<Calendar> {
    let (actor, form, now) = (actor.clone(), CalendarForm { name: name.into(), spec }, house.now);
    house.write(move |tx| calendars::create(tx, &actor, &form, now)).await
}

async fn change(house: &House, id: CalendarId, wanted: CalendarChange) -> Result<Calendar> {
    let (actor, now) = (house.admin.clone(), house.now);
    house.write(move |tx| calendars::change(tx, &actor, id, &wanted, now)).await
}

async fn delete(house: &House, id: CalendarId) -> Result<()> {
    let (actor, now) = (house.admin.clone(), house.now);
    house.write(move |tx| calendars::delete(tx, &actor, id, now)).await
}

/// The field's own code: "taken", "overlapping" …
fn why<T: std::fmt::Debug>(answer: Result<T>) -> (&'static str, &'static str) {
    match answer.unwrap_err() {
        Error::Validation(fields) => (fields[0].field, fields[0].code),
        error => ("", error.code()),
    }
}

engines! {
    async fn a_new_department_has_an_office_week_and_keeps_the_name_it_gives_it(store: Store) {
        let house = House::new(store).await;
        let found = all(&house).await;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].default), ("Рабочие часы", true));
        assert_eq!(found[0].spec, Spec { time_zone: "Europe/Moscow".into(), week: Week::office(), ..Spec::default() });
        let name = CalendarChange { name: Some("Будни".into()), ..CalendarChange::default() };
        change(&house, found[0].id, name).await.unwrap();
        let now = house.now;
        house.write(move |tx| setup::furnish(tx, now)).await.unwrap();
        assert_eq!(all(&house).await.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Будни"]);
    }

    async fn a_calendar_is_made_changed_and_deleted_and_each_step_is_told(store: Store) {
        let house = House::new(store).await;
        let made = make(&house, &house.admin, " Ночные  ", nights()).await.unwrap();
        assert_eq!((made.name.as_str(), made.version, made.default), ("Ночные", 1, false));
        let mut spec = nights();
        spec.days.insert("2026-05-01".into(), Day::off("День труда"));
        let wanted = CalendarChange { spec: Some(spec.clone()), version: Some(1), ..CalendarChange::default() };
        let changed = change(&house, made.id, wanted.clone()).await.unwrap();
        assert_eq!((changed.version, &changed.spec), (2, &spec));
        let again = change(&house, made.id, wanted).await.unwrap();
        assert_eq!(again.version, 2, "what is so already is no change, whatever was seen");
        delete(&house, made.id).await.unwrap();
        let told: Vec<(String, String)> = house
            .store
            .read(|tx: &mut Tx<'_>| {
                let sql = "SELECT kind, object_name FROM audit WHERE object_kind = $1 ORDER BY id";
                tx.query(sql, params!["calendar"])
            })
            .await
            .unwrap();
        let verbs: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(verbs, ["calendar.created", "calendar.changed", "calendar.deleted"]);
        let events: i64 = house
            .store
            .read(|tx: &mut Tx<'_>| tx.one("SELECT count(*) FROM event WHERE kind = $1", params!["calendar.changed"]))
            .await
            .unwrap();
        assert_eq!(events, 1);
    }

    async fn who_saw_an_older_version_is_told_what_differs(store: Store) {
        let house = House::new(store).await;
        let made = make(&house, &house.admin, "Ночные", nights()).await.unwrap();
        let named = |name: &str, version| CalendarChange { name: Some(name.into()), version, ..Default::default() };
        change(&house, made.id, named("Смены", Some(1))).await.unwrap();
        match change(&house, made.id, named("Дежурства", Some(1))).await.unwrap_err() {
            Error::TicketChanged { fields } => assert_eq!(fields, ["name"]),
            other => panic!("{other}"),
        }
        assert_eq!(change(&house, made.id, named("Дежурства", None)).await.unwrap().version, 3);
    }

    async fn what_does_not_fit_is_refused_and_nothing_is_kept(store: Store) {
        let house = House::new(store).await;
        let id = all(&house).await[0].id;
        assert_eq!(why(make(&house, &house.anna, "Моё", nights()).await), ("", "forbidden"));
        assert_eq!(why(make(&house, &house.admin, " ", nights()).await), ("name", "required"));
        assert_eq!(why(make(&house, &house.admin, "рабочие ЧАСЫ", nights()).await), ("name", "taken"));
        let empty = Spec { time_zone: "UTC".into(), ..Spec::default() };
        assert_eq!(why(make(&house, &house.admin, "Пусто", empty.clone()).await), ("spec", "no_working_time"));
        let wanted = CalendarChange { spec: Some(empty), ..CalendarChange::default() };
        assert_eq!(why(change(&house, id, wanted).await), ("spec", "no_working_time"));
        assert_eq!(why(delete(&house, id).await), ("id", "last"));
        assert_eq!(why(delete(&house, CalendarId(99)).await), ("", "not_found"));
        assert_eq!(all(&house).await.len(), 1);
    }

    async fn a_ready_calendar_is_shared_until_the_calendar_says_something_else(store: Store) {
        let house = House::new(store).await;
        let id = all(&house).await[0].id;
        let ready = || house.store.read(move |tx: &mut Tx<'_>| compiled(tx, id));
        let (first, second) = (ready().await.unwrap(), ready().await.unwrap());
        assert!(Arc::ptr_eq(&first, &second));
        // Thursday, 1 January 1970, in Moscow: from six to fifteen in UTC.
        assert_eq!(first.between(0, 24 * HOUR), 9 * HOUR);
        let wanted = CalendarChange { spec: Some(nights()), ..CalendarChange::default() };
        change(&house, id, wanted).await.unwrap();
        let third = ready().await.unwrap();
        assert_eq!(third.between(0, 24 * HOUR), 0);
        assert_eq!(third.zone().iana_name(), Some("Asia/Vladivostok"));
        let nothing = house.store.read(|tx: &mut Tx<'_>| compiled(tx, CalendarId(99))).await;
        assert_eq!(nothing.unwrap_err().code(), "not_found");
    }
}

#[tokio::test]
async fn days_are_shown_before_they_are_laid_in() {
    let admin = Actor::system();
    let mut spec = Spec { time_zone: "Europe/Moscow".into(), week: Week::office(), ..Spec::default() };
    spec.days.insert("2026-05-01".into(), Day::off("Наш день"));
    spec.days.insert("2026-12-25".into(), Day::off("Праздник"));
    let form =
        DaysForm { spec, file: None, preset: Some("ru-production".into()), year: Some(2026), locale: "ru".into() };
    let loaded = load_days(&admin, &form).unwrap();
    assert_eq!(loaded.changes.len(), 18);
    let may = loaded.changes.iter().find(|change| change.date == "2026-05-01").unwrap();
    assert_eq!(may.before, Some(Day::off("Наш день")));
    assert_eq!(may.after, Day::off("Праздник Весны и Труда"));
    assert!(loaded.spec.days.contains_key("2026-12-25"), "what is not mentioned stays");
    // A second time there is nothing to change.
    let again = load_days(&admin, &DaysForm { spec: loaded.spec.clone(), ..form.clone() }).unwrap();
    assert!(again.changes.is_empty() && again.spec == loaded.spec);
    // A file says it as well as a preset does.
    let file = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20280103\nSUMMARY:Отпуск\nEND:VEVENT\nEND:VCALENDAR".to_owned();
    let from_file = DaysForm { preset: None, file: Some(file), ..form.clone() };
    let loaded = load_days(&admin, &from_file).unwrap();
    assert_eq!(loaded.changes[0].after, Day::off("Отпуск"));
    let refused = |form: DaysForm| why(load_days(&admin, &form));
    assert_eq!(refused(DaysForm { file: Some("{".into()), preset: None, ..form.clone() }), ("file", "bad_file"));
    assert_eq!(refused(DaysForm { preset: None, ..form.clone() }), ("file", "required"));
    assert_eq!(refused(DaysForm { file: Some("{}".into()), ..form.clone() }), ("file", "required"));
    assert_eq!(refused(DaysForm { year: Some(1999), ..form.clone() }), ("preset", "unknown_year"));
    assert_eq!(refused(DaysForm { preset: Some("mars".into()), ..form }), ("preset", "unknown_preset"));
}

#[tokio::test]
async fn a_preview_shows_the_coming_days_and_when_work_would_be_done() {
    let admin = Actor::system();
    let now = |text: &str| opora_base::Time::parse(text).unwrap();
    let mut spec = Spec { time_zone: "Europe/Moscow".into(), week: Week::office(), ..Spec::default() };
    spec.days.insert("2026-11-04".into(), Day::off("День народного единства"));
    let ask = PreviewForm { spec, from: None, minutes: None, days: None };
    // Half past five on the eve of a day off.
    let seen = preview(&admin, &ask, now("2026-11-03T17:30:00+03:00")).unwrap();
    assert_eq!((seen.open, seen.opens_at, seen.minutes), (true, None, 240));
    assert_eq!(seen.done_at, Some(now("2026-11-05T12:30:00+03:00")));
    assert_eq!((seen.days.len(), seen.days[0].date.as_str()), (60, "2026-11-03"));
    assert_eq!(seen.days[0].hours, [("09:00".to_owned(), "18:00".to_owned())]);
    assert_eq!((seen.days[1].minutes, seen.days[1].name.as_str()), (0, "День народного единства"));
    // A night shift shows in both its days; midnight is the end of the first.
    let ask = PreviewForm { spec: nights(), days: Some(3), minutes: Some(60), ..ask };
    let seen = preview(&admin, &ask, now("2026-11-02T12:00:00+10:00")).unwrap();
    let hours: Vec<String> = seen
        .days
        .iter()
        .map(|day| day.hours.iter().map(|(from, until)| format!("{from}-{until}")).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(hours, ["22:00-24:00", "00:00-06:00 22:00-24:00", "00:00-06:00"]);
    assert_eq!((seen.open, seen.opens_at), (false, Some(now("2026-11-02T22:00:00+10:00"))));
    assert_eq!(seen.done_at, Some(now("2026-11-02T23:00:00+10:00")));
    let nobody = Actor { agent: None, permissions: Vec::new(), sight: opora_desk::actor::Sight::Everything };
    assert_eq!(preview(&nobody, &ask, now("2026-11-02T12:00:00Z")).unwrap_err().code(), "forbidden");
    let never = PreviewForm { minutes: Some(i64::MAX), ..ask };
    assert_eq!(preview(&admin, &never, now("2026-11-02T12:00:00Z")).unwrap().done_at, None);
}
