//! The department's calendar: Moscow working days, thinner evenings and weekends, public holidays, and one day when
//! everything broke. It decides *when* things happen and knows nothing of what is said.
//!
//! All arithmetic is in whole seconds since 1970 (UTC); Moscow has kept UTC+3 without daylight saving since 2014, so a
//! fixed offset is enough and no time-zone database is touched.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{self, Offset};

use crate::chance::Chance;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
const MOSCOW: i64 = 3 * HOUR;
/// Days of history before today: about fourteen months.
const HISTORY: i64 = 425;
/// The day of the great outage is the first Tuesday to Thursday at least this many days ago.
const OUTAGE_AGE: i64 = 23;
/// When the outage began and ended, in seconds after Moscow midnight.
const OUTAGE: std::ops::Range<i64> = (11 * HOUR + 12 * 60)..(13 * HOUR + 50 * 60);
/// Fresh tickets that the demo shows today even on a quiet Sunday.
const FRESH: usize = 26;

/// How many tickets arrive in each hour of a Moscow day, relative to one another.
const HOURS: [u32; 24] = [5, 3, 2, 1, 1, 2, 5, 14, 34, 70, 118, 128, 112, 96, 110, 116, 108, 90, 62, 42, 33, 27, 17, 9];

pub(crate) fn moscow_day(at: i64) -> i64 {
    (at + MOSCOW).div_euclid(DAY)
}

fn second_of_day(at: i64) -> i64 {
    (at + MOSCOW).rem_euclid(DAY)
}

fn midnight(day: i64) -> i64 {
    day * DAY - MOSCOW
}

/// 0 is Monday.
pub(crate) fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

