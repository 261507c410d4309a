//! The demonstration's roster: three classes of question that go round by weeks, a desk from Vladivostok to Moscow with a hole
//! in it, a vacation, an illness, a colleague who asks to be covered, and a hand-over to read.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use opora_base::{Time, Tx};
use opora_desk::notifications::{self, NotificationSettings};
use opora_desk::people::agents;
use opora_desk::roster::absences::{self, AbsenceForm, AbsenceKind};
use opora_desk::roster::checklist::{self, Every, RoutineCheck};
use opora_desk::roster::classes::{self, QuestionClassForm};
use opora_desk::roster::cover::{Cover, CoverKind, Hours};
use opora_desk::roster::handover::{self, HandoverForm};
use opora_desk::roster::requests::{self, RosterRequestForm};
use opora_desk::roster::rotations::{self, RotationForm, SpreadForm};
use opora_desk::roster::{self, Kind, PublishForm, Rules};
use opora_desk::{Actor, AgentId, QuestionClassId, Result};

const HOUSE: &str = "Europe/Moscow";
const WEEKDAYS: &[u8] = &[0, 1, 2, 3, 4];
const WEEKEND: &[u8] = &[5, 6];

/// Who lives elsewhere, by their place among the staff.
const ELSEWHERE: &[(usize, &str)] = &[(4, "Asia/Yekaterinburg"), (10, "Asia/Novosibirsk"), (12, "Asia/Vladivostok")];

/// Class, what belongs to it, who takes turns.
const CLASSES: &[(&str, &str, &[usize])] = &[
    ("Витрина и шаблоны", "темы, корзина, SEO", &[7, 8, 4]),
    ("Оплата и документы", "тарифы, счета, возвраты", &[6, 8, 2]),
    ("Забота о клиентах", "запуск, обучение, доставка", &[3, 10, 5]),
];

/// Who is at the desk, on which days, by the clock of their place.
const DESK: &[(usize, &[u8], &str, &str)] = &[
    (12, WEEKDAYS, "07:00", "16:00"),
    (10, WEEKDAYS, "08:00", "17:00"),
    (4, WEEKDAYS, "09:00", "18:00"),
    (3, WEEKDAYS, "10:00", "19:00"),
    (6, WEEKDAYS, "10:00", "19:00"),
    (7, WEEKDAYS, "12:00", "21:00"),
    (5, WEEKDAYS, "15:00", "23:00"),
    (11, WEEKEND, "09:00", "21:00"),
];

/// Draws the roster of this week and the next three; the first two are published.
pub(super) fn draw(tx: &mut Tx<'_>, staff: &[AgentId], now: Time) -> Result<()> {
    let system = Actor::system();
    let who = |at: usize| staff.get(at).copied();
    for (at, zone) in ELSEWHERE {
        let Some(agent) = who(*at) else { return Ok(()) };
        let person = agents::actor(tx, agent)?;
        let settings = NotificationSettings { time_zone: (*zone).to_owned(), ..NotificationSettings::default() };
        notifications::put_settings(tx, &person, &settings)?;
    }
    let always = Cover { kind: CoverKind::Always, ..Cover::default() };
    roster::put_rules(tx, &system, &Rules { cover: always, ..Rules::default() }, now)?;
    let Some(monday) = monday(now) else { return Ok(()) };
    let day = |days: i64| monday.checked_add(jiff::Span::new().days(days)).unwrap_or(monday).to_string();
    let zone_of = |at: usize| ELSEWHERE.iter().find(|(one, _)| *one == at).map_or(HOUSE, |(_, zone)| *zone);

    away(tx, &system, who(6), AbsenceKind::Vacation, (day(9), day(15)), now)?;
    let mut made: Vec<QuestionClassId> = Vec::new();
    for (name, note, turns) in CLASSES {
        let hours = WEEKDAYS.iter().map(|day| hours(*day, "09:00", "21:00")).collect();
        let form = QuestionClassForm {
            name: Some((*name).to_owned()),
            note: Some((*note).to_owned()),
            cover: Some(Cover { kind: CoverKind::Hours, zone: HOUSE.to_owned(), hours }),
            ..QuestionClassForm::default()
        };
        let class = classes::create(tx, &system, &form, now)?.id;
        made.push(class);
        let agent_ids = turns.iter().filter_map(|at| who(*at)).collect();
        let rotation = RotationForm {
            name: format!("{name}: по неделям"),
            class_id: Some(class),
            kind: Kind::Duty,
            agent_ids,
            days: 7,
            starts_on: day(0),
            zone: HOUSE.to_owned(),
            hours: Vec::new(),
            active: true,
        };
        spread(tx, &system, &rotation, &day(0), &day(28), now)?;
    }
    for (at, days, from, to) in DESK {
        let Some(agent) = who(*at) else { continue };
        let rotation = RotationForm {
            name: format!("Смена {from}–{to}"),
            class_id: None,
            kind: Kind::Shift,
            agent_ids: vec![agent],
            days: 7,
            starts_on: day(0),
            zone: zone_of(*at).to_owned(),
            hours: days.iter().map(|day| hours(*day, from, to)).collect(),
            active: true,
        };
        spread(tx, &system, &rotation, &day(0), &day(28), now)?;
    }
    let published = moment(monday).zip(moment(monday.checked_add(jiff::Span::new().days(14)).unwrap_or(monday)));
    if let Some((from, until)) = published {
        roster::publish(tx, &system, &PublishForm { from, until }, now)?;
    }
    away(tx, &system, who(7), AbsenceKind::Sick, (day(8), day(9)), now)?;
    around(tx, staff, made.first().copied(), now)
}

