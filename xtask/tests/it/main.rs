//! The program as it is started: what stays behind when a run is killed.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::{Command, Stdio};

#[test]
fn when_a_run_is_killed_its_servers_end_and_its_folder_goes() {
    let folder = tempfile::tempdir().unwrap().keep();
    let mut started_for = Command::new("sleep").arg("600").env("OPORA_XTASK_FOLDER", folder.join("3")).spawn().unwrap();
    let mut working_in = Command::new("sleep").arg("600").current_dir(&folder).spawn().unwrap();
    let mut stranger = Command::new("sleep").arg("600").spawn().unwrap();

    // The pipe that a run holds; it closes when the run ends, however it ends.
    let mut watcher = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("clean-up-after")
        .arg(&folder)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    drop(watcher.stdin.take());

    assert!(watcher.wait().unwrap().success());
    assert!(!folder.exists());
    assert!(!started_for.wait().unwrap().success());
    assert!(!working_in.wait().unwrap().success());
    assert!(stranger.try_wait().unwrap().is_none(), "somebody else's process was ended");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}
