//! `cargo xtask lint` and `cargo xtask fmt`: what a change must pass, and what puts it right.

use anyhow::Result;

use crate::{node, process};

/// Formatting, clippy and the workspace's types, stopping at the first complaint.
pub fn lint() -> Result<()> {
    process::show(process::cargo().args(["fmt", "--all", "--check"]))?;
    process::show(process::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    if node::has_script("check") { process::show(&mut node::script("check")) } else { Ok(()) }
}

/// Formats Rust, and the web side if it has a script for it.
pub fn format() -> Result<()> {
    process::show(process::cargo().args(["fmt", "--all"]))?;
    if node::has_script("format") { process::show(&mut node::script("format")) } else { Ok(()) }
}
