//! What a person says about working time: a zone, a week and the days that differ from it. Plain data, the same in the
//! database, in the API and in the worker's lines; nothing here is checked, that is [`Calendar::new`](crate::Calendar::new).

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// From and until, as a clock on the wall says it: `["09:00","18:00"]`. An end may be `24:00`; one at or before its start
/// is on the next day, and the whole interval belongs to the day it starts on.
pub type Interval = (String, String);

/// A calendar as it is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = CalendarSpec))]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Whose clock: a name of the IANA database, `Europe/Moscow`.
    pub time_zone: String,
    /// The usual week.
    #[serde(default)]
    pub week: Week,
    /// Days that differ from it, by date: `2026-05-01`. Each is a list of hours, or `{"name":…,"hours":[…]}`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub days: BTreeMap<String, Day>,
}

/// The usual week. A day without intervals is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = CalendarWeek))]
#[serde(deny_unknown_fields, default)]
pub struct Week {
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Vec<String>>))]
    pub mon: Vec<Interval>,
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Vec<String>>))]
    pub tue: Vec<Interval>,
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Vec<String>>))]
    pub wed: Vec<Interval>,
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Vec<String>>))]
    pub thu: Vec<Interval>,
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Vec<String>>))]
    pub fri: Vec<Interval>,
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Vec<String>>))]
    pub sat: Vec<Interval>,
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Vec<String>>))]
    pub sun: Vec<Interval>,
}

impl Week {
    /// Monday to Friday from 09:00 to 18:00.
    pub fn office() -> Week {
        let day = vec![("09:00".to_owned(), "18:00".to_owned())];
        Week { mon: day.clone(), tue: day.clone(), wed: day.clone(), thu: day.clone(), fri: day, ..Week::default() }
    }

    /// Every day, all day.
    pub fn around_the_clock() -> Week {
        let [mon, tue, wed, thu, fri, sat, sun] =
            std::array::from_fn(|_| vec![("00:00".to_owned(), "24:00".to_owned())]);
        Week { mon, tue, wed, thu, fri, sat, sun }
    }

    /// The seven days, Monday first.
    pub fn days(&self) -> [&Vec<Interval>; 7] {
        [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun]
    }
}

/// A day that differs: its hours (none: closed) and, if it has one, its name. Written as the bare list of hours or as
/// `{"name":"День труда","hours":[]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Day {
    /// What the day is called; may be empty.
    pub name: String,
    /// When it is open; nothing means closed.
    pub hours: Vec<Interval>,
}

impl Day {
    /// A closed day.
    pub fn off(name: impl Into<String>) -> Day {
        Day { name: name.into(), hours: Vec::new() }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Hours(Vec<Interval>),
    Named(Named),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    #[serde(default)]
    name: String,
    #[serde(default)]
    hours: Vec<Interval>,
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.name.is_empty() {
            return self.hours.serialize(serializer);
        }
        Named { name: self.name.clone(), hours: self.hours.clone() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Hours(hours) => Day { name: String::new(), hours },
            Written::Named(Named { name, hours }) => Day { name, hours },
        })
    }
}
