//! Resident memory, idle and loaded, and the cold start.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::report::{Reach, Report};
use super::server::{Department, Server};
use super::{Size, median, milliseconds};

/// How many people look at the large department.
const LIVE: usize = 50;

/// Three seconds after the start of an empty department.
pub fn idle(report: &mut Report, server: &Server) {
    thread::sleep(Duration::from_secs(3));
    resident(report, server, "resident, idle", 60.0);
}

/// After the reads of this run, with fifty live sockets open.
pub fn loaded(report: &mut Report, server: &Server, tickets: u64) {
    let work = format!("resident, {tickets} tickets and {LIVE} live agents");
    match live_sockets(server) {
        Ok(sockets) => {
            thread::sleep(Duration::from_secs(2));
            resident(report, server, &work, 300.0);
            drop(sockets);
        }
        Err(error) => report.missing(&work, &error),
    }
}

fn resident(report: &mut Report, server: &Server, work: &str, reach: f64) {
    match (server.memory("VmRSS"), server.memory("RssAnon")) {
        (Ok(resident), Ok(own)) => {
            report.add(work, resident, "MB", Reach::AtMost(reach), format!("{own:.1} MB of it not files"));
        }
        (Err(error), _) | (_, Err(error)) => report.missing(work, &error),
    }
}

/// From the start of the process to the first answer, the page cache being warm.
pub fn cold_start(report: &mut Report, department: &Department, size: &Size) {
    let (mut ready, mut listed) = (Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        let started = Instant::now();
        let answered = department.serve().and_then(|server| {
            server.client()?.get("/api/v1/tickets?q=&limit=50&sort=updated")?;
            listed.push(milliseconds(started.elapsed()));
            ready.push(milliseconds(server.ready_after));
            Ok(())
        });
        if let Err(error) = answered {
            return report.missing("start with the large department", &error);
        }
    }
    let work = format!("start to ready, {} tickets", size.large);
    report.add(&work, median(ready), "ms", Reach::AtMost(1000.0), "page cache warm");
    let work = format!("start to the first list, {} tickets", size.large);
    report.add(&work, median(listed), "ms", Reach::AtMost(1000.0), "page cache warm");
}

fn live_sockets(server: &Server) -> Result<Vec<TcpStream>> {
    let cookie = server.cookie()?;
    (0..LIVE).map(|_| live_socket(server, &cookie)).collect()
}

/// Opens a WebSocket and leaves it open; what comes in stays unread in the kernel's buffer.
fn live_socket(server: &Server, cookie: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(server.http)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let request = format!(
        "GET /api/v1/live HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        host = server.http
    );
    (&stream).write_all(request.as_bytes())?;
    let mut status = String::new();
    BufReader::new(&stream).read_line(&mut status)?;
    if !status.contains(" 101 ") {
        bail!("the live socket answered: {}", status.trim_end());
    }
    Ok(stream)
}
