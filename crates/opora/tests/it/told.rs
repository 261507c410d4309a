//! People who are not at their screen: a push service that can read nothing, a letter of what is unread.

use crate::node::{ADMIN, Api, Home, Node, PASSWORD};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use opora_base::{Config, Store, params};
use opora_testkit::mailpeer::{Peers, Route};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use web_push_native::p256::SecretKey;
use web_push_native::{Auth, p256};

/// Somebody with a mailbox.
const READER: &str = "boris@customer.test";

/// A push service: takes what is posted and answers what it is told to.
struct PushService {
    port: u16,
    posted: Receiver<(Vec<String>, Vec<u8>)>,
}

impl PushService {
    fn start(answers: &'static [&'static str]) -> PushService {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, posted) = channel();
        std::thread::spawn(move || {
            for answer in answers {
                let (stream, _) = listener.accept().unwrap();
                let mut reader = BufReader::new(stream);
                let mut head = Vec::new();
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).unwrap();
                    if line.trim().is_empty() {
                        break;
                    }
                    head.push(line.trim().to_owned());
                }
                let length: usize = of(&head, "content-length").parse().unwrap();
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                write!(reader.get_mut(), "HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    .unwrap();
                if sender.send((head, body)).is_err() {
                    return;
                }
            }
        });
        PushService { port, posted }
    }

    fn next(&self) -> (Vec<String>, Vec<u8>) {
        self.posted.recv_timeout(Duration::from_secs(60)).expect("something was pushed")
    }
}

fn of<'a>(head: &'a [String], name: &str) -> &'a str {
    let prefix = format!("{name}: ");
    let line = head.iter().find(|line| line.to_lowercase().starts_with(&prefix));
    &line.unwrap_or_else(|| panic!("no {name} in {head:?}"))[prefix.len()..]
}

/// A browser's keys, and what it hands to the server.
fn browser(endpoint: &str) -> (SecretKey, [u8; 16], Value) {
    let secret = SecretKey::from_slice(&[7; 32]).unwrap();
    let auth = [9; 16];
    let public = p256::EncodedPoint::from(secret.public_key());
    let keys = json!({ "p256dh": URL_SAFE_NO_PAD.encode(public.as_bytes()), "auth": URL_SAFE_NO_PAD.encode(auth) });
    (secret, auth, json!({ "endpoint": endpoint, "keys": keys, "name": "Firefox" }))
}

/// A person signed in with a password, as a browser is.
async fn signed_in(node: &Node, email: &str) -> (reqwest::Client, String) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let base = format!("http://127.0.0.1:{}/api/v1", node.http);
    let login = client.post(format!("{base}/session")).json(&json!({ "email": email, "password": PASSWORD }));
    assert!(login.send().await.unwrap().status().is_success());
    (client, base)
}

/// A colleague's token: what concerns the administrator is caused by somebody else.
fn colleague(home: &Home) -> String {
    home.run(&["admin", "create", "--email", "anna@desk.test", "--password", PASSWORD, "--name", "Анна"]);
    home.run(&["token", "create", "--email", "anna@desk.test", "--scope", "all"])
}

