//! Talking to an IMAP server: commands out, whole answers in, however long a literal is and however the bytes are cut.
//! Commands are never logged: they may hold a password.

use std::time::Duration;

use bytes::BytesMut;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{
    Halt,
    response::{Outcome, Response, Status},
    token::Part,
};
use crate::mail::{
    Code, Problem,
    wire::{Line, line_problem, within},
};

/// The longest line, and the most lines and literals in one answer; more is not IMAP.
const LINE_LIMIT: usize = 256 * 1024;
const PARTS_LIMIT: usize = 1024;
/// How much to read at once.
const GULP: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Conversation<T = Line> {
    stream: T,
    input: BytesMut,
    patience: Duration,
    longest_literal: usize,
    tags: u32,
    offers: Vec<String>,
    stop: CancellationToken,
    /// How many messages the open folder holds.
    pub(super) messages: u32,
    /// More messages came since this was last set to false.
    pub(super) news: bool,
}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Conversation<T> {
    pub(super) fn new(stream: T, patience: Duration, longest_literal: usize, stop: CancellationToken) -> Self {
        Self {
            stream,
            input: BytesMut::new(),
            patience,
            longest_literal,
            tags: 0,
            offers: Vec::new(),
            stop,
            messages: 0,
            news: false,
        }
    }

    /// Whether the server offers this capability.
    pub(super) fn can(&self, capability: &str) -> bool {
        self.offers.iter().any(|offer| offer == capability)
    }

    pub(super) fn set_offers(&mut self, offers: Vec<String>) {
        self.offers = offers;
    }

    /// Sends a command and hears everything up to its outcome. What the server says besides goes to `hear`.
    pub(super) async fn ask(&mut self, command: &str, hear: impl FnMut(Response) + Send) -> Result<Outcome, Halt> {
        let tag = self.send(command).await?;
        self.conclude(&tag, &mut Vec::new().into_iter(), hear).await
    }

    /// The same for a command that goes on when the server says so: each time it does, the next of `more` is sent.
    pub(super) async fn ask_on(&mut self, command: &str, more: Vec<String>) -> Result<Outcome, Halt> {
        let tag = self.send(command).await?;
        self.conclude(&tag, &mut more.into_iter(), |_| {}).await
    }

    async fn conclude(
        &mut self,
        tag: &str,
        more: &mut (impl Iterator<Item = String> + Send),
        mut hear: impl FnMut(Response) + Send,
    ) -> Result<Outcome, Halt> {
        loop {
            match self.hear().await? {
                Response::Done { tag: done, outcome } if done == tag => return Ok(outcome),
                Response::Continue => {
                    let line = more.next().unwrap_or_default();
                    self.send_line(&line).await?;
                }
                response => hear(response),
            }
        }
    }

    /// Sends a command and returns its tag.
    pub(super) async fn send(&mut self, command: &str) -> Result<String, Halt> {
        self.tags += 1;
        let tag = format!("o{}", self.tags);
        self.send_line(&format!("{tag} {command}")).await?;
        Ok(tag)
    }

    pub(super) async fn send_line(&mut self, line: &str) -> Result<(), Halt> {
        let writing = async {
            self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
            self.stream.flush().await
        };
        Ok(within(self.patience, writing).await?)
    }

    /// Hears one answer. A good-bye ends everything.
    pub(super) async fn hear(&mut self) -> Result<Response, Halt> {
        let response = Response::read(&self.answer().await?);
        match &response {
            Response::Exists(messages) => {
                self.news |= *messages > self.messages;
                self.messages = *messages;
            }
            Response::Expunged => self.messages = self.messages.saturating_sub(1),
            Response::Said(said) if said.status == Status::Bye => {
                return Err(Problem::new(Code::Disconnected, said.words()).into());
            }
            _ => {}
        }
        Ok(response)
    }

    /// Waits for the server to say anything. False when it stayed silent until then.
    pub(super) async fn hears_something_by(&mut self, deadline: Instant) -> Result<bool, Halt> {
        if !self.input.is_empty() {
            return Ok(true);
        }
        match timeout_at(deadline, self.read_on(Duration::MAX)).await {
            Ok(read) => read.map(|()| true),
            Err(_) => Ok(false),
        }
    }

    async fn answer(&mut self) -> Result<Vec<Part>, Halt> {
        let mut parts = Vec::new();
        while parts.len() < PARTS_LIMIT {
            let line = self.line().await?;
            let (text, literal) = announced(&line);
            let text = line.slice_ref(text);
            parts.push(Part::Text(text));
            match literal {
                None => return Ok(parts),
                Some(size) => parts.push(self.literal(size).await?),
            }
        }
        Err(nonsense("its answer has no end"))
    }

    async fn line(&mut self) -> Result<bytes::Bytes, Halt> {
        let mut searched = 0;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.input[searched..]) {
                let mut line = self.input.split_to(searched + at + 1);
                let end = line.len() - if line.ends_with(b"\r\n") { 2 } else { 1 };
                line.truncate(end);
                return Ok(line.freeze());
            }
            searched = self.input.len();
            if searched > LINE_LIMIT {
                return Err(nonsense("its line has no end"));
            }
            self.read_on(self.patience).await?;
        }
    }

    async fn literal(&mut self, size: u64) -> Result<Part, Halt> {
        match usize::try_from(size).ok().filter(|&size| size <= self.longest_literal) {
            Some(size) => {
                self.input.reserve(size.saturating_sub(self.input.len()));
                while self.input.len() < size {
                    self.read_on(self.patience).await?;
                }
                Ok(Part::Literal(self.input.split_to(size).freeze()))
            }
            None => {
                let mut left = size;
                loop {
                    let now = self.input.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    drop(self.input.split_to(now));
                    left -= now as u64;
                    if left == 0 {
                        return Ok(Part::TooLong(size));
                    }
                    self.read_on(self.patience).await?;
                }
            }
        }
    }

    /// Reads some more bytes.
    async fn read_on(&mut self, patience: Duration) -> Result<(), Halt> {
        if self.input.capacity() == self.input.len() {
            self.input.reserve(GULP);
        }
        let reading = self.stream.read_buf(&mut self.input);
        let stopped = self.stop.cancelled();
        let read = async {
            if patience == Duration::MAX {
                reading.await.map_err(|error| line_problem(&error))
            } else {
                within(patience, reading).await
            }
        };
        tokio::select! {
            biased;
            () = stopped => Err(Halt::Asked),
            read = read => match read? {
                0 => Err(Problem::new(Code::Disconnected, "the server closed the connection").into()),
                _ => Ok(()),
            },
        }
    }

    /// Says good-bye. Whether the server answers makes no difference any more.
    pub(super) async fn log_out(&mut self) {
        if self.ask("LOGOUT", |_| {}).await.is_err() {
            tracing::debug!("the IMAP server left without a good-bye");
        }
    }

    /// The connection itself, to be turned to TLS. Whatever was said ahead of the handshake may come from somebody in
    /// the middle: it is an error (RFC 9051 section 6.2.1).
    pub(super) fn into_stream(self) -> Result<T, Problem> {
        if self.input.is_empty() {
            Ok(self.stream)
        } else {
            Err(Problem::new(Code::Tls, "the server said something between STARTTLS and the handshake"))
        }
    }
}