pub(crate) fn timestamp(at: i64) -> Timestamp {
    Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The date and time on the clock of somebody who lives `hours` east of Greenwich.
pub(crate) fn local(at: i64, hours: i8) -> DateTime {
    offset(hours).to_datetime(timestamp(at))
}

fn offset(hours: i8) -> Offset {
    if (-12..=14).contains(&hours) { tz::offset(hours) } else { Offset::UTC }
}

/// Public holidays of Russia that fall on the same date each year.
fn is_holiday(date: Date) -> bool {
    matches!((date.month(), date.day()), (1, 1..=8) | (2, 23) | (3, 8) | (5, 1 | 9) | (6, 12) | (11, 4))
}

pub(crate) fn is_working_day(day: i64) -> bool {
    weekday(day) < 5 && !is_holiday(local(midnight(day), 3).date())
}

fn weight_of_day(day: i64, last: i64) -> u64 {
    let base = match weekday(day) {
        _ if !is_working_day(day) && weekday(day) < 5 => 26,
        0 => 116,
        1..=3 => 100,
        4 => 92,
        5 => 34,
        _ => 27,
    };
    let growth = 100 + (HISTORY - (last - day)) / 12;
    let outage = if day == outage_day(last) { 22 } else { 10 };
    (base * growth * season(day) * outage) as u64
}

/// Shops live by the year: presents before the New Year, quiet in January and in the summer.
fn season(day: i64) -> i64 {
    const MONTHS: [i64; 12] = [82, 94, 103, 98, 90, 88, 84, 92, 104, 108, 128, 134];
    let date = local(midnight(day), 3).date();
    MONTHS[date.month() as usize - 1]
}

/// The Moscow day of the outage, given today's.
pub(crate) fn outage_day(today: i64) -> i64 {
    (0..7).map(|back| today - OUTAGE_AGE - back).find(|day| (1..=3).contains(&weekday(*day))).unwrap_or(today)
}

/// Whether the shops were down at this moment.
pub(crate) fn in_outage(at: i64, now: i64) -> bool {
    moscow_day(at) == outage_day(moscow_day(now)) && OUTAGE.contains(&second_of_day(at))
}

/// The first moment at or after `at` when an agent would really be answering: Moscow office hours on working days,
/// a thin duty on the others.
pub(crate) fn office_time(mut at: i64, chance: &mut Chance) -> i64 {
    for _ in 0..14 {
        let (day, second) = (moscow_day(at), second_of_day(at));
        let works = if is_working_day(day) {
            (9 * HOUR..19 * HOUR + 30 * 60).contains(&second)
        } else {
            (10 * HOUR..18 * HOUR).contains(&second) && chance.percent(45)
        };
        if works {
            return at;
        }
        let next = if second < 9 * HOUR { day } else { day + 1 };
        at = midnight(next) + 9 * HOUR + chance.between(60, 95 * 60);
    }
    at
}

/// The first moment at or after `at` when a customer `hours` east of Greenwich is awake.
pub(crate) fn waking_time(at: i64, hours: i8, chance: &mut Chance) -> i64 {
    let second = (at + i64::from(hours) * HOUR).rem_euclid(DAY);
    if second >= 7 * HOUR + 30 * 60 {
        return at;
    }
    at - second + 7 * HOUR + 30 * 60 + chance.between(0, 150 * 60)
}

/// One stretch of the history with its share of the stories.
#[derive(Debug, Clone)]
struct Stretch {
    start: i64,
    end: i64,
    stories: usize,
}

/// The moments at which stories begin, in order, one stretch of at most a day held at a time.
#[derive(Debug)]
pub(crate) struct Arrivals {
    seed: u64,
    now: i64,
    stretches: std::vec::IntoIter<Stretch>,
    day: std::vec::IntoIter<i64>,
}

impl Arrivals {
    pub(crate) fn new(seed: u64, now: i64, count: usize) -> Self {
        Arrivals { seed, now, stretches: stretches(now, count).into_iter(), day: Vec::new().into_iter() }
    }

    fn moments(&self, stretch: &Stretch) -> Vec<i64> {
        let mut chance = Chance::of(self.seed, 1, stretch.start as u64);
        let day = moscow_day(stretch.start);
        let hours = hours_within(stretch);
        let weights: Vec<u32> = hours.iter().map(|(start, _)| HOURS[(second_of_day(*start) / HOUR) as usize]).collect();
        let burst = day == outage_day(moscow_day(self.now));
        let mut moments: Vec<i64> = (0..stretch.stories)
            .map(|_| {
                if burst && chance.percent(52) {
                    let early = chance.between(0, OUTAGE.end - OUTAGE.start - 1);
                    let late = chance.between(0, OUTAGE.end - OUTAGE.start - 1);
                    return midnight(day) + OUTAGE.start + early.min(late);
                }
                let (start, end) = hours[chance.weighted(&weights)];
                chance.between(start, end - 1)
            })
            .collect();
        moments.sort_unstable();
        moments
    }
}

impl Iterator for Arrivals {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        loop {
            if let Some(moment) = self.day.next() {
                return Some(moment);
            }
            let stretch = self.stretches.next()?;
            self.day = self.moments(&stretch).into_iter();
        }
    }
}

/// The hours of a stretch, clipped to it.
fn hours_within(stretch: &Stretch) -> Vec<(i64, i64)> {
    let mut hours = Vec::with_capacity(24);
    let mut start = stretch.start;
    while start < stretch.end {
        let end = (start - start.rem_euclid(HOUR) + HOUR).min(stretch.end);
        hours.push((start, end));
        start = end;
    }
    hours
}

