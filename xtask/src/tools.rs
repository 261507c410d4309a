//! The programs this repository needs on a machine: which are here, which are not, and how to get those.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// The oldest Node that Vite 8 runs on.
const NODE: (u32, u32) = (20, 19);

/// Says which of Cargo, Node and npm is missing, with the way to install it.
pub fn require_build_tools() -> Result<()> {
    let mut missing = Vec::new();
    if process::answer(process::cargo().arg("--version")).is_none() {
        missing.push("cargo is missing. Install Rust from https://rustup.rs".to_owned());
    }
    missing.extend(node_complaint());
    if !missing.is_empty() {
        bail!("{}", missing.join("\n"));
    }
    Ok(())
}

/// What is wrong with Node or npm here, if anything.
pub fn node_complaint() -> Option<String> {
    let advice = format!(
        "Install Node {}.{} or newer with npm: https://nodejs.org/en/download (or `nvm install 22`, `brew install node`)",
        NODE.0, NODE.1
    );
    match process::answer(process::command("node").arg("--version")) {
        None => return Some(format!("node is missing. {advice}")),
        Some(version) if parse_version(&version).is_none_or(|version| version < NODE) => {
            return Some(format!("node {version} is too old. {advice}"));
        }
        Some(_) => {}
    }
    if process::answer(process::command("npm").arg("--version")).is_none() {
        return Some(format!("npm is missing. {advice}"));
    }
    None
}

fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Whether Cargo has this subcommand.
pub fn cargo_has(subcommand: &str) -> bool {
    process::answer(process::cargo().args([subcommand, "--version"])).is_some()
}

/// The first of these programs found on the path or where Debian puts servers.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut dirs: Vec<PathBuf> = std::env::split_paths(&path).collect();
    dirs.extend(["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from));
    names.iter().find_map(|name| dirs.iter().map(|dir| dir.join(name)).find(|file| file.is_file()))
}

/// The folder with PostgreSQL's server programs, the newest version installed.
pub fn postgres_programs() -> Option<PathBuf> {
    if let Some(dir) = find(&["initdb"]).and_then(|file| file.canonicalize().ok()?.parent().map(Path::to_path_buf)) {
        return Some(dir);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, dir)| dir.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().map(|(_, dir)| dir)
}

/// A Debian package and how to tell that what it gives is here.
struct Package {
    name: &'static str,
    present: fn() -> bool,
}

const PACKAGES: [Package; 8] = [
    Package { name: "chromium", present: || find(&["chromium", "chromium-browser", "google-chrome"]).is_some() },
    Package { name: "postgresql", present: || postgres_programs().is_some() },
    Package { name: "postfix", present: || find(&["postfix"]).is_some() },
    Package { name: "dovecot-imapd", present: || Path::new("/usr/lib/dovecot/imap").exists() },
    Package { name: "dovecot-lmtpd", present: || Path::new("/usr/lib/dovecot/lmtp").exists() },
    Package { name: "swaks", present: || find(&["swaks"]).is_some() },
    Package { name: "python3", present: || find(&["python3"]).is_some() },
    Package { name: "python3-dkim", present: || Path::new("/usr/lib/python3/dist-packages/dkim").is_dir() },
];

/// The Debian packages whose programs this machine lacks.
pub fn missing_packages() -> Vec<&'static str> {
    PACKAGES.iter().filter(|package| !(package.present)()).map(|package| package.name).collect()
}

/// Postfix's own installer asks what kind of site this is; tests bring their own configuration.
const POSTFIX_ANSWER: &str = "postfix postfix/main_mailer_type select No configuration";

/// The one command that installs these packages without asking anything, or `None` where this program may not.
pub fn installation(packages: &[&str]) -> Option<Command> {
    if !is_debian() || find(&["apt-get"]).is_none() {
        return None;
    }
    let root = process::answer(process::command("id").arg("-u")).as_deref() == Some("0");
    let sudo = !root && process::answer(process::command("sudo").args(["-n", "true"])).is_some();
    if !root && !sudo {
        return None;
    }
    let script = format!(
        "apt-get -q update && echo '{POSTFIX_ANSWER}' | debconf-set-selections && \
         apt-get -q -y install --no-install-recommends {}",
        packages.join(" ")
    );
    let mut command = process::command(if sudo { "sudo" } else { "env" });
    command.args(["DEBIAN_FRONTEND=noninteractive", "sh", "-c", &script]);
    Some(command)
}

fn is_debian() -> bool {
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    system.lines().any(|line| {
        line.split_once('=').is_some_and(|(key, value)| {
            matches!(key, "ID" | "ID_LIKE") && (value.contains("debian") || value.contains("ubuntu"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number_and_not_by_letter() {
        assert_eq!(parse_version("v20.20.2\n"), Some((20, 20)));
        assert!(parse_version("v20.9.0") < Some(NODE));
        assert!(parse_version("v8.19.0") < Some(NODE));
        assert_eq!(parse_version("no version"), None);
    }
}
