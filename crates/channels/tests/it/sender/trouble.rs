//! Servers that refuse, hang up, stay silent or talk nonsense: each has its code, its fate and its plain words.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use futures::FutureExt;
use opora_channels::mail::{
    Code, Freshness, Language, Login, Secret,
    sender::{Envelope, Fate, Options, SendError, Sender},
};
use tokio::{io::AsyncReadExt, net::TcpListener};

use super::{
    MESSAGE, at, envelope, options, password,
    script::{HANG_UP, Part, Script},
    sender,
};

const AUTH: Part = ("EHLO", "250-script.test\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250 SMTPUTF8");

async fn error_from(act: Vec<Part>, login: Login) -> SendError {
    let script = Script::play(vec![act]).await;
    sender().send(&at("smtp", script.port), &login, &envelope(&["a@client.test"]), MESSAGE).await.unwrap_err()
}

#[tokio::test]
async fn each_trouble_has_its_code_and_its_fate() {
    let cases: [(&[Part], Login, Fate, Code); 13] = [
        (&[("<greeting>", "554 5.7.1 you are on a list")], Login::None, Fate::Later, Code::ConnectionRefused),
        (&[("<greeting>", "421 4.3.2 too busy")], Login::None, Fate::Later, Code::Busy),
        (&[("<greeting>", "SSH-2.0-OpenSSH_9.2")], Login::None, Fate::Later, Code::Protocol),
        (&[("<greeting>", HANG_UP)], Login::None, Fate::Later, Code::Disconnected),
        (&[AUTH, ("AUTH", "535 5.7.8 wrong")], password(), Fate::Later, Code::WrongPassword),
        (&[AUTH, ("AUTH", "454 4.7.0 later")], password(), Fate::Later, Code::Busy),
        (&[("MAIL", "530 5.7.0 log in first")], Login::None, Fate::Later, Code::LoginNeeded),
        (&[("MAIL", "550 5.7.1 not your address")], Login::None, Fate::Never, Code::SenderRefused),
        (&[("RCPT", "452 4.2.2 full")], Login::None, Fate::Later, Code::Deferred),
        (&[("DATA", "451 4.7.1 greylisted")], Login::None, Fate::Later, Code::Deferred),
        (&[(".", "554 5.7.1 spam")], Login::None, Fate::Never, Code::MessageRefused),
        (&[(".", "552 5.3.4 too big")], Login::None, Fate::Never, Code::MessageTooLarge),
        (&[(".", HANG_UP)], Login::None, Fate::Unknown, Code::OutcomeUnknown),
    ];
    for (act, login, fate, code) in cases {
        let error = error_from(act.to_vec(), login).await;
        assert_eq!((error.fate, error.problem.code), (fate, code), "{act:?}: {error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn the_servers_own_words_stand_behind_the_plain_ones() {
    let error = error_from(vec![(".", "554-5.7.1 Looks like\r\n554 5.7.1 spam")], Login::None).await;
    let russian = error.in_words(Language::Russian);
    assert!(russian.starts_with("Почтовый сервер отклонил письмо."), "{russian}");
    assert!(russian.ends_with("Ответ сервера: 554 5.7.1 Looks like spam"), "{russian}");
    assert!(error.in_words(Language::English).contains("refused the message"));
}

#[tokio::test]
async fn a_silent_server_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = at("smtp", listener.local_addr().unwrap().port());
    let impatient = Sender::new(Options { timeout: Duration::from_millis(50), ..options() });
    let problem = impatient.check(&server, &Login::None).await.unwrap_err();
    assert_eq!(problem.code, Code::Timeout);
}

#[tokio::test]
async fn nobody_at_the_port_and_no_such_host_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    assert_eq!(sender().check(&at("smtp", port), &Login::None).await.unwrap_err().code, Code::Unreachable);
    let nowhere = "smtp://no-such-host.invalid:25".parse().unwrap();
    assert_eq!(sender().check(&nowhere, &Login::None).await.unwrap_err().code, Code::HostNotFound);
}

#[tokio::test]
async fn a_kept_connection_that_died_is_replaced_without_anybody_noticing() {
    let script = Script::play(vec![
        // Takes one message and hangs up at the next.
        vec![("MAIL FROM:<second", HANG_UP)],
        vec![],
    ])
    .await;
    let sender = sender();
    let server = at("smtp", script.port);
    sender.send(&server, &Login::None, &envelope(&["a@client.test"]), MESSAGE).await.unwrap();
    let second = Envelope { from: Some("second@desk.test".into()), ..envelope(&["a@client.test"]) };
    sender.send(&server, &Login::None, &second, MESSAGE).await.unwrap();
    assert_eq!(script.connections(), 2);
    let messages = script.heard().iter().filter(|line| line.contains("hello")).count();
    assert_eq!(messages, 2, "{:?}", script.heard());
}

