//! Against a count by the minute that knows nothing of tables: for each minute it looks at the wall clock. And the laws
//! that hold for every calendar.

use crate::{HOUR, MINUTE, hours, spec};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use opora_calendar::{Calendar, Day, Interval, Spec};
use proptest::prelude::*;

/// Whether the wall clock of that minute shows a time within the hours; straight from the definition.
fn works(spec: &Spec, zone: &TimeZone, minute: i64) -> bool {
    let here = Timestamp::from_millisecond(minute).expect("a moment").to_zoned(zone.clone());
    let clock = i64::from(here.hour()) * 60 + i64::from(here.minute());
    let day = |date: jiff::civil::Date| match spec.days.get(&date.to_string()) {
        Some(day) => day.hours.clone(),
        None => spec.week.days()[usize::try_from(date.weekday().to_monday_zero_offset()).expect("a day")].clone(),
    };
    let bounds = |interval: &Interval| {
        let minutes = |text: &str| {
            let (hour, minute) = text.split_once(':').expect(text);
            hour.parse::<i64>().expect(text) * 60 + minute.parse::<i64>().expect(text)
        };
        let (from, until) = (minutes(&interval.0), minutes(&interval.1));
        (from, if until <= from { until + 1440 } else { until })
    };
    let within = |date, clock| day(date).iter().map(bounds).any(|(from, until)| from <= clock && clock < until);
    within(here.date(), clock) || within(here.date().checked_sub(1.day()).expect("a date"), clock + 1440)
}

/// Calendars with every oddity, each around weeks in which its zone does something.
const WEEKS: &[(&str, &str, &str)] = &[
    (
        "Europe/Moscow",
        "mon-fri 09:00-13:00 14:00-18:00; 2026-05-01; 2026-04-30 09:00-17:00; 2026-05-02 10:00-12:00",
        "2026-04-25T00:00:00Z",
    ),
    ("Europe/Berlin", "mon-sun 22:00-06:00", "2026-03-22T00:00:00Z"),
    ("Europe/Berlin", "mon-sun 22:00-06:00; 2026-10-24; 2026-10-25 01:30-02:15", "2026-10-18T00:00:00Z"),
    ("Europe/Berlin", "sun 02:00-03:00; mon 02:30-24:00", "2026-10-18T00:00:00Z"),
    ("Europe/Berlin", "sun 02:30-10:00; sat 23:00-02:45", "2026-03-22T00:00:00Z"),
    ("America/New_York", "sun 01:15-01:45 02:00-08:00; sat 20:00-01:30", "2026-10-25T00:00:00Z"),
    ("America/Sao_Paulo", "sat-sun 00:00-24:00; mon 22:00-22:00", "2018-10-28T00:00:00Z"),
    ("America/Sao_Paulo", "sat 18:00-24:00; sun 23:30-00:30", "2018-02-10T00:00:00Z"),
    ("America/St_Johns", "mon-sun 23:30-00:30", "2006-10-22T00:00:00Z"),
    ("Australia/Lord_Howe", "sun 01:00-02:15; mon 09:00-17:00", "2026-04-01T00:00:00Z"),
    ("Australia/Lord_Howe", "sun 01:00-02:15; mon 09:00-17:00", "2026-09-28T00:00:00Z"),
    ("Pacific/Apia", "mon-sun 09:00-18:00 22:00-02:00; 2011-12-30", "2011-12-24T00:00:00Z"),
    ("Europe/Moscow", "sun 00:00-24:00; sat 20:00-04:00", "2011-03-20T00:00:00Z"),
    ("Europe/Moscow", "sun 00:00-24:00; sat 20:00-01:30", "2014-10-19T00:00:00Z"),
    ("Asia/Kolkata", "mon-sat 10:00-19:30", "2024-02-24T00:00:00Z"),
];

#[test]
fn between_counts_what_a_walk_by_the_minute_counts() {
    for (zone_name, text, start) in WEEKS {
        let spec = spec(zone_name, text);
        let (calendar, zone) = (Calendar::new(&spec).expect(text), TimeZone::get(zone_name).expect("a zone"));
        let start = start.parse::<Timestamp>().expect("a moment").as_millisecond();
        let mut worked = 0;
        for minute in 0..3 * 7 * 1440 {
            let at = start + minute * MINUTE;
            assert_eq!(calendar.between(start, at), worked, "{zone_name}: {text}, {minute} minutes after the start");
            let open = works(&spec, &zone, at);
            assert_eq!(calendar.is_open(at), open, "{zone_name}: {text}, {minute} minutes after the start");
            worked += i64::from(open) * MINUTE;
        }
        assert!(worked > 0, "{zone_name}: {text}: a calendar that is never open proves nothing");
    }
}

