//! The fetcher at a real Dovecot.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use opora_channels::mail::{
    Code, Endpoint, Login, Secret, TlsTrust,
    fetcher::{After, Options, Start, check},
};
use opora_testkit::mailpeer::{Dovecot, PASSWORD};

use super::notebook::Notebook;

const USER: &str = "support@desk.test";

fn inbox(dovecot: &Dovecot) -> Endpoint {
    format!("imap://127.0.0.1:{}", dovecot.imap).parse().unwrap()
}

fn login() -> Login {
    Login::Password { user: USER.into(), password: Secret::new(PASSWORD) }
}

/// Failures are tried again soon, as nobody wants to wait in a test.
fn options() -> Options {
    Options {
        first_pause: Duration::from_millis(20),
        longest_pause: Duration::from_millis(200),
        settings_pause: Duration::from_millis(200),
        ..Options::default()
    }
}

fn letter(subject: &str) -> Vec<u8> {
    format!("From: anna@customer.test\r\nSubject: {subject}\r\n\r\nПривет\r\n").into_bytes()
}

fn put(dovecot: &Dovecot, subjects: &[&str]) {
    for subject in subjects {
        dovecot.put(USER, "INBOX", &letter(subject)).unwrap();
    }
}

fn flags(dovecot: &Dovecot) -> String {
    dovecot.doveadm(&["fetch", "-u", USER, "flags", "mailbox", "INBOX", "all"]).unwrap()
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn what_lies_there_is_read_and_what_comes_is_announced_within_two_seconds() {
    let dovecot = Dovecot::start().unwrap();
    put(&dovecot, &["one", "two", "three"]);
    let notebook = Notebook::new();
    let fetching = notebook.fetch(&inbox(&dovecot), &login(), options());
    let notes = notebook.until_subjects(&["one", "two", "three"]).await;
    assert_eq!(notes.found[0].raw, letter("one"));
    assert!(notes.found[0].received_at.is_some());
    notebook.until(|notes| notes.healthy == 1).await;

    put(&dovecot, &["four"]);
    let put_at = Instant::now();
    notebook.until_subjects(&["one", "two", "three", "four"]).await;
    assert!(put_at.elapsed() < Duration::from_secs(2), "{:?}", put_at.elapsed());
    assert!(notebook.notes().troubles.is_empty());
    fetching.stop().await;
    assert!(!flags(&dovecot).contains("Seen"), "{}", flags(&dovecot));
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn what_a_person_has_already_looked_at_is_read_all_the_same() {
    let dovecot = Dovecot::start().unwrap();
    put(&dovecot, &["seen", "unseen"]);
    dovecot.doveadm(&["flags", "add", "-u", USER, "\\Seen", "mailbox", "INBOX", "subject", "seen"]).unwrap();
    let notebook = Notebook::new();
    let _fetching = notebook.fetch(&inbox(&dovecot), &login(), options());
    let notes = notebook.until_subjects(&["seen", "unseen"]).await;
    assert_eq!(notes.found[0].flags.iter().filter(|flag| *flag == "\\Seen").count(), 1);
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn after_a_restart_of_the_server_reading_goes_on_and_nothing_comes_twice() {
    let mut dovecot = Dovecot::start().unwrap();
    put(&dovecot, &["before"]);
    let notebook = Notebook::new();
    let _fetching = notebook.fetch(&inbox(&dovecot), &login(), options());
    notebook.until_subjects(&["before"]).await;
    notebook.until(|notes| notes.healthy > 0).await;
    dovecot.close();
    notebook.until(|notes| notes.has_trouble(Code::Unreachable)).await;
    dovecot.open().unwrap();
    put(&dovecot, &["after"]);
    notebook.until_subjects(&["before", "after"]).await;
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn after_days_of_our_own_absence_everything_missed_is_read_in_order() {
    let dovecot = Dovecot::start().unwrap();
    put(&dovecot, &["known"]);
    let notebook = Notebook::new();
    let fetching = notebook.fetch(&inbox(&dovecot), &login(), options());
    notebook.until_subjects(&["known"]).await;
    notebook.until(|notes| notes.healthy > 0).await;
    fetching.stop().await;
    let missed: Vec<String> = (0..100).map(|n| format!("missed {n}")).collect();
    put(&dovecot, &missed.iter().map(String::as_str).collect::<Vec<_>>());
    let _fetching = notebook.fetch(&inbox(&dovecot), &login(), options());
    let all: Vec<&str> = std::iter::once("known").chain(missed.iter().map(String::as_str)).collect();
    notebook.until_subjects(&all).await;
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn a_renumbered_mailbox_is_read_again_from_the_beginning() {
    let mut dovecot = Dovecot::start().unwrap();
    put(&dovecot, &["one", "two"]);
    let notebook = Notebook::new();
    let fetching = notebook.fetch(&inbox(&dovecot), &login(), options());
    let before = notebook.until_subjects(&["one", "two"]).await;
    notebook.until(|notes| notes.healthy > 0).await;
    fetching.stop().await;
    dovecot.renumber(USER).unwrap();
    put(&dovecot, &["three"]);
    let _fetching = notebook.fetch(&inbox(&dovecot), &login(), options());
    let after = notebook.until_subjects(&["one", "two", "one", "two", "three"]).await;
    assert_ne!(before.found[0].uid_validity, after.found[4].uid_validity);
    assert!(after.has_trouble(Code::MailboxRenumbered));
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn a_mailbox_may_be_read_from_now_on_only() {
    let dovecot = Dovecot::start().unwrap();
    let hours_ago = Timestamp::now() - SignedDuration::from_hours(5);
    let stamp = hours_ago.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    put(&dovecot, &["old"]);
    // Received long ago: doveadm saves with today's date, so the file's time is set back.
    let maildir = dovecot.doveadm(&["mailbox", "path", "-u", USER, "INBOX"]).unwrap();
    let touched = std::process::Command::new("find")
        .args([maildir.trim(), "-type", "f", "-path", "*/[cn][ue][rw]/*", "-exec", "touch", "-d", &stamp, "{}", ";"])
        .status()
        .unwrap();
    assert!(touched.success());
    dovecot.doveadm(&["force-resync", "-u", USER, "INBOX"]).unwrap();
    let notebook = Notebook::new();
    let start = Start::From(Timestamp::now());
    let _fetching = notebook.fetch(&inbox(&dovecot), &login(), Options { start, ..options() });
    notebook.until(|notes| notes.healthy > 0).await;
    put(&dovecot, &["new"]);
    notebook.until_subjects(&["new"]).await;
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn a_wrong_password_is_told_in_plain_words_and_the_right_one_helps() {
    let dovecot = Dovecot::start().unwrap();
    put(&dovecot, &["hello"]);
    let notebook = Notebook::new();
    let wrong = Login::Password { user: USER.into(), password: Secret::new("wrong-password") };
    let fetching = notebook.fetch(&inbox(&dovecot), &wrong, options());
    let notes = notebook.until(|notes| notes.has_trouble(Code::WrongPassword)).await;
    assert!(!format!("{:?}", notes.troubles).contains("wrong-password"));
    fetching.stop().await;
    assert_eq!(check(&inbox(&dovecot), &wrong, &options()).await.unwrap_err().code, Code::WrongPassword);
    let checked = check(&inbox(&dovecot), &login(), &options()).await.unwrap();
    assert_eq!((checked.messages, checked.announces), (1, true));
    let _fetching = notebook.fetch(&inbox(&dovecot), &login(), options());
    notebook.until_subjects(&["hello"]).await;
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn tls_and_starttls_work_and_a_stranger_is_not_believed() {
    let dovecot = Dovecot::start().unwrap();
    let trust = TlsTrust { ca_file: Some(dovecot.certificate()), ..TlsTrust::default() };
    let believing = Options { trust, ..options() };
    for url in [format!("imaps://127.0.0.1:{}", dovecot.imaps), format!("imap+starttls://127.0.0.1:{}", dovecot.imap)] {
        let endpoint: Endpoint = url.parse().unwrap();
        check(&endpoint, &login(), &believing).await.unwrap();
        assert_eq!(check(&endpoint, &login(), &options()).await.unwrap_err().code, Code::Certificate, "{url}");
    }
    let plain_port: Endpoint = format!("imaps://127.0.0.1:{}", dovecot.imap).parse().unwrap();
    assert_eq!(check(&plain_port, &login(), &believing).await.unwrap_err().code, Code::Tls);
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn a_message_too_large_is_passed_over_visibly_and_the_next_is_read() {
    let dovecot = Dovecot::start().unwrap();
    put(&dovecot, &["small"]);
    let large = [letter("huge"), vec![b'x'; 100_000]].concat();
    dovecot.put(USER, "INBOX", &large).unwrap();
    put(&dovecot, &["next"]);
    let notebook = Notebook::new();
    let _fetching = notebook.fetch(&inbox(&dovecot), &login(), Options { max_message_bytes: 50_000, ..options() });
    let notes = notebook.until_subjects(&["small", "next"]).await;
    let passed = &notes.passed_over[0];
    assert_eq!(passed.problem.code, Code::MessageSkipped);
    assert!(String::from_utf8_lossy(&passed.header).contains("Subject: huge"));
    assert!(passed.size > 100_000);
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn when_the_house_cannot_write_the_message_waits_in_the_mailbox() {
    let dovecot = Dovecot::start().unwrap();
    put(&dovecot, &["one", "two", "three"]);
    let notebook = Notebook::new();
    notebook.change(|notes| notes.refuse = Some("two"));
    let _fetching = notebook.fetch(&inbox(&dovecot), &login(), options());
    let notes = notebook.until(|notes| notes.has_trouble(Code::StoreFailed)).await;
    assert_eq!(notes.cursor.unwrap().last_uid, notes.found[0].uid);
    notebook.change(|notes| notes.refuse = None);
    let notes = notebook.until(|notes| notes.subjects().contains(&"two".to_owned()) && notes.healthy > 0).await;
    assert_eq!(notes.subjects().iter().filter(|subject| *subject == "one").count(), 1);
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn messages_are_tidied_only_as_asked() {
    let dovecot = Dovecot::start().unwrap();
    for (after, folder, left) in
        [(After::MarkSeen, None, 1), (After::Move("Done".into()), Some("Done"), 0), (After::Delete, None, 0)]
    {
        dovecot.doveadm(&["expunge", "-u", USER, "mailbox", "INBOX", "all"]).unwrap();
        put(&dovecot, &["tidy me"]);
        let notebook = Notebook::new();
        let options = Options { after: after.clone(), ..options() };
        let fetching = notebook.fetch(&inbox(&dovecot), &login(), options);
        notebook.until(|notes| notes.healthy > 0).await;
        assert!(notebook.notes().troubles.is_empty(), "{:?}", notebook.notes().troubles);
        fetching.stop().await;
        let flags = flags(&dovecot);
        assert_eq!(flags.matches("flags:").count(), left, "{after:?}: {flags}");
        assert_eq!(flags.contains("\\Seen"), after == After::MarkSeen, "{after:?}: {flags}");
        if let Some(folder) = folder {
            let moved = dovecot.doveadm(&["fetch", "-u", USER, "hdr.subject", "mailbox", folder, "all"]).unwrap();
            assert!(moved.contains("tidy me"), "{moved}");
        }
    }
}

#[tokio::test]
#[ignore = "needs postfix and dovecot"]
async fn a_folder_that_is_not_there_is_named_and_a_russian_one_is_found() {
    let dovecot = Dovecot::start().unwrap();
    let folder = |name: &str| -> Endpoint { format!("{}/{name}", inbox(&dovecot)).parse().unwrap() };
    assert_eq!(check(&folder("Нет"), &login(), &options()).await.unwrap_err().code, Code::NoFolder);
    dovecot.doveadm(&["mailbox", "create", "-u", USER, "Входящие"]).unwrap();
    check(&folder("Входящие"), &login(), &options()).await.unwrap();
}