async fn give_ticket(api: &Api) -> i64 {
    let body = json!({ "inbox_id": 1, "contact": { "name": "Alice", "address": "alice@customer.test" }, "subject": "Где заказ?", "kind": "note", "body_text": "Позвонила." });
    let ticket = api.post("/tickets", &body).await["id"].as_i64().unwrap();
    api.patch(&format!("/tickets/{ticket}"), &json!({ "assignee_id": 1 })).await;
    ticket
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_told_in_words_that_its_push_service_cannot_read_and_forgotten_when_it_is_gone() {
    let service = PushService::start(&["201 Created", "201 Created", "410 Gone"]);
    let home = Home::sqlite();
    home.token();
    let anna = colleague(&home);
    home.run(&["inbox", "create", "--name", "Support", "--address", "support@desk.test"]);
    let node = home.serve(&["--push-anywhere", "true"]);
    let (client, base) = signed_in(&node, ADMIN).await;
    let endpoint = format!("http://127.0.0.1:{}/send/abc", service.port);
    let (secret, auth, form) = browser(&endpoint);
    let read = |body: Vec<u8>| -> Value {
        let plain = web_push_native::decrypt(body, &secret, Auth::from_slice(&auth)).unwrap();
        serde_json::from_slice(&plain).unwrap()
    };
    let begun = client.post(format!("{base}/me/push")).json(&form).send().await.unwrap();
    assert_eq!(begun.status(), 201);
    let id = begun.json::<Value>().await.unwrap()["id"].as_i64().unwrap();
    assert_eq!(client.post(format!("{base}/me/push")).json(&form).send().await.unwrap().status(), 200, "known already");

    client.post(format!("{base}/me/push/{id}/test")).json(&json!({})).send().await.unwrap();
    let (head, body) = service.next();
    assert_eq!(of(&head, "content-encoding"), "aes128gcm");
    assert!(!String::from_utf8_lossy(&body).contains("Opora"));
    assert_eq!(read(body)["url"], "/");

    // Who we are is signed with the key the browser was given.
    let push: Value = client.get(format!("{base}/me/push")).send().await.unwrap().json().await.unwrap();
    let (token, key) = of(&head, "authorization").strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(push["public_key"], key);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, URL_SAFE_NO_PAD.decode(key).unwrap());
    public.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap()).unwrap();
    assert_eq!(claims["aud"], format!("http://127.0.0.1:{}", service.port));

    let api = node.api(&anna);
    let ticket = give_ticket(&api).await;
    let told = read(service.next().1);
    assert_eq!(
        (told["url"].as_str().unwrap(), told["body"].as_str().unwrap()),
        (&*format!("/tickets/{ticket}"), "Где заказ?")
    );
    assert!(told["title"].as_str().unwrap().contains("Анна"), "{told}");

    give_ticket(&api).await;
    service.next();
    let forgotten = async || {
        let push: Value = client.get(format!("{base}/me/push")).send().await.unwrap().json().await.unwrap();
        push["subscriptions"] == json!([])
    };
    for _ in 0..200 {
        if forgotten().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the browser that is gone is still known");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs postfix and dovecot"]
async fn what_is_still_unread_comes_as_one_letter_and_only_once() {
    let peers = tokio::task::block_in_place(|| Peers::start(Route::Mailbox)).unwrap();
    let home = Home::sqlite();
    home.run(&["admin", "create", "--email", READER, "--password", PASSWORD, "--name", "Boris"]);
    let anna = colleague(&home);
    let smtp = format!("smtp://127.0.0.1:{}", peers.postfix.smtp);
    home.run(&["inbox", "create", "--name", "Support", "--address", "support@desk.test", "--smtp", &smtp]);
    let node = home.serve(&["--public-url", "https://help.example.com"]);
    let (client, base) = signed_in(&node, READER).await;
    let wanted = json!({ "kinds": {}, "quiet": null, "time_zone": "Europe/Moscow", "digest": "hourly" });
    let put = client.put(format!("{base}/me/notification-settings")).json(&wanted).send().await.unwrap();
    assert!(put.status().is_success());
    let api = node.api(&anna);
    let (first, second) = (give_ticket(&api).await, give_ticket(&api).await);
    let unread = async |n: i64| {
        for _ in 0..200 {
            let page: Value = client.get(format!("{base}/notifications")).send().await.unwrap().json().await.unwrap();
            if page["unread"] == n {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("not {n} unread");
    };
    unread(2).await;
    node.stop();
    the_hour_is_over(&home).await;
    let node = home.serve(&["--public-url", "https://help.example.com"]);
    let letter = tokio::task::block_in_place(|| peers.dovecot.wait_for_mail(READER, |_| true)).unwrap();
    let letter = opora_mail::parse(&letter).unwrap();
    assert_eq!(letter.subject, "Опора: 2 новых уведомления");
    for ticket in [first, second] {
        assert!(letter.text.contains(&format!("https://help.example.com/tickets/{ticket}")), "{}", letter.text);
    }
    node.stop();
    the_hour_is_over(&home).await;
    let node = home.serve(&[]);
    node.api(&anna).get("/views").await;
    let mails = tokio::task::block_in_place(|| peers.dovecot.mailbox(READER)).unwrap();
    assert_eq!(mails.len(), 1);
}

/// An hour of waiting for a letter, made short.
async fn the_hour_is_over(home: &Home) {
    let store = Store::open(Config::sqlite(home.data().join("opora.db"))).unwrap();
    store.write(|tx| tx.exec("UPDATE job SET run_at = 0 WHERE queue = $1", params!["mail.letter"])).await.unwrap();
    store.close().await;
}
