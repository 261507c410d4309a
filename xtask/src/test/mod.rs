//! `cargo xtask test`: every check, in an order that tells the cheap news first. No failed step stops the next one.
//!
//! The whole run needs servers and a browser; on Debian and Ubuntu it installs what is missing, elsewhere it names it
//! and fails. `--fast` is the inner loop: no servers, no browser, no release build.
//!
//! What tests are told: `OPORA_TEST_DATABASE_URL` is the address of a PostgreSQL server in which they may create
//! databases; `OPORA_BIN` is the release binary (browser tests). A test that needs a server carries
//! `#[ignore = "needs …"]`: the whole run starts it, the fast one counts it as skipped.

mod checks;
mod e2e;
mod floors;
mod migrations;
mod postgres;
mod suite;
mod tally;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use self::e2e::without_colours;
use self::postgres::Postgres;
use self::suite::{Suite, Verdict};
use crate::{node, process, tools, workspace};

#[derive(Args)]
pub struct Options {
    /// The inner loop: no servers, no browser, no release build
    #[arg(long)]
    fast: bool,
}

const MINUTE: Duration = Duration::from_secs(60);
const BUILD: Duration = Duration::from_secs(45 * 60);
const TESTS: Duration = Duration::from_secs(40 * 60);

/// Where tests find PostgreSQL. Set from outside, it is used as it is and no server is started here.
const DATABASE_URL: &str = "OPORA_TEST_DATABASE_URL";

/// Runs the steps and prints the counts.
pub fn run(options: &Options) -> ExitCode {
    let mut suite = match Suite::begin(workspace::target().join("test-logs")) {
        Ok(suite) => suite,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    if options.fast {
        fast(&mut suite)
    } else {
        whole(&mut suite)
    }
    suite.finish()
}

fn fast(suite: &mut Suite) {
    style(suite);
    let _ = web_unit_tests(suite);
    clippy(suite);
    rust_tests(suite, None);
    for left_out in ["PostgreSQL", "doc tests", "web build", "release build", "checks by others", "browser tests"] {
        suite.skip(left_out, "left out by --fast");
    }
}

fn whole(suite: &mut Suite) {
    install_packages(suite);
    style(suite);
    licences(suite);
    let web = web_unit_tests(suite) && suite.check("web build", &mut node::script("build"), 10 * MINUTE);
    clippy(suite);

    let external = std::env::var(DATABASE_URL).ok();
    let temporary = suite.temporary();
    let server = match external {
        Some(_) => None,
        None => suite.prepare("PostgreSQL server", || Postgres::start(&temporary)),
    };
    let database = external.or_else(|| server.as_ref().map(Postgres::url));
    rust_tests(suite, Some(database.as_deref()));
    let doc_tests = ["test", "--doc", "--workspace", "--no-fail-fast"];
    suite.judge("doc tests", process::cargo().args(doc_tests), BUILD, |ended| {
        tally::libtest(&ended.log).map(Verdict::from)
    });

    let release = ["build", "--release", "--package", "opora"];
    let built = suite.check("release build", process::cargo().args(release), BUILD);
    checks::run(suite, built);
    e2e::run(suite, built && web, database.as_deref());
}

fn install_packages(suite: &mut Suite) {
    let missing = tools::missing_packages();
    if missing.is_empty() {
        return;
    }
    let names = missing.join(" ");
    match tools::installation(&missing) {
        Some(mut install) => {
            println!("missing on this machine, installed now by apt-get: {names}");
            suite.check("Debian packages", &mut install, 20 * MINUTE);
        }
        None => suite.refuse(
            "Debian packages",
            &format!("install these first: {names} (done here only on Debian or Ubuntu, as root or with sudo)"),
        ),
    }
}

fn style(suite: &mut Suite) {
    suite.check("formatting", process::cargo().args(["fmt", "--all", "--check"]), 5 * MINUTE);
    suite.inspect("migrations", migrations::complaints());
}

fn licences(suite: &mut Suite) {
    if tools::cargo_has("deny") {
        let mut deny = process::cargo();
        deny.args(["deny", "--offline", "check", "licenses", "bans", "sources"]);
        suite.check("licences", &mut deny, 5 * MINUTE);
    } else {
        suite.skip("licences", "cargo-deny is not installed (cargo install --locked cargo-deny)");
    }
}

fn clippy(suite: &mut Suite) {
    let clippy = ["clippy", "--workspace", "--all-targets", "--keep-going", "--", "-D", "warnings"];
    suite.check("clippy", process::cargo().args(clippy), BUILD);
}

/// Installs, checks and tests the workspace. Says whether it is there to be built.
fn web_unit_tests(suite: &mut Suite) -> bool {
    if let Some(complaint) = tools::node_complaint() {
        suite.refuse("web", &complaint);
        return false;
    }
    if !workspace::web().join("package.json").is_file() {
        suite.refuse("web", "there is no web/package.json");
        return false;
    }
    if let Some(mut npm) = node::installation() {
        if !suite.check("web packages", &mut npm, 15 * MINUTE) {
            return false;
        }
        if let Err(error) = node::remember_installation() {
            suite.refuse("web packages", &format!("{error:#}"));
        }
    }
    for (step, script) in [("web formatting", "format:check"), ("web types", "check")] {
        if node::has_script(script) {
            suite.check(step, without_colours(&mut node::script(script)), 10 * MINUTE);
        }
    }
    suite.judge("web unit tests", without_colours(&mut node::script("test")), 10 * MINUTE, |ended| {
        tally::vitest(&ended.log).map(Verdict::from)
    });
    true
}

/// Runs the Rust tests. `servers` is `None` where tests that need one are left out; its inside is PostgreSQL's address.
fn rust_tests(suite: &mut Suite, servers: Option<Option<&str>>) {
    let mut cargo = process::cargo();
    let nextest = tools::cargo_has("nextest");
    if nextest {
        cargo.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests", "pass", "--color", "never"]);
        if servers.is_some() {
            cargo.args(["--run-ignored", "all"]);
        }
    } else {
        cargo.args(["test", "--workspace", "--no-fail-fast", "--bins", "--lib", "--tests"]);
        if servers.is_some() {
            cargo.args(["--", "--include-ignored"]);
        }
    }
    match servers.flatten() {
        Some(url) => cargo.env(DATABASE_URL, url),
        None => cargo.env_remove(DATABASE_URL),
    };
    suite.judge("unit and integration tests", &mut cargo, TESTS, |ended| {
        let tally = if nextest { tally::nextest(&ended.log) } else { tally::libtest(&ended.log) };
        tally.map(Verdict::from)
    });
}
