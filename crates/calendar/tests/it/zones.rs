//! What zones do to a day: hours that are skipped, hours that come twice, days that never were, and the years' ends.

use crate::{HOUR, MINUTE, at, calendar, say};
use opora_calendar::{Calendar, Spec, Week};

#[test]
fn a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() {
    let berlin = "Europe/Berlin";
    let nights = calendar(berlin, "sat 22:00-06:00");
    let night = |from, until| nights.between(at(berlin, from), at(berlin, until));
    assert_eq!(night("2026-03-28 20:00", "2026-03-29 12:00"), 7 * HOUR);
    assert_eq!(night("2026-10-24 20:00", "2026-10-25 12:00"), 9 * HOUR);
    assert_eq!(night("2026-06-06 20:00", "2026-06-07 12:00"), 8 * HOUR);
    // Five hours into the long night it is half past two for the second time.
    let moment = nights.add(at(berlin, "2026-10-24 22:00"), 5 * HOUR + 30 * MINUTE);
    assert_eq!(say(berlin, moment), "2026-10-25 02:30:00+01:00");
}

#[test]
fn a_day_off_does_not_end_the_night_shift_that_runs_into_it() {
    let moscow = "Europe/Moscow";
    let nights = calendar(moscow, "mon-fri 22:00-06:00; 2026-05-01");
    assert!(nights.is_open(at(moscow, "2026-05-01 05:59")));
    assert!(!nights.is_open(at(moscow, "2026-05-01 06:00")));
    assert!(!nights.is_open(at(moscow, "2026-05-01 23:00")));
    assert!(!nights.is_open(at(moscow, "2026-05-02 01:00")));
}

#[test]
fn a_day_that_never_was_is_not_worked() {
    // Samoa went from Thursday the 29th to Saturday the 31st of December 2011.
    let apia = "Pacific/Apia";
    let office = calendar(apia, "mon-sat 09:00-17:00");
    assert_eq!(office.between(at(apia, "2011-12-29 00:00"), at(apia, "2012-01-01 00:00")), 16 * HOUR);
    assert_eq!(say(apia, office.add(at(apia, "2011-12-29 16:00"), 2 * HOUR)), "2011-12-31 10:00:00+14:00");
    let always = Calendar::new(&Spec { time_zone: apia.into(), week: Week::around_the_clock(), ..Spec::default() });
    let always = always.expect("a calendar");
    assert_eq!(always.between(at(apia, "2011-12-29 00:00"), at(apia, "2012-01-01 00:00")), 48 * HOUR);
}

#[test]
fn moscow_opens_at_nine_before_and_after_it_changed_its_zone() {
    let moscow = "Europe/Moscow";
    let office = calendar(moscow, "mon-fri 09:00-18:00");
    for (day, offset) in
        [("2010-12-01", "+03:00"), ("2012-01-10", "+04:00"), ("2014-10-24", "+04:00"), ("2014-10-27", "+03:00")]
    {
        let opens = office.next_open(at(moscow, &format!("{day} 00:00")));
        assert_eq!(say(moscow, opens), format!("{day} 09:00:00{offset}"));
    }
    // From Friday 17:00 at +04 to Monday 10:00 at +03: two hours of work.
    assert_eq!(office.between(at(moscow, "2014-10-24 17:00"), at(moscow, "2014-10-27 10:00")), 2 * HOUR);
}

#[test]
fn the_29th_of_february_is_a_day_like_any_other() {
    let zone = "Asia/Yekaterinburg";
    let office = calendar(zone, "mon-fri 09:00-18:00; 2028-02-29 10:00-11:00");
    assert_eq!(office.between(at(zone, "2024-02-29 00:00"), at(zone, "2024-03-01 00:00")), 9 * HOUR);
    assert_eq!(office.between(at(zone, "2028-02-29 00:00"), at(zone, "2028-03-01 00:00")), HOUR);
    assert_eq!(say(zone, office.add(at(zone, "2100-02-26 17:00"), 2 * HOUR)), "2100-03-01 10:00:00+05:00");
}

#[test]
fn around_the_clock_work_is_plain_time() {
    let always = Calendar::around_the_clock();
    assert_eq!(always.add(1_000, 12_345), Some(13_345));
    assert_eq!(always.add(13_345, -12_345), Some(1_000));
    assert_eq!(always.add(1_000, 0), Some(1_000));
    assert_eq!(always.between(5, 3), -2);
    assert!(always.is_open(0));
    assert_eq!((always.next_open(7), always.next_close(7)), (Some(7), None));
    assert_eq!(always.intervals(10, 20).collect::<Vec<_>>(), [(10, 20)]);
}

#[test]
fn beyond_the_supported_years_there_is_no_answer_and_no_panic() {
    let office = calendar("Europe/Moscow", "mon-fri 09:00-18:00");
    let last = 4_291_747_200_000;
    for from in [i64::MIN, -1, last + 1, i64::MAX] {
        assert_eq!(office.add(from, HOUR), None);
        assert!(!office.is_open(from));
        let _ = (office.next_open(from), office.next_close(from), office.intervals(from, from.wrapping_add(1)).count());
    }
    for work in [i64::MIN, i64::MIN + 1, i64::MAX, i64::MAX - 1, 1 << 60] {
        assert_eq!(office.add(HOUR, work), None);
        assert_eq!(Calendar::around_the_clock().add(HOUR, work), None);
    }
    assert_eq!(office.add(last, HOUR), None);
    assert_eq!(office.add(0, -1), None);
    // The supported years are the same everywhere: a clock that is ahead does not end earlier.
    for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
        let always = calendar(zone, "mon-sun 00:00-24:00");
        assert_eq!((always.next_open(0), always.next_close(0)), (Some(0), None));
    }
    // 2105 is the last year; what lies outside does not count.
    assert!(office.add(at("UTC", "2105-12-30T06:00:00Z"), HOUR).is_some());
    assert_eq!(office.between(i64::MIN, i64::MAX), office.between(0, last));
    assert_eq!(office.next_open(i64::MIN), office.next_open(0));
    // A calendar that only one day opens.
    let once = calendar("Asia/Vladivostok", "2026-05-02 10:00-12:00");
    assert_eq!(once.add(0, 2 * HOUR), Some(at("Asia/Vladivostok", "2026-05-02 12:00")));
    assert_eq!(once.add(0, 2 * HOUR + 1), None);
    assert_eq!(once.next_open(at("Asia/Vladivostok", "2026-05-02 12:00")), None);
    assert_eq!(once.add(at("Asia/Vladivostok", "2026-05-02 13:00"), 0), None);
}
