//! IMAP servers without IDLE, with poison in the mailbox, with lies about sizes, with bad manners.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use futures::FutureExt;
use opora_channels::mail::{
    Code, Endpoint, Freshness, Login, Secret,
    fetcher::{Options, Position, check},
};

use super::{
    notebook::Notebook,
    script::{HANG_UP, Part, Script},
};

fn inbox(port: u16) -> Endpoint {
    format!("imap://127.0.0.1:{port}").parse().unwrap()
}

fn login() -> Login {
    Login::Password { user: "support".into(), password: Secret::new("hunter\"2") }
}

fn options() -> Options {
    Options {
        first_pause: Duration::from_millis(5),
        longest_pause: Duration::from_millis(20),
        settings_pause: Duration::from_millis(20),
        poll: Duration::from_millis(20),
        ..Options::default()
    }
}

fn capability(offers: &str) -> Part {
    ("CAPABILITY", format!("* CAPABILITY IMAP4rev1 {offers}\nOK done"))
}

fn opened(uid_validity: u32, uid_next: u32, messages: u32) -> Part {
    (
        "EXAMINE",
        format!(
            "* {messages} EXISTS\n* OK [UIDVALIDITY {uid_validity}] ok\n* OK [UIDNEXT {uid_next}] ok\nOK [READ-ONLY] done"
        ),
    )
}

fn list(uids: &[u32]) -> Part {
    let lines: String = uids.iter().map(|uid| format!("* {uid} FETCH (UID {uid} RFC822.SIZE 30)\n")).collect();
    ("RFC822.SIZE", lines + "OK done")
}

fn given(uid: u32) -> String {
    format!(
        "* {uid} FETCH (UID {uid} FLAGS () BODY[] {{{}}}\nSubject: {uid}\n\n)\n",
        format!("Subject: {uid}\r\n\r\n").len()
    )
}

#[tokio::test]
async fn without_idle_the_mailbox_is_looked_at_regularly() {
    let act = |uids: &[u32]| {
        let bodies: String = uids.iter().map(|&uid| given(uid)).collect();
        vec![capability(""), opened(7, 3, 2), list(uids), ("BODY.PEEK[]", bodies + "OK done")]
    };
    let script = Script::play(vec![act(&[1, 2])]).await;
    let notebook = Notebook::new();
    let fetching = notebook.fetch(&inbox(script.port), &login(), options());
    notebook.until(|notes| notes.healthy >= 3).await;
    fetching.stop().await;
    assert_eq!(notebook.notes().subjects(), ["1", "2"], "each once, however often one looks");
    assert!(script.heard().iter().any(|line| line.ends_with("NOOP")));
    assert!(!script.heard().iter().any(|line| line.contains("IDLE")));
}

#[tokio::test]
async fn a_message_that_breaks_the_connection_is_passed_over_in_the_end() {
    let act = vec![
        capability("IDLE"),
        opened(7, 4, 3),
        list(&[1, 2, 3]),
        ("UID FETCH 1 ", given(1) + "OK done"),
        ("UID FETCH 2 ", HANG_UP.into()),
        ("UID FETCH 3 ", given(3) + "OK done"),
        ("UID FETCH 1,2,3 ", HANG_UP.into()),
        ("HEADER", "* 2 FETCH (UID 2 BODY[HEADER]<0> \"Subject: poison\")\nOK done".into()),
        ("IDLE", "NO not today".into()),
    ];
    let script = Script::play(vec![act]).await;
    let notebook = Notebook::new();
    let _fetching = notebook.fetch(&inbox(script.port), &login(), options());
    let notes = notebook.until(|notes| notes.healthy > 0).await;
    assert_eq!(notes.subjects(), ["1", "3"]);
    assert_eq!(notes.passed_over.len(), 1);
    assert_eq!(notes.passed_over[0].problem.code, Code::MessageUnreadable);
    assert_eq!(notes.passed_over[0].header, "Subject: poison");
    assert_eq!(notes.cursor, Some(Position { uid_validity: 7, last_uid: 3 }));
    assert!(script.connections() < 10, "{}", script.connections());
}

