//! A run of steps: each under its heading, none stopping the next, and a table of them at the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::console::{WIDTH, bold, duration, heading, say};
use crate::guard::Guard;
use crate::process::{self, Ended};

/// What a step's output was worth.
pub struct Verdict {
    pub tally: Tally,
    /// Said beside the counts.
    pub note: String,
}

impl From<Tally> for Verdict {
    fn from(tally: Tally) -> Self {
        Self { tally, note: String::new() }
    }
}

/// One line of the table.
struct Step {
    name: String,
    tally: Tally,
    took: Duration,
    note: String,
}

/// The steps so far.
pub struct Suite {
    logs: PathBuf,
    guard: Guard,
    started: Instant,
    steps: Vec<Step>,
}

impl Suite {
    /// Begins a run whose logs go to `logs`, replacing those of the run before. Everything temporary that its steps
    /// write lies in one folder, which goes when the run ends.
    pub fn begin(logs: PathBuf) -> Result<Self> {
        let _ = fs::remove_dir_all(&logs);
        fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", logs.display()))?;
        Ok(Self { logs, guard: Guard::begin("opora-test-")?, started: Instant::now(), steps: Vec::new() })
    }

    /// The folder for everything temporary.
    pub fn temporary(&self) -> PathBuf {
        self.guard.folder().to_path_buf()
    }

    /// A step that passes when its command succeeds. Says whether it did.
    pub fn check(&mut self, name: &str, command: &mut Command, limit: Duration) -> bool {
        self.judge(name, command, limit, |_| None)
    }

    /// A step whose output says how many tests there were. A failed command without a failed test is one failure;
    /// no verdict at all leaves it to the command's exit code.
    pub fn judge(
        &mut self,
        name: &str,
        command: &mut Command,
        limit: Duration,
        judge: impl FnOnce(&Ended) -> Option<Verdict>,
    ) -> bool {
        heading(&format!("{name}: {}", process::spelled(command)));
        let started = Instant::now();
        let number = self.steps.len() + 1;
        let log = self.logs.join(format!("{number:02}-{}.log", name.replace([' ', '/', ':'], "-")));
        let folder = self.guard.folder().join(number.to_string());
        let followed = open_folder(&folder).and_then(|()| process::follow(command, &log, &folder, limit));
        let _ = fs::remove_dir_all(&folder);
        let ended = match followed {
            Ok(ended) => ended,
            Err(error) => return self.end(name, Tally::FAILED, started.elapsed(), format!("{error:#}")),
        };
        let by_exit_code = if ended.succeeded() { Tally::PASSED } else { Tally::FAILED };
        let Verdict { mut tally, mut note } = judge(&ended).unwrap_or_else(|| by_exit_code.into());
        if !ended.succeeded() && tally.failed == 0 {
            tally += Tally::FAILED;
        }
        if ended.status.is_none() {
            note = format!("not done after {}, ended", duration(limit));
        } else if ended.left_behind > 0 {
            note = format!("{note} {} processes left behind, ended", ended.left_behind).trim_start().to_owned();
        }
        self.end(name, tally, started.elapsed(), note)
    }

    /// A step that this program does itself; what it gives is kept.
    pub fn prepare<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        heading(name);
        let started = Instant::now();
        match work() {
            Ok(value) => {
                say(&format!("ready after {}", duration(started.elapsed())));
                Some(value)
            }
            Err(error) => {
                self.end(name, Tally::FAILED, started.elapsed(), format!("{error:#}"));
                None
            }
        }
    }

    /// A step made of several small checks that this program does itself: one complaint, or none, for each.
    pub fn inspect(&mut self, name: &str, checks: impl IntoIterator<Item = Option<String>>) -> bool {
        heading(name);
        let started = Instant::now();
        let mut tally = Tally::default();
        for complaint in checks {
            tally += if complaint.is_some() { Tally::FAILED } else { Tally::PASSED };
            if let Some(complaint) = complaint {
                say(&complaint);
            }
        }
        self.end(name, tally, started.elapsed(), String::new())
    }

    /// Counts a step that cannot be tried as failed.
    pub fn refuse(&mut self, name: &str, reason: &str) {
        heading(name);
        self.end(name, Tally::FAILED, Duration::ZERO, reason.to_owned());
    }

    /// Counts a step that this run leaves out, and says so.
    pub fn skip(&mut self, name: &str, reason: &str) {
        heading(name);
        say(&format!("SKIPPED: {reason}"));
        let note = format!("SKIPPED: {reason}");
        self.steps.push(Step { name: name.to_owned(), tally: Tally::SKIPPED, took: Duration::ZERO, note });
    }

    /// Prints the table and ends with the counts.
    pub fn finish(self) -> ExitCode {
        let name_width = self.steps.iter().map(|step| step.name.chars().count()).max().unwrap_or(0).max(4);
        heading(&format!("all steps, {}", duration(self.started.elapsed())));
        let mut sum = Tally::default();
        say(&bold(&format!("{:name_width$} {:>10} {:>8} {:>8} {:>8}", "step", "time", "passed", "failed", "skipped")));
        for Step { name, tally, took, note } in &self.steps {
            sum += *tally;
            let Tally { passed, failed, skipped } = tally;
            let took = duration(*took);
            let bad = if *failed > 0 { "FAILED " } else { "" };
            say(format!("{name:name_width$} {took:>10} {passed:>8} {failed:>8} {skipped:>8}  {bad}{note}").trim_end());
        }
        say(&"─".repeat(WIDTH));
        say(&sum.to_string());
        if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn end(&mut self, name: &str, tally: Tally, took: Duration, note: String) -> bool {
        let good = tally.failed == 0;
        let word = if good { "ok" } else { "FAILED" };
        say(&bold(format!("{word}: {name}, {tally}, {}  {note}", duration(took)).trim_end()));
        self.steps.push(Step { name: name.to_owned(), tally, took, note });
        good
    }
}

fn open_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}
