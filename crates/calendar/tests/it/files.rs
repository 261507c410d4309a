//! Days from files, as they come.

use jiff::tz::TimeZone;
use opora_calendar::{Day, LARGEST_FILE, load_days};

fn zone() -> TimeZone {
    TimeZone::get("Europe/Moscow").expect("a zone")
}

fn event(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        lines.replace('\n', "\r\n")
    )
}

/// "2027-01-01 Новый год; 2027-01-02 10:00-12:00 Короткий"
fn told(file: &str) -> String {
    match load_days(file.as_bytes(), &zone()) {
        Ok(days) => {
            let hours =
                |day: &Day| day.hours.iter().map(|(from, until)| format!(" {from}-{until}")).collect::<String>();
            days.iter().map(|(date, day)| format!("{date}{} {}", hours(day), day.name)).collect::<Vec<_>>().join("; ")
        }
        Err(error) => error.code().to_owned(),
    }
}

#[test]
fn an_all_day_event_is_a_day_off_under_its_summary() {
    let cases = [
        ("DTSTART;VALUE=DATE:20270101\nSUMMARY:Новый год", "2027-01-01 Новый год"),
        ("dtstart:20270101\nsummary;LANGUAGE=ru:Новый год", "2027-01-01 Новый год"),
        ("DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270102\nSUMMARY:x", "2027-01-01 x"),
        // The end does not belong any more.
        (
            "DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270104\nSUMMARY:x",
            "2027-01-01 x; 2027-01-02 x; 2027-01-03 x",
        ),
        // Some files end on the first day itself.
        ("DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270101\nSUMMARY:x", "2027-01-01 x"),
        ("DTSTART;VALUE=DATE:20270101\nDURATION:P2D\nSUMMARY:x", "2027-01-01 x; 2027-01-02 x"),
        // Folded in the middle of a word, escaped, with a quoted colon in a parameter.
        ("DTSTART;VALUE=DATE:20270101\nSUMMARY;ALTREP=\"cid:a:b\":Новый го\n д\\, ура", "2027-01-01 Новый год, ура"),
        ("DTSTART;VALUE=DATE:20270101\nSUMMARY:x\nBEGIN:VALARM\nSUMMARY:no\nEND:VALARM", "2027-01-01 x"),
        ("DTSTART;VALUE=DATE:20270101\nSTATUS:CANCELLED\nSUMMARY:x", "bad_file"),
        ("DTSTART;VALUE=DATE:20270101\nRRULE:FREQ=YEARLY\nSUMMARY:x", "bad_file"),
        ("DTSTART;VALUE=DATE:20271301\nSUMMARY:x", "bad_file"),
        ("DTSTART:tomorrow\nSUMMARY:x", "bad_file"),
        ("DTSTART;VALUE=DATE:19000101\nSUMMARY:x", "bad_date"),
        ("DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:90270101\nSUMMARY:x", "too_many"),
        ("DTSTART;VALUE=DATE:20270101\nDURATION:P9999999999999999999W\nSUMMARY:x", "2027-01-01 x"),
        ("SUMMARY:nothing begins", "bad_file"),
    ];
    for (lines, expected) in cases {
        assert_eq!(told(&event(lines)), expected, "{lines}");
    }
    // Plain line feeds, a byte order mark, and another event that says the same day again.
    let two = event("DTSTART:20270101\nSUMMARY:a\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:b")
        .replace("\r\n", "\n");
    assert_eq!(told(&format!("\u{feff}{two}")), "2027-01-01 a, b");
}

#[test]
fn an_event_with_hours_is_a_day_with_those_hours_on_the_calendars_clock() {
    let cases = [
        ("DTSTART:20270430T090000\nDTEND:20270430T170000\nSUMMARY:s", "2027-04-30 09:00-17:00 s"),
        ("DTSTART:20270430T060000Z\nDTEND:20270430T140000Z\nSUMMARY:s", "2027-04-30 09:00-17:00 s"),
        (
            "DTSTART;TZID=Asia/Tokyo:20270430T150000\nDTEND;TZID=\"Asia/Tokyo\":20270430T230000\nSUMMARY:s",
            "2027-04-30 09:00-17:00 s",
        ),
        ("DTSTART:20270430T220000\nDTEND:20270501T000000\nSUMMARY:s", "2027-04-30 22:00-24:00 s"),
        ("DTSTART:20270430T220000\nDTEND:20270501T060000\nSUMMARY:s", "2027-04-30 22:00-06:00 s"),
        ("DTSTART:20270430T220000\nDTEND:20270505T060000\nSUMMARY:s", "bad_file"),
        (
            "DTSTART:20270430T140000\nDTEND:20270430T170000\nSUMMARY:s\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20270430T090000\nDTEND:20270430T130000\nSUMMARY:s",
            "2027-04-30 14:00-17:00 09:00-13:00 s",
        ),
        (
            "DTSTART:20270430T090000\nDTEND:20270430T130000\nSUMMARY:s\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20270430\nSUMMARY:off",
            "2027-04-30 off",
        ),
    ];
    for (lines, expected) in cases {
        assert_eq!(told(&event(lines)), expected, "{lines}");
    }
}

#[test]
fn json_comes_as_days_or_as_a_calendar() {
    assert_eq!(told(r#"{"2027-01-01":[],"2027-04-30":[["09:00","17:00"]]}"#), "2027-01-01 ; 2027-04-30 09:00-17:00 ");
    assert_eq!(told(r#" {"days":{"2027-01-01":{"name":"x","hours":[]}}}"#), "2027-01-01 x");
    assert_eq!(told(r#"{"time_zone":"UTC","week":{},"days":{"2027-01-01":[]}}"#), "2027-01-01 ");
    assert_eq!(told(r#"{"2027-01-01":[["9","17:00"]]}"#), "bad_time");
    assert_eq!(told(r#"{"2027-13-01":[]}"#), "bad_date");
    for wrong in
        ["", "{}", "[]", "{", "days", "{\"days\":5}", "BEGIN:VCARD", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101"]
    {
        assert_eq!(told(wrong), "bad_file", "{wrong}");
    }
    let code = |file: &[u8]| load_days(file, &zone()).expect_err("nonsense").code();
    assert_eq!(code(&[0xff, 0xfe, b'{']), "bad_file");
    assert_eq!(code(&vec![b' '; LARGEST_FILE + 1]), "too_many");
}
