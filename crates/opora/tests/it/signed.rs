//! DKIM from end to end: an agent's answer, signed, through Postfix into Dovecot's mailbox, and somebody else's verifier.

use crate::node::{Api, Home};
use opora_testkit::mailpeer::{Peers, Postfix, Route, dkim_verdicts};
use opora_testkit::port::free_port;
use serde_json::{Value, json};

const RSA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../mail/tests/it/keys/rsa-for-tests.pem");
const ED25519: &str = include_str!("../../../mail/tests/it/keys/ed25519-for-tests.pem");

/// What mail servers like to break: lines that begin with dots, lines of a thousand letters, spaces at their ends, empty
/// lines at the end, letters that are not ASCII.
fn html() -> String {
    let long = "word ".repeat(400);
    format!(
        "<p>.</p>\n<p>One\n.\n..two\n.three   \n\t.four</p>\n<p>{long}</p>\n<p>Ваш заказ <b>отправлен</b>.</p>\n\n\n"
    )
}

fn question(to: &str, number: usize) -> Vec<u8> {
    format!(
        "From: =?UTF-8?B?0JDQvdC90LA=?= <alice@customer.test>\r\nTo: {to}\r\nCc: \"Petrov, Boris\" <boris@customer.test>\r\n\
         Subject: =?UTF-8?B?0JPQtNC1INC80L7QuSDQt9Cw0LrQsNC3PyDQltC00YMg0YPQttC1INGC0YDQuCDQtNC90Y8=?=\r\n\
         Message-ID: <question{number}@customer.test>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nWhere is it?\r\n"
    )
    .into_bytes()
}

/// A customer asks this address; an agent answers with HTML, a file and a copy to somebody.
async fn ask_and_answer(api: &Api, postfix: &Postfix, inbox: &str, number: usize) {
    let mail = question(inbox, number);
    tokio::task::block_in_place(|| postfix.deliver("alice@customer.test", &[inbox], &mail)).unwrap();
    let tickets = api.tickets(number as u64).await;
    let ticket = tickets.last().unwrap()["id"].as_i64().unwrap();
    let file = api.upload("счёт.txt", ".\r\n..\r\nfrom here\n.\n".as_bytes()).await;
    let answer = json!({ "kind": "reply", "body_html": html(), "attachments": [file["id"]] });
    api.post(&format!("/tickets/{ticket}/messages"), &answer).await;
}

fn published(inbox: &Value) -> (String, String) {
    let said = |field: &str| inbox["dkim"][field].as_str().unwrap();
    (format!("{}._domainkey.{}", said("selector"), said("domain")), said("record").to_owned())
}

/// The message with one byte changed: the one after this text.
fn changed_after(raw: &[u8], text: &str) -> Vec<u8> {
    let at = raw.windows(text.len()).position(|window| window == text.as_bytes());
    let at = at.unwrap_or_else(|| panic!("{text:?} is not in {}", String::from_utf8_lossy(raw))) + text.len();
    let mut changed = raw.to_vec();
    changed[at] ^= 1;
    changed
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs postfix, dovecot and python3-dkim"]
async fn an_answer_signed_with_rsa_or_ed25519_is_accepted_by_an_independent_verifier_and_a_changed_byte_is_not() {
    let lmtp = free_port();
    let peers = tokio::task::block_in_place(|| Peers::start(Route::Lmtp(lmtp))).unwrap();
    let home = Home::sqlite();
    let token = home.token();
    let smtp = format!("smtp://127.0.0.1:{}", peers.postfix.smtp);
    let inbox =
        |name, address| ["inbox", "create", "--name", name, "--address", address, "--smtp", &smtp].map(str::to_owned);
    let create = |inbox: &[String], more: &[&str]| {
        let all: Vec<&str> = inbox.iter().map(String::as_str).chain(more.iter().copied()).collect();
        home.run(&all)
    };
    create(&inbox("Поддержка", "support@desk.test"), &["--dkim-key", RSA, "--dkim-selector", "rsa2026"]);
    let sales = create(&inbox("Sales, \"the\" team", "sales@desk.test"), &[]);
    let node = crate::node::Node::start_on(&home, free_port(), lmtp, &[]);
    let api = node.api(&token);
    let key = json!({ "dkim": { "selector": "ed2026", "private_key": ED25519 } });
    api.patch(&format!("/inboxes/{sales}"), &key).await;
    let inboxes = api.get("/inboxes").await["items"].as_array().unwrap().clone();
    let records: Vec<(String, String)> = inboxes.iter().map(published).collect();

    ask_and_answer(&api, &peers.postfix, "support@desk.test", 1).await;
    ask_and_answer(&api, &peers.postfix, "sales@desk.test", 2).await;

    let delivered = |person: &str, algorithm: &str| {
        let signed = format!("a={algorithm}-sha256");
        let fits = |raw: &[u8]| String::from_utf8_lossy(raw).contains(&signed);
        tokio::task::block_in_place(|| peers.dovecot.wait_for_mail(person, fits)).unwrap()
    };
    for algorithm in ["rsa", "ed25519"] {
        let raw = delivered("alice@customer.test", algorithm);
        let text = String::from_utf8_lossy(&raw).into_owned();
        assert!(text.lines().any(|line| line.starts_with('.')), "a line begins with a dot: {text}");
        assert!(text.contains("multipart/mixed") && text.contains("multipart/alternative"), "{text}");
        let places = ["Subject: =?utf-8?B?", "In-Reply-To: <", "From: ", "To: ", "\n.", "filename", "b=", "bh="];
        let mut tampered: Vec<Vec<u8>> = places.iter().map(|place| changed_after(&raw, place)).collect();
        tampered.push([&raw[..], b"one more line\n"].concat());
        tampered.push([b"From: eve@customer.test\n", &raw[..]].concat());
        let copy = delivered("boris@customer.test", algorithm);
        let verdicts = dkim_verdicts(&records, &[vec![raw, copy], tampered].concat()).unwrap();
        assert_eq!(verdicts[..2], ["pass", "pass"], "{text}");
        assert!(!verdicts[2..].contains(&"pass".to_owned()), "{algorithm}: {verdicts:?}");
    }
}
