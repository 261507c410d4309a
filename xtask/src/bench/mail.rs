//! The mail path: how many messages a second are accepted, each durable before its 250, and how soon a person sees one.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::http::Client;
use super::limit::Limits;
use super::message::{Message, Writer};
use super::report::{Reach, Report};
use super::server::{INBOX, PROBE_INBOX, Server};
use super::{Size, median, milliseconds, percentile};

/// One LMTP connection, used for many messages as Postfix does it: envelope in one write, the data in a second one.
struct Lmtp {
    stream: BufReader<TcpStream>,
}

impl Lmtp {
    fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).context("the LMTP port is closed")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut lmtp = Self { stream: BufReader::new(stream) };
        lmtp.expect("220")?;
        lmtp.write(b"LHLO bench.opora.example\r\n")?;
        lmtp.expect("250")?;
        Ok(lmtp)
    }

    fn send(&mut self, message: &Message) -> Result<()> {
        let Message { from, to, raw } = message;
        self.write(format!("MAIL FROM:<{from}> BODY=8BITMIME\r\nRCPT TO:<{to}>\r\nDATA\r\n").as_bytes())?;
        self.expect("250")?;
        self.expect("250")?;
        self.expect("354")?;
        // The messages of this bench have no line that begins with a dot.
        let mut data = Vec::with_capacity(raw.len() + 5);
        data.extend_from_slice(raw);
        data.extend_from_slice(b".\r\n");
        self.write(&data)?;
        self.expect("250")
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.get_mut().write_all(bytes)?)
    }

    fn expect(&mut self, code: &str) -> Result<()> {
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                bail!("the LMTP server closed the connection");
            }
            if !line.starts_with(code) {
                bail!("the LMTP server said: {}", line.trim_end());
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(());
            }
        }
    }
}

/// Delivers the messages in order over one connection.
pub fn deliver(address: SocketAddr, messages: &[Message]) -> Result<()> {
    let mut lmtp = Lmtp::connect(address)?;
    messages.iter().try_for_each(|message| lmtp.send(message))
}

/// Accepted messages a second, with one sender and with four; then whether each conversation became one ticket.
pub fn rates(report: &mut Report, server: &Server, limits: &Limits, size: &Size) {
    let mut conversations = 0;
    let mut seed = 1;
    for (senders, reach) in [(1, 500.0), (4, 1500.0)] {
        let work = format!("mail by LMTP, durable before the 250, {senders} at a time");
        let mut rates = Vec::new();
        for _ in 0..size.rounds {
            let batches: Vec<Vec<Message>> = (0..senders)
                .map(|_| {
                    seed += 1;
                    let (messages, begun) = Writer::new(seed).stream(size.messages, INBOX);
                    conversations += begun;
                    messages
                })
                .collect();
            match together(server.lmtp, &batches) {
                Ok(rate) => rates.push(rate),
                Err(error) => return report.missing(&work, &error),
            }
        }
        report.add(&work, median(rates), "/s", Reach::AtLeast(reach), limits.of_writes());
    }
    let work = "  … and all of it became tickets after the last 250";
    match drained(server, conversations) {
        Ok(seconds) => report.add(work, seconds, "s", Reach::Nothing, format!("{conversations} tickets, exactly")),
        Err(error) => report.missing(work, &error),
    }
}

/// One sender a batch, all at once; messages a second.
fn together(address: SocketAddr, batches: &[Vec<Message>]) -> Result<f64> {
    let started = Instant::now();
    thread::scope(|scope| {
        let senders: Vec<_> = batches.iter().map(|batch| scope.spawn(move || deliver(address, batch))).collect();
        senders.into_iter().try_for_each(|sender| sender.join().unwrap_or_else(|_| bail!("a sender died")))
    })?;
    Ok(batches.iter().map(Vec::len).sum::<usize>() as f64 / started.elapsed().as_secs_f64())
}

fn drained(server: &Server, conversations: u64) -> Result<f64> {
    let mut client = server.client()?;
    let (started, mut before, mut moved) = (Instant::now(), 0, Instant::now());
    loop {
        let total = client.total("/api/v1/tickets?q=&limit=1")?;
        if total == conversations {
            return Ok(started.elapsed().as_secs_f64());
        }
        if total != before {
            (before, moved) = (total, Instant::now());
        }
        if total > conversations || moved.elapsed() > Duration::from_secs(30) {
            bail!("{conversations} conversations became {total} tickets");
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// From the 250 to the list and to search: at rest, and the list again while four others send.
pub fn way_to_the_screen(report: &mut Report, server: &Server, size: &Size) {
    let listed = |_: &str| format!("/api/v1/tickets?q=inbox:{}&limit=5&sort=created", server.probe_inbox);
    let searched = |word: &str| format!("/api/v1/search?q={word}&limit=1");
    probe(report, server, size, "mail on the list after its 250, at rest", 8_000_001, listed);
    probe(report, server, size, "mail found by search after its 250, at rest", 8_000_002, searched);
    let busy = AtomicBool::new(true);
    thread::scope(|scope| {
        for sender in 0..4_u64 {
            let busy = &busy;
            scope.spawn(move || {
                let (messages, _) = Writer::new(9_000_000 + sender).stream(size.messages * 20, INBOX);
                let Ok(mut lmtp) = Lmtp::connect(server.lmtp) else { return };
                for message in &messages {
                    if !busy.load(Ordering::Relaxed) || lmtp.send(message).is_err() {
                        return;
                    }
                }
            });
        }
        let work = "mail on the list after its 250, while four others send";
        probe(report, server, size, work, 8_000_003, listed);
        busy.store(false, Ordering::Relaxed);
    });
}

/// Sends single messages with a word of their own and asks `path` after each until the answer holds that word.
fn probe(report: &mut Report, server: &Server, size: &Size, work: &str, seed: u64, path: impl Fn(&str) -> String) {
    let measured = || -> Result<(f64, f64)> {
        let mut client = server.client()?;
        let mut lmtp = Lmtp::connect(server.lmtp)?;
        let mut times = Vec::new();
        for number in 0..size.probes as u64 {
            let word = format!("word{}", seed * 1_000 + number);
            let mut message = Writer::new(seed * 1_000 + number).conversation(1, PROBE_INBOX).remove(0);
            let subject = format!("Subject: {word} ");
            message.raw = String::from_utf8_lossy(&message.raw).replacen("Subject: ", &subject, 1).into_bytes();
            lmtp.send(&message)?;
            times.push(seen(&mut client, &path(&word), &word)?);
        }
        let p50 = percentile(&mut times, 0.5);
        Ok((p50, percentile(&mut times, 1.0)))
    };
    match measured() {
        Ok((p50, worst)) => {
            report.add(&format!("{work}, p50"), p50, "ms", Reach::AtMost(1000.0), "");
            report.add(&format!("{work}, worst of {}", size.probes), worst, "ms", Reach::AtMost(1000.0), "");
        }
        Err(error) => report.missing(work, &error),
    }
}

fn seen(client: &mut Client, path: &str, word: &str) -> Result<f64> {
    let started = Instant::now();
    while !String::from_utf8_lossy(&client.get(path)?.body).contains(word) {
        if started.elapsed() > Duration::from_secs(30) {
            bail!("not there after thirty seconds");
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(milliseconds(started.elapsed()))
}
