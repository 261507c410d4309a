//! The acceptor behind a real Postfix, and the sender in front of it.

use std::sync::{Arc, atomic::Ordering};

use opora_channels::mail::{
    Code, Endpoint, Login, Secret, TlsTrust,
    acceptor::Protocol::Lmtp,
    sender::{Envelope, Fate, Options, Sender},
};
use opora_testkit::mailpeer::{PASSWORD, Peers, Route};

use crate::desk::{House, Running, config, open};

const LETTER: &[u8] = b"From: alice@customer.test\r\nSubject: parcel\r\n\r\n.Where is it?\r\n";

async fn eventually_stored(house: &Arc<House>, peers: &Arc<Peers>, count: usize) {
    let (house, peers) = (house.clone(), peers.clone());
    tokio::task::spawn_blocking(move || {
        let stored = || (house.stored().len() >= count).then_some(());
        opora_testkit::mailpeer::eventually("a message at our door", stored)
            .unwrap_or_else(|error| panic!("{error}; Postfix says:\n{}", peers.postfix.log()));
    })
    .await
    .unwrap();
}

async fn desk_and_peers() -> (Running, Arc<Peers>) {
    let door = open(config(Lmtp)).await;
    let route = Route::Lmtp(door.port);
    let peers = tokio::task::spawn_blocking(move || Peers::start(route).unwrap()).await.unwrap();
    (door, Arc::new(peers))
}

async fn delivered(peers: &Arc<Peers>, to: &'static [&'static str], raw: &'static [u8]) {
    let peers = peers.clone();
    let handing_in = move || peers.postfix.deliver("alice@customer.test", to, raw).unwrap();
    tokio::task::spawn_blocking(handing_in).await.unwrap();
}

fn submission(peers: &Peers) -> Endpoint {
    format!("smtp+starttls://127.0.0.1:{}", peers.postfix.submission).parse().unwrap()
}

fn login() -> Login {
    Login::Password { user: "support@desk.test".into(), password: Secret::new(PASSWORD) }
}

fn sender(peers: &Peers) -> Sender {
    let trust = TlsTrust { ca_file: Some(peers.dovecot.certificate()), ..TlsTrust::default() };
    Sender::new(Options { trust, ..Options::new("desk.test") })
}

