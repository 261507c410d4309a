//! A client that says exactly the bytes it is told to, and hears whole answers.

use std::{path::Path, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

pub trait Pipe: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Pipe for T {}

/// A conversation with a server.
pub struct Talk<T = TcpStream> {
    stream: T,
    input: Vec<u8>,
}

/// Longer than this is a hang.
const PATIENCE: Duration = Duration::from_secs(20);

impl Talk {
    /// Connects and hears the greeting.
    pub async fn with(port: u16) -> Self {
        let (talk, greeting) = Self::greeted(port).await;
        assert!(greeting.starts_with("220 "), "{greeting}");
        talk
    }

    /// Connects; whatever the greeting is.
    pub async fn greeted(port: u16) -> (Self, String) {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut talk = Talk { stream, input: Vec::new() };
        let greeting = talk.hear().await;
        (talk, greeting)
    }
}

impl Talk<UnixStream> {
    pub async fn over_unix(path: &Path) -> Self {
        let mut talk = Talk { stream: UnixStream::connect(path).await.unwrap(), input: Vec::new() };
        assert!(talk.hear().await.starts_with("220 "));
        talk
    }
}

impl<T: Pipe> Talk<T> {
    /// The same conversation on another stream (after a TLS handshake).
    pub fn on<U>(stream: U) -> Talk<U> {
        Talk { stream, input: Vec::new() }
    }

    pub fn into_stream(self) -> T {
        assert!(self.input.is_empty(), "unread: {:?}", String::from_utf8_lossy(&self.input));
        self.stream
    }

    pub async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// One whole answer, all lines. Empty: the other side hung up.
    pub async fn hear(&mut self) -> String {
        timeout(PATIENCE, self.hear_patiently()).await.expect("an answer in time")
    }

    async fn hear_patiently(&mut self) -> String {
        let mut answer = String::new();
        loop {
            while let Some(at) = self.input.iter().position(|&b| b == b'\n') {
                let line: Vec<u8> = self.input.drain(..=at).collect();
                let line = String::from_utf8(line).unwrap();
                answer.push_str(&line);
                if line.as_bytes().get(3) != Some(&b'-') {
                    return answer.trim_end().to_owned();
                }
            }
            let mut chunk = [0; 4096];
            match self.stream.read(&mut chunk).await {
                Ok(0) | Err(_) => return String::new(),
                Ok(n) => self.input.extend_from_slice(&chunk[..n]),
            }
        }
    }

    pub async fn ask(&mut self, line: &str) -> String {
        self.say(format!("{line}\r\n")).await;
        self.hear().await
    }

    /// Asks and wants an answer that starts so.
    pub async fn ask_for(&mut self, line: &str, wanted: &str) {
        let answer = self.ask(line).await;
        assert!(answer.starts_with(wanted), "{line} → {answer}, wanted {wanted}");
    }

    pub async fn hear_of(&mut self, wanted: &str) {
        let answer = self.hear().await;
        assert!(answer.starts_with(wanted), "heard {answer:?}, wanted {wanted}");
    }

    /// Hello, MAIL, RCPT and DATA up to the 354.
    pub async fn begin_message(&mut self, hello: &str) {
        self.ask_for(&format!("{hello} client.test"), "250").await;
        self.ask_for("MAIL FROM:<anna@client.test>", "250").await;
        self.ask_for("RCPT TO:<support@desk.test>", "250").await;
        self.ask_for("DATA", "354").await;
    }
}