#[tokio::test]
async fn a_message_whose_outcome_is_unknown_is_not_sent_again_by_itself() {
    let script = Script::play(vec![vec![(". Subject: last", HANG_UP)]]).await;
    let sender = sender();
    let server = at("smtp", script.port);
    let to = envelope(&["a@client.test"]);
    sender.send(&server, &Login::None, &to, MESSAGE).await.unwrap();
    let error = sender.send(&server, &Login::None, &to, b"Subject: last\r\n\r\n").await.unwrap_err();
    assert_eq!(error.fate, Fate::Unknown);
    assert_eq!(script.connections(), 1);
}

#[tokio::test]
async fn a_changed_password_never_rides_on_an_old_connection() {
    let script = Script::play(vec![vec![AUTH, ("AUTH", "235 ok")], vec![AUTH, ("AUTH", "535 no")]]).await;
    let sender = sender();
    let server = at("smtp", script.port);
    let to = envelope(&["a@client.test"]);
    sender.send(&server, &password(), &to, MESSAGE).await.unwrap();
    let other = Login::Password { user: "support@desk.test".into(), password: Secret::new("other") };
    let error = sender.send(&server, &other, &to, MESSAGE).await.unwrap_err();
    assert_eq!(error.problem.code, Code::WrongPassword);
    sender.send(&server, &password(), &to, MESSAGE).await.unwrap();
    assert_eq!(script.connections(), 2);
}

#[tokio::test]
async fn plain_and_login_prove_the_same_password() {
    let script = Script::play(vec![vec![AUTH, ("AUTH", "235 ok")]]).await;
    sender().check(&at("smtp", script.port), &password()).await.unwrap();
    let plain = format!("AUTH PLAIN {}", BASE64.encode("\0support@desk.test\0hunter2"));
    assert!(script.heard().contains(&plain), "{:?}", script.heard());

    let user = BASE64.encode("support@desk.test");
    let user: &'static str = user.leak();
    let proof: &'static str = BASE64.encode("hunter2").leak();
    let script = Script::play(vec![vec![
        ("EHLO", "250-script.test\r\n250 AUTH LOGIN"),
        ("AUTH LOGIN", "334 VXNlcm5hbWU6"),
        (user, "334 UGFzc3dvcmQ6"),
        (proof, "235 ok"),
    ]])
    .await;
    sender().check(&at("smtp", script.port), &password()).await.unwrap();
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let source = {
        let asked = asked.clone();
        Arc::new(move |freshness| {
            asked.lock().unwrap().push(freshness);
            let token = if freshness == Freshness::Any { "stale" } else { "fresh" };
            async move { Ok(Secret::new(token)) }.boxed()
        })
    };
    let fresh = BASE64.encode("user=a@b\x01auth=Bearer fresh\x01\x01");
    let fresh: &'static str = format!("AUTH XOAUTH2 {fresh}").leak();
    let act = vec![AUTH, ("AUTH", "334 eyJzdGF0dXMiOiI0MDEifQ=="), (fresh, "235 ok"), ("", "535 5.7.8 expired")];
    let script = Script::play(vec![act]).await;
    let login = Login::Token { user: "a@b".into(), source };
    sender().check(&at("smtp", script.port), &login).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), [Freshness::Any, Freshness::New]);
}

#[tokio::test]
async fn what_was_said_ahead_of_the_handshake_is_not_believed() {
    let script = Script::play(vec![vec![
        ("EHLO", "250-script.test\r\n250 STARTTLS"),
        ("STARTTLS", "220 go\r\n250-injected\r\n250 AUTH PLAIN"),
    ]])
    .await;
    let problem = sender().check(&at("smtp+starttls", script.port), &password()).await.unwrap_err();
    assert_eq!(problem.code, Code::Tls);
    assert!(script.heard().iter().all(|line| !line.starts_with("AUTH")));
}

#[tokio::test]
async fn the_password_never_leaves_before_the_handshake() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let checking = tokio::spawn(async move { sender().check(&at("smtps", port), &password()).await });
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut first = [0; 1];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(first[0], 22, "a TLS handshake record");
    drop(stream);
    assert!(checking.await.unwrap().is_err());
}
