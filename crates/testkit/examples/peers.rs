//! Postfix and Dovecot for tests that are not written in Rust. Started as `peers lmtp PORT` or `peers mailbox`, it
//! prints one line of JSON that says where they listen and how to log in, answers one line of JSON to each command on
//! its input, and ends both servers when the input ends:
//!
//! - `mailbox USER`: the messages in the INBOX, oldest first, each in base64
//! - `put USER FOLDER BASE64`: lays a message into a folder
//! - `log`: what Postfix wrote so far

use std::io::{BufRead, Write};

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use opora_testkit::mailpeer::{PASSWORD, PEOPLE, Peers, Route};
use serde_json::{Value, json};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let route = match words[..] {
        ["lmtp", port] => Route::Lmtp(port.parse().context("the port is no number")?),
        ["mailbox"] => Route::Mailbox,
        _ => bail!("peers lmtp PORT | peers mailbox"),
    };
    let peers = Peers::start(route)?;
    say(&json!({
        "smtp": peers.postfix.smtp,
        "submission": peers.postfix.submission,
        "imap": peers.dovecot.imap,
        "imaps": peers.dovecot.imaps,
        "certificate": peers.dovecot.certificate(),
        "people": PEOPLE,
        "password": PASSWORD,
    }))?;
    for line in std::io::stdin().lock().lines() {
        let answer = obey(&peers, &line?).unwrap_or_else(|error| json!({ "error": format!("{error:#}") }));
        say(&answer)?;
    }
    Ok(())
}

fn obey(peers: &Peers, line: &str) -> Result<Value> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["mailbox", user] => Ok(peers.dovecot.mailbox(user)?.iter().map(|raw| STANDARD.encode(raw)).collect()),
        ["put", user, folder, message] => {
            peers.dovecot.put(user, folder, &STANDARD.decode(message)?)?;
            Ok(json!({}))
        }
        ["log"] => Ok(peers.postfix.log().into()),
        _ => bail!("no such command: {line}"),
    }
}

fn say(answer: &Value) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{answer}")?;
    Ok(out.flush()?)
}