/// The wish, the hand-over and the checklist.
fn around(tx: &mut Tx<'_>, staff: &[AgentId], class: Option<QuestionClassId>, now: Time) -> Result<()> {
    let system = Actor::system();
    let check = |title: &str, every: Every| RoutineCheck { id: None, class_id: None, title: title.to_owned(), every };
    let checks =
        [check("Данные собираются, очередь не растёт", Every::Day), check("Обновление проверено", Every::Shift)];
    checklist::put(tx, &system, &checks, now)?;
    let (Some(boss), Some(olga), Some(alina)) = (staff.first(), staff.get(3), staff.get(12)) else { return Ok(()) };
    let olga = agents::actor(tx, *olga)?;
    let ahead = roster::show(tx, &olga, now, now.plus(std::time::Duration::from_secs(14 * 86_400)), now)?;
    let hers = ahead.shifts.iter().filter(|shift| Some(shift.agent_id) == olga.agent && shift.kind == Kind::Shift);
    if let Some(shift) = hers.filter(|shift| shift.starts_at > now).nth(1) {
        let form = RosterRequestForm {
            shift_id: shift.id,
            other_shift_id: None,
            to_agent_id: Some(*boss),
            note: "У дочки утренник, вечером отработаю".to_owned(),
        };
        requests::ask(tx, &olga, &form, now)?;
    }
    let alina = agents::actor(tx, *alina)?;
    let text = "Импорт каталога падал у трёх магазинов, разработчики чинят к обеду. Остальное спокойно.";
    let note = HandoverForm { class_id: class, text: text.to_owned() };
    handover::write(tx, &alina, &note, now)?;
    Ok(())
}

fn hours(day: u8, from: &str, to: &str) -> Hours {
    Hours { day, from: from.to_owned(), to: to.to_owned() }
}

fn spread(tx: &mut Tx<'_>, system: &Actor, form: &RotationForm, from: &str, until: &str, now: Time) -> Result<()> {
    let id = rotations::create(tx, system, form, now)?.id;
    let range = SpreadForm { from: from.to_owned(), until: until.to_owned() };
    rotations::spread(tx, system, id, &range, now)?;
    Ok(())
}

fn away(
    tx: &mut Tx<'_>,
    system: &Actor,
    who: Option<AgentId>,
    kind: AbsenceKind,
    (first_day, last_day): (String, String),
    now: Time,
) -> Result<()> {
    let Some(agent_id) = who else { return Ok(()) };
    absences::create(tx, system, &AbsenceForm { agent_id, kind, first_day, last_day, note: String::new() }, now)?;
    Ok(())
}

/// The Monday of this week, where the department is.
fn monday(now: Time) -> Option<Date> {
    let zone = TimeZone::get(HOUSE).ok()?;
    let date = jiff::Timestamp::from_microsecond(now.0).ok()?.to_zoned(zone).date();
    date.checked_sub(jiff::Span::new().days(i64::from(date.weekday().to_monday_zero_offset()))).ok()
}

fn moment(date: Date) -> Option<Time> {
    let zoned = date.to_zoned(TimeZone::get(HOUSE).ok()?).ok()?;
    Some(Time(zoned.timestamp().as_microsecond()))
}
