//! A department to knock at: a store, the edge over it, an administrator, and visitors who come with a cookie, a token
//! or nothing.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use opora_base::blob::Blobs;
use opora_base::secret::MasterKey;
use opora_base::{Store, TestClock, Time};
use opora_desk::people::setup::{FirstAdmin, first_admin};
use opora_desk::people::{agents, password, roles, tokens};
use opora_desk::{Actor, AgentId};
use opora_http::{AppState, EdgeConfig, router};
use opora_testkit::engine::Scratch;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse";
pub const ADMIN: &str = "olga@example.com";

/// Hashing is slow on purpose: once is enough for all tests.
static HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD).unwrap());

pub struct House {
    pub store: Store,
    pub clock: Arc<TestClock>,
    pub router: Router,
    _folder: TempDir,
    /// The database's own folder, when nobody else keeps it.
    _scratch: Option<Scratch>,
}

impl House {
    /// An empty department: nobody is here yet.
    pub fn empty(store: Store, change: impl FnOnce(AppState) -> AppState) -> House {
        House::with_config(store, EdgeConfig::default(), change)
    }

    pub fn with_config(store: Store, config: EdgeConfig, change: impl FnOnce(AppState) -> AppState) -> House {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(&folder.path().join("blobs")).unwrap();
        let key = MasterKey::load_or_create(&folder.path().join("secret.key")).unwrap();
        let clock = TestClock::at(Time::parse("2026-11-22T08:00:00Z").unwrap());
        let state = AppState::new(store.clone(), blobs, clock.clone(), key, config);
        House { router: router(change(state)), store, clock, _folder: folder, _scratch: None }
    }

    /// A department with one administrator.
    pub async fn new(store: Store) -> House {
        House::furnished(store, |state| state).await
    }

    pub async fn furnished(store: Store, change: impl FnOnce(AppState) -> AppState) -> House {
        let house = House::empty(store, change);
        house.furnish().await;
        house
    }

    /// The same over a SQLite file of its own, for stories in which the engine plays no part.
    pub async fn on_sqlite(config: EdgeConfig, change: impl FnOnce(AppState) -> AppState) -> House {
        let scratch = Scratch::sqlite();
        let house = House::with_config(scratch.open_migrated().await, config, change);
        house.furnish().await;
        House { _scratch: Some(scratch), ..house }
    }

    /// A department with one administrator, over a SQLite file of its own.
    pub async fn plain() -> House {
        House::on_sqlite(EdgeConfig::default(), |state| state).await
    }

    async fn furnish(&self) {
        let now = self.now();
        let made = self.store.write(move |tx| {
            let admin = FirstAdmin { email: ADMIN, name: "Ольга Админ", password_hash: &HASH, locale: "ru" };
            first_admin(tx, "Лавка", &admin, now)
        });
        made.await.unwrap();
    }

    pub fn now(&self) -> Time {
        use opora_base::Clock;
        self.clock.now()
    }

    /// A colleague with one of the preset roles.
    pub async fn colleague(&self, email: &'static str, role: &'static str) -> AgentId {
        let now = self.now();
        let made = self.store.write(move |tx| {
            let role = roles::by_key(tx, role)?;
            let name = email.split('@').next().unwrap_or_default();
            let new = agents::NewAgent { email, name, role_id: role.id, password_hash: Some(&HASH), locale: "en" };
            agents::create(tx, &Actor::system(), &new, now)
        });
        made.await.unwrap()
    }

    /// Somebody nobody knows.
    pub fn stranger(&self) -> Visitor {
        Visitor { router: self.router.clone(), headers: HeaderMap::new() }
    }

    /// Somebody who signed in with a password.
    pub async fn signed_in(&self, email: &str) -> Visitor {
        let stranger = self.stranger();
        let reply = stranger.post("/session", json!({ "email": email, "password": PASSWORD })).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        stranger.with(header::COOKIE.as_str(), &reply.cookie().unwrap())
    }

    pub async fn admin(&self) -> Visitor {
        self.signed_in(ADMIN).await
    }

    /// A script with a token of this agent.
    pub async fn script(&self, agent: AgentId, scopes: &'static [&'static str]) -> Visitor {
        let now = self.now();
        let token = self.store.write(move |tx| {
            let owner = agents::actor(tx, agent)?;
            let scopes: Vec<String> = scopes.iter().map(|s| (*s).to_owned()).collect();
            tokens::create(tx, &owner, "script", &scopes, now)
        });
        let token = token.await.unwrap().token.unwrap();
        self.stranger().with("authorization", &format!("Bearer {token}"))
    }

    /// An inbox to write to.
    pub async fn inbox(&self, admin: &Visitor) -> i64 {
        let form = json!({ "name": "Support", "address": "support@example.com" });
        let reply = admin.post("/inboxes", form).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        reply.body["id"].as_i64().unwrap()
    }

    /// A ticket in which a customer waits.
    pub async fn ticket(&self, admin: &Visitor, inbox: i64, words: &str) -> Value {
        let form = json!({
            "inbox_id": inbox, "kind": "customer", "subject": "Where is my parcel?", "body_text": words,
            "contact": { "name": "Anna Smith", "address": "anna@example.org" },
        });
        let reply = admin.post("/tickets", form).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        reply.body
    }
}

#[derive(Clone)]
pub struct Visitor {
    router: Router,
    headers: HeaderMap,
}

impl Visitor {
    pub fn with(mut self, name: &str, value: &str) -> Visitor {
        let name: header::HeaderName = name.parse().unwrap();
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub fn without(mut self, name: &str) -> Visitor {
        self.headers.remove(name);
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.clone().with("x-opora", "1").send(Method::DELETE, path, None).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.raw(method, &format!("/api/v1{path}"), body).await
    }

    pub async fn raw(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(headers) = request.headers_mut() {
            headers.extend(self.headers.clone());
        }
        let request = match body {
            Some((kind, bytes)) => request.header(header::CONTENT_TYPE, kind).body(Body::from(bytes)),
            None => request.body(Body::empty()),
        };
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Reply { status: parts.status, headers: parts.headers, body, bytes: bytes.to_vec() }
    }
}

#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The cookie it sets, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        Some(set.split(';').next()?.to_owned())
    }

    pub fn code(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or_default())
    }

    /// The first field that does not fit: its name and code.
    pub fn field(&self) -> (&str, &str) {
        let error = &self.body["errors"][0];
        (error["field"].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default())
    }
}
