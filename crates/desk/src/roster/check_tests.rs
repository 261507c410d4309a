#![allow(clippy::unwrap_used)]
use super::super::cover::{CoverKind, Hours};
use super::*;
use opora_base::Time;
use proptest::prelude::*;

const ANNA: AgentId = AgentId(1);
const BORIS: AgentId = AgentId(2);
const VERA: AgentId = AgentId(3);
const BACKEND: QuestionClassId = QuestionClassId(7);

fn at(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn span(from: &str, until: &str) -> Span {
    Span::new(at(from), at(until))
}

/// A roster told in clock times of one zone: `desk.shift(ANNA, "23 10:00", "23 19:00")`, all in November 2026.
struct Desk {
    scene: Scene,
    offset: &'static str,
}

impl Desk {
    /// Anna and Boris live in Moscow, Vera in Vladivostok.
    fn new() -> Desk {
        let person = |zone: &str| Person { zone: TimeZone::get(zone).unwrap(), active: true };
        let people = BTreeMap::from([
            (ANNA, person("Europe/Moscow")),
            (BORIS, person("Europe/Moscow")),
            (VERA, person("Asia/Vladivostok")),
        ]);
        Desk { scene: Scene { people, ..Scene::default() }, offset: "+03:00" }
    }

    fn at(&self, text: &str) -> Time {
        let (day, clock) = text.split_once(' ').unwrap();
        at(&format!("2026-11-{day}T{clock}:00{}", self.offset))
    }

    fn shift(self, agent: AgentId, from: &str, until: &str) -> Desk {
        self.entry(agent, Kind::Shift, None, from, until)
    }

    fn duty(self, agent: AgentId, from: &str, until: &str) -> Desk {
        self.entry(agent, Kind::Duty, Some(BACKEND), from, until)
    }

    fn entry(mut self, agent: AgentId, kind: Kind, class: Option<QuestionClassId>, from: &str, until: &str) -> Desk {
        let id = ShiftId(self.scene.pieces.len() as i64 + 1);
        let span = Span::new(self.at(from), self.at(until));
        self.scene.pieces.push(Piece { id, class, agent, kind, span });
        self
    }

    fn away(mut self, agent: AgentId, from: &str, until: &str) -> Desk {
        let span = Span::new(self.at(from), self.at(until));
        self.scene.absences.push((agent, span));
        self
    }

    fn needs(mut self, class: Option<QuestionClassId>, cover: Cover) -> Desk {
        self.scene.needs.push((class, cover));
        self
    }

    fn problems(&self, from: &str, until: &str) -> Vec<Problem> {
        problems(&self.scene, Span::new(self.at(from), self.at(until)))
    }

    /// Kind, whom, from, until, how much.
    fn told(&self) -> Vec<String> {
        let house = TimeZone::get("Europe/Moscow").unwrap();
        let clock = |time: Time| zoned(time, &house).strftime("%d %H:%M").to_string();
        let told = self.problems("16 00:00", "30 00:00").into_iter().map(|problem| {
            let whom = problem.agent_id.map_or("-".to_owned(), |agent| agent.to_string());
            let much = problem.amount.map_or(String::new(), |amount| format!(" {amount}"));
            format!("{:?} {whom} {}..{}{much}", problem.kind, clock(problem.span.from), clock(problem.span.until))
        });
        told.collect()
    }
}

fn always() -> Cover {
    Cover { kind: CoverKind::Always, ..Cover::default() }
}

#[test]
fn cover_from_vladivostok_to_moscow_shows_the_hour_nobody_has() {
    // The main office sleeps from 19:00 to 10:00 [S3.2]; Vladivostok works from 09:00 of its own clock, 02:00 in Moscow.
    let mut desk = Desk::new().needs(None, always());
    for day in 16..=22 {
        desk = desk.shift(ANNA, &format!("{day} 10:00"), &format!("{day} 19:00"));
        desk = desk.shift(VERA, &format!("{day} 02:00"), &format!("{day} 10:00"));
        desk = desk.shift(BORIS, &format!("{day} 19:00"), &format!("{} 01:00", day + 1));
    }
    let gaps: Vec<Problem> =
        desk.problems("17 00:00", "19 00:00").into_iter().filter(|p| p.kind == ProblemKind::Gap).collect();
    let spans: Vec<Span> = gaps.iter().map(|gap| gap.span).collect();
    assert_eq!(
        spans,
        [
            span("2026-11-17T01:00:00+03:00", "2026-11-17T02:00:00+03:00"),
            span("2026-11-18T01:00:00+03:00", "2026-11-18T02:00:00+03:00"),
        ]
    );
}

#[test]
fn a_night_in_moscow_is_a_morning_in_vladivostok() {
    let nights = |agent: AgentId| {
        let mut desk = Desk::new();
        for day in 16..20 {
            desk = desk.shift(agent, &format!("{day} 01:00"), &format!("{day} 07:00"));
        }
        desk.told()
    };
    // Four nights in a row for somebody in Moscow: the fourth is one too many. The same hours are 08:00 to 14:00 in
    // Vladivostok.
    assert_eq!(nights(ANNA), ["Nights 1 19 01:00..19 07:00 4"]);
    assert_eq!(nights(VERA), Vec::<String>::new());
}

#[test]
fn a_free_night_begins_the_count_anew() {
    let mut desk = Desk::new();
    for day in [16, 17, 18, 20, 21, 22] {
        desk = desk.shift(ANNA, &format!("{day} 22:00"), &format!("{} 06:00", day + 1));
    }
    assert_eq!(desk.told(), Vec::<String>::new());
}

#[test]
fn rest_under_eleven_hours_is_told_and_eleven_hours_are_enough() {
    let until_22 = |next: &str| Desk::new().shift(ANNA, "17 13:00", "17 22:00").shift(ANNA, next, "18 18:00").told();
    assert_eq!(until_22("18 08:59"), ["Rest 1 17 22:00..18 18:00 659"]);
    assert_eq!(until_22("18 09:00"), Vec::<String>::new());
}

#[test]
fn shifts_that_touch_are_one_stretch_that_can_be_too_long() {
    let desk = Desk::new().shift(ANNA, "17 08:00", "17 15:00").shift(ANNA, "17 15:00", "17 22:00");
    assert_eq!(desk.told(), ["Long 1 17 08:00..17 22:00 840"]);
}

#[test]
fn more_hours_than_allowed_in_the_week_of_the_persons_own_calendar() {
    let mut desk = Desk::new();
    for day in 16..21 {
        desk = desk.shift(ANNA, &format!("{day} 09:00"), &format!("{day} 19:00"));
    }
    assert_eq!(desk.told(), ["WeekHours 1 16 00:00..23 00:00 3000"]);
}

#[test]
fn being_answerable_tires_nobody() {
    let desk = Desk::new().duty(ANNA, "16 00:00", "23 00:00").duty(ANNA, "23 00:00", "30 00:00");
    assert_eq!(desk.told(), Vec::<String>::new());
}

#[test]
fn one_person_in_two_places_and_two_people_in_one_are_not_the_same() {
    let desk = Desk::new()
        .shift(ANNA, "17 10:00", "17 15:00")
        .shift(ANNA, "17 14:00", "17 18:00")
        .duty(BORIS, "18 00:00", "20 00:00")
        .duty(VERA, "19 00:00", "21 00:00")
        // At the desk while answerable: that is how it should be.
        .shift(BORIS, "18 10:00", "18 18:00");
    assert_eq!(desk.told(), ["Overlap 1 17 14:00..17 15:00", "Doubled - 19 00:00..20 00:00"]);
}

#[test]
fn whoever_is_away_or_switched_off_covers_nothing() {
    let mut desk = Desk::new()
        .needs(Some(BACKEND), always())
        .duty(ANNA, "16 00:00", "23 00:00")
        .duty(BORIS, "23 00:00", "30 00:00")
        .away(ANNA, "18 00:00", "20 00:00");
    desk.scene.people.get_mut(&BORIS).unwrap().active = false;
    assert_eq!(
        desk.told(),
        [
            "Gap - 18 00:00..20 00:00",
            "Absent 1 18 00:00..20 00:00",
            "Gap - 23 00:00..30 00:00",
            "SwitchedOff 2 23 00:00..30 00:00",
        ]
    );
    desk.scene.people.remove(&ANNA);
    assert!(desk.told().contains(&"SwitchedOff 1 16 00:00..23 00:00".to_owned()), "one who is unknown has left");
}

#[test]
fn another_classs_people_do_not_cover_a_class_and_anybody_at_the_desk_covers_the_department() {
    let hours = vec![Hours { day: 1, from: "10:00".into(), to: "18:00".into() }];
    let office = Cover { kind: CoverKind::Hours, zone: "Europe/Moscow".into(), hours };
    let desk = Desk::new().needs(Some(BACKEND), office.clone()).needs(None, office).entry(
        ANNA,
        Kind::Shift,
        Some(QuestionClassId(8)),
        "17 10:00",
        "17 16:00",
    );
    let gaps: Vec<(Option<QuestionClassId>, i64)> =
        desk.problems("16 00:00", "23 00:00").into_iter().map(|gap| (gap.class_id, gap.span.minutes() / 60)).collect();
    assert_eq!(gaps, [(Some(BACKEND), 8), (None, 2)]);
}

/// Half hours of one week, so that spans often touch.
fn spans() -> impl Strategy<Value = Vec<Span>> {
    let span = (0i64..300, 1i64..60).prop_map(|(from, length)| {
        let time = |halves: i64| Time::from_seconds(1_790_000_000 + halves * 1_800);
        Span::new(time(from), time(from + length))
    });
    prop::collection::vec(span, 0..12)
}

proptest! {
    #[test]
    fn what_is_left_and_what_is_there_make_what_is_needed_and_share_nothing(needed in spans(), there in spans()) {
        let left = without(needed.clone(), there.clone());
        let holds = |spans: &[Span], at: Time| spans.iter().any(|span| span.holds(at));
        for half in 0..370 {
            let at = Time::from_seconds(1_790_000_000 + half * 1_800 + 60);
            prop_assert_eq!(holds(&left, at), holds(&needed, at) && !holds(&there, at));
        }
        prop_assert!(left.windows(2).all(|pair| pair[0].until < pair[1].from), "in order, as few as possible");
    }

    #[test]
    fn every_overlap_is_found_once_and_nobody_is_told_of_a_gap_where_somebody_is(spans in spans()) {
        let mut desk = Desk::new().needs(None, always());
        for (i, span) in spans.iter().enumerate() {
            let agent = if i % 2 == 0 { ANNA } else { BORIS };
            let id = ShiftId(i as i64 + 1);
            desk.scene.pieces.push(Piece { id, class: None, agent, kind: Kind::Shift, span: *span });
        }
        let range = Span::new(Time::from_seconds(1_790_000_000), Time::from_seconds(1_790_000_000 + 370 * 1_800));
        let found = problems(&desk.scene, range);
        let mut naive = 0;
        for (i, a) in desk.scene.pieces.iter().enumerate() {
            naive += desk.scene.pieces[i + 1..].iter().filter(|b| b.agent == a.agent && a.span.meets(b.span)).count();
        }
        prop_assert_eq!(found.iter().filter(|p| p.kind == ProblemKind::Overlap).count(), naive);
        let gap: i64 = found.iter().filter(|p| p.kind == ProblemKind::Gap).map(|p| p.span.minutes()).sum();
        let there: i64 = joined(spans).iter().map(|span| span.minutes()).sum();
        prop_assert_eq!(gap + there, range.minutes());
    }
}
