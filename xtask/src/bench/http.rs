//! Reading through HTTP, one kept-alive connection, as a browser does it: the list, a ticket, search.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::limit::Limits;
use super::message::Writer;
use super::report::{Reach, Report};
use super::server::{INBOX, Server};
use super::{Size, mail, median, milliseconds, percentile};

/// One kept-alive connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    authorization: String,
}

/// A good answer.
pub struct Answer {
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name, in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).context("the answer is not JSON")
    }
}

impl Client {
    /// Connects.
    pub fn new(address: SocketAddr, token: Option<&str>) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let authorization = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
        Ok(Self { stream: BufReader::with_capacity(64 * 1024, stream), authorization })
    }

    /// Asks for a path; anything but a 2xx is an error.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", self.authorization);
        self.exchange(path, request.as_bytes())
    }

    /// Sends JSON.
    pub fn post(&mut self, path: &str, body: &Value) -> Result<Answer> {
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.authorization,
            body.len()
        );
        self.exchange(path, request.as_bytes())
    }

    /// How many there are in all, of a list.
    pub fn total(&mut self, path: &str) -> Result<u64> {
        self.get(path)?.json()?["total"].as_u64().with_context(|| format!("{path} has no total"))
    }

    fn exchange(&mut self, path: &str, request: &[u8]) -> Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let status = self.line()?;
        let code = status.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':') {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        let mut answer = Answer { headers, body: Vec::new() };
        if answer.header("transfer-encoding").is_some_and(|encoding| encoding.contains("chunked")) {
            loop {
                let length = usize::from_str_radix(self.line()?.split(';').next().unwrap_or_default().trim(), 16)?;
                self.take(length, &mut answer.body)?;
                self.line()?;
                if length == 0 {
                    break;
                }
            }
        } else if let Some(length) = answer.header("content-length").and_then(|length| length.parse().ok()) {
            self.take(length, &mut answer.body)?;
        }
        if !code.starts_with('2') {
            let said = String::from_utf8_lossy(&answer.body).chars().take(120).collect::<String>();
            bail!("{} answered {code} {said}", path.split('?').next().unwrap_or_default());
        }
        Ok(answer)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }

    fn take(&mut self, length: usize, into: &mut Vec<u8>) -> Result<()> {
        let start = into.len();
        into.resize(start + length, 0);
        Ok(self.stream.read_exact(&mut into[start..])?)
    }
}

/// The ticket list with its exact count, as the workspace asks for it.
pub fn lists(report: &mut Report, server: &Server, limits: &Limits, size: &Size, tickets: u64, p50: f64) {
    for (name, query) in
        [("the view of open tickets", "status:new,open"), ("not yet solved", "is:open"), ("all tickets", "")]
    {
        let path = format!("/api/v1/tickets?q={query}&limit=50&sort=updated");
        let work = format!("list, {name} of {tickets}, 50 with exact count");
        times(report, server, limits, size, &work, p50, &[path]);
    }
}

/// Words, an inflected word in each language, two words, a number. The index is built first, if the start found none.
pub fn searches(report: &mut Report, server: &Server, limits: &Limits, size: &Size, tickets: u64) {
    let words = ["посылки", "возврат денег", "batteries", "refund", "delivery late", "заказ 1024"];
    let paths: Vec<String> =
        words.iter().map(|words| format!("/api/v1/search?q={}&limit=20", in_path(words))).collect();
    let work = format!("search in {tickets} tickets");
    match settled(server, &paths) {
        Ok(found) => {
            times(report, server, limits, size, &work, 5.0, &paths);
            report.add(&format!("{work}, found in all"), found as f64, "tickets", Reach::Nothing, "of six questions");
        }
        Err(error) => report.missing(&work, &error),
    }
}

/// How much is found, once that has not grown for three seconds.
fn settled(server: &Server, paths: &[String]) -> Result<u64> {
    let mut client = server.client()?;
    let (mut found, mut since, started) = (0, Instant::now(), Instant::now());
    loop {
        let mut now = 0;
        for path in paths {
            now += client.total(path)?;
        }
        if now != found {
            (found, since) = (now, Instant::now());
        } else if found > 0 && since.elapsed() > Duration::from_secs(3) {
            return Ok(found);
        }
        if started.elapsed() > Duration::from_secs(1800) {
            bail!("the index is not built after half an hour");
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// A ticket of twenty messages and a very long one, both grown by mail.
pub fn threads(report: &mut Report, server: &Server, limits: &Limits, size: &Size) {
    for (length, p50) in [(20, 3.0), (size.thread, 10.0)] {
        let work = format!("open a ticket of {length} messages");
        match grow(server, length) {
            Ok(id) => times(report, server, limits, size, &work, p50, &[format!("/api/v1/tickets/{id}")]),
            Err(error) => report.missing(&work, &error),
        }
    }
}

/// Sends a conversation of this length and waits until all of it is in one ticket, whose id is given.
fn grow(server: &Server, length: usize) -> Result<u64> {
    let mut writer = Writer::new(length as u64 + 7_000_000);
    let messages = writer.conversation(length, INBOX);
    mail::deliver(server.lmtp, &messages)?;
    let mut client = server.client()?;
    let started = Instant::now();
    loop {
        let newest = client.get("/api/v1/tickets?q=&limit=1&sort=updated")?.json()?;
        let ticket = &newest["items"][0];
        if ticket["message_count"].as_u64() == Some(length as u64) {
            return ticket["id"].as_u64().context("a ticket has no id");
        }
        if started.elapsed() > Duration::from_secs(300) {
            bail!("the newest ticket has {} of {length} messages after five minutes", ticket["message_count"]);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Asks for the paths in turn and adds p50 and p99.
fn times(report: &mut Report, server: &Server, limits: &Limits, size: &Size, work: &str, reach: f64, paths: &[String]) {
    let rounds = || -> Result<(f64, f64)> {
        let mut client = server.client()?;
        for path in paths {
            client.get(path)?;
        }
        let (mut p50, mut p99) = (Vec::new(), Vec::new());
        for _ in 0..size.rounds {
            let mut times = Vec::with_capacity(size.requests);
            for path in paths.iter().cycle().take(size.requests) {
                let started = Instant::now();
                client.get(path)?;
                times.push(milliseconds(started.elapsed()));
            }
            p50.push(percentile(&mut times, 0.5));
            p99.push(percentile(&mut times, 0.99));
        }
        Ok((median(p50), median(p99)))
    };
    match rounds() {
        Ok((p50, p99)) => {
            report.add(&format!("{work}, p50"), p50, "ms", Reach::AtMost(reach), limits.of_reads());
            report.add(&format!("{work}, p99"), p99, "ms", Reach::AtMost(5.0 * p50), "reach: five times p50");
        }
        Err(error) => report.missing(work, &error),
    }
}

/// Percent-encodes a query's value.
pub fn in_path(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_goes_into_a_path_byte_by_byte() {
        assert_eq!(in_path("is:open ё"), "is%3Aopen%20%D1%91");
    }
}