fn envelope(to: &[&str]) -> Envelope {
    Envelope { from: Some("support@desk.test".into()), to: to.iter().map(|&to| to.to_owned()).collect() }
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn postfix_hands_a_customers_mail_over_by_lmtp() {
    let (door, peers) = desk_and_peers().await;
    delivered(&peers, &["support@desk.test", "sales@desk.test"], LETTER).await;
    eventually_stored(&door.house, &peers, 1).await;
    let (envelope, raw) = &door.house.stored()[0];
    assert_eq!(envelope.sender.as_deref(), Some("alice@customer.test"));
    let text = String::from_utf8_lossy(raw);
    assert!(text.contains("\r\nSubject: parcel\r\n") && text.ends_with("\r\n\r\n.Where is it?\r\n"), "{text}");
    let recipients: usize = door.house.stored().iter().map(|(envelope, _)| envelope.recipients.len()).sum();
    assert_eq!(recipients, 2);
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn postfix_keeps_the_mail_while_we_cannot_write_and_brings_it_again() {
    let (door, peers) = desk_and_peers().await;
    door.house.out_of_ink.store(true, Ordering::SeqCst);
    delivered(&peers, &["support@desk.test"], LETTER).await;
    door.house.writing.notified().await;
    door.house.out_of_ink.store(false, Ordering::SeqCst);
    eventually_stored(&door.house, &peers, 1).await;
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn postfix_waits_while_we_are_away_and_delivers_once_when_we_are_back() {
    let (mut door, peers) = desk_and_peers().await;
    door.shutdown.cancel();
    (&mut door.serving).await.unwrap();
    delivered(&peers, &["support@desk.test"], LETTER).await;
    let watching = peers.clone();
    let deferred = move || {
        opora_testkit::mailpeer::eventually("a deferred message", || {
            watching.postfix.log().contains("status=deferred").then_some(())
        })
    };
    tokio::task::spawn_blocking(deferred).await.unwrap().unwrap();
    let back = open(config(Lmtp)).await;
    peers.postfix.route_desk(Route::Lmtp(back.port)).unwrap();
    eventually_stored(&back.house, &peers, 1).await;
    let watching = peers.clone();
    let sent = move || {
        opora_testkit::mailpeer::eventually("the end of it", || {
            watching.postfix.log().contains("status=sent").then_some(())
        })
    };
    tokio::task::spawn_blocking(sent).await.unwrap().unwrap();
    assert_eq!(back.house.stored().len(), 1);
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn an_unknown_address_at_the_desk_bounces_to_the_customer() {
    let (door, peers) = desk_and_peers().await;
    delivered(&peers, &["nobody@desk.test"], LETTER).await;
    let peers = peers.clone();
    let bounce = tokio::task::spawn_blocking(move || {
        peers.dovecot.wait_for_mail("alice@customer.test", |raw| !raw.is_empty()).unwrap()
    });
    let bounce = String::from_utf8(bounce.await.unwrap()).unwrap();
    assert!(bounce.contains("multipart/report") && bounce.contains("5.1.1"), "{bounce}");
    assert!(door.house.stored().is_empty());
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn swaks_reaches_the_desk_too() {
    let (door, peers) = desk_and_peers().await;
    let server = format!("127.0.0.1:{}", peers.postfix.smtp);
    let swaks = tokio::process::Command::new("swaks")
        .args(["--server", &server, "--from", "alice@customer.test", "--to", "support@desk.test", "--tls-optional"])
        .args(["--header", "Subject: from swaks", "--body", "hello"])
        .output()
        .await
        .unwrap();
    assert!(swaks.status.success(), "{}", String::from_utf8_lossy(&swaks.stderr));
    eventually_stored(&door.house, &peers, 1).await;
    assert!(door.house.only_message().contains("Subject: from swaks"));
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn an_answer_goes_through_the_submission_port_into_the_customers_mailbox() {
    let (_door, peers) = desk_and_peers().await;
    let (sender, server) = (sender(&peers), submission(&peers));
    sender.check(&server, &login()).await.unwrap();
    let raw = "From: support@desk.test\r\nSubject: answer\r\n\r\n.Вот она.\r\n".as_bytes();
    for _ in 0..3 {
        let receipt = sender.send(&server, &login(), &envelope(&["alice@customer.test"]), raw).await.unwrap();
        assert!(receipt.server_reply.text.contains("queued as"), "{}", receipt.server_reply);
    }
    let watching = peers.clone();
    let answers = tokio::task::spawn_blocking(move || {
        opora_testkit::mailpeer::eventually("three answers", || {
            Some(watching.dovecot.mailbox("alice@customer.test").ok()?).filter(|mails| mails.len() == 3)
        })
        .unwrap()
    });
    for mail in answers.await.unwrap() {
        let text = String::from_utf8(mail).unwrap().replace("\r\n", "\n");
        assert!(text.contains("\nSubject: answer\n") && text.ends_with("\n\n.Вот она.\n"), "{text}");
    }
    assert!(peers.postfix.log().contains("sasl_username=support@desk.test"));
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn postfix_refuses_a_wrong_password_and_mail_without_a_login() {
    let (_door, peers) = desk_and_peers().await;
    let (sender, server) = (sender(&peers), submission(&peers));
    let wrong = Login::Password { user: "support@desk.test".into(), password: Secret::new("guess") };
    assert_eq!(sender.check(&server, &wrong).await.unwrap_err().code, Code::WrongPassword);
    let to = envelope(&["alice@customer.test"]);
    let error = sender.send(&server, &Login::None, &to, LETTER).await.unwrap_err();
    assert!(error.is_permanent() || error.problem.code == Code::LoginNeeded, "{error}");
    let stranger = Sender::new(Options::new("desk.test"));
    let error = stranger.send(&server, &login(), &to, LETTER).await.unwrap_err();
    assert_eq!((error.fate, error.problem.code), (Fate::Later, Code::Certificate));
}
