//! The mail doors: what comes in by SMTP and LMTP is for an inbox of ours, and kept before it is acknowledged.

use crate::ground::Ground;
use crate::settings::Settings;
use anyhow::Context;
use bytes::Bytes;
use opora_base::SharedClock;
use opora_channels::mail::acceptor::{self, Config, Door, Envelope, Protocol, Sink, StoreError, Temporary, Verdict};
use opora_desk::mailroom::{self, Arrival};
use tokio::net::{TcpListener, UnixListener};
use tokio_util::sync::CancellationToken;

/// Where accepted mail goes.
#[derive(Clone)]
pub struct MailSink {
    ground: Ground,
    clock: SharedClock,
    route: &'static str,
}

impl Sink for MailSink {
    async fn recipient(&self, address: &str) -> Result<Verdict, Temporary> {
        let address = address.to_owned();
        match self.ground.store.get(move |tx| mailroom::accepts(tx, &address)).await {
            Ok(true) => Ok(Verdict::Accept),
            Ok(false) => Ok(Verdict::Unknown),
            Err(error) => Err(Temporary(error.to_string())),
        }
    }

    async fn store(&self, envelope: Envelope, raw: Bytes) -> Result<(), StoreError> {
        let arrival = Arrival {
            inbox: None,
            route: self.route,
            envelope_from: envelope.sender.unwrap_or_default(),
            envelope_to: envelope.recipients,
            raw,
            historic: false,
        };
        let kept = mailroom::accept(&self.ground.store, &self.ground.blobs, arrival, self.clock.now()).await;
        kept.map(drop).map_err(|error| StoreError(error.to_string()))
    }
}

/// A door, open: it serves once polled.
pub struct OpenDoor {
    door: Door,
    config: Config,
    sink: MailSink,
}

impl OpenDoor {
    /// Serves until told to stop.
    pub async fn serve(self, stop: CancellationToken) {
        acceptor::serve(self.door, self.config, self.sink, stop).await;
    }
}

/// Opens the doors the settings ask for.
pub async fn open(settings: &Settings, ground: &Ground, clock: &SharedClock) -> anyhow::Result<Vec<OpenDoor>> {
    let mut doors = Vec::new();
    let asked = [(Protocol::Lmtp, &settings.args.lmtp, "lmtp"), (Protocol::Smtp, &settings.args.smtp, "smtp")];
    for (protocol, address, route) in asked {
        let Some(address) = address else { continue };
        let mut config = Config::new(protocol, settings.hostname());
        if let Some(limit) = settings.args.mail_limit {
            config.max_message_bytes = limit;
        }
        if let (Some(certificate), Some(key)) = (&settings.args.tls_cert, &settings.args.tls_key) {
            config.tls = Some(acceptor::tls_from_pem(certificate, key)?);
        }
        let door = listen(address).await.with_context(|| format!("{route} cannot listen on {address}"))?;
        tracing::info!(%address, "taking mail by {route}");
        doors.push(OpenDoor { door, config, sink: MailSink { ground: ground.clone(), clock: clock.clone(), route } });
    }
    Ok(doors)
}

async fn listen(address: &str) -> anyhow::Result<Door> {
    let Some(path) = address.strip_prefix("unix:") else {
        return Ok(TcpListener::bind(address).await?.into());
    };
    // A socket that nobody answers on was left behind by a process that died.
    if std::os::unix::net::UnixStream::connect(path).is_err() {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(UnixListener::bind(path)?.into())
}
