//! Days from elsewhere, laid into a calendar: a preset's year, or next year's file. Nothing is kept here: what would change
//! is shown, and whoever agrees saves the calendar that comes with it.

use super::refused;
use crate::{Actor, Error, Permission, Result};
use opora_calendar::preset::{self, Language};
use opora_calendar::{Day, Spec};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Days to be laid into a calendar: from a file, or from a preset.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct DaysForm {
    /// The calendar as it is, saved or not.
    pub spec: Spec,
    /// A file's text: days as JSON, or an ICS calendar.
    pub file: Option<String>,
    /// The name of a preset ("ru-production").
    pub preset: Option<String>,
    /// One year of the preset; all that are known when absent.
    pub year: Option<i16>,
    /// In which language its days are called: "ru" or "en".
    #[serde(default)]
    pub locale: String,
}

/// A calendar with the days laid in, and what that changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Loaded {
    /// The calendar as it would be.
    pub spec: Spec,
    /// What would change, by date.
    pub changes: Vec<DayChange>,
}

/// A day that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayChange {
    /// Which.
    pub date: String,
    /// What is said of it so far; nothing when it is a day like any other.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Day>,
    /// What would be said.
    #[schema(value_type = Object)]
    pub after: Day,
}

/// A preset that can be laid into a calendar.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PresetInfo {
    /// Its name.
    pub name: &'static str,
    /// The years it knows.
    pub years: Vec<PresetYear>,
}

/// A year of a preset.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PresetYear {
    /// Which.
    pub year: i16,
    /// Where it stands.
    pub source: &'static str,
}

/// The presets that have days.
pub fn presets() -> Vec<PresetInfo> {
    let years = preset::known_years().into_iter().map(|(year, source)| PresetYear { year, source }).collect();
    vec![PresetInfo { name: preset::RU_PRODUCTION, years }]
}

/// Lays days into a calendar and tells what that changes. Days that are not mentioned stay.
pub fn load_days(actor: &Actor, form: &DaysForm) -> Result<Loaded> {
    actor.need(Permission::SettingsManage)?;
    let days = match (&form.file, &form.preset) {
        (Some(file), None) => {
            let zone = jiff::tz::TimeZone::get(&form.spec.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
            opora_calendar::load_days(file.as_bytes(), &zone).map_err(|error| refused("file", &error))?
        }
        (None, Some(preset)) => preset_days(preset, form)?,
        _ => return Err(Error::field("file", "required", "either a file or a preset")),
    };
    let mut spec = form.spec.clone();
    let mut changes = Vec::new();
    for (date, after) in days {
        let before = spec.days.insert(date.clone(), after.clone());
        if before.as_ref() != Some(&after) {
            changes.push(DayChange { date, before, after });
        }
    }
    super::ready::check(&spec)?;
    Ok(Loaded { spec, changes })
}

fn preset_days(name: &str, form: &DaysForm) -> Result<BTreeMap<String, Day>> {
    let language = if form.locale == "en" { Language::English } else { Language::Russian };
    let years = match form.year {
        Some(year) => vec![year],
        None => preset::known_years().into_iter().map(|(year, _)| year).collect(),
    };
    let mut days = BTreeMap::new();
    for year in years {
        days.extend(preset::days(name, year, &form.spec.week, language).map_err(|error| refused("preset", &error))?);
    }
    Ok(days)
}
