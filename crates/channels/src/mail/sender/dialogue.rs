//! Saying lines and hearing answers, each within its time. Works on the bare connection and on the protected one.

use std::{io, time::Duration};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::reply::{Answer, Gathering};
use crate::mail::{Code, Problem, wire::within};

/// A connection on which lines go out and answers come in.
#[derive(Debug)]
pub(super) struct Dialogue<T> {
    stream: T,
    input: BytesMut,
    gathering: Gathering,
    patience: Duration,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Dialogue<T> {
    pub(super) fn new(stream: T, patience: Duration) -> Self {
        Self { stream, input: BytesMut::with_capacity(1024), gathering: Gathering::default(), patience }
    }

    /// Says one line and hears the answer. The line is never logged: it may hold a password.
    pub(super) async fn ask(&mut self, line: &str) -> Result<Answer, Problem> {
        self.say(format!("{line}\r\n").as_bytes()).await?;
        self.hear().await
    }

    /// Sends bytes. An error means that the last of them were not sent.
    pub(super) async fn say(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        for piece in bytes.chunks(64 * 1024) {
            within(self.patience, self.stream.write_all(piece)).await?;
        }
        within(self.patience, self.stream.flush()).await
    }

    /// Hears one answer.
    pub(super) async fn hear(&mut self) -> Result<Answer, Problem> {
        self.hear_within(self.patience).await
    }

    pub(super) async fn hear_within(&mut self, patience: Duration) -> Result<Answer, Problem> {
        within(patience, async {
            loop {
                if let Some(answer) = self.gathering.take(&mut self.input)? {
                    return Ok(answer);
                }
                if self.stream.read_buf(&mut self.input).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        })
        .await
    }

    /// The connection itself, to be turned to TLS. Whatever was said ahead of the handshake may come from somebody in
    /// the middle: it is an error (RFC 3207 section 6, CVE-2011-0411).
    pub(super) fn into_stream(self) -> Result<T, Problem> {
        if self.input.is_empty() {
            Ok(self.stream)
        } else {
            Err(Problem::new(Code::Tls, "the server said something between STARTTLS and the handshake"))
        }
    }
}
