//! Postfix: a port where the world hands in mail, and a submission port with STARTTLS and a login.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use crate::port::free_ports;
use anyhow::{Context, Result, bail};

use super::{
    Dovecot,
    letter::hand_in,
    place::{Place, end, end_process, must_be_root, wait_for_port},
};

/// Where mail for `desk.test` goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// To an LMTP server at this port of 127.0.0.1.
    Lmtp(u16),
    /// Into a Dovecot mailbox.
    Mailbox,
}

/// A running Postfix; ends when dropped.
pub struct Postfix {
    place: Arc<Place>,
    server: Child,
    /// Takes mail from anybody for `desk.test` and `customer.test`.
    pub smtp: u16,
    /// Takes mail from people who log in; STARTTLS is offered.
    pub submission: u16,
}

impl Postfix {
    pub(super) fn start_in(place: Arc<Place>, dovecot: &Dovecot, desk: Route) -> Result<Self> {
        must_be_root()?;
        let [smtp, submission] = free_ports();
        let settings = place.folder("postfix")?;
        let folder = |name: &str| place.folder(name).map(|path| path.display().to_string());
        let (spool, data) = (folder("spool")?, folder("postfix-data")?);
        if !Command::new("chown").args(["postfix", &data]).status()?.success() {
            bail!("the user postfix does not exist (Debian: postfix)");
        }
        let path = |path: PathBuf| path.display().to_string();
        fs::write(place.path("routes"), routes(desk))?;
        let main = MAIN
            .replace("{spool}", &spool)
            .replace("{data}", &data)
            .replace("{place}", &path(place.path("")))
            .replace("{log}", &path(place.path("postfix.log")))
            .replace("{routes}", &path(place.path("routes")))
            .replace("{login}", &path(dovecot.login_socket()))
            .replace("{certificate}", &path(place.certificate()))
            .replace("{key}", &path(place.key()))
            .replace("{dovecot}", &dovecot.lmtp.to_string());
        fs::write(settings.join("main.cf"), main)?;
        let services = MASTER.replace("{smtp}", &smtp.to_string()).replace("{submission}", &submission.to_string());
        fs::write(settings.join("master.cf"), services)?;
        let server = Command::new("postfix")
            .arg("-c")
            .arg(&settings)
            .arg("start-fg")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting postfix (Debian: postfix)")?;
        // From here on, dropping it ends it.
        let mut postfix = Self { place, server, smtp, submission };
        let log = postfix.place.path("postfix.log");
        for port in [smtp, submission] {
            wait_for_port(port, &mut postfix.server, &log)?;
        }
        Ok(postfix)
    }

    /// Sends mail for `desk.test` another way from now on.
    pub fn route_desk(&self, desk: Route) -> Result<()> {
        fs::write(self.place.path("routes"), routes(desk))?;
        let output = Command::new("postfix").arg("-c").arg(self.place.path("postfix")).arg("reload").output()?;
        if !output.status.success() {
            bail!("postfix reload: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    /// Hands a message in from the outside, as a customer's server would.
    pub fn deliver(&self, from: &str, to: &[&str], raw: &[u8]) -> Result<String> {
        hand_in(self.smtp, from, to, raw)
    }

    /// What Postfix wrote into its log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.place.path("postfix.log")).unwrap_or_default()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // Our child is the shell that started Postfix and waits for it; the master itself has to be asked.
        match fs::read_to_string(self.place.path("spool/pid/master.pid")) {
            Ok(pid) => end_process(pid.trim(), &mut self.server),
            Err(_) => end(&mut self.server),
        }
    }
}

fn routes(desk: Route) -> String {
    match desk {
        Route::Lmtp(port) => format!("desk.test lmtp:inet:127.0.0.1:{port}\n"),
        Route::Mailbox => String::new(),
    }
}

const MAIN: &str = "
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {log}
maillog_file_prefixes = {place}
myhostname = mail.customer.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks = 127.0.0.0/8
smtp_dns_support_level = disabled
virtual_mailbox_domains = desk.test, customer.test
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{dovecot}
transport_maps = texthash:{routes}
default_transport = error:5.1.2 there is no outside world here
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_sasl_type = dovecot
smtpd_sasl_path = {login}
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
recipient_delimiter = +
alias_maps =
alias_database =
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
transport_retry_time = 1s
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
";

const MASTER: &str = "
127.0.0.1:{smtp}       inet  n - n - - smtpd
127.0.0.1:{submission} inet  n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o mynetworks=
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix  - - n - - smtp
lmtp      unix  - - n - - lmtp
error     unix  - - n - - error
retry     unix  - - n - - error
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
";
