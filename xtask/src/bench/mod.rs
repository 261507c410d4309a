//! `cargo xtask bench`: how fast the release build is on this machine, beside what the machine itself can do in the
//! same run. It speaks to `opora` as the world does, by its command line, LMTP and HTTP, and knows nothing of its
//! insides. What the binary cannot do yet stands in the table as not measured, with the reason.
//!
//! Each figure is the median of several rounds. The table goes to the screen, the same as JSON to `bench/` in the
//! build folder.

mod http;
mod limit;
mod mail;
mod memory;
mod message;
mod report;
mod server;
mod ui;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use self::limit::Limits;
use self::report::Report;
use self::server::{Department, Run};
use crate::console::heading;
use crate::guard::Guard;
use crate::{demo, process, workspace};

#[derive(Args)]
pub struct Options {
    /// Smaller departments and fewer rounds: an idea of the figures in a few minutes
    #[arg(long)]
    quick: bool,
    /// How many tickets the large department has
    #[arg(long, value_name = "N")]
    tickets: Option<u64>,
    /// Measure this program instead of building the one of this repository
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Measure only this part
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Measure the workspace in a browser instead of the server
    #[arg(long)]
    ui: bool,
}

/// A part of the bench, with a department of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// An empty department: memory at rest and the mail path
    Mail,
    /// The small department: lists, search, opening
    Small,
    /// The large department: start, lists, search, memory
    Large,
}

/// How much is done to find one figure.
pub struct Size {
    pub rounds: usize,
    /// HTTP requests a round.
    pub requests: usize,
    /// Messages a round and sender.
    pub messages: usize,
    /// Single messages whose way to the screen is timed.
    pub probes: usize,
    /// Messages of the long ticket.
    pub thread: usize,
    pub small: u64,
    pub large: u64,
}

impl Size {
    fn of(options: &Options) -> Self {
        let mut size = if options.quick {
            Self { rounds: 3, requests: 100, messages: 300, probes: 5, thread: 500, small: 2_000, large: 20_000 }
        } else {
            Self {
                rounds: 5,
                requests: 400,
                messages: 1_500,
                probes: 20,
                thread: 10_000,
                small: 20_000,
                large: 1_000_000,
            }
        };
        size.large = options.tickets.unwrap_or(size.large);
        size
    }
}

/// Builds, measures, prints and keeps the result.
pub fn run(options: &Options) -> Result<()> {
    let size = Size::of(options);
    let guard = Guard::begin("opora-bench-")?;
    let folder = guard.folder();
    let program = folder.join("opora");
    std::fs::copy(built(options)?, &program).context("cannot copy the program")?;
    let run = Run { program, folder: folder.to_path_buf() };
    let mut report = Report::default();

    heading("the machine");
    let limits = limit::measure(&size, folder)?;
    limits.tell(&mut report);

    let parts: &[Part] = if options.ui { &[Part::Small, Part::Large] } else { &[Part::Mail, Part::Small, Part::Large] };
    for &part in parts.iter().filter(|&&part| options.only.is_none_or(|only| only == part)) {
        if options.ui {
            part.measure_workspace(&run, &mut report, &size, options.quick);
        } else {
            part.measure(&run, &mut report, &limits, &size);
        }
    }

    heading("result");
    report.print();
    let file = report.keep(&workspace::target().join("bench"), options.quick)?;
    println!("kept as {}", file.display());
    Ok(())
}

impl Part {
    /// In a browser. The large department is only read: it is kept for the next run.
    fn measure_workspace(self, run: &Run, report: &mut Report, size: &Size, quick: bool) {
        let tickets = if self == Part::Large { size.large } else { size.small };
        heading(&format!("the workspace with {tickets} tickets"));
        let department = match self {
            Part::Large => large(run, size),
            _ => Department::seeded(run, &run.folder.join("small"), size.small),
        };
        match department.and_then(|department| department.serve()) {
            Ok(server) => ui::measure(report, &server, tickets, self != Part::Large, quick),
            Err(error) => report.missing(&format!("the workspace with {tickets} tickets"), &error),
        }
    }

    fn measure(self, run: &Run, report: &mut Report, limits: &Limits, size: &Size) {
        let what = match self {
            Part::Mail => "an empty department: memory and mail".to_owned(),
            Part::Small => format!("a department of {} tickets", size.small),
            Part::Large => format!("a department of {} tickets", size.large),
        };
        heading(&what);
        let department = match self {
            Part::Mail => Department::empty(run, &run.folder.join("mail")),
            Part::Small => Department::seeded(run, &run.folder.join("small"), size.small),
            Part::Large => large(run, size),
        };
        let served = department.and_then(|department| {
            if self == Part::Large {
                memory::cold_start(report, &department, size);
            }
            department.serve()
        });
        match (served, self) {
            (Err(error), _) => report.missing(&format!("everything about {what}"), &error),
            (Ok(server), Part::Mail) => {
                memory::idle(report, &server);
                mail::rates(report, &server, limits, size);
                mail::way_to_the_screen(report, &server, size);
            }
            // Searches first: they wait until the index is built, and its building would be measured with the rest.
            (Ok(server), Part::Small) => {
                http::searches(report, &server, limits, size, size.small);
                http::lists(report, &server, limits, size, size.small, 2.0);
                http::threads(report, &server, limits, size);
            }
            (Ok(server), Part::Large) => {
                http::searches(report, &server, limits, size, size.large);
                http::lists(report, &server, limits, size, size.large, 5.0);
                memory::loaded(report, &server, size.large);
            }
        }
    }
}

/// The program to measure.
fn built(options: &Options) -> Result<PathBuf> {
    if let Some(binary) = &options.binary {
        return Ok(binary.clone());
    }
    demo::build_workspace()?;
    process::show(process::cargo().args(["build", "--release", "--package", "opora"]))?;
    Ok(workspace::binary())
}

/// The large department takes long to make and is only read, so it stays in the build folder for the next run.
fn large(run: &Run, size: &Size) -> Result<Department> {
    let folder: PathBuf = workspace::target().join("bench").join(format!("department-{}", size.large));
    let stamp = folder.join("made-for");
    let made_for = server::layout();
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == made_for) {
        println!("as made by an earlier run");
        return Department::found(run, &folder);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let department = Department::seeded(run, &folder, size.large)?;
    std::fs::write(stamp, made_for)?;
    Ok(department)
}

/// Milliseconds, as figures are told.
fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The middle of the values, the lower one of two.
fn median(mut values: Vec<f64>) -> f64 {
    percentile(&mut values, 0.5)
}

/// The value below which this share of the values lies; zero of none.
fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * share).floor() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let mut values: Vec<f64> = (1..=101).rev().map(f64::from).collect();
        assert!((percentile(&mut values, 0.5) - 51.0).abs() < f64::EPSILON);
        assert!((percentile(&mut values, 0.99) - 100.0).abs() < f64::EPSILON);
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!(percentile(&mut [], 0.5).abs() < f64::EPSILON);
    }
}
