//! Others' outages: the mail server we send through, the mailbox we read.

use crate::node::Home;
use opora_testkit::mailpeer::{Dovecot, PASSWORD, Peers, Route};
use opora_testkit::port::free_port;
use serde_json::Value;

fn letter(n: usize, day: usize) -> String {
    format!(
        "From: Customer {n} <c{n}@customer.test>\r\nTo: support@desk.test\r\nSubject: away {n}\r\nMessage-ID: <away{n}@customer.test>\r\nDate: Fri, {:02} Nov 2026 10:00:00 +0000\r\n\r\nQuestion {n}.\r\n",
        20 + day
    )
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs postfix and dovecot"]
async fn a_mail_server_that_was_down_gets_every_answer_once() {
    let dovecot = tokio::task::block_in_place(Dovecot::start).unwrap();
    let home = Home::sqlite();
    let token = home.token();
    let closed = free_port();
    let smtp = format!("smtp://127.0.0.1:{closed}");
    home.run(&["inbox", "create", "--name", "Support", "--address", "support@desk.test", "--smtp", &smtp]);
    let node = home.serve(&[]);
    let api = node.api(&token);
    let body = serde_json::json!({ "inbox_id": 1, "contact": { "name": "Alice", "address": "alice@customer.test" }, "subject": "Hello", "kind": "reply", "body_text": "We write first." });
    let ticket = api.post("/tickets", &body).await["id"].as_i64().unwrap();
    let path = format!("/tickets/{ticket}");
    let waiting = |t: &Value| t["messages"][0]["state"] == "queued" && t["messages"][0]["state_reason"].is_string();
    api.until(&path, "the agent sees it waiting", waiting).await;
    let inboxes = api.get("/inboxes").await;
    assert_eq!(inboxes["items"][0]["state"]["smtp"], "failing", "{inboxes}");
    // The server comes back, on its old address.
    let peers = tokio::task::block_in_place(|| Peers::start(Route::Mailbox)).unwrap();
    let forward = Forward::start(closed, peers.postfix.smtp);
    api.until(&path, "it goes out", |t| t["messages"][0]["state"] == "sent").await;
    let mailbox = tokio::task::block_in_place(|| {
        peers.dovecot.wait_for_mail("alice@customer.test", |_| true)?;
        peers.dovecot.mailbox("alice@customer.test")
    });
    assert_eq!(mailbox.unwrap().len(), 1);
    drop((forward, dovecot));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs postfix and dovecot"]
async fn what_came_to_a_mailbox_in_three_days_of_absence_is_all_read_once() {
    let dovecot = tokio::task::block_in_place(Dovecot::start).unwrap();
    let home = Home::sqlite();
    let token = home.token();
    let imap = format!("imaps://support@desk.test@localhost:{}", dovecot.imaps);
    let roots = dovecot.certificate();
    let roots = ["--tls-roots", roots.to_str().unwrap()];
    let created = home
        .command(&["inbox", "create", "--name", "Support", "--address", "support@desk.test", "--imap", &imap])
        .env("OPORA_IMAP_PASSWORD", PASSWORD)
        .output()
        .unwrap();
    assert!(created.status.success());
    let put = |n: usize, day: usize| {
        tokio::task::block_in_place(|| dovecot.put("support@desk.test", "INBOX", letter(n, day).as_bytes())).unwrap();
    };
    put(0, 0);
    let node = home.serve(&roots);
    node.api(&token).tickets(1).await;
    node.kill();
    for n in 1..=60 {
        put(n, n / 20);
    }
    // People looked into the mailbox meanwhile.
    tokio::task::block_in_place(|| dovecot.doveadm(&["flags", "add", "-u", "support@desk.test", "\\Seen", "1:40"]))
        .unwrap();
    let node = home.serve(&roots);
    let api = node.api(&token);
    let tickets = api.tickets(61).await;
    let mut subjects: Vec<&str> = tickets.iter().map(|t| t["subject"].as_str().unwrap()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    assert_eq!(subjects.len(), 61);
    // And what comes now is seen at once.
    put(61, 3);
    api.tickets(62).await;
}

/// Carries a port to another one: the mail server's old address.
struct Forward(std::thread::JoinHandle<()>);

impl Forward {
    fn start(from: u16, to: u16) -> Forward {
        let listener = std::net::TcpListener::bind(("127.0.0.1", from)).unwrap();
        Forward(std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = std::net::TcpStream::connect(("127.0.0.1", to)) else { continue };
                let (mut a, mut b) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut a, &mut b));
                let (mut a, mut b) = (far, near);
                std::thread::spawn(move || std::io::copy(&mut a, &mut b));
            }
        }))
    }
}

impl Drop for Forward {
    fn drop(&mut self) {
        // The thread listens as long as the test's process lives.
        let _ = self.0.thread().id();
    }
}
