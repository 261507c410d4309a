//! Running other programs: with their output on the screen, or followed under a time limit with a log kept.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// A command that starts in the repository's root and does not inherit what Cargo tells *this* program about itself.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" || name == "CARGO_MANIFEST_PATH" {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// The Cargo that started this program.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// How the command would be typed.
pub fn spelled(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    command.get_args().fold(program, |line, argument| line + " " + &argument.to_string_lossy())
}

/// Runs the command with its output on the screen.
pub fn show(command: &mut Command) -> Result<()> {
    let line = spelled(command);
    eprintln!("▸ {line}");
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// What a program prints when asked something simple, or `None` when it is absent or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The end of a command whose output was kept.
pub struct Ended {
    /// `None` when it ran out of time and was ended.
    pub status: Option<ExitStatus>,
    /// Both streams, in the order in which they were written, without colours.
    pub log: String,
    /// How many processes it left behind; they were ended.
    pub left_behind: usize,
}

impl Ended {
    /// Whether it ended by itself and well.
    pub fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| status.success())
    }
}

/// Runs the command with both its streams on the screen and in one log file, for at most `limit`. What it writes to the
/// temporary folder lies in `folder`; when it is over, nothing that it started is left running.
pub fn follow(command: &mut Command, log: &Path, folder: &Path, limit: Duration) -> Result<Ended> {
    let line = spelled(command);
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut child = command
        .env("TMPDIR", folder)
        .env(FOLDER, folder)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .with_context(|| format!("cannot start `{line}`"))?;
    let started = Instant::now();
    let mut screen = Screen { log: File::open(log)?, text: Vec::new() };
    let mut pause = Duration::from_millis(5);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if started.elapsed() > limit {
            end_with_descendants(&mut child);
            break None;
        }
        screen.catch_up()?;
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(200));
    };
    let left_behind = end_all_of(folder);
    screen.catch_up()?;
    Ok(Ended { status, log: without_colours(&String::from_utf8_lossy(&screen.text)), left_behind })
}

/// Shows what was added to a log since it was last looked at.
struct Screen {
    log: File,
    text: Vec<u8>,
}

impl Screen {
    fn catch_up(&mut self) -> Result<()> {
        let shown = self.text.len();
        self.log.read_to_end(&mut self.text)?;
        let mut out = io::stdout().lock();
        // A closed screen is no reason to stop the run.
        let _ = out.write_all(&self.text[shown..]);
        let _ = out.flush();
        Ok(())
    }
}

/// The text without terminal colour sequences.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        rest = after.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic());
        rest = rest.get(1..).unwrap_or_default();
    }
    plain + rest
}

/// The variable that each followed command and each server carries: the folder it was started for.
const FOLDER: &str = "OPORA_XTASK_FOLDER";

/// Marks a command that is not followed as started for this folder.
pub fn belongs_to<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    command.env(FOLDER, folder)
}

/// Ends every process that was started for the folder or works in it, and says how many there were. A server that a
/// test put into the background is nobody's descendant; its environment or its working folder still tells whose it is.
pub fn end_all_of(folder: &Path) -> usize {
    let belonging = processes().filter_map(|(id, entry)| {
        let variables = fs::read(entry.join("environ")).unwrap_or_default();
        let started_for = variables.split(|&byte| byte == 0).find_map(|variable| {
            let path = variable.strip_prefix(FOLDER.as_bytes())?.strip_prefix(b"=")?;
            Some(PathBuf::from(String::from_utf8_lossy(path).into_owned()))
        });
        let works_in = fs::read_link(entry.join("cwd")).ok();
        started_for.into_iter().chain(works_in).any(|path| path.starts_with(folder)).then_some(id)
    });
    let belonging: Vec<u32> = belonging.collect();
    end(&belonging);
    belonging.len()
}

/// Asks the server to stop by SIGINT and ends it, with everything below it, when it has not within ten seconds.
pub fn stop(child: &mut Child) {
    signal(child.id(), "INT");
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(10) {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    end_with_descendants(child);
}

/// Ends the child and everything it started, by process id.
pub fn end_with_descendants(child: &mut Child) {
    let descendants = descendants(child.id());
    let _ = child.kill();
    end(&descendants);
    let _ = child.wait();
}

/// Kills the processes and returns when none of them runs any more: a signal is delivered only when its receiver gets
/// its next turn on a processor, which on a busy machine is after the next test has started.
fn end(ids: &[u32]) {
    for &id in ids {
        signal(id, "KILL");
    }
    let started = Instant::now();
    while ids.iter().any(|&id| runs(id)) && started.elapsed() < Duration::from_secs(10) {
        thread::sleep(Duration::from_millis(5));
    }
}

/// Whether there is such a process and it is more than an entry that its parent has not collected yet.
fn runs(id: u32) -> bool {
    let [state, _] = stat(&Path::new("/proc").join(id.to_string()));
    state.is_some_and(|state| !matches!(state.as_str(), "Z" | "X"))
}

/// What `/proc` says of a process: its state and its parent; nothing when it is gone.
fn stat(entry: &Path) -> [Option<String>; 2] {
    let stat = fs::read_to_string(entry.join("stat")).unwrap_or_default();
    // "id (name) state parent …"; the name may hold anything, so read from its last parenthesis.
    let mut words = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().map(str::to_owned);
    [words.next(), words.next()]
}

fn signal(id: u32, name: &str) {
    let _ = Command::new("kill").args([format!("-{name}"), id.to_string()]).stderr(Stdio::null()).status();
}

/// The ids of all processes below this one.
fn descendants(ancestor: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for (id, entry) in processes() {
        if let [_, Some(parent)] = stat(&entry)
            && let Ok(parent) = parent.parse()
        {
            children.entry(parent).or_default().push(id);
        }
    }
    let (mut found, mut seen, mut open) = (Vec::new(), HashSet::from([ancestor]), vec![ancestor]);
    while let Some(parent) = open.pop() {
        for &id in children.get(&parent).map_or(&[][..], Vec::as_slice) {
            if seen.insert(id) {
                found.push(id);
                open.push(id);
            }
        }
    }
    found
}

/// Every process and its folder, as `/proc` shows them (none where there is no `/proc`).
fn processes() -> impl Iterator<Item = (u32, PathBuf)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_streams_are_kept_in_order_and_without_colours() {
        let dir = tempfile::tempdir().unwrap();
        let mut shell = command("sh");
        shell.args(["-c", "printf '\\033[1;31mone\\033[0m\\n'; echo two >&2; echo three; exit 3"]);
        let ended =
            follow(&mut shell, &dir.path().join("log"), &dir.path().join("a"), Duration::from_secs(60)).unwrap();
        assert_eq!(ended.log, "one\ntwo\nthree\n");
        assert_eq!(ended.status.unwrap().code(), Some(3));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_command_out_of_time_is_ended_with_everything_it_started() {
        let dir = tempfile::tempdir().unwrap();
        let mut shell = command("sh");
        shell.args(["-c", "sleep 600 & echo $!; (setsid sleep 600 & echo $!); wait"]);
        let folder = dir.path().join("b");
        let ended = follow(&mut shell, &dir.path().join("log"), &folder, Duration::from_millis(300)).unwrap();
        assert!(ended.status.is_none());
        let ids: Vec<u32> = ended.log.lines().map(|id| id.parse().unwrap()).collect();
        assert_eq!(ids.len(), 2);
        for id in ids {
            assert!(!runs(id), "process {id} still runs");
        }
    }
}