#[tokio::test]
async fn a_refused_fetch_is_not_taken_for_an_empty_one() {
    let refusing =
        vec![capability(""), opened(7, 2, 1), list(&[1]), ("BODY.PEEK[]", "NO [SERVERBUG] internal error".into())];
    let giving = vec![capability(""), opened(7, 2, 1), list(&[1]), ("BODY.PEEK[]", given(1) + "OK done")];
    let script = Script::play(vec![refusing, giving]).await;
    let notebook = Notebook::new();
    let _fetching = notebook.fetch(&inbox(script.port), &login(), options());
    notebook.until_subjects(&["1"]).await;
    assert!(notebook.notes().has_trouble(Code::MessageUnreadable));
}

#[tokio::test]
async fn a_message_that_somebody_removed_meanwhile_holds_nothing_up() {
    let act = vec![
        capability(""),
        opened(7, 3, 2),
        list(&[1, 2]),
        ("UID FETCH 1,2 ", given(2) + "OK done"),
        ("UID FETCH 1 ", "OK nothing there".into()),
    ];
    let script = Script::play(vec![act]).await;
    let notebook = Notebook::new();
    let _fetching = notebook.fetch(&inbox(script.port), &login(), options());
    let notes = notebook.until(|notes| notes.healthy > 0).await;
    assert_eq!(notes.subjects(), ["2"]);
    assert!(notes.passed_over.is_empty() && notes.troubles.is_empty());
}

#[tokio::test]
async fn a_server_that_lies_about_a_size_is_found_out() {
    let big = format!("* 1 FETCH (UID 1 FLAGS () BODY[] {{200002}}\n{}\n)\n", "y".repeat(200_000));
    let act = vec![capability(""), opened(7, 2, 1), list(&[1]), ("BODY.PEEK[]", big + "OK done")];
    let script = Script::play(vec![act]).await;
    let notebook = Notebook::new();
    let _fetching = notebook.fetch(&inbox(script.port), &login(), Options { max_message_bytes: 1000, ..options() });
    let notes = notebook.until(|notes| notes.healthy > 0).await;
    assert_eq!(notes.passed_over[0].size, 200_002);
    assert_eq!(notes.passed_over[0].problem.code, Code::MessageSkipped);
}

#[tokio::test]
async fn a_server_restored_from_a_copy_gives_old_numbers_to_new_mail_and_nothing_is_lost() {
    let act = vec![capability(""), opened(7, 3, 2), list(&[1, 2]), ("BODY.PEEK[]", given(1) + &given(2) + "OK done")];
    let script = Script::play(vec![act]).await;
    let notebook = Notebook::new();
    notebook.change(|notes| notes.cursor = Some(Position { uid_validity: 7, last_uid: 50 }));
    let _fetching = notebook.fetch(&inbox(script.port), &login(), options());
    notebook.until_subjects(&["1", "2"]).await;
    assert!(notebook.notes().has_trouble(Code::MailboxRenumbered));
}

#[tokio::test]
async fn each_trouble_has_its_code() {
    let cases: [(Vec<Part>, Code); 8] = [
        (vec![("<greeting>", "* BYE too many connections".into())], Code::Busy),
        (vec![("<greeting>", "220 smtp.test ESMTP".into())], Code::Protocol),
        (vec![capability("LOGINDISABLED")], Code::NoLoginMethod),
        (vec![capability(""), ("LOGIN", "NO [AUTHENTICATIONFAILED] no".into())], Code::WrongPassword),
        (vec![capability(""), ("LOGIN", "NO [UNAVAILABLE] later".into())], Code::Busy),
        (vec![capability(""), ("LOGIN", "NO Too many simultaneous connections".into())], Code::Busy),
        (vec![capability(""), ("EXAMINE", "NO [NONEXISTENT] no such folder".into())], Code::NoFolder),
        (vec![capability(""), ("EXAMINE", "OK but without numbers".into())], Code::Protocol),
    ];
    for (act, code) in cases {
        let script = Script::play(vec![act.clone()]).await;
        let problem = check(&inbox(script.port), &login(), &options()).await.unwrap_err();
        assert_eq!(problem.code, code, "{act:?}: {problem}");
        assert!(!problem.detail.contains("hunter"), "{problem}");
    }
}

