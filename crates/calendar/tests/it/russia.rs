//! Russia's production calendar against the law's own sums and against xmlcalendar.ru.
//!
//! The number of working days and hours of a 40-hour week is what the Ministry of Labour publishes for each year; the
//! lists of days are the facts of github.com/xmlcalendar/data (ru/YEAR/calendar.xml), written down anew.

use opora_calendar::preset::{self, Language};
use opora_calendar::{Calendar, Spec, Week};
use std::collections::BTreeSet;

/// year, working days, working hours of a 40-hour week
const SUMS: &[(i16, usize, usize)] = &[(2024, 248, 1979), (2025, 247, 1972), (2026, 247, 1972)];

#[test]
fn the_sums_are_those_of_the_ministry() {
    // Eight hours and an hour's lunch, as the 40-hour week has it.
    let day = vec![("09:00".to_owned(), "13:00".to_owned()), ("14:00".to_owned(), "18:00".to_owned())];
    let week =
        Week { mon: day.clone(), tue: day.clone(), wed: day.clone(), thu: day.clone(), fri: day, ..Week::default() };
    for (year, days, hours) in SUMS {
        let special = preset::days("ru-production", *year, &week, Language::Russian).expect("a year");
        let spec = Spec { time_zone: "Europe/Moscow".into(), week: week.clone(), days: special };
        let calendar = Calendar::new(&spec).expect("a calendar");
        let begins = |year| crate::at("Europe/Moscow", &format!("{year}-01-01 00:00"));
        let worked: Vec<_> = calendar.intervals(begins(*year), begins(year + 1)).collect();
        let on: BTreeSet<i64> =
            worked.iter().map(|(opens, _)| (opens + 3 * crate::HOUR) / (24 * crate::HOUR)).collect();
        assert_eq!(on.len(), *days, "{year}");
        assert_eq!(calendar.between(begins(*year), begins(year + 1)), *hours as i64 * crate::HOUR, "{year}");
    }
}

/// year, weekdays off, short days, whole working days at a weekend; by month and day
const DAYS: &[(i16, &str, &str, &str)] = &[
    (
        2024,
        "01-01 01-02 01-03 01-04 01-05 01-08 02-23 03-08 04-29 04-30 05-01 05-09 05-10 06-12 11-04 12-30 12-31",
        "02-22 03-07 05-08 06-11 11-02",
        "04-27 12-28",
    ),
    (
        2025,
        "01-01 01-02 01-03 01-06 01-07 01-08 05-01 05-02 05-08 05-09 06-12 06-13 11-03 11-04 12-31",
        "03-07 04-30 06-11 11-01",
        "",
    ),
    (
        2026,
        "01-01 01-02 01-05 01-06 01-07 01-08 01-09 02-23 03-09 05-01 05-11 06-12 11-04 12-31",
        "04-30 05-08 06-11 11-03",
        "",
    ),
    (
        2027,
        "01-01 01-04 01-05 01-06 01-07 01-08 02-22 02-23 03-08 05-03 05-10 06-14 11-04 11-05 12-31",
        "02-20 04-30 06-11 11-03",
        "",
    ),
];

#[test]
fn each_year_differs_from_a_plain_week_on_exactly_these_days() {
    for (year, off, short, whole) in DAYS {
        let found = preset::days("ru-production", *year, &Week::office(), Language::Russian).expect("a year");
        let on = |hours: &[(&str, &str)]| -> String {
            let same = |day: &opora_calendar::Day| {
                day.hours.iter().map(|(from, until)| (from.as_str(), until.as_str())).eq(hours.iter().copied())
            };
            found.iter().filter(|(_, day)| same(day)).map(|(date, _)| &date[5..]).collect::<Vec<_>>().join(" ")
        };
        assert_eq!((on(&[]), year), ((*off).to_owned(), year));
        assert_eq!((on(&[("09:00", "17:00")]), year), ((*short).to_owned(), year));
        assert_eq!((on(&[("09:00", "18:00")]), year), ((*whole).to_owned(), year));
        assert_eq!(found.len(), [off, short, whole].iter().map(|days| days.split_whitespace().count()).sum::<usize>());
        assert!(found.iter().all(|(date, day)| date.starts_with(&year.to_string()) && !day.name.is_empty()));
    }
}

#[test]
fn a_department_that_works_every_day_rests_on_holidays_at_a_weekend_too() {
    let mut week = Week::office();
    (week.sat, week.sun) = (vec![("10:00".into(), "16:00".into())], vec![("10:00".into(), "16:00".into())]);
    let days = preset::days("ru-production", 2026, &week, Language::English).expect("a year");
    assert_eq!(days["2026-03-08"].name, "International Women's Day");
    assert!(days["2026-03-08"].hours.is_empty());
    // A moved working day has the hours of the day it stands for.
    let days = preset::days("ru-production", 2024, &week, Language::Russian).expect("a year");
    assert_eq!(days["2024-04-27"].hours, [("09:00".to_owned(), "18:00".to_owned())]);
    assert_eq!(days["2024-04-27"].name, "Рабочий день за 29 апреля");
}

#[test]
fn presets_are_known_by_name_and_year() {
    for name in preset::NAMES {
        let spec = preset::spec(name, "Asia/Tomsk", Language::Russian).expect(name);
        assert!(Calendar::new(&spec).is_ok(), "{name}");
    }
    let years: Vec<i16> = preset::known_years().into_iter().map(|(year, _)| year).collect();
    assert_eq!(years, [2024, 2025, 2026, 2027]);
    assert_eq!(preset::spec("mars", "UTC", Language::Russian).expect_err("mars").code(), "unknown_preset");
    let week = Week::office();
    assert_eq!(preset::days("ru-production", 1999, &week, Language::Russian).expect_err("1999").code(), "unknown_year");
    assert_eq!(preset::days("around-the-clock", 1999, &week, Language::Russian).expect("nothing").len(), 0);
}
