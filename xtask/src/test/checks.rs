//! The checks made by others: their scorers run the release binary over mail, replies, attacks and questions collected
//! elsewhere, and each must reach its floor. All mails must be answered and no attack may fire.
//!
//! Each case that is right counts as a passed test. Cases that are wrong count as failed as far as they are missing to
//! the floor; how many there are of how many is said in every run.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::floors;
use super::suite::{Suite, Verdict};
use super::tally::Tally;
use crate::process::{self, Ended};
use crate::{tools, workspace};

const LIMIT: Duration = Duration::from_secs(15 * 60);

const NAMES: [&str; 6] = ["checks: parse", "checks: auto", "checks: reply", "checks: robust", "checks: search", XSS];
const XSS: &str = "checks: xss";

/// Runs every scorer, or says why not. `built`: the release build is of these sources.
pub fn run(suite: &mut Suite, built: bool) {
    let Some(dir) = workspace::shared_checks() else {
        for name in NAMES {
            suite.skip(name, "there is no ../shared/checks beside this repository, and OPORA_CHECKS names no folder");
        }
        return;
    };
    if !built || tools::find(&["python3"]).is_none() {
        for name in NAMES {
            suite.refuse(name, "needs the release build and python3");
        }
        return;
    }
    let inspect = format!("{} mail inspect --stream", workspace::binary().display());
    let mail = |kind: &str| {
        let mut scorer = python(&dir, kind);
        scorer.arg(&inspect).args(["--stream", "--jobs", "2", "--max-fail", "40"]);
        scorer
    };
    suite.judge("checks: parse", &mut mail("parse"), LIMIT, |ended| at_least(ended, "TOTAL parse ", floors::PARSE));
    suite.judge("checks: auto", &mut mail("auto"), LIMIT, |ended| at_least(ended, "TOTAL auto ", floors::AUTO));
    suite.judge("checks: reply", &mut mail("reply"), LIMIT, replies);
    suite.judge("checks: robust", &mut mail("robust"), LIMIT, |ended| all(ended, "TOTAL robust "));
    let mut search = python(&dir, "search");
    search.arg(format!("{} search worker", workspace::binary().display()));
    suite.judge("checks: search", &mut search, LIMIT, answers_found);
    attacks(suite, &dir);
}

/// The attacks run in a real browser. Their program asks for a package `playwright`; the workspace has its core, which
/// can do all that is asked here, so it is put under that name for the time of the run.
fn attacks(suite: &mut Suite, dir: &Path) {
    let core = workspace::web().join("node_modules").join("playwright-core");
    if !core.is_dir() || tools::find(&["chromium"]).is_none() {
        suite.refuse(XSS, "needs chromium and the web packages (playwright-core)");
        return;
    }
    let home = suite.temporary().join("xss");
    let package = home.join("node_modules").join("playwright");
    let index = format!("module.exports = require({core:?});");
    let made = fs::create_dir_all(&package).and_then(|()| fs::write(package.join("index.js"), index));
    if let Err(error) = made {
        suite.refuse(XSS, &format!("cannot prepare {}: {error}", package.display()));
        return;
    }
    let mut attacks = process::command("node");
    attacks.arg(dir.join("score_xss.mjs")).arg(format!("{} mail sanitize --stream", workspace::binary().display()));
    attacks.arg("-v").env("PLAYWRIGHT_FROM", format!("{}/", home.display()));
    suite.judge(XSS, &mut attacks, LIMIT, |ended| all(ended, "safe "));
}

fn python(dir: &Path, kind: &str) -> Command {
    let mut python = process::command("python3");
    python.arg(dir.join(format!("score_{kind}.py"))).env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUNBUFFERED", "1");
    python
}

fn at_least(ended: &Ended, before: &str, floor: u64) -> Option<Verdict> {
    let (got, of) = ratio_after(&ended.log, before)?;
    Some(Verdict { tally: against(got, floor), note: format!("{got} of {of}, floor {floor}") })
}

fn all(ended: &Ended, before: &str) -> Option<Verdict> {
    let (got, of) = ratio_after(&ended.log, before)?;
    Some(Verdict { tally: against(got, of.max(1)), note: format!("{got} of {of}, floor: all") })
}

fn replies(ended: &Ended) -> Option<Verdict> {
    let (got, of) = ratio_after(&ended.log, "TOTAL reply ")?;
    let (kept, judged) = no_loss(&ended.log);
    let percent = if judged == 0 { 0.0 } else { 100.0 * kept as f64 / judged as f64 };
    let (floor, no_loss_floor) = (floors::REPLY, floors::REPLY_NO_LOSS_PERCENT);
    let mut tally = against(got, floor);
    tally += if percent >= no_loss_floor { Tally::PASSED } else { Tally::FAILED };
    let note = format!("{got} of {of}, floor {floor}; nothing lost {percent:.1} %, floor {no_loss_floor} %");
    Some(Verdict { tally, note })
}

fn answers_found(ended: &Ended) -> Option<Verdict> {
    let (mut hits, mut questions) = (0, 0);
    for line in ended.log.lines() {
        if let Some((got, of)) = ratio_after(line, "hit@5 ") {
            hits += got;
            questions += of;
        }
    }
    if questions == 0 {
        return None;
    }
    let floor = floors::SEARCH_HIT_AT_5;
    let note = format!("hit@5 {hits} of {questions}, {:.3}, floor {floor:.2}", hits as f64 / questions as f64);
    Some(Verdict { tally: against(hits, (questions as f64 * floor).ceil() as u64), note })
}

fn against(got: u64, floor: u64) -> Tally {
    Tally { passed: got, failed: floor.saturating_sub(got), skipped: 0 }
}

/// The last `N of M` after this text.
fn ratio_after(log: &str, before: &str) -> Option<(u64, u64)> {
    let mut words = log.rsplit_once(before)?.1.split_whitespace();
    let got = words.next()?.parse().ok()?;
    if words.next()? != "of" {
        return None;
    }
    Some((got, words.next()?.trim_end_matches(|letter: char| !letter.is_ascii_digit()).parse().ok()?))
}

/// The sum of all `~no_loss N/M`.
fn no_loss(log: &str) -> (u64, u64) {
    log.split("~no_loss ")
        .skip(1)
        .filter_map(|rest| rest.split_whitespace().next()?.split_once('/'))
        .fold((0, 0), |(kept, judged), (got, of)| {
            (kept + got.parse::<u64>().unwrap_or(0), judged + of.parse::<u64>().unwrap_or(0))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_to_the_floor_counts_as_failed() {
        assert_eq!(against(70, 68), Tally { passed: 70, failed: 0, skipped: 0 });
        assert_eq!(against(60, 68), Tally { passed: 60, failed: 8, skipped: 0 });
    }

    #[test]
    fn the_scorers_lines_are_read() {
        assert_eq!(ratio_after("zammad 40 of 41\nTOTAL parse 70 of 74\n", "TOTAL parse "), Some((70, 74)));
        assert_eq!(ratio_after("safe 700 of 701; fired by source", "safe "), Some((700, 701)));
        assert_eq!(ratio_after("Traceback", "TOTAL parse "), None);
        let log = "a 5 of 9   slowest\n    strict 5/9  ~no_loss 8/9\nb\n    ~no_loss 10/10  ~no_leak 1/10\n";
        assert_eq!(no_loss(log), (18, 19));
    }
}
