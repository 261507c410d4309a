//! The arithmetic of a deadline: how long a clock has run, when it is over, whether that is too late. Knows no table; time
//! is in microseconds, working time by the hours it is given.

use super::hours::Hours;
use opora_base::Time;
use serde::{Deserialize, Serialize};

/// While a clock ran; without an end it runs still.
pub type Run = (Time, Option<Time>);

/// The course of a clock: when it ran and when it was over for good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// In order, none touching the next.
    pub runs: Vec<Run>,
    /// It measures nothing any more.
    pub stopped_at: Option<Time>,
}

/// As the database keeps the runs: pairs of microseconds.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept(pub Vec<(i64, Option<i64>)>);

impl Course {
    /// A clock that runs from here.
    pub fn from(start: Time) -> Course {
        Course { runs: vec![(start, None)], stopped_at: None }
    }

    /// Is it running?
    pub fn runs_now(&self) -> bool {
        self.stopped_at.is_none() && self.runs.last().is_some_and(|run| run.1.is_none())
    }

    /// It stands still from here.
    pub fn pause(&mut self, at: Time) {
        if let Some((from, end @ None)) = self.runs.last_mut() {
            *end = Some(at.max(*from));
        }
    }

    /// It runs again from here.
    pub fn resume(&mut self, at: Time) {
        if self.stopped_at.is_none() && !self.runs_now() {
            self.runs.push((at, None));
        }
    }

    /// It is over.
    pub fn stop(&mut self, at: Time) {
        self.pause(at);
        self.stopped_at = Some(at);
    }

    /// What was over goes on.
    pub fn go_on(&mut self, at: Time) {
        self.stopped_at = None;
        self.resume(at);
    }

    /// How much working time it has measured by `now`, in microseconds.
    pub fn spent(&self, hours: &Hours, now: Time) -> i64 {
        self.runs.iter().map(|(from, end)| hours.between(*from, end.unwrap_or(now.max(*from)))).sum()
    }

    /// When so much working time is measured, if it comes to that as things stand: in the past if it did, nothing while
    /// the clock stands still before that.
    pub fn reaches(&self, target: i64, hours: &Hours) -> Option<Time> {
        let mut rest = target.max(0);
        for (from, end) in &self.runs {
            let Some(end) = end else { return hours.add(*from, rest) };
            let ran = hours.between(*from, *end);
            if ran >= rest {
                return hours.add(*from, rest);
            }
            rest -= ran;
        }
        None
    }

    pub(super) fn kept(&self) -> Kept {
        Kept(self.runs.iter().map(|(from, end)| (from.0, end.map(|end| end.0))).collect())
    }
}

impl Kept {
    pub(super) fn course(self, stopped_at: Option<i64>) -> Course {
        let runs = self.0.into_iter().map(|(from, end)| (Time(from), end.map(Time))).collect();
        Course { runs, stopped_at: stopped_at.map(Time) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: i64 = 60_000_000;

    fn at(minute: i64) -> Time {
        Time(minute * MINUTE)
    }

    #[test]
    fn a_clock_that_stands_still_is_late_by_what_it_ran() {
        let mut course = Course::from(at(0));
        assert_eq!(course.reaches(60 * MINUTE, &Hours::Wall), Some(at(60)));
        course.pause(at(20));
        assert_eq!(course.reaches(60 * MINUTE, &Hours::Wall), None);
        assert_eq!(course.reaches(15 * MINUTE, &Hours::Wall), Some(at(15)));
        course.resume(at(100));
        assert_eq!(course.reaches(60 * MINUTE, &Hours::Wall), Some(at(140)));
        assert_eq!(course.spent(&Hours::Wall, at(110)), 30 * MINUTE);
        course.stop(at(130));
        assert!(!course.runs_now());
        assert_eq!(course.spent(&Hours::Wall, at(500)), 50 * MINUTE);
        course.go_on(at(200));
        assert_eq!(course.reaches(60 * MINUTE, &Hours::Wall), Some(at(210)));
    }

    #[test]
    fn what_is_reached_in_the_moment_it_stops_is_reached() {
        let mut course = Course::from(at(0));
        course.stop(at(60));
        assert_eq!(course.reaches(60 * MINUTE, &Hours::Wall), Some(at(60)));
        assert_eq!(course.reaches(60 * MINUTE + 1, &Hours::Wall), None);
    }

    proptest! {
        // However a clock stops and goes: at the moment it reaches a target it has spent exactly that.
        #[test]
        fn reaching_a_target_is_having_spent_it(steps in prop::collection::vec(1_i64..500, 1..12), target in 1_i64..3_000) {
            let mut course = Course::from(at(0));
            let mut now = 0;
            for (i, step) in steps.iter().enumerate() {
                now += step;
                if i % 2 == 0 { course.pause(at(now)) } else { course.resume(at(now)) }
            }
            let mut known = course.clone();
            known.runs.retain(|run| run.1.is_none_or(|end| end > run.0));
            match course.reaches(target * MINUTE, &Hours::Wall) {
                Some(due) => {
                    let mut cut = course.clone();
                    cut.runs.retain(|run| run.0 < due);
                    if let Some(last) = cut.runs.last_mut() { last.1 = Some(last.1.map_or(due, |end| end.min(due))); }
                    prop_assert_eq!(cut.spent(&Hours::Wall, due), target * MINUTE);
                }
                None => prop_assert!(course.spent(&Hours::Wall, at(1_000_000)) < target * MINUTE),
            }
        }
    }
}
