//! How many deadlines a second one core works out: `cargo run --release -p opora-calendar --example speed`.
//!
//! Random moments of three years, amounts up to two weeks of work; the median of five runs. The last row is the machine's
//! limit: adding up the same numbers, without a calendar.

use opora_calendar::{Calendar, Interval, Spec, Week};
use std::hint::black_box;
use std::time::Instant;

const QUESTIONS: usize = 1 << 20;
const ROUNDS: usize = 10;
const RUNS: usize = 5;

fn main() {
    let questions = questions();
    let office = spec(Week::office());
    let lunch = [("09:00", "13:00"), ("14:00", "18:00")];
    let lunch: Vec<Interval> = lunch.map(|(from, until)| (from.to_owned(), until.to_owned())).to_vec();
    let split = Week {
        mon: lunch.clone(),
        tue: lunch.clone(),
        wed: lunch.clone(),
        thu: lunch.clone(),
        fri: lunch,
        ..Week::default()
    };
    let nights = vec![("22:00".to_owned(), "06:00".to_owned())];
    let nights = Week { mon: nights.clone(), tue: nights.clone(), wed: nights.clone(), thu: nights, ..Week::default() };
    let production =
        opora_calendar::preset::spec("ru-production", "Europe/Moscow", opora_calendar::preset::Language::English);
    println!("{:<28} {:>14} {:>18} {:>12}", "calendar", "adds/s", "betweens/s", "to make, ms");
    let calendars = [
        ("office week", Ok(office)),
        ("office, production calendar", production),
        ("split day with lunch", Ok(spec(split))),
        ("night shifts, New York", Ok(Spec { time_zone: "America/New_York".into(), ..spec(nights) })),
        ("24/7", Ok(spec(Week::around_the_clock()))),
    ];
    for (name, spec) in calendars {
        let begun = Instant::now();
        let Ok(calendar) = spec.and_then(|spec| Calendar::new(&spec)) else { continue };
        let made = begun.elapsed();
        let adds = rate(|| {
            questions.iter().map(|(at, work)| calendar.add(*at, *work).unwrap_or(0)).fold(0, i64::wrapping_add)
        });
        let betweens =
            rate(|| questions.iter().map(|(at, work)| calendar.between(*at, *at + *work)).fold(0, i64::wrapping_add));
        println!("{name:<28} {adds:>14} {betweens:>18} {:>12.2}", made.as_secs_f64() * 1e3);
    }
    let limit = rate(|| black_box(&questions).iter().map(|(at, work)| at + work).fold(0, i64::wrapping_add));
    println!("{:<28} {limit:>14}", "(sums of i64)");
}

fn spec(week: Week) -> Spec {
    Spec { time_zone: "Europe/Moscow".into(), week, ..Spec::default() }
}

/// Of five runs the one in the middle, a second's worth.
fn rate(run: impl Fn() -> i64) -> u64 {
    let mut runs: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            for _ in 0..ROUNDS {
                black_box(run());
            }
            begun.elapsed().as_secs_f64()
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    ((QUESTIONS * ROUNDS) as f64 / runs[RUNS / 2]) as u64
}

/// From 2024 to 2026, by a plain generator (splitmix64), so that two runs ask the same.
fn questions() -> Vec<(i64, i64)> {
    let mut state = 1_u64;
    let mut next = move |below: u64| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below) as i64
    };
    (0..QUESTIONS).map(|_| (1_704_067_200_000 + next(3 * 365 * 86_400_000), next(80 * 3_600_000))).collect()
}
