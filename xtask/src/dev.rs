//! `cargo xtask dev`: the server in a debug build with a demo department, and Vite in front of it, until one of them ends.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{node, process, tools, workspace};

#[derive(Args)]
pub struct Options {
    /// Where the server listens; Vite prints its own address and hands API calls over to this one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the department's data stays between runs (`dev-data` in the build folder otherwise)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Builds the server, starts both, and ends the other when one ends.
pub fn run(options: &Options) -> Result<()> {
    tools::require_build_tools()?;
    if let Some(mut npm) = node::installation() {
        process::show(&mut npm)?;
        node::remember_installation()?;
    }
    process::show(process::cargo().args(["build", "--package", "opora"]))?;
    let data = options.data.clone().unwrap_or_else(|| workspace::target().join("dev-data"));
    let mut server = process::command(workspace::target().join("debug").join("opora"))
        .arg("demo")
        .arg("--data")
        .arg(data)
        .arg("--listen")
        .arg(options.listen.to_string())
        .spawn()
        .context("cannot start the server")?;
    let mut vite = match node::script("dev").env("OPORA_SERVER", format!("http://{}", options.listen)).spawn() {
        Ok(vite) => vite,
        Err(error) => {
            process::end_with_descendants(&mut server);
            return Err(error).context("cannot start npm");
        }
    };
    loop {
        if let Some(status) = server.try_wait()? {
            process::end_with_descendants(&mut vite);
            bail!("the server ended ({status})");
        }
        if let Some(status) = vite.try_wait()? {
            process::end_with_descendants(&mut server);
            bail!("Vite ended ({status})");
        }
        thread::sleep(Duration::from_millis(200));
    }
}
