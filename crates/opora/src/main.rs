//! The binary: reads the command line, opens the ground, joins the rooms and stops gracefully.
//!
//! `serve` runs the department; the other commands are for scripts and administrators and work while it runs, because
//! they go through the same transactions.

mod cli;
mod command;
mod demo;
mod ground;
mod settings;
mod work;

use clap::Parser;
use cli::{Cli, Command};
use std::process::ExitCode;

/// For SQLite as well as for Rust: `override` puts it in malloc's place (docs/decisions/0007).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let serves = std::env::args().nth(1).is_some_and(|command| matches!(command.as_str(), "serve" | "demo"));
    start_log(serves);
    quiet_panics();
    // Every TLS client below (mail servers, buckets) uses this one provider; a second installation changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error.into()),
    };
    let done = runtime.block_on(Box::pin(run(cli)));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(ask) => command::serve::run(ask).await,
        Command::Demo(ask) => demo::run(ask).await,
        Command::Admin(cli::Admin::Create(ask)) => command::people::create_admin(ask).await,
        Command::Token(cli::Token::Create(ask)) => command::people::create_token(ask).await,
        Command::Inbox(cli::Inbox::Create(ask)) => command::inbox::create(ask).await,
        Command::Import(ask) => command::import::run(ask).await,
        Command::Reindex(ask) => command::reindex::run(ask).await,
        Command::Mail(ask) => command::worker::mail(&ask),
        Command::Search(cli::Search::Worker) => command::worker::search(),
        Command::Calendar(cli::Calendar::Worker) => command::worker::calendar(),
    }
}

fn complain(error: &anyhow::Error) -> ExitCode {
    eprintln!("opora: {error:#}");
    ExitCode::FAILURE
}

/// A panic is told in one line and never symbolised: taking a backtrace on the writer's thread would stall every write.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let payload = info.payload();
        let words =
            payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        tracing::error!(place, "a part of the program failed: {}", words.unwrap_or("no reason given"));
    }));
}

/// Logs go to the error stream, so that commands print nothing but their answer.
fn start_log(verbose: bool) {
    // How well a stranger's HTML is written is no news.
    let usual = if verbose { "info,html5ever=error" } else { "warn,html5ever=error" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("OPORA_LOG").unwrap_or_else(|_| usual.into());
    let json = std::env::var("OPORA_LOG_FORMAT").is_ok_and(|format| format == "json");
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { log.json().init() } else { log.with_target(false).init() }
}
