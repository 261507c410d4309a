//! The web side's tools: installing its packages when they changed, and running its scripts.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, workspace};

/// npm in the web folder.
pub fn npm() -> Command {
    let mut npm = process::command("npm");
    npm.current_dir(workspace::web()).env("NO_UPDATE_NOTIFIER", "1").env("npm_config_fund", "false");
    npm.env("npm_config_audit", "false");
    npm
}

/// `npm run SCRIPT`.
pub fn script(name: &str) -> Command {
    let mut npm = npm();
    npm.args(["run", name]);
    npm
}

/// Whether the web folder's `package.json` has this script.
pub fn has_script(name: &str) -> bool {
    let Ok(text) = fs::read_to_string(workspace::web().join("package.json")) else { return false };
    let Ok(package) = serde_json::from_str::<serde_json::Value>(&text) else { return false };
    package["scripts"][name].is_string()
}

/// The command that installs exactly the locked packages, or `None` when they are installed already.
pub fn installation() -> Option<Command> {
    let locked = fs::read(workspace::web().join("package-lock.json")).ok()?;
    if fs::read(installed_lock()).is_ok_and(|installed| installed == locked) {
        return None;
    }
    let mut npm = npm();
    npm.arg("ci");
    Some(npm)
}

/// Remembers that the locked packages are installed now.
pub fn remember_installation() -> Result<()> {
    let lock = workspace::web().join("package-lock.json");
    fs::copy(&lock, installed_lock()).with_context(|| format!("cannot copy {}", lock.display()))?;
    Ok(())
}

fn installed_lock() -> PathBuf {
    workspace::web().join("node_modules").join(".opora-installed-lock.json")
}
