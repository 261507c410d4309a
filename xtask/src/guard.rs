//! Cleans up after a run, however it ends: a temporary folder, and a second process of this program that waits for the
//! first one's end, then ends whatever works in that folder or was started for it, and removes it.
//!
//! The second process stands outside the first one's process group and waits on a pipe, so neither Ctrl-C nor a kill of
//! the first one leaves servers or folders behind.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::process;

/// The hidden command under which the second process runs.
pub const COMMAND: &str = "clean-up-after";

/// A folder for everything temporary of one run. Dropping it ends what still works there and removes it.
pub struct Guard {
    folder: PathBuf,
    watcher: Child,
}

impl Guard {
    /// Makes the folder, open to servers that run as other users, and starts the second process.
    pub fn begin(prefix: &str) -> Result<Self> {
        let folder =
            tempfile::Builder::new().prefix(prefix).tempdir().context("cannot make a temporary folder")?.keep();
        open_to_servers(&folder)?;
        let program = this_program().context("cannot find this program itself")?;
        let mut command = Command::new(program);
        command.arg(COMMAND).arg(&folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        stand_apart(&mut command);
        let watcher = command.spawn().context("cannot start this program a second time")?;
        Ok(Self { folder, watcher })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // `wait` closes the pipe first.
        let _ = self.watcher.wait();
    }
}

/// This very program, also when a build has replaced its file meanwhile.
fn this_program() -> std::io::Result<PathBuf> {
    let own = Path::new("/proc/self/exe");
    if own.exists() { Ok(own.to_path_buf()) } else { std::env::current_exe() }
}

/// The second process: waits until the first one is gone, then cleans up.
pub fn watch(folder: &Path) -> Result<()> {
    let mut nothing = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut nothing);
    process::end_all_of(folder);
    fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))
}

#[cfg(unix)]
fn stand_apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn stand_apart(_: &mut Command) {}

#[cfg(unix)]
fn open_to_servers(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).context("cannot open the temporary folder")
}

#[cfg(not(unix))]
fn open_to_servers(_: &Path) -> Result<()> {
    Ok(())
}
