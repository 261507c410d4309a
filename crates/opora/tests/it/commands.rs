//! The command line: what scripts rely on.

use crate::node::{ADMIN, Home, OPORA, PASSWORD};
use serde_json::json;
use std::io::Write;
use std::process::{Command, Stdio};

#[test]
fn help_names_every_command_and_every_setting() {
    let help = |arguments: &[&str]| {
        let output = Command::new(OPORA).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for word in ["serve", "demo", "admin", "token", "inbox", "import", "reindex", "mail", "search", "calendar"] {
        assert!(help(&["--help"]).contains(word), "{word}");
    }
    for word in
        ["--data", "--listen", "--lmtp", "--smtp", "--database-url", "OPORA_LISTEN", "OPORA_SECRET_KEY", "--tls-cert"]
    {
        assert!(help(&["serve", "--help"]).contains(word), "{word}");
    }
}

#[test]
fn a_token_and_an_inboxs_number_are_all_that_is_printed() {
    let home = Home::sqlite();
    let token = home.token();
    assert!(token.starts_with("opora_") && !token.contains(char::is_whitespace), "{token}");
    let inbox = ["inbox", "create", "--name", "S", "--address", "s@desk.test", "--smtp", "smtp://127.0.0.1:25"];
    assert_eq!(home.run(&inbox), "1");
}

#[test]
fn the_calendar_worker_answers_each_line_and_ends_with_its_input() {
    let mut worker =
        Command::new(OPORA).args(["calendar", "worker"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let ask = json!({
        "calendar": "ru-production", "op": "add", "from": "2026-11-03T16:30:00+03:00", "minutes": 60,
    });
    write!(worker.stdin.take().unwrap(), "{ask}\nnonsense\n").unwrap();
    let output = worker.wait_with_output().unwrap();
    assert!(output.status.success());
    let told = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], json!({ "at": "2026-11-05T09:30:00+03:00" }), "the third is short, the fourth is off");
    assert_eq!(lines[1]["error"]["code"], "bad_request");
}

#[test]
fn an_administrator_is_created_once_and_the_reason_is_said() {
    let home = Home::sqlite();
    home.token();
    let again = ["admin", "create", "--email", ADMIN, "--password", PASSWORD, "--name", "Вера"];
    let output = home.command(&again).output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("email") && !said.contains(PASSWORD), "{said}");
}

#[test]
fn an_archive_is_imported_once_however_often_it_is_asked_for() {
    let home = Home::sqlite();
    home.token();
    home.run(&["inbox", "create", "--name", "Support", "--address", "support@desk.test"]);
    let mut archive = String::new();
    for n in 0..150 {
        archive.push_str(&format!(
            "From a@customer.test Mon Mar  2 10:00:{:02} 2020\nFrom: Ann <a{n}@customer.test>\nTo: support@desk.test\nSubject: Old question {n}\nMessage-ID: <old{n}@customer.test>\nDate: Mon, 2 Mar 2020 10:00:00 +0000\n\nLong ago.\n>From here on it is quoted.\n\n",
            n % 60
        ));
    }
    let path = home.data().join("archive.mbox");
    std::fs::write(&path, &archive).unwrap();
    let path = path.to_str().unwrap().to_owned();
    let first = home.run(&["import", "mbox", &path, "--inbox", "support"]);
    assert!(first.starts_with("imported 150,"), "{first}");
    let again = home.run(&["import", "mbox", &path, "--inbox", "support"]);
    assert!(again.starts_with("imported 0,"), "{again}");
    // Another archive with the same mails, from its beginning.
    let copy = home.data().join("copy.mbox");
    std::fs::write(&copy, &archive).unwrap();
    let copied = home.run(&["import", "mbox", copy.to_str().unwrap(), "--inbox", "support"]);
    assert!(copied.starts_with("imported 0, known already 150,"), "{copied}");
}

#[test]
fn a_mail_is_inspected_and_html_made_safe_without_a_data_folder() {
    let told = |what: &str, input: &str| {
        let mut opora = Command::new(OPORA);
        let pipes = opora.args(["mail", what]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let mail = "From: a@b.test\r\nSubject: =?utf-8?B?0J/RgNC40LLQtdGC?=\r\n\r\nhi\r\n";
    let said: serde_json::Value = serde_json::from_slice(&told("inspect", mail).stdout).unwrap();
    assert_eq!(said["subject"], "Привет");
    let clean = told("sanitize", "<table><p>badly put<tr><td onclick=x()>cell</table><script>x()</script>");
    let html = String::from_utf8_lossy(&clean.stdout);
    assert!(html.contains("cell") && !html.contains("x()"), "{html}");
    assert!(
        clean.stderr.is_empty(),
        "how badly strangers write is no news: {}",
        String::from_utf8_lossy(&clean.stderr)
    );
}

#[test]
fn a_demonstration_is_made_and_found_again_and_a_real_department_is_left_alone() {
    let home = Home::sqlite();
    home.run(&["demo", "--create-only", "--tickets", "40"]);
    home.run(&["demo", "--create-only", "--tickets", "40"]);
    let real = Home::sqlite();
    real.token();
    let output = real.command(&["demo", "--create-only"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("real department"));
}

#[tokio::test]
async fn a_rebuilt_index_finds_what_was_there() {
    let home = Home::sqlite();
    home.run(&["demo", "--create-only", "--tickets", "60"]);
    let said = home.command(&["reindex"]).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let token = home.run(&["token", "create", "--email", "maria@opora.example"]);
    let node = home.serve(&[]);
    let found = node.api(&token).get("/search?q=%D0%BF%D0%BE%D1%81%D1%8B%D0%BB%D0%BA%D0%B8").await;
    assert!(found["total"].as_u64().unwrap() > 0, "{found}");
}

#[tokio::test]
async fn what_colleagues_said_is_found_at_once_and_after_the_index_was_built_anew() {
    let home = Home::sqlite();
    home.run(&["demo", "--create-only", "--tickets", "20"]);
    let token = home.run(&["token", "create", "--email", "maria@opora.example"]);
    let words = "/search?q=zanzibar";
    let talk = {
        let node = home.serve(&[]);
        let api = node.api(&token);
        let ticket = api.get("/tickets?q=&limit=1").await["items"][0]["id"].clone();
        let form = json!({ "subject": "Where to?", "members": [], "body_html": "<p>Off to Zanzibar</p>" });
        let talk = api.post(&format!("/tickets/{ticket}/talks"), &form).await["talk"]["id"].clone();
        let found = api.until(words, "it is found", |found| found["total"] == 1).await;
        let hit = found["items"][0].clone();
        assert_eq!((&hit["ticket"]["id"], &hit["message_id"]), (&ticket, &json!(null)), "{hit}");
        assert_eq!(hit["talk"], json!({ "id": talk, "subject": "Where to?" }));
        node.stop();
        talk
    };
    home.run(&["reindex"]);
    let node = home.serve(&[]);
    let found = node.api(&token).get(words).await;
    assert_eq!((&found["total"], &found["items"][0]["talk"]["id"]), (&json!(1), &talk), "{found}");
}

#[tokio::test]
async fn asked_to_stop_it_ends_well() {
    let home = Home::sqlite();
    home.token();
    let node = home.serve(&[]);
    let status = node.stop();
    assert!(status.success(), "{status}");
}
