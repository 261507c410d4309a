//! `opora serve`: joins the rooms, runs until asked to stop, stops without losing anything.

use crate::cli::ServeArgs;
use crate::ground::{self, Ground};
use crate::settings::Settings;
use crate::work;
use anyhow::Context;
use opora_base::blob::BlobError;
use opora_base::{SharedClock, SystemClock};
use opora_channels::mail::TlsTrust;
use opora_channels::mail::sender::{Options, Sender};
use opora_http::{AppState, DemoMailbox, EdgeConfig};
use opora_mail::Limits;
use opora_search::Index;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long the workers may take to end.
const GRACE: Duration = Duration::from_secs(30);

/// Runs the department.
pub async fn run(ask: ServeArgs) -> anyhow::Result<()> {
    let settings = ask.ground.settle_with(ask.serving)?;
    let ground = ground::open(&settings).await?;
    run_on(settings, ground, None, |address| tracing::info!("the workspace is at http://{address}")).await
}

/// Runs the department on ground that is open already; `demo` is the customer's mailbox of a demonstration.
pub async fn run_on(
    settings: Settings,
    mut ground: Ground,
    demo: Option<Arc<dyn DemoMailbox>>,
    ready: impl FnOnce(std::net::SocketAddr),
) -> anyhow::Result<()> {
    let clock: SharedClock = Arc::new(SystemClock);
    let stop = CancellationToken::new();
    stop_when_asked(&stop)?;
    let _occupied = ground.occupy(clock.now()).await?;
    see_the_bucket(&settings, &ground).await?;
    let listen = settings.listen();
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let doors = work::door::open(&settings, &ground, &clock).await?;
    let index = open_index(&ground)?;
    let is_demo = demo.is_some();
    let state = state(&settings, &ground, &clock, index.clone(), demo, &stop);

    let mut workers = JoinSet::new();
    for door in doors {
        workers.spawn(door.serve(stop.child_token()));
    }
    workers.spawn(work::intake::run(ground.clone(), clock.clone(), limits(&settings), stop.child_token()));
    let sender = Sender::new(sending(&settings));
    let carrier = work::send::Carrier::new(ground.clone(), clock.clone(), sender.clone(), is_demo);
    workers.spawn(carrier.run(stop.child_token()));
    let (public_url, stopping) = (settings.args.public_url.clone(), stop.child_token());
    workers.spawn(work::letters::run(ground.clone(), clock.clone(), sender, public_url.clone(), stopping.clone()));
    let anywhere = settings.args.push_anywhere.unwrap_or(false);
    workers.spawn(work::push::run(ground.clone(), clock.clone(), public_url, anywhere, stopping));
    workers.spawn(work::fetch::run(ground.clone(), clock.clone(), trust(&settings), stop.child_token()));
    workers.spawn(work::timers::run(ground.store.clone(), clock.clone(), stop.child_token()));
    workers.spawn(work::mass::run(ground.clone(), clock.clone(), stop.child_token()));
    workers.spawn(work::followers::NOTICES.run(ground.store.clone(), clock.clone(), stop.child_token()));
    workers.spawn(work::followers::ROUTING.run(ground.store.clone(), clock.clone(), stop.child_token()));
    workers.spawn(work::followers::DEADLINES.run(ground.store.clone(), clock.clone(), stop.child_token()));
    workers.spawn(work::contacts::run(ground.clone(), clock.clone(), stop.child_token()));
    workers.spawn(work::tidy::run(ground.store.clone(), clock.clone(), stop.child_token()));
    workers.spawn(work::index::run(ground.store.clone(), index, clock.clone(), stop.child_token()));

    let router = opora_http::router(state);
    ready(listener.local_addr().unwrap_or(listen));
    let served = opora_http::serve(listener, router, stop.clone().cancelled_owned()).await;
    stop.cancel();
    let ended = tokio::time::timeout(GRACE, async { while workers.join_next().await.is_some() {} }).await;
    if ended.is_err() {
        tracing::warn!("some workers did not end in time; what they held is taken up at the next start");
    }
    ground.store.close().await;
    served.context("serving ended")
}

/// Keys that open nothing are found at the start and not by the first mail with a file. A bucket that is only away keeps
/// nobody from starting: small mails need none, and the others wait at their mail server.
async fn see_the_bucket(settings: &Settings, ground: &Ground) -> anyhow::Result<()> {
    if settings.ground.blobs.is_none() {
        return Ok(());
    }
    match ground.blobs.try_out().await {
        Err(error @ BlobError::Unavailable(_)) => {
            tracing::error!(code = error.code(), %error, "files cannot be kept or read until the bucket answers");
            Ok(())
        }
        tried => tried.context("the bucket cannot be used"),
    }
}

fn state(
    settings: &Settings,
    ground: &Ground,
    clock: &SharedClock,
    index: Index,
    demo: Option<Arc<dyn DemoMailbox>>,
    stop: &CancellationToken,
) -> AppState {
    let usual = EdgeConfig::default();
    let config = EdgeConfig {
        demo: demo.is_some(),
        public_url: settings.args.public_url.clone(),
        trust_forwarded: settings.args.trust_proxy.unwrap_or(false),
        json_limit: settings.args.json_limit.unwrap_or(usual.json_limit),
        json_depth: settings.args.json_depth.unwrap_or(usual.json_depth),
        upload_limit: settings.args.upload_limit.unwrap_or(usual.upload_limit),
        ..usual
    };
    let state = AppState::new(ground.store.clone(), ground.blobs.clone(), clock.clone(), ground.key.clone(), config)
        .with_search(index)
        .with_probe(Arc::new(work::probe::Trials::new(
            ground.key.clone(),
            Sender::new(sending(settings)),
            trust(settings),
        )))
        .with_letters(Arc::new(work::letters::Outbox::new(ground.key.clone())))
        .stopping_with(stop.clone());
    match demo {
        Some(mailbox) => state.with_demo(mailbox),
        None => state,
    }
}

/// A second process on the same data folder (an administrator's command) may hold the index for a moment.
fn open_index(ground: &Ground) -> anyhow::Result<Index> {
    Index::open(&ground.data.join("search")).context("the search index cannot be opened")
}

fn limits(settings: &Settings) -> Limits {
    let (usual, args) = (Limits::default(), &settings.args);
    Limits {
        message_bytes: args.mail_limit.unwrap_or(usual.message_bytes),
        parts: args.mail_parts.unwrap_or(usual.parts),
        depth: args.mail_depth.unwrap_or(usual.depth),
        ..usual
    }
}

fn trust(settings: &Settings) -> TlsTrust {
    TlsTrust { ca_file: settings.args.tls_roots.clone(), ..TlsTrust::default() }
}

fn sending(settings: &Settings) -> Options {
    Options { trust: trust(settings), ..Options::new(settings.hostname()) }
}

/// From now on SIGTERM and Ctrl-C ask to stop. Set up before anybody can see that we are there.
fn stop_when_asked(stop: &CancellationToken) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        stop.cancel();
    });
    Ok(())
}
