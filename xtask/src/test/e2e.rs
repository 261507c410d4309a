//! The browser tests: a person at the workspace, against the release build. They are a package of their own in
//! `web/e2e`; here they are only started and counted.

use std::process::Command;
use std::time::Duration;

use super::suite::{Suite, Verdict};
use super::tally;
use crate::{node, workspace};

const NAME: &str = "browser tests";
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// Runs them. `possible`: the web build and the release build are there. `database` is a PostgreSQL server in which
/// they may create databases.
pub fn run(suite: &mut Suite, possible: bool, database: Option<&str>) {
    let dir = workspace::web().join("e2e");
    if !dir.join("package.json").is_file() {
        suite.skip(NAME, "there is no web/e2e/package.json");
    } else if !possible {
        suite.refuse(NAME, "needs the web build and the release build");
    } else {
        let mut npm = node::script("e2e");
        npm.current_dir(dir).env("OPORA_BIN", workspace::binary());
        // A picture of every screen, of this run only.
        let pictures = workspace::target().join("test-pictures");
        let _ = std::fs::remove_dir_all(&pictures);
        npm.env("OPORA_SHOTS", pictures);
        if let Some(url) = database {
            npm.env("OPORA_TEST_DATABASE_URL", url);
        }
        suite.judge(NAME, without_colours(&mut npm), LIMIT, |ended| tally::browser(&ended.log).map(Verdict::from));
    }
}

/// Output without colours and without waiting for anybody.
pub fn without_colours(command: &mut Command) -> &mut Command {
    command.env("CI", "true").env("NO_COLOR", "1").env_remove("FORCE_COLOR")
}
