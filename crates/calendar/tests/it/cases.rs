//! Cases of other projects, in our own tables: what goes in, what must come out, and who says so.
//!
//! - working_hours (github.com/Intrepidd/working_hours, MIT), spec/working_hours/computation_spec.rb
//! - business_time (github.com/bokmann/business_time, MIT), test/test_business_hours*.rb, test_time_extensions.rb,
//!   test_calculating_business_duration.rb
//! - biz (github.com/zendesk/biz, Apache-2.0), spec/calculation/*, spec/periods/after_spec.rb, spec/schedule_spec.rb
//!
//! Where the three differ the majority is followed; `DIFFERENT` tells where and why.

use crate::{HOUR, MINUTE, at, calendar, say};

const NINE_TO_FIVE: &str = "mon-fri 09:00-17:00";
/// The week of biz's own tests.
const BIZ: &str =
    "mon 09:00-17:00; tue 10:00-16:00; wed 09:00-17:00; thu 10:00-16:00; fri 09:00-17:00; sat 11:00-14:30";
const UTC: &str = "UTC";
const EAST: &str = "America/New_York";
const TOKYO: &str = "Asia/Tokyo";
const PARIS: &str = "Europe/Paris";

/// zone, hours, from, minutes of work, until
type Add = (&'static str, &'static str, &'static str, i64, &'static str);