/// Shares `count` stories among the days. The last stretch is today (at least the last ten hours), and it is never empty.
fn stretches(now: i64, count: usize) -> Vec<Stretch> {
    let today = moscow_day(now);
    let fresh_start = midnight(today).min(now - 10 * HOUR);
    let mut days = Vec::with_capacity(HISTORY as usize + 1);
    for day in today - HISTORY..=today {
        let end = midnight(day + 1).min(fresh_start);
        if midnight(day) < end {
            days.push((Stretch { start: midnight(day), end, stories: 0 }, weight_of_day(day, today)));
        }
    }
    let passed: u32 = HOURS[..(second_of_day(now) / HOUR) as usize].iter().sum();
    let whole: u32 = HOURS.iter().sum();
    let natural = weight_of_day(today, today) * u64::from(passed) / u64::from(whole);
    let total: u64 = days.iter().map(|(_, weight)| weight).sum::<u64>() + natural;
    let fresh = (count as u64 * natural / total.max(1)) as usize;
    let fresh = fresh.max(FRESH.min(count.div_ceil(150)));

    let older = count - fresh.min(count);
    let total: u64 = days.iter().map(|(_, weight)| weight).sum();
    let (mut passed, mut given) = (0u128, 0usize);
    for (stretch, weight) in &mut days {
        passed += u128::from(*weight);
        let due = (older as u128 * passed / u128::from(total.max(1))) as usize;
        stretch.stories = due - given;
        given = due;
    }
    let mut stretches: Vec<Stretch> = days.into_iter().map(|(stretch, _)| stretch).collect();
    stretches.push(Stretch { start: fresh_start, end: now, stories: count - given });
    stretches
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    #[test]
    fn arrivals_are_in_order_complete_and_in_the_past() {
        for (now, count) in
            [("2026-11-20T12:00:00Z", 2_000), ("2026-11-21T21:05:00Z", 137), ("2026-01-02T05:00:00Z", 1)]
        {
            let now = at(now);
            let moments: Vec<i64> = Arrivals::new(4, now, count).collect();
            assert_eq!(moments.len(), count);
            assert!(moments.is_sorted());
            assert!(moments.iter().all(|moment| *moment < now && *moment > now - (HISTORY + 2) * DAY));
        }
    }

    #[test]
    fn weekends_are_thinner_than_working_days() {
        let mut days = [0usize; 7];
        for moment in Arrivals::new(1, at("2026-11-20T12:00:00Z"), 20_000) {
            days[weekday(moscow_day(moment)) as usize] += 1;
        }
        assert!(days[5] * 2 < days[1] && days[6] * 2 < days[1], "{days:?}");
    }

    #[test]
    fn a_quiet_sunday_still_has_fresh_tickets() {
        let now = at("2026-11-22T05:30:00Z");
        let fresh = Arrivals::new(1, now, 2_000).filter(|moment| *moment > now - 10 * HOUR).count();
        assert!((10..20).contains(&fresh), "{fresh}");
    }

    #[test]
    fn the_outage_day_is_the_busiest_and_its_tickets_come_in_a_burst() {
        let now = at("2026-11-20T12:00:00Z");
        let mut by_day = std::collections::BTreeMap::new();
        for moment in Arrivals::new(1, now, 20_000) {
            *by_day.entry(moscow_day(moment)).or_insert(0) += 1;
        }
        let busiest = by_day.iter().max_by_key(|(_, stories)| **stories).unwrap();
        assert_eq!(*busiest.0, outage_day(moscow_day(now)));
        let burst = Arrivals::new(1, now, 20_000).filter(|moment| in_outage(*moment, now)).count();
        assert!(burst > 20, "{burst}");
    }

    #[test]
    fn agents_answer_in_office_hours() {
        let mut chance = Chance::of(1, 1, 1);
        let friday_night = at("2026-11-20T20:00:00Z");
        for _ in 0..50 {
            let answered = office_time(friday_night, &mut chance);
            let hour = second_of_day(answered) / HOUR;
            assert!(answered > friday_night && (9..20).contains(&hour));
        }
    }

    #[test]
    fn holidays_are_not_working_days() {
        assert!(!is_working_day(moscow_day(at("2026-11-04T09:00:00Z"))));
        assert!(is_working_day(moscow_day(at("2026-11-05T09:00:00Z"))));
        assert!(!is_working_day(moscow_day(at("2026-11-21T09:00:00Z"))));
    }
}