const ZONES: &[&str] =
    &["UTC", "Europe/Moscow", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"];

/// Any day: up to three intervals, the last of which may run over midnight.
fn any_day() -> impl Strategy<Value = Vec<Interval>> {
    proptest::collection::vec(0_u32..1440, 0..=6).prop_map(|mut cuts| {
        cuts.sort_unstable();
        cuts.dedup();
        let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let mut day: Vec<Interval> = cuts.chunks_exact(2).map(|pair| (clock(pair[0]), clock(pair[1]))).collect();
        if let (Some(last), true) = (day.last_mut(), cuts.len() > 3 && cuts[0] > 60) {
            last.1 = clock(cuts[0] - 1);
        }
        day
    })
}

prop_compose! {
    fn any_spec()(
        zone in proptest::sample::select(ZONES),
        week in proptest::collection::vec(any_day(), 7),
        days in proptest::collection::btree_map(19_000_i64..21_000, any_day(), 0..12),
    ) -> Spec {
        let mut spec = spec(zone, "");
        let mut week = week.into_iter();
        let mut next = || week.next().expect("seven");
        (spec.week.mon, spec.week.tue, spec.week.wed, spec.week.thu) = (next(), next(), next(), next());
        (spec.week.fri, spec.week.sat, spec.week.sun) = (next(), next(), next());
        spec.week.wed.is_empty().then(|| spec.week.wed = hours("10:00-11:00"));
        for (day, hours) in days {
            let date = jiff::civil::date(1970, 1, 1).saturating_add(day.days()).to_string();
            spec.days.insert(date, Day { name: String::new(), hours });
        }
        spec
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_laws_of_working_time_hold(
        spec in any_spec(),
        questions in proptest::collection::vec((0_i64..4_000_000_000_000, 0_i64..400 * HOUR, 0_i64..400 * HOUR), 30),
    ) {
        let calendar = Calendar::new(&spec).expect("a calendar");
        for (at, (from, first, second)) in questions.into_iter().enumerate() {
            // Every other question is about whole minutes, where intervals begin and end.
            let grain = if at % 2 == 0 { 1 } else { MINUTE };
            let opens = calendar.next_open(from).expect("in range");
            let from = if at % 4 == 3 { opens } else { from - from % grain };
            let (first, second) = (first - first % grain, second - second % grain);
            let end = calendar.add(from, first).expect("in range");
            prop_assert!(end >= from);
            // What was added is what lies between.
            prop_assert_eq!(calendar.between(from, end), first);
            prop_assert_eq!(calendar.between(end, from), -first);
            // In two steps it is the same as in one.
            prop_assert_eq!(calendar.add(end, second), calendar.add(from, first + second));
            // More work never ends earlier, and a later start never either.
            let later = calendar.add(from, first + 1).expect("in range");
            prop_assert!(later > end || first == 0);
            prop_assert!(calendar.add(from + second, first).expect("in range") >= end);
            // It ends no later than it must: a moment before, something was left to do.
            if first > 0 {
                prop_assert_eq!(calendar.between(from, end - 1), first - 1);
            }
            // What fills an interval ends when it closes.
            if let Some(closes) = calendar.next_close(opens) {
                prop_assert_eq!(calendar.add(opens, closes - opens), Some(closes));
            }
            // And back again.
            if let Some(back) = calendar.add(end, -first) {
                prop_assert_eq!(calendar.between(back, end), first);
                prop_assert!(first == 0 || back >= from);
            }
            // The intervals tell the same.
            let until = from + second;
            let told: i64 = calendar.intervals(from, until).map(|(opens, closes)| closes - opens).sum();
            prop_assert_eq!(told, calendar.between(from, until));
            // Open now means: a millisecond from now, one more is worked.
            prop_assert_eq!(calendar.is_open(from), calendar.between(from, from + 1) == 1);
            let opens = calendar.next_open(from).expect("in range");
            prop_assert!(calendar.is_open(opens) && calendar.between(from, opens) == 0);
            let closes = calendar.next_close(from);
            prop_assert!(closes.is_none_or(|at| !calendar.is_open(at) && calendar.is_open(at - 1)));
        }
    }

    #[test]
    fn cutting_an_interval_in_two_changes_nothing(spec in any_spec(), from in 0_i64..4_000_000_000_000, work in 0_i64..400 * HOUR) {
        let mut cut = spec.clone();
        let week = &mut cut.week;
        for day in [&mut week.mon, &mut week.tue, &mut week.wed, &mut week.thu, &mut week.fri, &mut week.sat, &mut week.sun] {
            for (begins, ends) in std::mem::take(day) {
                if begins < ends {
                    let middle = format!("{}:59", &begins[..2]);
                    if begins < middle && middle < ends {
                        day.extend([(begins, middle.clone()), (middle, ends)]);
                        continue;
                    }
                }
                day.push((begins, ends));
            }
        }
        let (whole, cut) = (Calendar::new(&spec).expect("a calendar"), Calendar::new(&cut).expect("a calendar"));
        prop_assert_eq!(whole.add(from, work), cut.add(from, work));
        prop_assert_eq!(whole.next_close(from), cut.next_close(from));
        prop_assert_eq!(whole.intervals(from, from + work).count(), cut.intervals(from, from + work).count());
    }
}

#[test]
fn the_walk_itself_knows_a_working_minute_when_it_sees_one() {
    let spec = spec("Europe/Moscow", "mon 09:00-18:00; tue 22:00-02:00");
    let zone = TimeZone::get("Europe/Moscow").expect("a zone");
    let at = |text| crate::at("Europe/Moscow", text);
    assert_eq!(jiff::civil::date(2026, 3, 2).weekday(), Weekday::Monday);
    assert!(works(&spec, &zone, at("2026-03-02 09:00")) && works(&spec, &zone, at("2026-03-04 01:59")));
    assert!(!works(&spec, &zone, at("2026-03-02 18:00")) && !works(&spec, &zone, at("2026-03-04 02:00")));
}
