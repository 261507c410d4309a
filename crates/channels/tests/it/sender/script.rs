//! A mail server that plays a part: it says its lines in order, each after hearing what it waits for.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What the server does when it hears a line that starts so; an empty start is the empty line.
pub type Part = (&'static str, &'static str);

/// Hang up instead of answering.
pub const HANG_UP: &str = "HANG UP";

pub struct Script {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Script {
    /// Each connection plays the next act; the last act repeats. Within an act the last part that fits a line answers
    /// it; after DATA the whole message is one line, a dot and the text, answered by the part `.`.
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
    let mut line = "<greeting>".to_owned();
    loop {
        let usual = match line.split(' ').next().unwrap() {
            "<greeting>" => "220 script.test",
            "EHLO" => "250-script.test\r\n250 SIZE 100000",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 2.0.0 fine",
        };
        let fits = |start: &str| if start.is_empty() { line.is_empty() } else { line.starts_with(start) };
        let answer = act.iter().rev().find(|(start, _)| fits(start)).map_or(usual, |(_, answer)| answer);
        if answer == HANG_UP {
            return Ok(());
        }
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        let inside = line == "DATA" && answer.starts_with("354");
        line.clear();
        loop {
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if !inside || line == ".\r\n" || line.ends_with("\r\n.\r\n") {
                break;
            }
        }
        let said = line.trim_end_matches("\r\n").to_owned();
        heard.lock().unwrap().push(said.clone());
        line = if inside { format!(". {said}") } else { said };
    }
}
