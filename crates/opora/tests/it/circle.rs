//! The whole circle with real mail servers: a customer's mail through Postfix, our answer in Dovecot.

use crate::node::{Api, Home};
use opora_testkit::mailpeer::{PASSWORD, Peers, Route, eventually};
use opora_testkit::port::free_port;
use std::process::Command;

fn swaks(port: u16, more: &[&str]) {
    let output = Command::new("swaks")
        .args([
            "--server",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--from",
            "alice@customer.test",
            "--to",
            "support@desk.test",
        ])
        .args(["--h-Subject", "Where is my order?", "--body", "It has been three days."])
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

async fn one_turn(api: &Api, peers: &Peers, postfix: u16) {
    swaks(postfix, &["--h-Message-Id", "<order1@customer.test>"]);
    let ticket = api.tickets(1).await[0].clone();
    assert_eq!(ticket["subject"], "Where is my order?");
    let id = ticket["id"].as_i64().unwrap();
    let message = api.answer(id, "It left us this morning.").await;
    let raw = tokio::task::block_in_place(|| {
        peers
            .dovecot
            .wait_for_mail("alice@customer.test", |raw| String::from_utf8_lossy(raw).contains("left us this morning"))
    })
    .unwrap();
    let answer = String::from_utf8_lossy(&raw).into_owned();
    assert!(answer.contains("In-Reply-To: <order1@customer.test>"), "{answer}");
    assert!(
        answer.contains("References: <order1@customer.test>") && answer.contains("Subject: Re: Where is my order?"),
        "{answer}"
    );
    let state = format!("/tickets/{id}");
    let sent = |ticket: &serde_json::Value| {
        ticket["messages"].as_array().unwrap().iter().any(|m| m["id"] == message && m["state"] == "sent")
    };
    api.until(&state, "the answer is marked as sent", sent).await;
    let own = answer.lines().find_map(|l| l.strip_prefix("Message-ID: ")).unwrap().to_owned();
    swaks(
        postfix,
        &[
            "--h-Message-Id",
            "<order2@customer.test>",
            "--header",
            &format!("In-Reply-To: {own}"),
            "--h-Subject",
            "something else",
        ],
    );
    api.until(&state, "the customer's answer threads", |t| t["messages"].as_array().unwrap().len() == 3).await;
    assert_eq!(api.get("/tickets").await["total"], 1);
    let mailbox = tokio::task::block_in_place(|| peers.dovecot.mailbox("alice@customer.test")).unwrap();
    assert_eq!(mailbox.len(), 1, "one answer, once");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs postfix and dovecot"]
async fn a_mail_by_lmtp_is_answered_and_the_answer_threads() {
    let lmtp = free_port();
    let peers = tokio::task::block_in_place(|| Peers::start(Route::Lmtp(lmtp))).unwrap();
    let home = Home::sqlite();
    let token = home.token();
    let smtp = format!("smtp://127.0.0.1:{}", peers.postfix.smtp);
    home.run(&[
        "inbox",
        "create",
        "--name",
        "Support",
        "--address",
        "support@desk.test",
        "--smtp",
        &smtp,
        "--locale",
        "en",
    ]);
    let node = crate::node::Node::start_on(&home, free_port(), lmtp, &[]);
    one_turn(&node.api(&token), &peers, peers.postfix.smtp).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs postfix and dovecot"]
async fn a_mail_in_a_mailbox_is_answered_and_the_answer_threads() {
    let peers = tokio::task::block_in_place(|| Peers::start(Route::Mailbox)).unwrap();
    let home = Home::sqlite();
    let token = home.token();
    let roots = peers.dovecot.certificate();
    let (smtp, imap) = (
        format!("smtp://127.0.0.1:{}", peers.postfix.smtp),
        format!("imaps://support@desk.test@localhost:{}", peers.dovecot.imaps),
    );
    let created = home
        .command(&[
            "inbox",
            "create",
            "--name",
            "Support",
            "--address",
            "support@desk.test",
            "--smtp",
            &smtp,
            "--imap",
            &imap,
        ])
        .env("OPORA_IMAP_PASSWORD", PASSWORD)
        .output()
        .unwrap();
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
    let node = home.serve(&["--tls-roots", roots.to_str().unwrap()]);
    one_turn(&node.api(&token), &peers, peers.postfix.smtp).await;
    let seen = tokio::task::block_in_place(|| {
        eventually("the mailbox is as it was", || {
            peers.dovecot.doveadm(&["search", "-u", "support@desk.test", "ALL"]).ok()
        })
    });
    assert_eq!(seen.unwrap().lines().count(), 2, "nothing was deleted");
    assert!(!node.log().contains(PASSWORD));
}