#[tokio::test]
async fn a_password_with_quotes_is_quoted() {
    let script = Script::play(vec![vec![capability(""), opened(7, 1, 0)]]).await;
    check(&inbox(script.port), &login(), &options()).await.unwrap();
    assert!(script.heard().iter().any(|line| line.ends_with(r#"LOGIN "support" "hunter\"2""#)), "{:?}", script.heard());
}

#[tokio::test]
async fn protection_that_is_asked_for_is_never_given_up() {
    let starttls = |port: u16| -> Endpoint { format!("imap+starttls://127.0.0.1:{port}").parse().unwrap() };
    for act in [vec![("STARTTLS", "BAD unknown command".into())], vec![("<greeting>", "* PREAUTH come in".into())]] {
        let script = Script::play(vec![act]).await;
        let problem = check(&starttls(script.port), &login(), &options()).await.unwrap_err();
        assert_eq!(problem.code, Code::NoStartTls);
        assert!(script.heard().iter().all(|line| !line.contains("LOGIN")));
    }
    let script = Script::play(vec![vec![("STARTTLS", "OK go|* CAPABILITY IMAP4rev1".into())]]).await;
    let problem = check(&starttls(script.port), &login(), &options()).await.unwrap_err();
    assert!(matches!(problem.code, Code::Tls), "{problem}");
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
    let fresh: &'static str = BASE64.encode("user=a@b\x01auth=Bearer fresh\x01\x01").leak();
    for offers in ["AUTH=XOAUTH2 SASL-IR", "AUTH=XOAUTH2"] {
        asked.lock().unwrap().clear();
        let act = vec![
            capability(offers),
            opened(7, 1, 0),
            ("AUTHENTICATE XOAUTH2", "NO [AUTHENTICATIONFAILED] expired".into()),
            (fresh, "OK welcome".into()),
        ];
        let script = Script::play(vec![act]).await;
        let login = Login::Token { user: "a@b".into(), source: source.clone() };
        let outcome = check(&inbox(script.port), &login, &options()).await;
        assert_eq!(*asked.lock().unwrap(), [Freshness::Any, Freshness::New], "{offers}");
        // Without SASL-IR the script hears no token in the command, so it goes on refusing.
        assert_eq!(outcome.is_ok(), offers.ends_with("SASL-IR"), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_ends_idle_by_itself_is_asked_again() {
    let act = vec![capability("IDLE"), opened(7, 1, 0), ("IDLE", "+ idling\nOK that is enough".into())];
    let script = Script::play(vec![act]).await;
    let notebook = Notebook::new();
    let _fetching = notebook.fetch(&inbox(script.port), &login(), options());
    notebook.until(|notes| notes.healthy >= 3).await;
    assert!(notebook.notes().troubles.is_empty());
}

#[tokio::test]
async fn a_stop_does_not_wait_for_the_server() {
    let act = vec![capability(""), opened(7, 1, 0)];
    let script = Script::play(vec![act]).await;
    let notebook = Notebook::new();
    let hours = Duration::from_secs(3600);
    let fetching = notebook.fetch(&inbox(script.port), &login(), Options { poll: hours, ..options() });
    notebook.until(|notes| notes.healthy > 0).await;
    let asked = Instant::now();
    fetching.stop().await;
    assert!(asked.elapsed() < Duration::from_secs(2));
}
