//! What every handler has at hand, and the three ways a handler asks the department: [`AppState::read`],
//! [`AppState::write`], and [`AppState::post`] for what must not happen twice.

use crate::auth::Caller;
use crate::demo::DemoMailbox;
use crate::hashing::Hashing;
use crate::letters::{Letters, NoLetters};
use crate::live::Hub;
use crate::once::Once;
use crate::probe::Probe;
use crate::problem::{Answer, Problem};
use crate::sentences::Code;
use crate::views::KeptTags;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use opora_base::blob::Blobs;
use opora_base::idempotency::{self, Given, Known};
use opora_base::secret::MasterKey;
use opora_base::{SharedClock, Store, Time, Tx};
use opora_desk::{self as desk, Actor};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What an administrator sets for the edge.
#[derive(Clone, Debug)]
pub struct EdgeConfig {
    /// A demonstration: logins are shown, the customer's mailbox is open.
    pub demo: bool,
    /// Where people reach us (`https://help.example.com`), for links in mail; the request's own host when absent.
    pub public_url: Option<String>,
    /// A proxy stands before us and its `X-Forwarded-For`, `-Proto` and `-Host` can be believed.
    pub trust_forwarded: bool,
    /// The largest JSON body, in bytes.
    pub json_limit: usize,
    /// How deep JSON may be nested.
    pub json_depth: usize,
    /// The largest uploaded file or raw message, in bytes.
    pub upload_limit: usize,
    /// How many uploads are taken at the same time; more of them wait.
    pub uploads_at_once: usize,
    /// How many live sockets may be open.
    pub sockets: usize,
    /// How long an ordinary request may take.
    pub patience: Duration,
}

impl Default for EdgeConfig {
    fn default() -> Self {
        EdgeConfig {
            demo: false,
            public_url: None,
            trust_forwarded: false,
            json_limit: 2 * 1024 * 1024,
            json_depth: 32,
            upload_limit: 25 * 1024 * 1024,
            uploads_at_once: 4,
            sockets: 2_000,
            patience: Duration::from_secs(30),
        }
    }
}

/// What every handler has at hand. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) search: Option<opora_search::Index>,
    pub(crate) clock: SharedClock,
    pub(crate) key: MasterKey,
    pub(crate) config: Arc<EdgeConfig>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) hashing: Arc<Hashing>,
    pub(crate) tags: KeptTags,
    pub(crate) uploads: Arc<tokio::sync::Semaphore>,
    pub(crate) letters: Arc<dyn Letters>,
    pub(crate) demo: Option<Arc<dyn DemoMailbox>>,
    pub(crate) probe: Option<Arc<dyn Probe>>,
    pub(crate) stopping: CancellationToken,
}

impl AppState {
    /// A state over these; add the rest with the `with_…` methods.
    pub fn new(store: Store, blobs: Blobs, clock: SharedClock, key: MasterKey, config: EdgeConfig) -> AppState {
        AppState {
            store,
            blobs,
            search: None,
            clock,
            key,
            hub: Arc::new(Hub::default()),
            hashing: Arc::new(Hashing::default()),
            tags: KeptTags::default(),
            uploads: Arc::new(tokio::sync::Semaphore::new(config.uploads_at_once.max(1))),
            config: Arc::new(config),
            letters: Arc::new(NoLetters),
            demo: None,
            probe: None,
            stopping: CancellationToken::new(),
        }
    }

    /// With a search index; without one `/search` answers "busy".
    #[must_use]
    pub fn with_search(mut self, index: opora_search::Index) -> AppState {
        self.search = Some(index);
        self
    }

    /// With somebody who carries the house's own letters.
    #[must_use]
    pub fn with_letters(mut self, letters: Arc<dyn Letters>) -> AppState {
        self.letters = letters;
        self
    }

    /// With somebody who can reach mail servers, to try an inbox's settings.
    #[must_use]
    pub fn with_probe(mut self, probe: Arc<dyn Probe>) -> AppState {
        self.probe = Some(probe);
        self
    }

    /// With the customer's mailbox of a demonstration.
    #[must_use]
    pub fn with_demo(mut self, mailbox: Arc<dyn DemoMailbox>) -> AppState {
        self.demo = Some(mailbox);
        self
    }

    /// Ends the live sockets when cancelled. The binary cancels it together with the server's shutdown.
    #[must_use]
    pub fn stopping_with(mut self, stopping: CancellationToken) -> AppState {
        self.stopping = stopping;
        self
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// Asks the department something, in one snapshot.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        caller: &Caller,
        mut ask: impl FnMut(&mut Tx<'_>, &Actor, Time) -> desk::Result<T> + Send + 'static,
    ) -> Answer<T> {
        let (actor, now) = (caller.actor.clone(), self.now());
        Ok(self.store.read(move |tx| ask(tx, &actor, now)).await?)
    }

    /// Tells the department to do something, in one durable transaction.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        caller: &Caller,
        mut command: impl FnMut(&mut Tx<'_>, &Actor, Time) -> desk::Result<T> + Send + 'static,
    ) -> Answer<T> {
        let (actor, now) = (caller.actor.clone(), self.now());
        Ok(self.store.write(move |tx| command(tx, &actor, now)).await?)
    }

    /// Like [`AppState::write`], at most once for an `Idempotency-Key`: the answer is kept in the same transaction and
    /// given again to the same request.
    pub(crate) async fn post<T: Serialize + Send + 'static>(
        &self,
        caller: &Caller,
        once: Once,
        status: StatusCode,
        mut command: impl FnMut(&mut Tx<'_>, &Actor, Time) -> desk::Result<T> + Send + 'static,
    ) -> Answer<Response> {
        let Some(key) = once.key else {
            let made = self.write(caller, command).await?;
            return Ok((status, axum::Json(made)).into_response());
        };
        let request = once.request;
        let sealing = once.secret.then(|| self.key.clone());
        let (given, again) = self
            .write(caller, move |tx, actor, now| {
                let who = actor.agent_id()?.0;
                match idempotency::look_up(tx, who, &key, &request, now)? {
                    Known::Answered(given) => Ok((given, true)),
                    Known::Reused => Err(desk::Error::KeyReused),
                    Known::New => {
                        let made = command(tx, actor, now)?;
                        let body = serde_json::to_string(&made)
                            .map_err(|e| opora_base::Error::Type(format!("answer: {e}")))?;
                        let given = Given { status: status.as_u16(), body };
                        let kept = Given { body: crate::once::seal(sealing.as_ref(), &given.body)?, ..given.clone() };
                        idempotency::keep(tx, who, &key, &request, &kept, now)?;
                        Ok((given, false))
                    }
                }
            })
            .await?;
        let body = match (again, once.secret) {
            (true, true) => crate::once::open(&self.key, &given.body)?,
            _ => given.body,
        };
        let status = StatusCode::from_u16(given.status).unwrap_or(StatusCode::OK);
        let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if again {
            response
                .headers_mut()
                .insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
        }
        Ok(response)
    }

    /// Waits for a place among the uploads; refuses when too many wait already.
    pub(crate) async fn upload_place(&self) -> Answer<tokio::sync::OwnedSemaphorePermit> {
        let place = tokio::time::timeout(self.config.patience, self.uploads.clone().acquire_owned()).await;
        match place {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Problem::new(Code::Busy)),
        }
    }
}
