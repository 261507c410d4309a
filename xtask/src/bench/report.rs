//! The result: one row a figure, with what is to be reached and what the machine itself did in the same run.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::process;

/// What a figure is held against.
#[derive(Clone, Copy)]
pub enum Reach {
    AtLeast(f64),
    AtMost(f64),
    /// Told for its own sake.
    Nothing,
}

impl Reach {
    fn met(self, value: f64) -> Option<bool> {
        match self {
            Self::AtLeast(floor) => Some(value >= floor),
            Self::AtMost(ceiling) => Some(value <= ceiling),
            Self::Nothing => None,
        }
    }

    fn words(self) -> String {
        match self {
            Self::AtLeast(floor) => format!("≥ {}", number(floor)),
            Self::AtMost(ceiling) => format!("≤ {}", number(ceiling)),
            Self::Nothing => String::new(),
        }
    }
}

struct Row {
    work: String,
    value: Option<f64>,
    unit: &'static str,
    reach: Reach,
    /// The machine's own limit, or the reason why there is no value.
    beside: String,
}

/// The rows so far.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Adds a figure and shows it at once.
    pub fn add(&mut self, work: &str, value: f64, unit: &'static str, reach: Reach, beside: impl Into<String>) {
        println!("{work}: {} {unit}", number(value));
        self.rows.push(Row { work: work.to_owned(), value: Some(value), unit, reach, beside: beside.into() });
    }

    /// Says that something could not be measured, and why.
    pub fn missing(&mut self, work: &str, why: &anyhow::Error) {
        let reason = format!("{why:#}");
        let reason = reason.lines().find(|line| !line.trim().is_empty()).unwrap_or("no reason given").trim();
        println!("{work}: not measured: {reason}");
        let beside = format!("not measured: {reason}");
        self.rows.push(Row { work: work.to_owned(), value: None, unit: "", reach: Reach::Nothing, beside });
    }

    /// Prints the table.
    pub fn print(&self) {
        let wide = self.rows.iter().map(|row| row.work.chars().count()).max().unwrap_or(0).max(4);
        println!("{:wide$} {:>14} {:>10} {:>5}  beside", "work", "measured", "reach", "met");
        for row in &self.rows {
            let measured = row.value.map_or_else(|| "—".to_owned(), |value| format!("{} {}", number(value), row.unit));
            let met = match row.value.and_then(|value| row.reach.met(value)) {
                Some(true) => "yes",
                Some(false) => "NO",
                None => "",
            };
            let (work, reach, beside) = (&row.work, row.reach.words(), &row.beside);
            println!("{}", format!("{work:wide$} {measured:>14} {reach:>10} {met:>5}  {beside}").trim_end());
        }
    }

    /// Writes the table as JSON and gives the file.
    pub fn keep(&self, folder: &Path, quick: bool) -> Result<PathBuf> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let file = folder.join(format!("{seconds}.json"));
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let met = row.value.and_then(|value| row.reach.met(value));
                json!({ "work": row.work, "value": row.value, "unit": row.unit, "reach": row.reach.words(),
                        "met": met, "beside": row.beside })
            })
            .collect();
        let whole =
            json!({ "unix_time": seconds, "quick": quick, "commit": commit(), "machine": machine(), "rows": rows });
        fs::create_dir_all(folder)?;
        fs::write(&file, format!("{whole:#}\n")).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }
}

fn commit() -> Option<String> {
    process::answer(process::command("git").args(["describe", "--always", "--dirty"]))
}

fn machine() -> Value {
    let line_of = |file: &str, key: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    json!({
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "processor": line_of("/proc/cpuinfo", "model name"),
        "memory": line_of("/proc/meminfo", "MemTotal"),
        "kernel": fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim(),
    })
}

/// Three digits that matter, whole numbers from a hundred on.
fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        ..1.0 => format!("{value:.3}"),
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_held_against_its_reach() {
        assert_eq!(Reach::AtLeast(500.0).met(499.0), Some(false));
        assert_eq!(Reach::AtMost(2.0).met(1.9), Some(true));
        assert_eq!(Reach::Nothing.met(1.0), None);
        assert_eq!([0.1234, 1.234, 12.34, 1234.5].map(number), ["0.123", "1.23", "12.3", "1234"]);
    }
}
