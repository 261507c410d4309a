//! `opora inbox create`.

use crate::cli::InboxArgs;
use crate::ground;
use anyhow::Context;
use opora_base::{Clock, SystemClock};
use opora_desk::Actor;
use opora_desk::department::inboxes::{self, DkimForm, InboxForm};
use std::io::{IsTerminal, Write};

/// Creates an inbox and prints its number.
pub async fn create(ask: InboxArgs) -> anyhow::Result<()> {
    let dkim = match (&ask.dkim_key, ask.dkim_selector.clone()) {
        (Some(path), Some(selector)) => {
            let private_key =
                std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
            Some(DkimForm { selector, private_key })
        }
        _ => None,
    };
    let form = InboxForm {
        dkim,
        smtp_password: password_for(ask.smtp.as_deref(), "OPORA_SMTP_PASSWORD", "SMTP password: ")?,
        imap_password: password_for(ask.imap.as_deref(), "OPORA_IMAP_PASSWORD", "IMAP password: ")?,
        name: Some(ask.name),
        address: Some(ask.address),
        aliases: Some(ask.alias),
        smtp_url: ask.smtp,
        imap_url: ask.imap,
        locale: Some(ask.locale),
        ..InboxForm::default()
    };
    let ground = ground::open(&ask.ground.settle()?).await?;
    let (key, now) = (ground.key.clone(), SystemClock.now());
    let inbox = ground
        .store
        .write(move |tx| inboxes::create(tx, &Actor::system(), &form, &key, now))
        .await
        .context("the inbox was not created")?;
    ground.store.close().await;
    println!("{}", inbox.id);
    Ok(())
}

/// A password is needed when the URL names a user.
fn password_for(url: Option<&str>, variable: &str, prompt: &str) -> anyhow::Result<Option<String>> {
    let named = url.is_some_and(|url| url.split("://").nth(1).is_some_and(|rest| rest.contains('@')));
    if !named {
        return Ok(None);
    }
    match std::env::var(variable) {
        Ok(password) if !password.is_empty() => Ok(Some(password)),
        _ => ask_secret(prompt).map(Some).with_context(|| format!("set {variable} or answer the prompt")),
    }
}

/// Asks for a secret on the terminal, without showing it.
pub fn ask_secret(prompt: &str) -> anyhow::Result<String> {
    anyhow::ensure!(std::io::stdin().is_terminal(), "a password is needed and there is no terminal to ask on");
    eprint!("{prompt}");
    std::io::stderr().flush()?;
    let hidden = std::process::Command::new("stty").arg("-echo").status().is_ok_and(|status| status.success());
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    if hidden {
        // Whatever became of the reading, the terminal shows letters again.
        let _ = std::process::Command::new("stty").arg("echo").status();
        eprintln!();
    }
    read?;
    let secret = line.trim_end_matches(['\r', '\n']).to_owned();
    anyhow::ensure!(!secret.is_empty(), "the password is empty");
    Ok(secret)
}