const WORKING_HOURS: &[Add] = &[
    (UTC, NINE_TO_FIVE, "1991-11-15 14:00:42", 120, "1991-11-15 16:00:42"),
    (UTC, NINE_TO_FIVE, "1991-11-18 14:00:42", -7 * 60, "1991-11-15 15:00:42"),
    (TOKYO, NINE_TO_FIVE, "1991-11-15T07:00:00Z", 180, "1991-11-18T11:00:00+09:00"),
    (UTC, "mon 07:00-12:00 13:00-18:00", "1991-11-11 05:00", 360, "1991-11-11 14:00"),
    (UTC, NINE_TO_FIVE, "1991-11-15 16:30:42", 45, "1991-11-18 09:15:42"),
    (UTC, NINE_TO_FIVE, "1991-11-15 16:59:42", 2, "1991-11-18 09:01:42"),
    (UTC, "mon 00:00-24:00", "2014-04-07 23:59:30", 1, "2014-04-14 00:00:30"),
    (UTC, "mon 00:00-24:00; tue 08:00-18:00", "2014-04-08 00:00:30", -1, "2014-04-07 23:59:00"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 10:00-18:00", "2019-12-27 09:00", 2, "2019-12-27 10:02"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 10:00-18:00", "2019-12-27 09:00", -2, "2019-12-26 17:58"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 10:00-18:00", "2019-12-27 11:00", -120, "2019-12-26 17:00"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 08:00-17:00", "2019-12-27 17:59", 2, "2020-01-02 08:02"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 08:00-17:00", "2019-12-27 18:00", -2, "2019-12-27 16:58"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 08:00-17:00", "2019-12-27 16:00", 120, "2020-01-02 09:00"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 08:00-12:00 14:00-18:00", "2019-12-27 12:59", 2, "2019-12-27 14:02"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 08:00-12:00 14:00-18:00", "2019-12-27 14:00", -2, "2019-12-27 11:58"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 08:00-12:00 14:00-18:00", "2019-12-27 10:00", 240, "2019-12-27 16:00"),
    (UTC, "thu-fri 08:00-18:00; 2019-12-27 08:00-12:00 14:00-18:00", "2019-12-27 16:00", -240, "2019-12-27 10:00"),
];

const FRI_SAT_MON: &str = "mon 9:00-17:00; fri 9:00-17:00; sat 10:00-15:00";
const SOME_WHOLE_DAYS: &str = "mon 0:00-0:00; fri 0:00-0:00; sat 11:00-15:00";

const BUSINESS_TIME: &[Add] = &[
    (UTC, NINE_TO_FIVE, "2010-08-04 09:35", 480, "2010-08-05 09:35"),
    (UTC, NINE_TO_FIVE, "2010-08-04 09:35", -480, "2010-08-03 09:35"),
    (UTC, NINE_TO_FIVE, "2010-04-09 16:50", 60, "2010-04-12 09:50"),
    (UTC, NINE_TO_FIVE, "2010-04-12 09:50", -60, "2010-04-09 16:50"),
    (UTC, NINE_TO_FIVE, "2010-04-10 12:33", 0, "2010-04-12 09:00"),
    (UTC, "mon-fri 09:00-17:00; 2010-07-05", "2010-07-02 16:50", 60, "2010-07-06 09:50"),
    (UTC, "mon-fri 09:00-17:00; 2010-07-05", "2010-07-06 09:50", -60, "2010-07-02 16:50"),
    (UTC, NINE_TO_FIVE, "2010-04-12 09:50", 180, "2010-04-12 12:50"),
    (UTC, NINE_TO_FIVE, "2010-04-26 04:30", 0, "2010-04-26 09:00"),
    (UTC, NINE_TO_FIVE, "2010-04-26 18:00", 0, "2010-04-27 09:00"),
    (UTC, NINE_TO_FIVE, "2010-04-25 12:06:56", -60, "2010-04-23 16:00"),
    (UTC, NINE_TO_FIVE, "2010-04-26 09:00", -60, "2010-04-23 16:00"),
    (UTC, FRI_SAT_MON, "2010-12-24 15:00", 540, "2010-12-27 11:00"),
    (UTC, FRI_SAT_MON, "2010-12-27 11:00", -540, "2010-12-24 15:00"),
    (UTC, FRI_SAT_MON, "2010-12-24 08:00", 900, "2010-12-27 11:00"),
    (UTC, FRI_SAT_MON, "2010-12-27 11:00", -900, "2010-12-24 09:00"),
    (UTC, SOME_WHOLE_DAYS, "2010-12-24 15:00", 1440, "2010-12-27 11:00"),
    (UTC, SOME_WHOLE_DAYS, "2010-12-27 11:00", -1440, "2010-12-24 15:00"),
    (UTC, SOME_WHOLE_DAYS, "2010-12-25 08:00", 900, "2010-12-27 11:00"),
    (UTC, SOME_WHOLE_DAYS, "2010-12-27 11:00", -900, "2010-12-25 11:00"),
    // A day's work ends when the day closes, and leads back to where it opened.
    (UTC, "fri 9:00-17:00", "2010-12-24 08:00", 480, "2010-12-24 17:00"),
    (UTC, "fri 9:00-17:00", "2010-12-24 17:00", -480, "2010-12-24 09:00"),
    (EAST, NINE_TO_FIVE, "2010-08-04 09:35", 480, "2010-08-05 09:35"),
    (EAST, NINE_TO_FIVE, "2010-04-09 16:50", 60, "2010-04-12 09:50"),
    (EAST, "mon-fri 09:00-17:00; 2010-07-05", "2010-07-02 16:50", 60, "2010-07-06 09:50"),
    (EAST, NINE_TO_FIVE, "2010-04-12 12:50", -180, "2010-04-12 09:50"),
];

const BIZ_AFTER: &[Add] = &[
    (UTC, BIZ, "2006-01-04 14:30", 90, "2006-01-04 16:00"),
    (UTC, BIZ, "2006-01-04 16:30", -90, "2006-01-04 15:00"),
    (UTC, BIZ, "2006-01-04 13:00", 180, "2006-01-04 16:00"),
    (UTC, BIZ, "2006-01-04 17:00", -180, "2006-01-04 14:00"),
    (UTC, BIZ, "2006-01-03 00:00", 0, "2006-01-03 10:00"),
    (UTC, BIZ, "2006-01-02 13:00", 0, "2006-01-02 13:00"),
    (UTC, BIZ, "2006-01-02 09:00", 30, "2006-01-02 09:30"),
    (UTC, "mon 09:00-10:00 11:30-17:00", "2006-01-02 09:30", 60, "2006-01-02 12:00"),
    ("America/Los_Angeles", "sat 06:00-18:00", "2006-01-07 17:00", 61, "2006-01-14 06:01"),
];

#[test]
fn adding_work_agrees_with_other_projects() {
    for (project, cases) in [("working_hours", WORKING_HOURS), ("business_time", BUSINESS_TIME), ("biz", BIZ_AFTER)] {
        for (zone, hours, from, minutes, until) in cases {
            let found = calendar(zone, hours).add(at(zone, from), minutes * MINUTE);
            assert_eq!(
                say(zone, found),
                say(zone, Some(at(zone, until))),
                "{project}: {from} + {minutes} min, {hours}"
            );
        }
    }
}

/// zone, hours, from, until, seconds of work
type Between = (&'static str, &'static str, &'static str, &'static str, i64);

const LUNCH: &str = "mon 07:00-12:00 13:00-18:00";
const TWO_PARTS: &str = "mon-tue 08:00-18:00; 2014-04-07 10:00-12:00 14:00-17:00";

const BETWEEN: &[Between] = &[
    // working_hours
    (UTC, NINE_TO_FIVE, "2014-04-07 08:00", "2014-04-07 08:00", 0),
    (UTC, NINE_TO_FIVE, "2014-04-11 20:00", "2014-04-14 05:00", 0),
    (UTC, NINE_TO_FIVE, "2014-04-13 09:10:24", "2014-04-14 09:10:24", 624),
    (UTC, NINE_TO_FIVE, "2014-04-07 10:00", "2014-04-07 15:00", 5 * 3600),
    (UTC, NINE_TO_FIVE, "2014-04-07 15:00", "2014-04-07 10:00", -5 * 3600),
    (UTC, NINE_TO_FIVE, "2014-04-07 07:00", "2014-04-07 20:00", 8 * 3600),
    (UTC, "mon 00:00-24:00", "2014-04-06 12:00", "2016-04-06 12:00", 105 * 24 * 3600),
    (UTC, LUNCH, "2014-04-07 11:59", "2014-04-07 13:01", 120),
    (UTC, LUNCH, "2014-04-07 11:00", "2014-04-14 13:00", 11 * 3600),
    (UTC, NINE_TO_FIVE, "2014-04-07T01:00:00-09:00", "2014-04-07T15:00:00-04:00", 7 * 3600),
    (PARIS, "sun 08:00-21:00", "2020-03-29T01:00:00Z", "2020-03-30T00:00:00Z", 13 * 3600),
    (PARIS, "sun 08:00-21:00", "2019-10-27T01:00:00Z", "2019-10-28T00:00:00Z", 13 * 3600),
    (PARIS, "sun 08:00-21:00", "2002-10-27T06:00:00Z", "2021-10-30T00:00:00Z", 12_896 * 3600),
    (UTC, TWO_PARTS, "2014-04-07 08:00", "2014-04-07 09:00", 0),
    (UTC, TWO_PARTS, "2014-04-07 13:00", "2014-04-07 13:30", 0),
    (UTC, TWO_PARTS, "2014-04-07 19:00", "2014-04-07 20:00", 0),
    (UTC, TWO_PARTS, "2014-04-07 09:00", "2014-04-07 14:00", 7_200),
    (UTC, TWO_PARTS, "2014-04-07 12:00", "2014-04-07 18:00", 10_800),
    // business_time
    (UTC, NINE_TO_FIVE, "2012-02-01 10:00", "2012-02-01 14:20", 260 * 60),
    (UTC, NINE_TO_FIVE, "2012-02-01 14:20", "2012-02-01 10:00", -260 * 60),
    (UTC, NINE_TO_FIVE, "2012-02-01 10:00", "2012-02-01 17:24", 7 * 3600),
    (UTC, NINE_TO_FIVE, "2012-02-01 07:25", "2012-02-01 15:30", 390 * 60),
    (UTC, NINE_TO_FIVE, "2012-02-01 10:00", "2012-02-09 11:00", 49 * 3600),
    (UTC, NINE_TO_FIVE, "2012-02-09 11:00", "2012-02-01 10:00", -49 * 3600),
    (UTC, NINE_TO_FIVE, "2012-02-03 10:40", "2012-02-04 10:40", 380 * 60),
    (UTC, FRI_SAT_MON, "2010-12-24 15:00", "2010-12-27 11:00", 9 * 3600),
    (UTC, "mon-wed 9:00-18:00", "2012-05-28T11:04:26+03:00", "2012-05-29T17:56:45+03:00", 53_805),
    (UTC, SOME_WHOLE_DAYS, "2010-12-24 15:00", "2010-12-27 11:00", 24 * 3600),
    (UTC, "mon 0:00-0:00; fri-sun 0:00-0:00", "2010-12-24 15:00", "2010-12-27 11:00", 68 * 3600),
    (UTC, "mon-tue 08:00-20:00", "2014-05-12 20:50", "2014-05-13 08:10", 600),
    // biz
    (UTC, BIZ, "2006-01-01 00:00", "2006-01-08 00:00", 39 * 3600 + 1800),
    (UTC, BIZ, "2006-01-05 12:00", "2006-01-06 12:00", 7 * 3600),
];

#[test]
fn work_between_two_moments_agrees_with_other_projects() {
    for (zone, hours, from, until, seconds) in BETWEEN {
        let found = calendar(zone, hours).between(at(zone, from), at(zone, until));
        assert_eq!(found, seconds * 1000, "{from} to {until}, {hours}");
    }
}

/// zone, hours, at, next opening, next closing
const OPENINGS: &[(&str, &str, &str, &str, &str)] = &[
    // working_hours
    (UTC, "mon-fri 09:00-17:00; 2014-05-01", "2014-05-01 12:00", "2014-05-02 09:00", "2014-05-02 17:00"),
    (UTC, NINE_TO_FIVE, "2014-06-01 12:00", "2014-06-02 09:00", "2014-06-02 17:00"),
    (UTC, NINE_TO_FIVE, "2014-04-07 09:00", "2014-04-07 09:00", "2014-04-07 17:00"),
    (UTC, NINE_TO_FIVE, "2014-04-07 16:59", "2014-04-07 16:59", "2014-04-07 17:00"),
    (UTC, NINE_TO_FIVE, "2014-04-07 08:59", "2014-04-07 09:00", "2014-04-07 17:00"),
    (UTC, NINE_TO_FIVE, "2014-04-07 17:00", "2014-04-08 09:00", "2014-04-08 17:00"),
    (UTC, LUNCH, "2014-04-07 12:00", "2014-04-07 13:00", "2014-04-07 18:00"),
    (UTC, LUNCH, "2014-04-07 12:59", "2014-04-07 13:00", "2014-04-07 18:00"),
    (UTC, "mon 00:00-24:00; tue 09:00-17:00", "2014-04-07 00:00", "2014-04-07 00:00", "2014-04-08 00:00"),
    (UTC, "mon 00:00-24:00; tue 09:00-17:00", "2014-04-08 00:00", "2014-04-08 09:00", "2014-04-08 17:00"),
    (PARIS, "sun 09:00-17:00", "2020-03-29T00:00:00+01:00", "2020-03-29T09:00:00+02:00", "2020-03-29T17:00:00+02:00"),
    (PARIS, "sun 09:00-17:00", "2020-10-25T00:00:00+02:00", "2020-10-25T09:00:00+01:00", "2020-10-25T17:00:00+01:00"),
    // biz
    (UTC, BIZ, "2006-01-01 00:00", "2006-01-02 09:00", "2006-01-02 17:00"),
    (UTC, BIZ, "2006-01-07 15:00", "2006-01-09 09:00", "2006-01-09 17:00"),
];

#[test]
fn openings_and_closings_agree_with_other_projects() {
    for (zone, hours, moment, opens, closes) in OPENINGS {
        let (calendar, moment) = (calendar(zone, hours), at(zone, moment));
        assert_eq!(say(zone, calendar.next_open(moment)), say(zone, Some(at(zone, opens))), "{hours}");
        assert_eq!(say(zone, calendar.next_close(moment)), say(zone, Some(at(zone, closes))), "{hours}");
        assert_eq!(calendar.is_open(moment), at(zone, opens) == moment, "{hours}");
    }
}

/// Where others say something else, and what we say instead.
#[test]
fn where_others_differ_the_majority_or_the_wall_clock_decides() {
    let office = calendar(UTC, NINE_TO_FIVE);
    // biz leads work that fills a day to the next opening; working_hours and business_time to the closing.
    assert_eq!(
        say(UTC, office.add(at(UTC, "2014-04-07 09:00"), 8 * HOUR)),
        say(UTC, Some(at(UTC, "2014-04-07 17:00")))
    );
    // working_hours leaves a closed moment alone when nothing is added; biz and business_time go to the opening.
    assert_eq!(say(UTC, office.add(at(UTC, "2014-04-07 18:00"), 0)), say(UTC, Some(at(UTC, "2014-04-08 09:00"))));
    assert_eq!(say(UTC, office.add(at(UTC, "2014-04-07 17:00"), 0)), say(UTC, Some(at(UTC, "2014-04-07 17:00"))));
    // working_hours counts 24 hours for a day that has 25 and is open all day; we count what passes.
    let sunday = calendar(PARIS, "sun 00:00-24:00");
    assert_eq!(sunday.between(at(PARIS, "2020-10-24T22:00:00Z"), at(PARIS, "2020-10-25T23:00:00Z")), 25 * HOUR);
    // biz drops 02:30–03:15 on the day that skips from 2 to 3; the wall does show 03:00 to 03:15.
    let los_angeles = "America/Los_Angeles";
    let odd = calendar(los_angeles, "sun 02:30-03:15; mon 09:00-17:00");
    assert_eq!(odd.between(at(los_angeles, "2006-04-02 00:00"), at(los_angeles, "2006-04-03 00:00")), 15 * MINUTE);
}
