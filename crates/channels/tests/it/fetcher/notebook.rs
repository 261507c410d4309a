//! The house behind the fetcher, for tests: it writes everything into a notebook one can watch.

use std::{sync::Arc, time::Duration};

use opora_channels::mail::{
    Code, Endpoint, Login, Problem,
    fetcher::{Found, Mailbox, Options, PassedOver, Position, StoreError, run},
};
use tokio::{sync::watch, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

#[derive(Debug, Clone, Default)]
pub struct Notes {
    pub cursor: Option<Position>,
    pub found: Vec<Found>,
    pub passed_over: Vec<PassedOver>,
    pub troubles: Vec<Problem>,
    /// How often the mailbox was read to its end.
    pub healthy: usize,
    /// Messages with this in them cannot be written down.
    pub refuse: Option<&'static str>,
}

impl Notes {
    /// The subjects in the order they were written down.
    pub fn subjects(&self) -> Vec<String> {
        self.found.iter().map(|found| subject(&found.raw)).collect()
    }

    pub fn has_trouble(&self, code: Code) -> bool {
        self.troubles.iter().any(|problem| problem.code == code)
    }
}

pub fn subject(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let line = text.lines().find_map(|line| line.strip_prefix("Subject: "));
    line.unwrap_or("(none)").to_owned()
}

#[derive(Debug, Clone)]
pub struct Notebook(Arc<watch::Sender<Notes>>);

impl Notebook {
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Notes::default())))
    }

    pub fn notes(&self) -> Notes {
        self.0.borrow().clone()
    }

    pub fn change(&self, change: impl FnOnce(&mut Notes)) {
        self.0.send_modify(change);
    }

    /// Waits until the notes fit.
    pub async fn until(&self, fits: impl FnMut(&Notes) -> bool) -> Notes {
        let mut watching = self.0.subscribe();
        match timeout(Duration::from_secs(30), watching.wait_for(fits)).await {
            Ok(notes) => notes.unwrap().clone(),
            Err(_) => panic!("waited in vain; the notes: {:#?}", self.notes()),
        }
    }

    pub async fn until_subjects(&self, subjects: &[&str]) -> Notes {
        self.until(|notes| notes.subjects().len() >= subjects.len()).await;
        let notes = self.notes();
        assert_eq!(notes.subjects(), subjects);
        notes
    }

    /// Reads a mailbox into this notebook until the [`Fetching`] is dropped or stopped.
    pub fn fetch(&self, endpoint: &Endpoint, login: &Login, options: Options) -> Fetching {
        let (notebook, endpoint, login) = (self.clone(), endpoint.clone(), login.clone());
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let running = tokio::spawn(async move { run(&endpoint, &login, &notebook, &options, stop).await });
        Fetching { shutdown, running: Some(running) }
    }
}

impl Mailbox for Notebook {
    async fn cursor(&self) -> Result<Option<Position>, StoreError> {
        Ok(self.notes().cursor)
    }

    async fn store(&self, found: Found) -> Result<(), StoreError> {
        let refused = self.0.borrow().refuse.is_some_and(|refused| subject(&found.raw) == refused);
        if refused {
            return Err(StoreError("out of ink".into()));
        }
        self.change(|notes| notes.found.push(found));
        Ok(())
    }

    async fn pass_over(&self, passed: PassedOver) -> Result<(), StoreError> {
        self.change(|notes| notes.passed_over.push(passed));
        Ok(())
    }

    async fn advance(&self, position: Position) -> Result<(), StoreError> {
        self.change(|notes| {
            let known = notes.found.iter().map(|found| found.uid).chain(notes.passed_over.iter().map(|p| p.uid));
            assert!(notes.cursor.is_none() || known.max() >= Some(position.last_uid), "a cursor ahead of its messages");
            notes.cursor = Some(position);
        });
        Ok(())
    }

    async fn trouble(&self, problem: Problem) {
        self.change(|notes| notes.troubles.push(problem));
    }

    async fn healthy(&self) {
        self.change(|notes| notes.healthy += 1);
    }
}

/// A fetcher at work.
pub struct Fetching {
    shutdown: CancellationToken,
    running: Option<JoinHandle<()>>,
}

impl Fetching {
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        let running = self.running.take().unwrap();
        timeout(Duration::from_secs(10), running).await.expect("the fetcher stops").unwrap();
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}
