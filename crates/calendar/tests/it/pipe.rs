//! The worker: a line in, a line out, whatever the line is.

use opora_calendar::worker;
use serde_json::{Value, json};

fn answers(lines: &str) -> Vec<Value> {
    let mut output = Vec::new();
    worker(lines.as_bytes(), &mut output).expect("streams that hold");
    let text = String::from_utf8(output).expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn answer(request: Value) -> Value {
    let mut answers = answers(&format!("{request}\n"));
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

fn office() -> Value {
    let day = json!([["09:00", "18:00"]]);
    json!({"time_zone": "Europe/Moscow", "week": {"mon": day, "tue": day, "wed": day, "thu": day, "fri": day}})
}

#[test]
fn it_adds_and_counts_on_the_calendars_clock() {
    let add = |from: &str, minutes: Value| {
        answer(json!({"calendar": office(), "op": "add", "from": from, "minutes": minutes}))
    };
    let next_morning = json!({"at": "2026-03-03T09:30:00+03:00"});
    assert_eq!(add("2026-03-02T17:30:00+03:00", json!(60)), next_morning);
    assert_eq!(add("2026-03-02T14:30:00Z", json!(60.0)), next_morning);
    assert_eq!(add("2026-03-02T17:30:00", json!(60)), next_morning);
    assert_eq!(add("2026-03-02T17:30:00.250+03:00", json!(0.5)), json!({"at": "2026-03-02T17:30:30.25+03:00"}));
    let between = |from: &str, to: &str| answer(json!({"calendar": office(), "op": "between", "from": from, "to": to}));
    assert_eq!(between("2026-03-02T17:30:00+03:00", "2026-03-03T09:30:00+03:00"), json!({"minutes": 60}));
    assert_eq!(between("2026-03-03T09:30:00+03:00", "2026-03-02T17:30:00+03:00"), json!({"minutes": -60}));
    assert_eq!(between("2026-03-02T09:00:00+03:00", "2026-03-02T09:00:30+03:00"), json!({"minutes": 0.5}));
    let ask = |op: &str| answer(json!({"calendar": office(), "op": op, "at": "2026-03-01T12:00:00+03:00"}));
    assert_eq!(ask("is_open"), json!({"open": false}));
    assert_eq!(ask("next_open"), json!({"at": "2026-03-02T09:00:00+03:00"}));
    assert_eq!(ask("next_close"), json!({"at": "2026-03-02T18:00:00+03:00"}));
    let always = json!({"calendar": "around-the-clock", "op": "next_close", "at": "2026-03-01T12:00:00Z"});
    assert_eq!(answer(always), json!({"at": null}));
}

#[test]
fn it_tells_the_days_of_a_preset() {
    let days = answer(json!({"op": "days", "preset": "ru-production", "year": 2026}));
    assert_eq!(days["days"]["2026-01-01"], json!([]));
    assert_eq!(days["days"]["2026-04-30"], json!([["09:00", "17:00"]]));
    assert_eq!(days["days"].as_object().map(serde_json::Map::len), Some(18));
}

#[test]
fn a_line_that_is_not_understood_is_answered_and_the_next_one_is_read() {
    let code = |request: Value| answer(request)["error"]["code"].clone();
    let from = "2026-03-02T17:30:00+03:00";
    assert_eq!(code(json!({"calendar": office(), "op": "add", "from": "soon", "minutes": 1})), "bad_time");
    assert_eq!(code(json!({"calendar": office(), "op": "add", "from": from})), "bad_request");
    assert_eq!(code(json!({"calendar": office(), "op": "add", "minutes": 1})), "bad_request");
    assert_eq!(code(json!({"op": "add", "from": from, "minutes": 1})), "bad_request");
    assert_eq!(code(json!({"calendar": office(), "op": "add", "from": from, "minutes": 1e300})), "out_of_range");
    assert_eq!(
        code(json!({"calendar": office(), "op": "add", "from": "1950-01-01T00:00:00Z", "minutes": 1})),
        "out_of_range"
    );
    assert_eq!(code(json!({"calendar": 7, "op": "add", "from": from, "minutes": 1})), "bad_calendar");
    assert_eq!(
        code(json!({"calendar": {"time_zone": "UTC"}, "op": "add", "from": from, "minutes": 1})),
        "no_working_time"
    );
    assert_eq!(code(json!({"calendar": "mars", "op": "add", "from": from, "minutes": 1})), "unknown_preset");
    assert_eq!(code(json!({"op": "divide"})), "unknown_op");
    assert_eq!(code(json!({"op": "days", "preset": "ru-production", "year": 1999})), "unknown_year");
    assert_eq!(code(json!({"op": "days", "preset": "ru-production", "year": 99999})), "bad_request");
    let long = format!("{}\n", "x".repeat(5 << 20));
    let told = answers(&format!("nonsense\n\n[]\n{{}}\n\u{0}\n{long}{}\n{}", json!({"op": "divide"}), "{\"op\""));
    let codes: Vec<_> = told.iter().map(|answer| answer["error"]["code"].as_str().unwrap_or("")).collect();
    assert_eq!(
        codes,
        ["bad_request", "bad_request", "bad_request", "bad_request", "too_many", "unknown_op", "bad_request"]
    );
}
