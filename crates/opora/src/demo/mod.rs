//! `opora demo`: a department with fourteen months behind it, and the customer's side of the table, so that a newcomer
//! sees the whole circle without a mail server.

mod agreements;
mod mailbox;
mod roster;
mod seed;

use crate::cli::DemoArgs;
use crate::command::serve;
use crate::ground;
use mailbox::Mailbox;
use opora_base::{Clock, SystemClock, setting};
use std::sync::Arc;

/// Where a demonstration keeps its logins; a data folder without it is a real department.
const MARK: &str = "demo";

/// Makes the department unless it is there, and serves it unless told otherwise.
pub async fn run(ask: DemoArgs) -> anyhow::Result<()> {
    let settings = ask.ground.clone().settle_with(ask.serving.clone())?;
    let ground = ground::open(&settings).await?;
    let known: Option<mailbox::Mark> = ground.store.read(|tx| setting::get(tx, MARK)).await?;
    let mark = match known {
        Some(mark) => mark,
        None => {
            let used = ground.store.read(|tx| opora_desk::people::setup::is_needed(tx).map(|needed| !needed)).await?;
            anyhow::ensure!(
                !used,
                "{} holds a real department; choose an empty folder with --data",
                ground.data.display()
            );
            seed::department(&ground, ask.seed, ask.tickets, SystemClock.now()).await?
        }
    };
    if ask.create_only {
        ground.store.close().await;
        return Ok(());
    }
    let mailbox = Arc::new(Mailbox::new(ground.clone(), mark.clone()));
    Box::pin(serve::run_on(settings, ground, Some(mailbox), move |address| greet(address, &mark))).await
}

fn greet(address: std::net::SocketAddr, mark: &mailbox::Mark) {
    println!("\nOpora is ready: http://{address}\n");
    for login in &mark.logins {
        println!("  {:<32} {:<12} {} ({})", login.email, login.password, login.name, login.role);
    }
    println!("\nWrite as a customer: http://{address}/demo/mailbox\nStop with Ctrl-C.");
}
