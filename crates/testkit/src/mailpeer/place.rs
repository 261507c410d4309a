//! Where a peer lives: a temporary folder everybody may enter, a certificate, and patience.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// A temporary folder with a certificate for `localhost` and 127.0.0.1 in it.
pub(super) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub(super) fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("opora-peer-").tempdir()?;
        // The servers' own users have to get in.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let place = Self { folder };
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        fs::write(place.certificate(), made.cert.pem())?;
        fs::write(place.key(), made.signing_key.serialize_pem())?;
        Ok(place)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn certificate(&self) -> PathBuf {
        self.path("tls.crt")
    }

    pub(super) fn key(&self) -> PathBuf {
        self.path("tls.key")
    }

    /// Makes a folder in the place, open to everybody who may enter.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.path(name);
        fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(path)
    }
}

/// Asks again and again until there is an answer, for at most half a minute.
pub fn eventually<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> Result<T> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(answer) = answer() {
            return Ok(answer);
        }
        if Instant::now() > deadline {
            bail!("waited half a minute for {what}");
        }
        sleep(Duration::from_millis(10));
    }
}

/// Waits until somebody listens at the port, or the process that should has ended.
pub(super) fn wait_for_port(port: u16, server: &mut Child, log: &Path) -> Result<()> {
    let mut ended = false;
    let open = eventually("a mail server to listen", || {
        ended = matches!(server.try_wait(), Ok(Some(_)));
        (ended || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).then_some(())
    });
    if ended || open.is_err() {
        bail!("the server does not listen at port {port}; its log: {}", fs::read_to_string(log).unwrap_or_default());
    }
    Ok(())
}

/// Asks a process of ours to end, and waits until it has.
pub(super) fn end(server: &mut Child) {
    let pid = server.id().to_string();
    end_process(&pid, server);
}

/// Asks the process to end and waits until `server`, which is the process or waits for it, has ended.
pub(super) fn end_process(pid: &str, server: &mut Child) {
    let asked = Command::new("kill").args(["-TERM", pid]).status();
    let ended = asked.is_ok()
        && eventually("a mail server to end", || matches!(server.try_wait(), Ok(Some(_)) | Err(_)).then_some(()))
            .is_ok();
    if !ended {
        drop(Command::new("kill").args(["-KILL", pid]).status());
        drop(server.kill());
        drop(server.wait());
    }
}

/// Both servers have to be started by root.
pub(super) fn must_be_root() -> Result<()> {
    let output = Command::new("id").arg("-u").output()?;
    if output.stdout.trim_ascii() != b"0" {
        bail!("Postfix and Dovecot have to be started by root; run the tests as root or leave these out");
    }
    Ok(())
}
