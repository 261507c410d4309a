//! Archives on disk, interrupted and taken up again.

use opora_mail::archive::{eml, maildir, mbox};
use opora_mail::{Error, Limits};
use std::fs;

#[test]
fn an_mbox_is_taken_up_where_it_was_left() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("all.mbox");
    let text: String = (0..500)
        .map(|n| format!("From a@x Mon Mar  2 10:00:00 2026\nSubject: {n}\n\nbody {n}\n>From the start\n\n"))
        .collect();
    fs::write(&path, text).unwrap();
    let limits = Limits::default();
    let mut position = 0;
    let mut subjects = Vec::new();
    loop {
        // Every run reads three messages and dies.
        let run: Vec<_> = mbox(&path, position, &limits).unwrap().take(3).map(Result::unwrap).collect();
        let Some(last) = run.last() else { break };
        position = last.position;
        subjects.extend(run.iter().map(|item| opora_mail::parse(&item.raw).unwrap().subject));
    }
    assert_eq!(subjects, (0..500).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[test]
fn an_oversize_message_is_an_error_item_and_the_next_one_follows() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("all.mbox");
    fs::write(&path, format!("From a@x 10:00\nS: 1\n\n{}\n\nFrom a@x 10:00\nS: 2\n\nok\n", "x".repeat(100_000)))
        .unwrap();
    let limits = Limits { message_bytes: 1000, ..Limits::default() };
    let mut reader = mbox(&path, 0, &limits).unwrap();
    assert!(matches!(reader.next(), Some(Err(Error::TooLarge { .. }))));
    let after = reader.position();
    assert_eq!(reader.next().unwrap().unwrap().raw, b"S: 2\n\nok\n");
    assert!(reader.next().is_none());
    // Taken up after the error, too.
    assert_eq!(mbox(&path, after, &limits).unwrap().count(), 1);
}

#[test]
fn a_maildir_is_read_in_the_order_of_its_names() {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["cur", "new", "tmp", ".Sent/cur"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    for (name, text) in [
        ("cur/2:2,S", "b"),
        ("cur/1:2,S", "a"),
        ("new/3", "c"),
        ("tmp/4", "never"),
        (".Sent/cur/0", "sent"),
        ("dovecot.index", "never"),
    ] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let limits = Limits::default();
    let all: Vec<_> = maildir(dir.path(), 0, &limits).unwrap().map(|item| item.unwrap()).collect();
    assert_eq!(all.iter().map(|i| i.raw.as_slice()).collect::<Vec<_>>(), [b"sent".as_slice(), b"a", b"b", b"c"]);
    assert_eq!(maildir(dir.path(), all[1].position, &limits).unwrap().count(), 2);
    assert_eq!(maildir(dir.path(), 0, &limits).unwrap().total(), 4);
    assert_eq!(maildir(dir.path(), u64::MAX, &limits).unwrap().count(), 0);
}

#[test]
fn eml_files_are_found_in_folders_or_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("2026")).unwrap();
    fs::write(dir.path().join("2026/b.EML"), "b").unwrap();
    fs::write(dir.path().join("a.eml"), "a").unwrap();
    fs::write(dir.path().join("notes.txt"), "no").unwrap();
    let limits = Limits::default();
    assert_eq!(eml(dir.path(), 0, &limits).unwrap().total(), 2);
    let one = eml(&dir.path().join("a.eml"), 0, &limits).unwrap().next().unwrap().unwrap();
    assert_eq!(one.raw, b"a");
    assert_eq!(eml(&dir.path().join("missing"), 0, &limits).unwrap_err().code(), "io");
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_archive() {
    let dir = tempfile::tempdir().unwrap();
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::os::unix::fs::symlink(secret.path(), dir.path().join("x.eml")).unwrap();
    assert_eq!(eml(dir.path(), 0, &Limits::default()).unwrap().total(), 0);
}
