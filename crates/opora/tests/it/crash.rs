//! kill -9 at random moments of the circle: what was acknowledged is there exactly once.
//!
//! Four mail servers hand in mail and repeat what was not acknowledged; a script answers tickets and repeats what it got no
//! answer to, under the same idempotency key; a mail server takes the answers. Meanwhile the program is killed again and
//! again. `OPORA_KILLS` says how often (40 when absent; the figures in the changelog are from 200).

use crate::lmtp::Lmtp;
use crate::node::{Api, Home, Node};
use opora_testkit::port::free_port;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[test]
fn nothing_acknowledged_is_lost_or_doubled_on_sqlite() {
    kill_again_and_again(Home::sqlite());
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn nothing_acknowledged_is_lost_or_doubled_on_postgres() {
    kill_again_and_again(Home::postgres());
}

/// So many answers are on their way at once (crates/opora/src/work/send.rs).
const AT_ONCE: u64 = 8;

fn kills() -> u32 {
    std::env::var("OPORA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

fn kill_again_and_again(home: Home) {
    let sink = SmtpSink::start();
    let token = home.token();
    let smtp = format!("smtp://127.0.0.1:{}", sink.port);
    home.run(&["inbox", "create", "--name", "Support", "--address", "support@desk.test", "--smtp", &smtp]);
    let (http, lmtp) = (free_port(), free_port());
    let stop = Arc::new(AtomicBool::new(false));
    let acknowledged = Arc::new(AtomicU64::new(0));
    let senders: Vec<_> = (0..4)
        .map(|sender| {
            let (stop, acknowledged) = (stop.clone(), acknowledged.clone());
            std::thread::spawn(move || send_until(sender, lmtp, &stop, &acknowledged))
        })
        .collect();
    let answers = {
        let (stop, token) = (stop.clone(), token.clone());
        std::thread::spawn(move || answer_until(http, &token, &stop))
    };
    for round in 0..kills() {
        let node = Node::start_on(&home, http, lmtp, &[]);
        let life = 50 + u64::from(rand::random::<u16>()) % if round % 5 == 0 { 2_000 } else { 600 };
        std::thread::sleep(Duration::from_millis(life));
        node.kill();
    }
    let node = Node::start_on(&home, http, lmtp, &[]);
    stop.store(true, Ordering::SeqCst);
    for sender in senders {
        sender.join().unwrap();
    }
    let answered = answers.join().unwrap();
    let accepted = acknowledged.load(Ordering::SeqCst);
    assert!(accepted > 0 && !answered.is_empty(), "{accepted} mails, {} answers", answered.len());
    check(&node, &token, accepted, &answered, &sink);
}

fn check(node: &Node, token: &str, accepted: u64, answered: &[String], sink: &SmtpSink) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let api = node.api(token);
    runtime.block_on(async {
        assert_eq!(drained(&api, accepted).await, accepted, "a mail became two tickets, or none");
        let mut subjects: BTreeMap<String, u64> = BTreeMap::new();
        let mut cursor = String::new();
        loop {
            let page = api.get(&format!("/tickets?limit=1000&sort=id&cursor={cursor}")).await;
            for ticket in page["items"].as_array().unwrap() {
                *subjects.entry(ticket["subject"].as_str().unwrap().to_owned()).or_default() += 1;
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(subjects.len() as u64, accepted, "a mail is missing");
    });
    let begun = std::time::Instant::now();
    loop {
        let arrived = sink.answers();
        let missing = answered.iter().filter(|text| !arrived.contains_key(*text)).count();
        if missing == 0 {
            let doubled: u64 = arrived.values().map(|n| n - 1).sum();
            println!(
                "{accepted} mails and {} answers, 0 lost; {doubled} answers arrived twice under one Message-ID",
                answered.len()
            );
            // The one window that cannot be closed: killed between the server's 250 and our own commit. At most what was
            // in hand at each kill can go twice.
            assert!(doubled <= u64::from(kills()) * AT_ONCE, "{doubled} of {} answers doubled", answered.len());
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{missing} answers were never sent");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Hands in mail after mail; one that was not acknowledged is handed in again, as every mail server does.
fn send_until(sender: u32, port: u16, stop: &AtomicBool, acknowledged: &AtomicU64) {
    let mut connection: Option<Lmtp> = None;
    for n in 0u32.. {
        let raw = format!(
            "From: Customer {sender} <c{sender}@customer.test>\r\nTo: support@desk.test\r\nSubject: question {sender}-{n}\r\nMessage-ID: <{sender}.{n}@customer.test>\r\nDate: Mon, 21 Sep 2026 10:00:00 +0000\r\n\r\nWhere is order {sender}-{n}?\r\n"
        );
        loop {
            let line = match connection.take() {
                Some(line) => Ok(line),
                None => Lmtp::connect(port),
            };
            let delivered = line.and_then(|mut line| {
                line.deliver("c@customer.test", "support@desk.test", &raw)?;
                Ok(line)
            });
            match delivered {
                Ok(line) => {
                    connection = Some(line);
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                Err(_) => std::thread::sleep(Duration::from_millis(3)),
            }
        }
        if stop.load(Ordering::SeqCst) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Answers tickets one after another, each with words of its own; repeats under the same key until there is an answer.
fn answer_until(port: u16, token: &str, stop: &AtomicBool) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let api = Api::new(port, token);
    let mut answered = Vec::new();
    for n in 1..=10_000i64 {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let text = format!("answer-{n}.");
        let body = json!({ "kind": "reply", "body_text": text });
        loop {
            match runtime.block_on(api.try_post(&format!("/tickets/{n}/messages"), &format!("answer-key-{n}"), &body)) {
                Some((201, _)) => {
                    answered.push(text);
                    break;
                }
                Some((404, _)) if stop.load(Ordering::SeqCst) => return answered,
                // A number taken by a transaction that was killed is never given again.
                Some((404, _)) if runtime.block_on(newest(&api)) > Some(n) => break,
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }
    answered
}

/// How many tickets there are once there are enough of them; waits as long as their number grows.
async fn drained(api: &Api, accepted: u64) -> u64 {
    let (mut total, mut grew) = (0, std::time::Instant::now());
    while total < accepted && grew.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = api.get("/tickets?limit=1").await["total"].as_u64().unwrap();
        if now > total {
            (total, grew) = (now, std::time::Instant::now());
        }
    }
    total
}

async fn newest(api: &Api) -> Option<i64> {
    api.try_get("/tickets?limit=1&sort=-id").await?["items"][0]["id"].as_i64()
}

/// A mail server that takes everything and remembers each answer by its words, and how many times it came.
struct SmtpSink {
    port: u16,
    taken: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl SmtpSink {
    fn start() -> SmtpSink {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(BTreeMap::new()));
        let shared = taken.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                std::thread::spawn(move || converse(stream, &shared));
            }
        });
        SmtpSink { port, taken }
    }

    fn answers(&self) -> BTreeMap<String, u64> {
        self.taken.lock().unwrap().clone()
    }
}

fn converse(stream: TcpStream, taken: &Mutex<BTreeMap<String, u64>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    writer.write_all(b"220 sink\r\n").ok()?;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let reply = match line.get(..4)?.to_ascii_uppercase().as_str() {
            "DATA" => {
                writer.write_all(b"354 go on\r\n").ok()?;
                let words = message(&mut reader)?;
                *taken.lock().unwrap().entry(words).or_default() += 1;
                "250 taken"
            }
            "QUIT" => return writer.write_all(b"221 bye\r\n").ok(),
            _ => "250 ok",
        };
        writer.write_all(format!("{reply}\r\n").as_bytes()).ok()?;
    }
}

fn message(reader: &mut impl BufRead) -> Option<String> {
    let mut words = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line == "." {
            return Some(words);
        }
        if line.starts_with("answer-") {
            words = line.to_owned();
        }
    }
}
