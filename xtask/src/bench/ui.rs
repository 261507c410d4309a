//! The workspace in a browser: `web/e2e/bench.mjs` drives it and gives a JSON line for every figure.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::report::{Reach, Report};
use super::server::{EMAIL, PASSWORD, Server};
use crate::{demo, process, workspace};

/// Everything in a department of this many tickets. `writes`: it may be written to, which typing and live changes need.
pub fn measure(report: &mut Report, server: &Server, tickets: u64, writes: bool, quick: bool) {
    if let Err(error) = figures(report, server, tickets, writes, quick) {
        report.missing(&format!("the workspace with {tickets} tickets"), &error);
    }
}

fn figures(report: &mut Report, server: &Server, tickets: u64, writes: bool, quick: bool) -> Result<()> {
    demo::install_web()?;
    let mut script = process::command("node");
    script.current_dir(workspace::web().join("e2e")).arg("bench.mjs");
    script.args(["--url", &format!("http://{}", server.http), "--email", EMAIL, "--password", PASSWORD]);
    script.args(["--tickets", &tickets.to_string()]);
    for (flag, set) in [("--writes", writes), ("--quick", quick)] {
        if set {
            script.arg(flag);
        }
    }
    let mut child = script.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start node")?;
    let lines = child.stdout.take().context("the script has no output")?;
    for line in BufReader::new(lines).lines() {
        let figure: Value = serde_json::from_str(&line?).context("the script said something else than a figure")?;
        let words = |name: &str| figure[name].as_str().unwrap_or_default();
        let unit = match words("unit") {
            "ms" => "ms",
            "KB" => "KB",
            "MB" => "MB",
            _ => "",
        };
        let value = figure["value"].as_f64().context("a figure has no value")?;
        // At most this, if it is to reach anything.
        let reach = figure["most"].as_f64().map_or(Reach::Nothing, Reach::AtMost);
        report.add(words("work"), value, unit, reach, words("beside"));
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the script ended with {status}");
    }
    Ok(())
}
