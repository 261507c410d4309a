//! What the machine itself can do, measured in the same run: no product can be faster, and a slow day of the machine
//! shows here first.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::Result;

use super::http::Client;
use super::report::{Reach, Report};
use super::{Size, median, milliseconds, percentile};

/// About as much as a page of the ticket list.
const ANSWER_BYTES: usize = 32 * 1024;

pub struct Limits {
    /// Appends of 8 KiB made durable one after the other, a second.
    pub syncs: f64,
    /// A kept-alive HTTP exchange over loopback with a fixed answer of 32 KiB, in milliseconds.
    pub loopback_p50: f64,
    pub loopback_p99: f64,
}

impl Limits {
    /// Adds the rows.
    pub fn tell(&self, report: &mut Report) {
        report.add("machine: fdatasync of 8 KiB, one after the other", self.syncs, "/s", Reach::Nothing, "");
        report.add("machine: HTTP over loopback, fixed 32 KiB, p50", self.loopback_p50, "ms", Reach::Nothing, "");
        report.add("machine: HTTP over loopback, fixed 32 KiB, p99", self.loopback_p99, "ms", Reach::Nothing, "");
    }

    /// What stands beside a figure of mail.
    pub fn of_writes(&self) -> String {
        format!("fdatasync {:.0}/s", self.syncs)
    }

    /// What stands beside a figure of HTTP.
    pub fn of_reads(&self) -> String {
        format!("bare loopback HTTP {:.3} / {:.3} ms", self.loopback_p50, self.loopback_p99)
    }
}

/// Measures them in this folder, which should be on the disk the departments are on.
pub fn measure(size: &Size, folder: &Path) -> Result<Limits> {
    let mut rates = Vec::new();
    for round in 0..size.rounds {
        rates.push(syncs(&folder.join(format!("sync-{round}")), size.messages)?);
    }
    let address = fixed_server()?;
    let (mut p50, mut p99) = (Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        let mut client = Client::new(address, None)?;
        let mut times = Vec::with_capacity(size.requests);
        for _ in 0..size.requests {
            let started = Instant::now();
            client.get("/")?;
            times.push(milliseconds(started.elapsed()));
        }
        p50.push(percentile(&mut times, 0.5));
        p99.push(percentile(&mut times, 0.99));
    }
    Ok(Limits { syncs: median(rates), loopback_p50: median(p50), loopback_p99: median(p99) })
}

fn syncs(file: &Path, times: usize) -> Result<f64> {
    let block = [0x5a_u8; 8192];
    let mut file = File::create(file)?;
    let started = Instant::now();
    for _ in 0..times {
        file.write_all(&block)?;
        file.sync_data()?;
    }
    Ok(times as f64 / started.elapsed().as_secs_f64())
}

/// A server of one answer; it lives as long as this program.
fn fixed_server() -> Result<std::net::SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(&stream));
        }
    });
    Ok(address)
}

fn answer(stream: &TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    let mut whole = format!("HTTP/1.1 200 OK\r\nContent-Length: {ANSWER_BYTES}\r\n\r\n").into_bytes();
    whole.resize(whole.len() + ANSWER_BYTES, b' ');
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            writer.write_all(&whole).ok()?;
        }
    }
}
