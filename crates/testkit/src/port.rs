//! Ports for servers a test starts. A server that is only told its port cannot hold it before it runs, so a port must be
//! nobody else's in between: it lies below those that the system hands out by itself (a connection made meanwhile does
//! not take it), and a locked file keeps every other test away from it until this process ends.

use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};

const FIRST: u16 = 20_000;
const MANY: u16 = 12_000;

static TAKEN: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A port of 127.0.0.1 that is this process's alone.
///
/// # Panics
/// There is none.
pub fn free_port() -> u16 {
    let folder = std::env::temp_dir().join("opora-test-ports");
    if let Err(error) = fs::create_dir_all(&folder) {
        panic!("no folder for the ports' locks: {error}");
    }
    let begin = rand::random_range(0..MANY);
    for port in (0..MANY).map(|n| FIRST + (begin + n) % MANY) {
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(port.to_string()));
        let Ok(lock) = lock else { continue };
        if lock.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            TAKEN.lock().unwrap_or_else(PoisonError::into_inner).push(lock);
            return port;
        }
    }
    panic!("no port from {FIRST} to {} is free", FIRST + MANY);
}

/// So many of them.
pub fn free_ports<const N: usize>() -> [u16; N] {
    std::array::from_fn(|_| free_port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_port_is_handed_out_once_even_while_nobody_listens_there() {
        let ports: BTreeSet<u16> = (0..200).map(|_| free_port()).collect();
        assert_eq!(ports.len(), 200);
        assert!(ports.iter().all(|port| (FIRST..FIRST + MANY).contains(port)));
    }
}
