//! What is written down, and what is refused.

use crate::{calendar, spec};
use opora_calendar::{Calendar, Day, Spec, Week};

#[test]
fn a_calendar_is_read_and_written_as_the_api_says_it() {
    let text = r#"{"time_zone":"Europe/Moscow","week":{"mon":[["09:00","18:00"]],"tue":[],"wed":[],"thu":[],"fri":[],"sat":[],"sun":[]},"days":{"2026-05-01":{"name":"День труда","hours":[]},"2026-11-03":[["09:00","17:00"]]}}"#;
    let spec: Spec = serde_json::from_str(text).expect("a spec");
    assert_eq!(spec.days["2026-05-01"], Day::off("День труда"));
    assert_eq!(spec.days["2026-11-03"].hours, [("09:00".to_owned(), "17:00".to_owned())]);
    assert_eq!(serde_json::to_string(&spec).expect("text"), text);
    let short: Spec =
        serde_json::from_str(r#"{"time_zone":"UTC","days":{"2026-11-03":{"name":"x"}}}"#).expect("a spec");
    assert_eq!((short.week, short.days["2026-11-03"].hours.len()), (Week::default(), 0));
    for wrong in [r#"{"time_zone":"UTC","weeks":{}}"#, r#"{"week":{}}"#, r#"{"time_zone":"UTC","week":{"monday":[]}}"#]
    {
        assert!(serde_json::from_str::<Spec>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_makes_no_calendar_is_refused_by_name() {
    let long = "я".repeat(201);
    let many = "00:00-00:01 ".repeat(49);
    let cases = [
        (spec("Europe/Atlantis", "mon 09:00-18:00"), "unknown_time_zone"),
        (spec("", "mon 09:00-18:00"), "unknown_time_zone"),
        (spec("Local", "mon 09:00-18:00"), "unknown_time_zone"),
        (spec("../etc/passwd", "mon 09:00-18:00"), "unknown_time_zone"),
        (spec("UTC", ""), "no_working_time"),
        (spec("UTC", "2026-05-01"), "no_working_time"),
        (spec("UTC", "mon 9-18"), "bad_time"),
        (spec("UTC", "mon 24:00-09:00"), "bad_time"),
        (spec("UTC", "mon 09:00-24:01"), "bad_time"),
        (spec("UTC", "mon 09:60-10:00"), "bad_time"),
        (spec("UTC", "mon +9:00-10:00"), "bad_time"),
        (spec("UTC", "mon ٠٩:00-10:00"), "bad_time"),
        (spec("UTC", "mon 09:00-18:00; 2026-02-29"), "bad_date"),
        (spec("UTC", "mon 09:00-18:00; 2026-2-3"), "bad_date"),
        (spec("UTC", "mon 09:00-18:00; 1969-12-31"), "bad_date"),
        (spec("UTC", "mon 09:00-18:00; 2106-01-01"), "bad_date"),
        (spec("UTC", "mon 09:00-13:00 12:59-18:00"), "overlapping"),
        (spec("UTC", "mon 22:00-06:00 23:00-24:00"), "overlapping"),
        (spec("UTC", &format!("mon {many}")), "too_many"),
        (
            Spec { days: [("2026-01-01".to_owned(), Day::off(long))].into(), ..spec("UTC", "mon 09:00-18:00") },
            "name_too_long",
        ),
    ];
    for (spec, code) in cases {
        let error = Calendar::new(&spec).expect_err(code);
        assert_eq!(error.code(), code, "{error}");
    }
}

#[test]
fn hours_that_touch_are_one_and_a_night_may_run_into_the_morning() {
    let zone = "UTC";
    let day = 86_400_000;
    let joined = calendar(zone, "thu 09:00-12:00 12:00-18:00");
    assert_eq!(joined.intervals(0, day).count(), 1);
    // 22:00 to 06:00 and the next day from 05:00: one stretch until 13:00.
    let night = calendar(zone, "thu 22:00-06:00; fri 05:00-13:00");
    assert_eq!(night.intervals(0, 3 * day).collect::<Vec<_>>(), [(22 * 3_600_000, day + 13 * 3_600_000)]);
    // Order does not matter.
    let turned = calendar(zone, "thu 14:00-18:00 09:00-12:00");
    assert_eq!(turned.intervals(0, day).next(), Some((9 * 3_600_000, 12 * 3_600_000)));
}
