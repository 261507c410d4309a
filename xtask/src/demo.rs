//! `cargo xtask demo`: from a fresh clone to a department on the screen. What the demo department holds is the
//! binary's business; here the workspace and the server are built and started.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::{node, process, tools, workspace};

#[derive(Args)]
pub struct Options {
    /// How many tickets the department's history holds
    #[arg(long, value_name = "N")]
    tickets: Option<u32>,
    /// Where to serve it
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Keep the data in this folder (a fresh temporary one otherwise)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Builds, then serves until interrupted.
pub fn run(options: &Options) -> Result<()> {
    tools::require_build_tools()?;
    build_workspace()?;
    process::show(process::cargo().args(["build", "--release", "--package", "opora"]))?;

    let data = match &options.data {
        Some(dir) => std::path::absolute(dir)?,
        None => tempfile::Builder::new().prefix("opora-demo-").tempdir().context("cannot make a data folder")?.keep(),
    };
    eprintln!("▸ the demo department's data: {}", data.display());
    let mut opora = process::command(workspace::binary());
    opora.arg("demo").arg("--data").arg(&data).arg("--listen").arg(options.listen.to_string());
    if let Some(tickets) = options.tickets {
        opora.arg("--tickets").arg(tickets.to_string());
    }
    become_process(&mut opora)
}

/// Installs the web packages if they changed and builds the workspace.
pub fn build_workspace() -> Result<()> {
    install_web()?;
    process::show(&mut node::script("build"))
}

/// Installs the web packages if they changed.
pub fn install_web() -> Result<()> {
    if let Some(mut npm) = node::installation() {
        process::show(&mut npm)?;
        node::remember_installation()?;
    }
    Ok(())
}

/// Hands this process over to the server, so that an interrupt reaches it and its exit code is ours.
#[cfg(unix)]
fn become_process(command: &mut std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let line = process::spelled(command);
    Err(command.exec()).with_context(|| format!("cannot start `{line}`"))
}

#[cfg(not(unix))]
fn become_process(command: &mut std::process::Command) -> Result<()> {
    process::show(command)
}
