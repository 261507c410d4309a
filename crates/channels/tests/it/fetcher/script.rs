//! An IMAP server that plays a part, for what a real one would not do on request.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What the server says to a command that contains this: lines, the last one without its tag (`OK done`); what stands
/// behind a `|` in it comes as a further line.
pub type Part = (&'static str, String);

/// Hang up instead of answering.
pub const HANG_UP: &str = "HANG UP";

pub struct Script {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Script {
    /// Each connection plays the next act; the last act repeats. The last part that fits a command answers it, and
    /// what fits no part is `OK`.
    pub async fn play(acts: Vec<Vec<Part>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let script =
            Self { port: listener.local_addr().unwrap().port(), heard: Arc::default(), connections: Arc::default() };
        let (heard, connections) = (script.heard.clone(), script.connections.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = connections.fetch_add(1, Ordering::SeqCst);
                let act = acts[number.min(acts.len() - 1)].clone();
                let heard = heard.clone();
                tokio::spawn(async move { perform(stream, &act, &heard).await });
            }
        });
        script
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn perform(stream: TcpStream, act: &[Part], heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let greeting = act.iter().find(|(start, _)| *start == "<greeting>").map_or("* OK hello", |(_, words)| words);
    stream.write_all(format!("{greeting}\r\n").as_bytes()).await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        heard.lock().unwrap().push(line.to_owned());
        let (tag, command) = line.split_once(' ').unwrap_or((line, ""));
        let answer = act.iter().rev().find(|(part, _)| command.contains(part)).map(|(_, answer)| answer.clone());
        let answer = answer.unwrap_or_else(|| "OK done".to_owned());
        if answer == HANG_UP {
            return Ok(());
        }
        let (said, done) = answer.rsplit_once('\n').map_or(("", answer.as_str()), |(said, done)| (said, done));
        let said = said.lines().map(|line| format!("{}\r\n", line.trim_end())).collect::<String>();
        let done = done.replace('|', "\r\n");
        stream.write_all(format!("{said}{tag} {done}\r\n").as_bytes()).await?;
    }
}
