//! Sends answers: claims due jobs, composes, hands over to the inbox's mail server, settles.

use super::{Wake, login, pause};
use crate::ground::Ground;
use bytes::Bytes;
use opora_base::job::{self, Job};
use opora_base::{SharedClock, Time};
use opora_channels::mail::sender::{Envelope, Fate, Sender};
use opora_channels::mail::{Endpoint, Language};
use opora_desk::mailroom::outgoing::{self, Failure, Letter};
use opora_desk::tickets::SEND_QUEUE;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

const AT_ONCE: usize = 8;
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const GATHERING: Duration = Duration::from_millis(25);

/// Carries answers away.
#[derive(Clone)]
pub struct Carrier {
    ground: Ground,
    clock: SharedClock,
    sender: Sender,
    me: Arc<str>,
    /// In a demonstration an inbox without a mail server delivers into the customer's mailbox page.
    demo: bool,
}

impl Carrier {
    /// A carrier with a sender of its own.
    pub fn new(ground: Ground, clock: SharedClock, sender: Sender, demo: bool) -> Carrier {
        Carrier { me: ground.holder.clone(), ground, clock, sender, demo }
    }

    /// Works until told to stop, then waits for what is on its way.
    pub async fn run(self, stop: CancellationToken) {
        let mut wake = Wake::gathered(&self.ground.store, GATHERING);
        let places = Arc::new(Semaphore::new(AT_ONCE));
        loop {
            let free = places.available_permits();
            let jobs = if free > 0 { self.claim(free).await } else { Vec::new() };
            let took = jobs.len();
            for job in jobs {
                let Ok(place) = places.clone().acquire_owned().await else { return };
                let carrier = self.clone();
                tokio::spawn(async move {
                    carrier.carry(job).await;
                    drop(place);
                });
            }
            if stop.is_cancelled() {
                break;
            }
            if took == 0 && !pause(&mut wake, self.until_due().await, &stop).await {
                break;
            }
        }
        // All places free: nothing is on its way any more.
        let _ = tokio::time::timeout(Duration::from_secs(20), places.acquire_many(AT_ONCE as u32)).await;
    }

    async fn claim(&self, limit: usize) -> Vec<Job> {
        let (me, now) = (self.me.clone(), self.clock.now());
        let claimed = self.ground.store.write_rc(move |tx| outgoing::claim(tx, &me, limit as i64, now)).await;
        claimed.unwrap_or_else(|error| {
            tracing::warn!(%error, "no answers could be taken for sending");
            Vec::new()
        })
    }

    async fn until_due(&self) -> Duration {
        let due = self.ground.store.get(|tx| job::next_due(tx, SEND_QUEUE)).await.ok().flatten();
        due.map_or(LONGEST_PAUSE, |due| due.since(self.clock.now()).min(LONGEST_PAUSE)).max(Duration::from_millis(5))
    }

    async fn carry(&self, job: Job) {
        let number = job.id;
        if let Err(error) = self.try_to_carry(job).await {
            tracing::warn!(job = number, %error, "an answer could not be settled; its lease will run out");
        }
    }

    async fn try_to_carry(&self, job: Job) -> opora_desk::Result<()> {
        let message = outgoing::message_of(&job);
        let letter = match message {
            Some(message) => self.ground.store.write(move |tx| outgoing::load(tx, message)).await?,
            None => None,
        };
        let me = self.me.clone();
        let Some(letter) = letter else {
            return self.ground.store.write(move |tx| outgoing::forget(tx, &job, &me)).await;
        };
        let outcome = self.hand_over(&letter).await;
        let now: Time = self.clock.now();
        match outcome {
            Ok(refused) => {
                self.ground.store.write(move |tx| outgoing::sent(tx, &job, &me, &letter, &refused, now)).await
            }
            Err(failure) => {
                tracing::info!(message = letter.message.0, code = %failure.code, reason = %failure.reason, "an answer waits");
                self.ground.store.write(move |tx| outgoing::failed(tx, &job, &me, &letter, &failure, now)).await
            }
        }
    }

    async fn hand_over(&self, letter: &Letter) -> Result<Vec<(String, String)>, Failure> {
        let Some(url) = &letter.smtp_url else {
            if self.demo {
                return Ok(Vec::new());
            }
            return Err(later("no_mail_server", "This inbox has no outgoing mail server yet.", false));
        };
        let endpoint: Endpoint = url.parse().map_err(|e| later("bad_settings", &format!("{e}"), true))?;
        let login = login::of(&endpoint, letter.sealed_password.as_ref(), &self.ground.key)
            .map_err(|e| later("bad_settings", &format!("{e:#}"), true))?;
        let mut bytes: Vec<Bytes> = Vec::with_capacity(letter.files.len());
        for file in &letter.files {
            bytes.push(self.ground.blobs.get(&file.digest).await.map_err(|e| later(e.code(), &e.to_string(), false))?);
        }
        let raw = letter.compose(bytes).map_err(|e| Failure {
            code: e.code().to_owned(),
            reason: e.to_string(),
            permanent: true,
            server: false,
        })?;
        let raw = self.signed(letter, raw)?;
        let envelope = Envelope { from: Some(letter.envelope_from.clone()), to: letter.envelope_to.clone() };
        match self.sender.send(&endpoint, &login, &envelope, &raw).await {
            Ok(receipt) => Ok(receipt.refused.into_iter().map(|r| (r.address, r.reply.to_string())).collect()),
            Err(error) => Err(Failure {
                code: error.problem.code.as_str().to_owned(),
                reason: error.in_words(if letter.locale == "ru" { Language::Russian } else { Language::English }),
                permanent: error.fate == Fate::Never,
                server: error.reply.is_none(),
            }),
        }
    }
}

impl Carrier {
    /// With the inbox's DKIM signature, if it has a key. A key that does not open stops the mail: a domain that signs
    /// must not send unsigned.
    fn signed(&self, letter: &Letter, raw: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let Some((domain, selector, purpose, sealed)) = &letter.signing else { return Ok(raw) };
        let pem = self.ground.key.open(purpose, sealed).map_err(|e| later("bad_settings", &e.to_string(), true))?;
        let pem = String::from_utf8_lossy(&pem).into_owned();
        let key = opora_mail::DkimKey { domain: domain.clone(), selector: selector.clone(), pem };
        opora_mail::sign_dkim(&raw, &key).map_err(|e| later("bad_settings", &e.to_string(), true))
    }
}

fn later(code: &str, reason: &str, server: bool) -> Failure {
    Failure { code: code.to_owned(), reason: reason.to_owned(), permanent: false, server }
}
