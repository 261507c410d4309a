//! `cargo xtask new-migration NAME`: the next numbered file in `migrations/`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace;

#[derive(Args)]
pub struct Options {
    /// What it brings, in words: `snooze`, `ticket_links`
    name: String,
}

/// Writes the file and prints its path.
pub fn run(options: &Options) -> Result<()> {
    let name = options.name.trim().to_lowercase().replace(['-', ' '], "_");
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        bail!("a migration's name is made of letters, digits and underscores");
    }
    let dir = workspace::root().join("migrations");
    let names = fs::read_dir(&dir)?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let file = dir.join(format!("{:04}_{name}.sql", next_number(names)));
    fs::write(&file, HEADER).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{}", PathBuf::from("migrations").join(file.file_name().unwrap_or_default()).display());
    Ok(())
}

const HEADER: &str =
    "-- What it brings and why. One text for SQLite and PostgreSQL; forward only: a shipped file never changes.\n";

fn next_number(names: impl Iterator<Item = String>) -> u32 {
    names.filter_map(|name| name.split('_').next()?.parse::<u32>().ok()).max().unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_follows_the_highest_and_skips_other_files() {
        let names = ["0001_ground.sql", "0010_later.sql", "README.md"].map(str::to_owned);
        assert_eq!(next_number(names.into_iter()), 11);
        assert_eq!(next_number(std::iter::empty()), 1);
    }
}
