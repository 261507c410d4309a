//! One connection: the dialogue of RFC 5321 and RFC 2033, command by command.
//!
//! Answers gather in a buffer and leave together just before we wait for the other side, so a pipelining sender gets
//! one packet. STARTTLS forgets everything said before it, and refuses to start when anything was sent behind it.

mod commands;
mod message;

use std::{
    borrow::Cow,
    io,
    net::IpAddr,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::{Config, Protocol, Sink, body::Body, budget::Budget, command, reply};
use crate::mail::wire::Duplex;

/// What all connections of a door share.
pub(super) struct Shared<S> {
    pub(super) config: Config,
    pub(super) sink: S,
    pub(super) budget: Arc<Budget>,
    pub(super) boot: u32,
    pub(super) requests: AtomicU64,
    pub(super) stop: CancellationToken,
}

/// One connection and what was said on it so far.
pub(super) struct Session<S> {
    shared: Arc<Shared<S>>,
    peer: Option<IpAddr>,
    input: BytesMut,
    output: Vec<u8>,
    helo: Option<String>,
    tls: bool,
    transaction: Option<Transaction>,
    errors: u32,
}

/// A message under way.
struct Transaction {
    request_id: String,
    sender: Option<String>,
    smtp_utf8: bool,
    recipients: Vec<String>,
    /// How many RCPT were accepted, repeated ones too: LMTP owes an answer to each.
    accepted: usize,
    chunks: Option<Body>,
    deadline: Instant,
}

/// How a stretch of dialogue ended.
enum End {
    Closed,
    StartTls(TlsAcceptor),
}

/// What to do after a command.
enum Next {
    Continue,
    Leave(End),
}

/// What came while we listened for a command.
enum Heard {
    Line(Bytes),
    TooLong,
    Farewell(&'static str),
    Gone,
}

/// How long the TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(30);
/// How long and how often we listen to somebody we have said good-bye to.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_READS: usize = 64;
/// How much to read at once while we wait for a command; silent connections cost no more than this.
const SIP: usize = 4 * 1024;
/// How much to read at once while a message comes in.
const GULP: usize = 64 * 1024;

impl<S: Sink> Session<S> {
    pub(super) fn new(shared: Arc<Shared<S>>, peer: Option<IpAddr>) -> Self {
        Self {
            shared,
            peer,
            input: BytesMut::new(),
            output: Vec::new(),
            helo: None,
            tls: false,
            transaction: None,
            errors: 0,
        }
    }

    /// Talks until either side has had enough.
    pub(super) async fn run(mut self, mut stream: Box<dyn Duplex>) {
        self.say(&format!(
            "220 {} {} ready",
            self.config().hostname,
            match self.config().protocol {
                Protocol::Smtp => "ESMTP",
                Protocol::Lmtp => "LMTP",
            }
        ));
        loop {
            match self.dialogue(&mut *stream).await {
                Ok(End::StartTls(acceptor)) => match timeout(HANDSHAKE, acceptor.accept(stream)).await {
                    Ok(Ok(secured)) => {
                        stream = Box::new(secured);
                        self.tls = true;
                        self.helo = None;
                        self.transaction = None;
                    }
                    Ok(Err(error)) => {
                        tracing::info!(peer = ?self.peer, %error, "mail connection: TLS handshake failed");
                        return;
                    }
                    Err(_) => return,
                },
                Ok(End::Closed) => break,
                Err(error) => {
                    tracing::debug!(peer = ?self.peer, %error, "mail connection lost");
                    return;
                }
            }
        }
        self.close(&mut *stream).await;
    }

    /// Says that we say no more, and reads on for a moment: a socket closed with something unread in it is reset, and
    /// a reset may overtake our last answer, so the other side would send the message a second time.
    async fn close(&mut self, stream: &mut dyn Duplex) {
        let lingering = async {
            stream.shutdown().await?;
            for _ in 0..LINGER_READS {
                self.input.clear();
                self.input.reserve(SIP);
                if stream.read_buf(&mut self.input).await? == 0 {
                    break;
                }
            }
            Ok::<_, io::Error>(())
        };
        if let Ok(Err(error)) = timeout(LINGER, lingering).await {
            tracing::debug!(peer = ?self.peer, %error, "mail connection closed by the other side first");
        }
    }

    async fn dialogue(&mut self, stream: &mut dyn Duplex) -> io::Result<End> {
        loop {
            let line = match self.listen(stream).await? {
                Heard::Line(line) => line,
                Heard::TooLong => {
                    self.mistake(reply::LINE_TOO_LONG);
                    Bytes::new()
                }
                Heard::Farewell(words) => return self.leave(stream, words).await,
                Heard::Gone => return Ok(End::Closed),
            };
            if !line.is_empty() {
                match command::parse(&line) {
                    Ok(command) => {
                        if let Next::Leave(end) = self.obey(command, stream).await? {
                            return Ok(end);
                        }
                    }
                    Err(refusal) => self.mistake(refusal),
                }
            }
            if self.errors > self.config().max_errors {
                return self.leave(stream, reply::TOO_MANY_ERRORS).await;
            }
        }
    }

    /// Waits for the next line. Our answers go out before we wait.
    async fn listen(&mut self, stream: &mut dyn Duplex) -> io::Result<Heard> {
        let limit = self.config().max_line_bytes;
        let (mut searched, mut skipped) = (0, 0);
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.input[searched..]) {
                let line = self.input.split_to(searched + at + 1).freeze();
                return Ok(if skipped + line.len() > limit { Heard::TooLong } else { Heard::Line(line) });
            }
            searched = self.input.len();
            if searched > limit {
                skipped += searched;
                self.input.clear();
                searched = 0;
                if skipped > 256 * limit {
                    return Ok(Heard::Farewell(reply::TOO_MANY_ERRORS));
                }
            }
            let stop = self.shared.stop.clone();
            let idle = self.config().idle_timeout;
            let read = tokio::select! {
                biased;
                read = timeout(idle, self.read(stream, SIP)) => read,
                () = stop.cancelled() => return Ok(Heard::Farewell(reply::TRY_LATER_STOPPING)),
            };
            match read {
                Err(_) => return Ok(Heard::Farewell(reply::IDLE)),
                Ok(Ok(0)) => return Ok(Heard::Gone),
                Ok(read) => read?,
            };
        }
    }

    /// Sends what we have to say, then reads some bytes.
    async fn read(&mut self, stream: &mut dyn Duplex, at_once: usize) -> io::Result<usize> {
        self.flush(stream).await?;
        self.input.reserve(at_once);
        stream.read_buf(&mut self.input).await
    }

    async fn flush(&mut self, stream: &mut dyn Duplex) -> io::Result<()> {
        while !self.output.is_empty() {
            let written = stream.write(&self.output).await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.output.drain(..written);
        }
        stream.flush().await
    }

    async fn leave(&mut self, stream: &mut dyn Duplex, words: &str) -> io::Result<End> {
        self.say(words);
        // Somebody who does not read our answers does not keep us.
        match timeout(Duration::from_secs(10), self.flush(stream)).await {
            Ok(flushed) => flushed.map(|()| End::Closed),
            Err(_) => Ok(End::Closed),
        }
    }

    fn config(&self) -> &Config {
        &self.shared.config
    }

    fn say(&mut self, line: &str) {
        self.output.extend_from_slice(line.as_bytes());
        self.output.extend_from_slice(b"\r\n");
    }

    /// Refuses something the other side got wrong.
    fn mistake(&mut self, line: impl Into<Cow<'static, str>>) {
        self.errors += 1;
        self.refuse(&line.into());
    }

    /// Refuses something that may well be right, and counts by what code.
    fn refuse(&mut self, line: &str) {
        let code = line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let door = self.config().protocol.as_str();
        metrics::counter!("opora_mail_refusals_total", "door" => door, "code" => code).increment(1);
        self.say(line);
    }
}
