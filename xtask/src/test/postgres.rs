//! A PostgreSQL server for one test run: on a free port, in a temporary folder, gone afterwards.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{process, tools};

/// A running server. It is stopped and its data removed when this is dropped.
pub struct Postgres {
    server: Child,
    port: u16,
    _dir: TempDir,
}

impl Postgres {
    /// Makes a cluster in a folder below `parent` and starts the server, as user `postgres` when this program runs as
    /// root (the server refuses root).
    pub fn start(parent: &Path) -> Result<Self> {
        let programs = tools::postgres_programs().context("PostgreSQL's initdb is not installed")?;
        let owner = owner()?;
        let dir = tempfile::Builder::new().prefix("postgres-").tempdir_in(parent)?;
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(dir.path(), Some(user), Some(group))?;
        }
        let data = dir.path().join("data");
        let mut initdb = as_owner(&programs.join("initdb"), owner, dir.path());
        initdb
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data);
        let output = initdb.output().context("cannot start initdb")?;
        if !output.status.success() {
            bail!("initdb: {}", String::from_utf8_lossy(&output.stderr).trim());
        }

        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = dir.path().join("log");
        let log_file = File::create(&log)?;
        let mut postgres = as_owner(&programs.join("postgres"), owner, dir.path());
        postgres.arg("-D").arg(&data).arg("-k").arg(dir.path());
        postgres.args(["-c", "listen_addresses=127.0.0.1", "-p", &port.to_string()]);
        // Nobody cuts the power here, and each test makes a database: durability would only cost time.
        postgres.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        postgres.args([
            "-c",
            "max_connections=400",
            "-c",
            "shared_buffers=256MB",
            "-c",
            "max_pred_locks_per_transaction=256",
        ]);
        let server =
            postgres.stdout(log_file.try_clone()?).stderr(log_file).spawn().context("cannot start postgres")?;
        let mut server = Self { server, port, _dir: dir };

        let started = Instant::now();
        loop {
            let mut ready = process::command(programs.join("pg_isready"));
            if process::answer(ready.args(["-h", "127.0.0.1", "-U", "postgres", "-p", &port.to_string()])).is_some() {
                return Ok(server);
            }
            if server.server.try_wait()?.is_some() || started.elapsed() > Duration::from_secs(60) {
                bail!("PostgreSQL did not start: {}", fs::read_to_string(&log).unwrap_or_default().trim());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where tests find it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        process::stop(&mut self.server);
    }
}

/// User and group id of `postgres` when this program runs as root.
fn owner() -> Result<Option<(u32, u32)>> {
    let id =
        |arguments: &[&str]| process::answer(process::command("id").args(arguments)).and_then(|id| id.parse().ok());
    if id(&["-u"]) != Some(0) {
        return Ok(None);
    }
    match (id(&["-u", "postgres"]), id(&["-g", "postgres"])) {
        (Some(user), Some(group)) => Ok(Some((user, group))),
        _ => bail!("PostgreSQL refuses to run as root and this machine has no user `postgres`"),
    }
}

fn as_owner(program: &Path, owner: Option<(u32, u32)>, dir: &Path) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = process::command(program);
    process::belongs_to(&mut command, dir).current_dir(dir).env("LC_ALL", "C").stdin(Stdio::null());
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}
