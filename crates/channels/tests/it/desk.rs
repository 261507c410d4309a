//! A house behind the door, for tests: a list of addresses, a list of what was written down, and switches for trouble.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use opora_channels::mail::acceptor::{Config, Door, Envelope, Protocol, Sink, StoreError, Temporary, Verdict, serve};
use tokio::{
    net::{TcpListener, UnixListener},
    sync::{Notify, Semaphore},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// What the house knows and what it was given.
#[derive(Default)]
pub struct House {
    verdicts: Mutex<HashMap<String, Verdict>>,
    stored: Mutex<Vec<(Envelope, Bytes)>>,
    /// The house cannot say who lives here.
    pub forgetful: AtomicBool,
    /// The house cannot write.
    pub out_of_ink: AtomicBool,
    /// When there: a message is written down only with a permit.
    pub pen: Mutex<Option<Arc<Semaphore>>>,
    /// Told each time a message begins to be written down.
    pub writing: Notify,
}

impl House {
    pub fn stored(&self) -> Vec<(Envelope, Bytes)> {
        self.stored.lock().unwrap().clone()
    }

    /// The raw text of the only message there is.
    pub fn only_message(&self) -> String {
        let stored = self.stored();
        assert_eq!(stored.len(), 1, "{stored:?}");
        String::from_utf8_lossy(&stored[0].1).into_owned()
    }

    pub fn know(&self, address: &str, verdict: Verdict) {
        self.verdicts.lock().unwrap().insert(address.to_lowercase(), verdict);
    }
}

/// The sink over a [`House`].
pub struct Desk(pub Arc<House>);

impl Sink for Desk {
    async fn recipient(&self, address: &str) -> Result<Verdict, Temporary> {
        if self.0.forgetful.load(Ordering::SeqCst) {
            return Err(Temporary("the list of addresses is locked".into()));
        }
        let verdicts = self.0.verdicts.lock().unwrap();
        Ok(verdicts.get(&address.to_lowercase()).copied().unwrap_or(Verdict::Unknown))
    }

    async fn store(&self, envelope: Envelope, raw: Bytes) -> Result<(), StoreError> {
        self.0.writing.notify_one();
        let pen = self.0.pen.lock().unwrap().clone();
        if let Some(pen) = pen {
            pen.acquire().await.unwrap().forget();
        }
        if self.0.out_of_ink.load(Ordering::SeqCst) {
            return Err(StoreError("the disk is full: /secret/path".into()));
        }
        self.0.stored.lock().unwrap().push((envelope, raw));
        Ok(())
    }
}

/// An open door and the house behind it.
pub struct Running {
    pub house: Arc<House>,
    pub port: u16,
    pub shutdown: CancellationToken,
    pub serving: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

fn furnished() -> Arc<House> {
    let house = Arc::new(House::default());
    for address in ["support@desk.test", "sales@desk.test", "поддержка@desk.test", "postmaster"] {
        house.know(address, Verdict::Accept);
    }
    house.know("closed@desk.test", Verdict::Disabled);
    house
}

/// Defaults that suit tests, for one's own changes.
pub fn config(protocol: Protocol) -> Config {
    Config::new(protocol, "desk.test")
}

/// A door on a free TCP port.
pub async fn open(config: Config) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    run(listener.into(), port, config)
}

/// A door on a unix socket.
pub fn open_unix(path: &std::path::Path, config: Config) -> Running {
    run(UnixListener::bind(path).unwrap().into(), 0, config)
}

fn run(door: Door, port: u16, config: Config) -> Running {
    let house = furnished();
    let shutdown = CancellationToken::new();
    let serving = tokio::spawn(serve(door, config, Desk(house.clone()), shutdown.clone()));
    Running { house, port, shutdown, serving }
}
