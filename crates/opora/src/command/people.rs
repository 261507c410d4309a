//! `opora admin create`, `opora token create`.

use crate::cli::{AdminArgs, TokenArgs};
use crate::ground;
use anyhow::Context;
use opora_base::{Clock, SystemClock};
use opora_desk::people::{agents, password, setup, tokens};

/// Creates an administrator.
pub async fn create_admin(ask: AdminArgs) -> anyhow::Result<()> {
    let secret = match ask.password.clone() {
        Some(password) => password,
        None => super::inbox::ask_secret("Password: ")?,
    };
    let ground = ground::open(&ask.ground.clone().settle()?).await?;
    let now = SystemClock.now();
    let hash = tokio::task::spawn_blocking(move || password::hash(&secret)).await??;
    let (email, name, locale) = (ask.email.clone(), ask.name.clone(), ask.locale.clone());
    ground
        .store
        .write(move |tx| {
            let new = setup::FirstAdmin { email: &email, name: &name, password_hash: &hash, locale: &locale };
            setup::create_admin(tx, &new, now)
        })
        .await
        .context("the administrator was not created")?;
    ground.store.close().await;
    eprintln!("{} may come in now", ask.email);
    Ok(())
}

/// Creates an API token and prints it.
pub async fn create_token(ask: TokenArgs) -> anyhow::Result<()> {
    let ground = ground::open(&ask.ground.clone().settle()?).await?;
    let now = SystemClock.now();
    let created = ground
        .store
        .write(move |tx| {
            let agent = agents::by_email(tx, &ask.email)?;
            let actor = agents::actor(tx, agent.id)?;
            tokens::create(tx, &actor, &ask.name, &ask.scope, now)
        })
        .await
        .context("the token was not created")?;
    ground.store.close().await;
    println!("{}", created.token.context("the token was not shown")?);
    Ok(())
}