/// A line without the `{n}` at its end, and the `n`: so many bytes follow.
fn announced(line: &[u8]) -> (&[u8], Option<u64>) {
    let literal = || {
        let inside = line.strip_suffix(b"}")?;
        let open = memchr::memrchr(b'{', inside)?;
        let digits = std::str::from_utf8(&inside[open + 1..]).ok()?;
        let size = digits.trim_end_matches('+').parse().ok()?;
        let text = inside[..open].strip_suffix(b"~").unwrap_or(&inside[..open]);
        Some((text, Some(size)))
    };
    literal().unwrap_or((line, None))
}

fn nonsense(why: &str) -> Halt {
    Problem::new(Code::Protocol, format!("this is not IMAP: {why}")).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::mail::fetcher::response::Body;

    fn hearing(bytes: &[u8], longest_literal: usize) -> Conversation<tokio::io::DuplexStream> {
        let (mut far, near) = tokio::io::duplex(1 << 20);
        let bytes = bytes.to_vec();
        tokio::spawn(async move {
            for byte in bytes.chunks(3) {
                far.write_all(byte).await.unwrap();
            }
        });
        Conversation::new(near, Duration::from_secs(5), longest_literal, CancellationToken::new())
    }

    async fn body(conversation: &mut Conversation<tokio::io::DuplexStream>) -> Option<Body> {
        match conversation.hear().await.unwrap() {
            Response::Fetched(fetched) => fetched.body,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_literal_may_hold_anything() {
        let mut conversation = hearing(b"* 1 FETCH (BODY[] {12}\r\n{3}\r\n)o1 OK\n UID 7)\r\n* 2 EXISTS\r\n", 100);
        assert_eq!(body(&mut conversation).await, Some(Body::Whole("{3}\r\n)o1 OK\n".into())));
        assert_eq!(conversation.hear().await.unwrap(), Response::Exists(2));
        assert!(conversation.news);
    }

    #[tokio::test]
    async fn a_literal_above_the_limit_is_read_past() {
        let text = format!("* 1 FETCH (BODY[] {{5000}}\r\n{})\r\n* 2 EXISTS\r\n", "x".repeat(5000));
        let mut conversation = hearing(text.as_bytes(), 100);
        assert_eq!(body(&mut conversation).await, Some(Body::TooLong(5000)));
        assert_eq!(conversation.hear().await.unwrap(), Response::Exists(2));
    }

    #[tokio::test]
    async fn a_good_bye_and_a_cut_line_are_told() {
        let mut conversation = hearing(b"* BYE shutting down\r\n", 100);
        for words in ["shutting down", "closed the connection"] {
            let Err(Halt::Trouble(problem)) = conversation.hear().await else { panic!() };
            assert_eq!(problem.code, Code::Disconnected);
            assert!(problem.detail.contains(words), "{problem}");
        }
    }

    #[tokio::test]
    async fn a_stop_ends_the_waiting() {
        let (_far, near) = tokio::io::duplex(64);
        let stop = CancellationToken::new();
        let mut conversation = Conversation::new(near, Duration::from_secs(3600), 100, stop.clone());
        stop.cancel();
        assert!(matches!(conversation.hear().await, Err(Halt::Asked)));
    }
}
