//! The release build with a department of its own: made by the command line, served on free ports, ended with this
//! program.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::http::Client;
use crate::{process, workspace};

pub const EMAIL: &str = "bench@opora.example";
pub const PASSWORD: &str = "a long sentence for the bench";
/// Where the mail of the rates goes.
pub const INBOX: &str = "support@opora.example";
/// Where single messages go whose way to the screen is timed.
pub const PROBE_INBOX: &str = "probe@opora.example";

/// What the run stands on.
#[derive(Clone)]
pub struct Run {
    /// The program that is measured: a copy, so that a build meanwhile changes nothing.
    pub program: PathBuf,
    /// The run's temporary folder, by which a server is known to belong to the run.
    pub folder: PathBuf,
}

impl Run {
    fn opora(&self, words: &[&str], data: &Path) -> Command {
        let mut opora = process::command(&self.program);
        opora.args(words).arg("--data").arg(data);
        opora
    }
}

/// A data folder with somebody to log in as.
pub struct Department {
    run: Run,
    data: PathBuf,
    token: String,
    /// The id of the inbox of `PROBE_INBOX`.
    probe_inbox: String,
}

impl Department {
    /// An administrator, two inboxes, no ticket.
    pub fn empty(run: &Run, data: &Path) -> Result<Self> {
        fs::create_dir_all(data)?;
        Self::staffed(run, data)
    }

    /// The demo department with this many tickets.
    pub fn seeded(run: &Run, data: &Path, tickets: u64) -> Result<Self> {
        fs::create_dir_all(data)?;
        let started = Instant::now();
        let mut opora = run.opora(&["demo"], data);
        process::show(opora.args(["--create-only", "--tickets", &tickets.to_string()]))?;
        println!("made in {:.0} s", started.elapsed().as_secs_f64());
        Self::staffed(run, data)
    }

    /// A department that `seeded` made in an earlier run.
    pub fn found(run: &Run, data: &Path) -> Result<Self> {
        let token = asked(run.opora(&["token", "create"], data).args(["--email", EMAIL, "--scope", "all"]))?;
        Ok(Self { run: run.clone(), data: data.to_path_buf(), token, probe_inbox: String::new() })
    }

    fn staffed(run: &Run, data: &Path) -> Result<Self> {
        let person = ["--email", EMAIL, "--password", PASSWORD, "--name", "Bench"];
        asked(run.opora(&["admin", "create"], data).args(person))?;
        let mut department = Self::found(run, data)?;
        // Nothing is sent in a bench; port 9 answers nobody.
        let inbox = |name: &str, address: &str| {
            let options = ["--name", name, "--address", address, "--smtp", "smtp://127.0.0.1:9"];
            asked(run.opora(&["inbox", "create"], data).args(options))
        };
        inbox("Bench", INBOX)?;
        department.probe_inbox = inbox("Probe", PROBE_INBOX)?;
        Ok(department)
    }

    /// Starts the server and waits until it is ready.
    pub fn serve(&self) -> Result<Server> {
        let (http, lmtp) = (free_address()?, free_address()?);
        let log = self.data.join("bench.log");
        let file = File::create(&log)?;
        let started = Instant::now();
        let child = process::belongs_to(&mut self.run.opora(&["serve"], &self.data), &self.run.folder)
            .args(["--listen", &http.to_string(), "--lmtp", &lmtp.to_string()])
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .context("cannot start `opora serve`")?;
        let mut server = Server {
            child,
            http,
            lmtp,
            token: self.token.clone(),
            probe_inbox: self.probe_inbox.clone(),
            ready_after: Duration::ZERO,
        };
        loop {
            if let Some(status) = server.child.try_wait()? {
                let said = fs::read_to_string(&log).unwrap_or_default();
                bail!("`opora serve` ended ({status}): {}", said.lines().last().unwrap_or_default());
            }
            if Client::new(http, None).and_then(|mut client| client.get("/health/ready")).is_ok() {
                server.ready_after = started.elapsed();
                return Ok(server);
            }
            if started.elapsed() > Duration::from_secs(120) {
                bail!("`opora serve` was not ready after two minutes");
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// A running server; dropping it stops it.
pub struct Server {
    child: Child,
    pub http: SocketAddr,
    pub lmtp: SocketAddr,
    token: String,
    pub probe_inbox: String,
    /// From the start of the process to its first good answer on `/health/ready`.
    pub ready_after: Duration,
}

impl Server {
    /// A kept-alive connection that may do everything.
    pub fn client(&self) -> Result<Client> {
        Client::new(self.http, Some(&self.token))
    }

    /// A session cookie for the live socket.
    pub fn cookie(&self) -> Result<String> {
        let body = serde_json::json!({ "email": EMAIL, "password": PASSWORD });
        let answer = Client::new(self.http, None)?.post("/api/v1/session", &body)?;
        let cookie = answer.header("set-cookie").context("the login gave no cookie")?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// A line of `/proc/…/status`, in MB.
    pub fn memory(&self, line: &str) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).context("no /proc here")?;
        let value = text.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
        let kilobytes: f64 =
            value.and_then(|text| text.split_whitespace().next()?.parse().ok()).context(line.to_owned())?;
        Ok(kilobytes / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        process::stop(&mut self.child);
    }
}

/// What a kept department depends on: another set of migrations wants another one.
pub fn layout() -> String {
    let mut hasher = DefaultHasher::new();
    let mut files: Vec<PathBuf> = fs::read_dir(workspace::root().join("migrations"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    for file in files {
        fs::read(file).unwrap_or_default().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// What the command prints, or its complaint as an error.
fn asked(command: &mut Command) -> Result<String> {
    let line = process::spelled(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let verb: Vec<&str> = line.split(' ').take(3).collect();
        bail!(
            "`{}`: {}",
            verb.join(" "),
            said.lines().find(|line| !line.is_empty()).unwrap_or("failed without a word")
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
