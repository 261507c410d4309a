//! Dovecot 2.3: IMAP in the clear with STARTTLS, IMAP over TLS, LMTP for Postfix, and logins for Postfix.

use std::{
    fmt::Write,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use crate::port::free_ports;
use anyhow::{Context, Result, bail};

use super::{
    PASSWORD, PEOPLE,
    place::{Place, end, eventually, must_be_root, wait_for_port},
};

/// A running Dovecot; ends when dropped.
pub struct Dovecot {
    place: Arc<Place>,
    server: Option<Child>,
    /// IMAP, in the clear until STARTTLS.
    pub imap: u16,
    /// IMAP over TLS.
    pub imaps: u16,
    /// LMTP, for whoever delivers.
    pub lmtp: u16,
}

impl Dovecot {
    /// Starts a Dovecot of its own and waits until it answers.
    pub fn start() -> Result<Self> {
        Self::start_in(Arc::new(Place::new()?))
    }

    pub(super) fn start_in(place: Arc<Place>) -> Result<Self> {
        must_be_root()?;
        let [imap, imaps, lmtp] = free_ports();
        let mut dovecot = Self { place, server: None, imap, imaps, lmtp };
        dovecot.write_settings().context("writing Dovecot's settings")?;
        dovecot.open()?;
        Ok(dovecot)
    }

    /// The certificate to believe, as a PEM file.
    pub fn certificate(&self) -> PathBuf {
        self.place.certificate()
    }

    /// Where Postfix asks about logins.
    pub(super) fn login_socket(&self) -> PathBuf {
        self.place.path("login")
    }

    /// Ends the server; the mailboxes stay.
    pub fn close(&mut self) {
        if let Some(mut server) = self.server.take() {
            end(&mut server);
        }
    }

    /// Starts the server again on the same ports.
    pub fn open(&mut self) -> Result<()> {
        self.close();
        let mut server = Command::new("dovecot")
            .arg("-F")
            .arg("-c")
            .arg(self.settings())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting dovecot (Debian: dovecot-imapd dovecot-lmtpd)")?;
        for port in [self.imap, self.imaps, self.lmtp] {
            if let Err(error) = wait_for_port(port, &mut server, &self.place.path("dovecot.log")) {
                end(&mut server);
                return Err(error);
            }
        }
        self.server = Some(server);
        Ok(())
    }

    /// The messages in somebody's INBOX, oldest first, as they lie on the disk.
    pub fn mailbox(&self, user: &str) -> Result<Vec<Vec<u8>>> {
        let mut files = Vec::new();
        for part in ["cur", "new"] {
            let folder = self.maildir(user).join(part);
            if let Ok(entries) = fs::read_dir(&folder) {
                for entry in entries {
                    files.push(entry?.path());
                }
            }
        }
        files.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
        files.into_iter().map(|path| fs::read(&path).with_context(|| path.display().to_string())).collect()
    }

    /// Waits until a message that fits lies in somebody's INBOX.
    pub fn wait_for_mail(&self, user: &str, fits: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>> {
        eventually(&format!("mail for {user}"), || {
            // A file may be renamed while we look: look again.
            self.mailbox(user).ok()?.into_iter().find(|raw| fits(raw))
        })
    }

    /// Puts a message into somebody's folder.
    pub fn put(&self, user: &str, folder: &str, raw: &[u8]) -> Result<()> {
        let mut saving = self.doveadm_command(&["save", "-u", user, "-m", folder]).stdin(Stdio::piped()).spawn()?;
        saving.stdin.take().context("doveadm takes no input")?.write_all(raw)?;
        if !saving.wait()?.success() {
            bail!("doveadm save failed for {user}");
        }
        Ok(())
    }

    /// Runs `doveadm` and returns what it printed.
    pub fn doveadm(&self, arguments: &[&str]) -> Result<String> {
        let output = self.doveadm_command(arguments).output()?;
        if !output.status.success() {
            bail!("doveadm {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Forgets which UID each message of an INBOX had, so that the folder is numbered anew with another UIDVALIDITY.
    /// The server is restarted.
    pub fn renumber(&mut self, user: &str) -> Result<()> {
        self.close();
        for entry in fs::read_dir(self.maildir(user))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name == "dovecot-uidlist" || name.starts_with("dovecot.index") {
                fs::remove_file(path)?;
            }
        }
        self.open()
    }

    fn doveadm_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("doveadm");
        command.arg("-c").arg(self.settings()).args(arguments);
        command
    }

    fn settings(&self) -> PathBuf {
        self.place.path("dovecot.conf")
    }

    fn maildir(&self, user: &str) -> PathBuf {
        self.place.path("mail").join(user)
    }

    fn write_settings(&self) -> Result<()> {
        let version = Command::new("dovecot").arg("--version").output().context("running dovecot --version")?;
        let version = String::from_utf8_lossy(&version.stdout).into_owned();
        if !version.starts_with("2.3.") {
            bail!("the settings written here are for Dovecot 2.3, and this is {version}");
        }
        let mail = self.place.folder("mail")?;
        let owner = Command::new("chown").arg("mail:mail").arg(&mail).status()?;
        if !owner.success() {
            bail!("the user mail does not exist");
        }
        let mut people = String::new();
        for person in PEOPLE {
            writeln!(people, "{person}:{{PLAIN}}{PASSWORD}::::::")?;
        }
        fs::write(self.place.path("people"), people)?;
        let path = |name: &str| self.place.path(name).display().to_string();
        fs::write(self.settings(), self.settings_text(&path("people"), &path("mail"), &self.place.folder("dovecot")?))?;
        Ok(())
    }

    fn settings_text(&self, people: &str, mail: &str, base: &Path) -> String {
        let Self { imap, imaps, lmtp, .. } = self;
        let base = base.display();
        let certificate = self.place.certificate();
        let (certificate, key) = (certificate.display(), self.place.key());
        let (key, log) = (key.display(), self.place.path("dovecot.log"));
        let (log, login) = (log.display(), self.login_socket());
        let login = login.display();
        format!(
            r#"
base_dir = {base}/run
state_dir = {base}/state
log_path = {log}
instance_name = opora-peer
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_chars =
auth_failure_delay = 0
mail_location = maildir:{mail}/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
mailbox_list_index = no
maildir_very_dirty_syncs = no
imap_idle_notify_interval = 2 mins
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {people}
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {people}
  default_fields = uid=mail gid=mail home={mail}/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Done {{
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  unix_listener {login} {{
    mode = 0666
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"#
        )
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.close();
    }
}
