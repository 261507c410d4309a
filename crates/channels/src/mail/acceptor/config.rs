//! The acceptor's settings, with sane defaults, and TLS from PEM files.

use std::{path::Path, sync::Arc, time::Duration};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use crate::mail::{Code, Problem};

/// Which dialect a door speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// SMTP: one answer per message.
    Smtp,
    /// LMTP: one answer per recipient. For a mail server in front of us; it queues, we do not.
    Lmtp,
}

impl Protocol {
    /// `smtp` or `lmtp`, for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Smtp => "smtp",
            Protocol::Lmtp => "lmtp",
        }
    }
}

/// What to do with a message that holds a bare LF or a bare CR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BareNewlines {
    /// Take it, byte for byte. They never end a message.
    #[default]
    Keep,
    /// Refuse it with `550 5.6.11`.
    Refuse,
}

/// The settings of one door.
#[derive(Debug, Clone)]
pub struct Config {
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// What we call ourselves in the greeting.
    pub hostname: String,
    /// STARTTLS is offered when this is there. See [`tls_from_pem`].
    pub tls: Option<Arc<ServerConfig>>,
    /// The largest message, in bytes: `552 5.3.4` above.
    pub max_message_bytes: usize,
    /// The most recipients of one message: `452 4.5.3` above.
    pub max_recipients: usize,
    /// The longest command line, in bytes with its CRLF: `500 5.5.2` above.
    pub max_line_bytes: usize,
    /// The most connections at once: `421 4.3.2` above.
    pub max_connections: usize,
    /// The most connections at once from one IPv4 address or IPv6 /64: `421 4.7.0` above.
    pub max_connections_per_address: usize,
    /// After so many wrong commands and unknown recipients the connection is closed with `421 4.7.0`.
    pub max_errors: u32,
    /// A message that has passed more servers than this is going in circles: `554 5.4.6`.
    pub max_hops: usize,
    /// Memory for all messages on their way in, in bytes: `452 4.3.1` when it is used up.
    pub body_memory_bytes: usize,
    /// What to do with bare LF and CR inside a message.
    pub bare_newlines: BareNewlines,
    /// Silence longer than this ends the connection with `421 4.4.2`.
    pub idle_timeout: Duration,
    /// A message must arrive whole within this time, so that nobody drips bytes for ever.
    pub message_timeout: Duration,
    /// How long a graceful stop waits for messages in hand.
    pub grace: Duration,
}

impl Config {
    /// The defaults for a door that speaks `protocol` and calls itself `hostname`.
    pub fn new(protocol: Protocol, hostname: impl Into<String>) -> Self {
        Self {
            protocol,
            hostname: hostname.into(),
            tls: None,
            max_message_bytes: 40 * 1024 * 1024,
            max_recipients: 100,
            max_line_bytes: 4096,
            max_connections: 200,
            max_connections_per_address: 50,
            max_errors: 20,
            max_hops: 100,
            body_memory_bytes: 256 * 1024 * 1024,
            bare_newlines: BareNewlines::default(),
            idle_timeout: Duration::from_secs(5 * 60),
            message_timeout: Duration::from_secs(20 * 60),
            grace: Duration::from_secs(30),
        }
    }
}

/// TLS for the door, from a PEM file with the certificate chain and one with its key.
pub fn tls_from_pem(certificates: &Path, key: &Path) -> Result<Arc<ServerConfig>, Problem> {
    let bad = |path: &Path, why: String| Problem::new(Code::BadSettings, format!("{}: {why}", path.display()));
    let chain = CertificateDer::pem_file_iter(certificates)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| bad(certificates, error.to_string()))?;
    if chain.is_empty() {
        return Err(bad(certificates, "no certificate in it".into()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| bad(key, error.to_string()))?;
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map(Arc::new)
        .map_err(|error| bad(certificates, error.to_string()))
}
