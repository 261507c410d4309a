//! A running department: the real binary on a data folder of its own.

use opora_testkit::engine::{SERVER, Scratch};
use opora_testkit::port::free_port;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub const OPORA: &str = env!("CARGO_BIN_EXE_opora");
pub const ADMIN: &str = "admin@desk.test";
pub const PASSWORD: &str = "a long enough password";

/// Where a department lives: outlives the processes that serve it.
pub struct Home {
    pub folder: tempfile::TempDir,
    /// What its processes find in their environment beside the usual.
    pub environment: Vec<(String, String)>,
    database: Option<Arc<Scratch>>,
}

impl Home {
    pub fn sqlite() -> Home {
        Home { folder: tempfile::tempdir().unwrap(), environment: Vec::new(), database: None }
    }

    pub fn postgres() -> Home {
        assert!(std::env::var(SERVER).is_ok(), "{SERVER} names no server");
        Home { database: Some(Arc::new(Scratch::postgres())), ..Home::sqlite() }
    }

    /// A second node of the same department: the same database, a data folder of its own, the same master key.
    pub fn second(&self) -> Home {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(self.data().join("secret.key"), folder.path().join("secret.key")).unwrap();
        Home { folder, environment: self.environment.clone(), database: self.database.clone() }
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// `opora …` on this department.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(OPORA);
        command
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .env_remove("OPORA_DATABASE_URL")
            .env("OPORA_LOG", "warn")
            .envs(self.environment.iter().cloned());
        if let Some(scratch) = &self.database
            && let opora_base::Database::Postgres(url) = scratch.config().database
        {
            command.env("OPORA_DATABASE_URL", url);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).stdin(Stdio::null()).output().unwrap();
        said(&output)
    }

    /// An administrator and their token.
    pub fn token(&self) -> String {
        self.run(&["admin", "create", "--email", ADMIN, "--password", PASSWORD, "--name", "Вера"]);
        self.run(&["token", "create", "--email", ADMIN, "--scope", "all"])
    }

    pub fn serve(&self, more: &[&str]) -> Node {
        Node::start(self, more)
    }
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap().trim().to_owned()
}

/// A process that serves; killed when dropped.
pub struct Node {
    child: Child,
    pub http: u16,
    log: PathBuf,
}

impl Node {
    fn start(home: &Home, more: &[&str]) -> Node {
        Node::start_on(home, free_port(), free_port(), more)
    }

    pub fn start_on(home: &Home, http: u16, lmtp: u16, more: &[&str]) -> Node {
        let log = home.data().join("log");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let (listen, door) = (format!("127.0.0.1:{http}"), format!("127.0.0.1:{lmtp}"));
        let child = home
            .command(&["serve", "--listen", &listen, "--lmtp", &door])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .unwrap();
        let mut node = Node { child, http, log };
        node.wait_until_ready();
        node
    }

    fn wait_until_ready(&mut self) {
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.http)).is_err() {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended with {status}: {}", self.log());
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not answer: {}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// kill -9
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and how it ended.
    pub fn stop(mut self) -> std::process::ExitStatus {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        self.child.wait().unwrap()
    }

    pub fn api(&self, token: &str) -> Api {
        Api::new(self.http, token)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The API as a script uses it.
#[derive(Clone)]
pub struct Api {
    client: reqwest::Client,
    base: String,
    token: String,
}

impl Api {
    pub fn new(port: u16, token: &str) -> Api {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        Api { client, base: format!("http://127.0.0.1:{port}/api/v1"), token: token.to_owned() }
    }

    pub async fn get(&self, path: &str) -> Value {
        let response = self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    /// Posts; `None` when the connection broke.
    pub async fn try_post(&self, path: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(&self.token);
        let response = request.header("Idempotency-Key", key).json(body).send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.json().await.ok()?))
    }

    /// Asks; `None` when the connection broke or the answer was no.
    pub async fn try_get(&self, path: &str) -> Option<Value> {
        let request = self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token);
        request.send().await.ok()?.error_for_status().ok()?.json().await.ok()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let key = format!("{:032x}", rand::random::<u128>());
        let (status, answer) = self.try_post(path, &key, body).await.expect("an answer");
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// What lies at an address, as it is, with the status.
    pub async fn bytes(&self, path: &str) -> (u16, Vec<u8>) {
        let request = self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Value {
        let request = self.client.patch(format!("{}{path}", self.base)).bearer_auth(&self.token);
        let response = request.json(body).send().await.unwrap();
        let status = response.status();
        let answer: Value = response.json().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {answer}");
        answer
    }

    /// Uploads a file, for a message to come.
    pub async fn upload(&self, filename: &str, bytes: &[u8]) -> Value {
        let (status, answer) = self.try_upload(filename, bytes).await;
        assert_eq!(status, 201, "{answer}");
        answer
    }

    pub async fn try_upload(&self, filename: &str, bytes: &[u8]) -> (u16, Value) {
        let head = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let request = self.client.post(format!("{}/attachments", self.base)).bearer_auth(&self.token);
        let request = request.header("Content-Type", "multipart/form-data; boundary=XX").header("X-Opora", "1");
        let response = request.body([head.as_bytes(), bytes, b"\r\n--XX--\r\n"].concat()).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub async fn answer(&self, ticket: i64, text: &str) -> i64 {
        let body = json!({ "kind": "reply", "body_text": text });
        self.post(&format!("/tickets/{ticket}/messages"), &body).await["message"]["id"].as_i64().unwrap()
    }

    /// Asks again and again until the answer fits.
    pub async fn until(&self, path: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let answer = self.get(path).await;
            if fits(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < Duration::from_secs(90), "{what}: still {answer}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The tickets once there are so many.
    pub async fn tickets(&self, n: u64) -> Vec<Value> {
        let page = self.until("/tickets?limit=1000&sort=id", &format!("{n} tickets"), |p| p["total"] == n).await;
        page["items"].as_array().unwrap().clone()
    }
}
