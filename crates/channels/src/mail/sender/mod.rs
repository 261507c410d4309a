//! Sending: a composed message and its envelope go to a mail server over SMTP (RFC 5321, RFC 6409).
//!
//! It promises an honest answer. [`Receipt`] means that the server took the message and names the recipients it did
//! not take it for; [`SendError`] says whether sending again makes sense, and admits [`Fate::Unknown`] at the one
//! moment nobody can tell: everything went out and the answer never came. A connection that has to be protected never
//! falls back to an unprotected one. Connections are kept and used again for a short while.
//!
//! It knows no outbox and repeats nothing by itself, except on a kept connection that turns out to be dead before the
//! server heard of the message.
//!
//! This is our own small client and not lettre's: that one keeps what was said in the clear before TLS (RFC 3207
//! section 6 asks to forget it), stops at the first refused recipient, adds an empty line to each message and waits
//! for an answer to each command even where the server offers PIPELINING.

mod address;
mod connection;
mod dialogue;
mod error;
mod hello;
mod login;
mod pool;
mod reply;
mod stuffing;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use rustls::ClientConfig;

pub use error::{Fate, SendError};
pub use reply::Reply;

use self::{connection::Connection, pool::Pool};
use super::{Code, Endpoint, Login, Problem, Scheme, TlsTrust};

/// How we send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What we call ourselves in EHLO.
    pub hostname: String,
    /// Whose certificates we believe.
    pub trust: TlsTrust,
    /// How long to wait for a connection, and for each answer but the last.
    pub timeout: Duration,
    /// How long to wait for the answer to a whole message: the server may be scanning it. RFC 5321 asks for ten
    /// minutes, since giving up early makes doubles.
    pub final_timeout: Duration,
    /// How long a connection is kept for the next message.
    pub keep: Duration,
    /// How many connections to one server with one login are kept.
    pub keep_at_most: usize,
    /// After so many messages a connection is closed: many servers count.
    pub messages_per_connection: u32,
}

impl Options {
    /// The defaults for somebody who calls himself `hostname`.
    pub fn new(hostname: impl Into<String>) -> Self {
        Self {
            hostname: hostname.into(),
            trust: TlsTrust::default(),
            timeout: Duration::from_secs(60),
            final_timeout: Duration::from_secs(10 * 60),
            keep: Duration::from_secs(30),
            keep_at_most: 4,
            messages_per_connection: 100,
        }
    }
}

/// Whom a message is from and for, as the servers see it; the message's own header may say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The return address; `None` for `<>`: a message that must never be answered automatically.
    pub from: Option<String>,
    /// The recipients.
    pub to: Vec<String>,
}

/// The server took the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What it said, often with its own number of the message.
    pub server_reply: Reply,
    /// The recipients it did not take the message for.
    pub refused: Vec<Refusal>,
}

/// A recipient that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The address as it was given to us.
    pub address: String,
    /// What the server said; for an address that cannot be put on the wire at all, what we say in its place.
    pub reply: Reply,
}

impl Refusal {
    /// Whether asking again will not help.
    pub fn is_permanent(&self) -> bool {
        self.reply.is_permanent()
    }
}

/// Sends messages and keeps connections for the next ones. Clones share them.
#[derive(Debug, Clone)]
pub struct Sender(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    tls: OnceLock<Arc<ClientConfig>>,
    pool: Pool,
}

impl Sender {
    /// A sender with these options and no connection yet.
    pub fn new(options: Options) -> Self {
        Self(Arc::new(Inner { pool: Pool::new(&options), options, tls: OnceLock::new() }))
    }

    /// Sends one message. Line ends are made CRLF on the way; everything else leaves as it is.
    pub async fn send(
        &self,
        endpoint: &Endpoint,
        login: &Login,
        envelope: &Envelope,
        raw: &[u8],
    ) -> Result<Receipt, SendError> {
        let key = self.0.pool.key(endpoint, login);
        let kept = self.0.pool.take(&key);
        let reused = kept.is_some();
        let mut connection = match kept {
            Some(connection) => connection,
            None => self.open(endpoint, login).await?,
        };
        let mut outcome = connection.transact(envelope, raw).await;
        if outcome.is_err() && reused && connection.died_unheard() {
            tracing::debug!(server = %endpoint.host, "a kept mail connection was dead, opening another");
            connection = self.open(endpoint, login).await?;
            outcome = connection.transact(envelope, raw).await;
        }
        if connection.is_usable() {
            self.0.pool.keep(key, connection);
        }
        let result = match &outcome {
            Ok(_) => "sent",
            Err(error) => match error.fate {
                Fate::Later => "later",
                Fate::Never => "refused",
                Fate::Unknown => "unknown",
            },
        };
        metrics::counter!("opora_mail_sent_total", "result" => result).increment(1);
        if let Err(error) = &outcome {
            let reply = error.reply.as_ref().map(|reply| reply.code);
            tracing::info!(server = %endpoint.host, code = %error.problem.code, reply, "mail was not sent");
        }
        outcome
    }

    /// Tries the settings: connects, protects, logs in, says good-bye. Sends nothing.
    pub async fn check(&self, endpoint: &Endpoint, login: &Login) -> Result<(), Problem> {
        self.open(endpoint, login).await?.quit().await;
        Ok(())
    }

    async fn open(&self, endpoint: &Endpoint, login: &Login) -> Result<Connection, Problem> {
        if endpoint.scheme != Scheme::Smtp {
            return Err(Problem::new(Code::BadSettings, format!("{endpoint} is no SMTP server")));
        }
        Connection::open(endpoint, login, &self.0.options, || self.tls())
            .await
            .map_err(|problem| problem.during(&format!("{}:{}", endpoint.host, endpoint.port)))
    }

    fn tls(&self) -> Result<Arc<ClientConfig>, Problem> {
        if let Some(config) = self.0.tls.get() {
            return Ok(config.clone());
        }
        let config = self.0.options.trust.client_config()?;
        Ok(self.0.tls.get_or_init(|| config).clone())
    }
}
