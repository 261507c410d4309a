//! A wire between the store and a PostgreSQL server that a test can cut.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Forwards every connection to the server, and cuts a connection when `word` is about to pass for the n-th time.
pub struct Wire {
    port: u16,
    cuts: Arc<AtomicU32>,
}

impl Wire {
    /// A wire to the server in `url` that is cut the next `cuts` times a client says `word`. Whether the server still
    /// hears the word is up to `server_hears_it`.
    pub fn to(url: &str, word: &'static str, cuts: u32, server_hears_it: bool) -> Wire {
        let server = host_and_port(url);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::new(AtomicU32::new(cuts));
        let cuts = Arc::clone(&left);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
                let left = Arc::clone(&left);
                let (from_server, to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || forward(from_server, to_client));
                std::thread::spawn(move || talk(client, server, word, &left, server_hears_it));
            }
        });
        Wire { port, cuts }
    }

    /// The same address, by way of this wire.
    pub fn address(&self, url: &str) -> String {
        url.replacen(&host_and_port(url), &format!("127.0.0.1:{}", self.port), 1)
    }

    /// How often it will still be cut.
    pub fn cuts_left(&self) -> u32 {
        self.cuts.load(Ordering::SeqCst)
    }
}

fn host_and_port(url: &str) -> String {
    let rest = url.split_once("://").unwrap().1;
    let authority = rest.split(['/', '?']).next().unwrap();
    authority.rsplit_once('@').map_or(authority, |(_, host)| host).to_owned()
}

fn talk(mut client: TcpStream, mut server: TcpStream, word: &str, left: &AtomicU32, server_hears_it: bool) {
    let mut buffer = [0u8; 16 * 1024];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let said = buffer[..length].windows(word.len()).any(|window| window == word.as_bytes());
        let cut = said && left.try_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok();
        if cut {
            // The client goes deaf first, so the server's answer never arrives.
            let _ = client.shutdown(Shutdown::Both);
        }
        if cut && !server_hears_it || server.write_all(&buffer[..length]).is_err() {
            break;
        }
        if cut {
            // Give the server its word; it notices the end of the line after it acted.
            let _ = server.shutdown(Shutdown::Write);
            return;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}

fn forward(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
}
