//! The house's own letters (a new password, an invitation): jobs like answers, sent through the first inbox that has a
//! mail server. A link is a secret: it lies sealed in its job.

use super::{Wake, login, pause};
use crate::ground::Ground;
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opora_base::job::{self, Job, NewJob};
use opora_base::secret::MasterKey;
use opora_base::{SharedClock, Time, Tx, params};
use opora_channels::mail::Endpoint;
use opora_channels::mail::sender::{Envelope, Sender};
use opora_desk::department::inboxes::{self, Inbox};
use opora_desk::people::agents;
use opora_desk::{AgentId, Error};
use opora_http::{Letter, Letters};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const QUEUE: &str = "mail.letter";
const PURPOSE: &str = "letter";
const LEASE: Duration = Duration::from_secs(120);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
const GATHERING: Duration = Duration::from_millis(50);
const MOST_ATTEMPTS: i64 = 40;

/// Takes letters in the transaction that causes them.
pub struct Outbox {
    key: MasterKey,
}

impl Outbox {
    /// An outbox that seals with this key.
    pub fn new(key: MasterKey) -> Outbox {
        Outbox { key }
    }
}

impl Letters for Outbox {
    fn post(&self, tx: &mut Tx<'_>, to: AgentId, letter: Letter, now: Time) -> opora_desk::Result<()> {
        let (kind, link) = match letter {
            Letter::PasswordReset { link } => ("password_reset", link),
            Letter::Invitation { link } => ("invitation", link),
        };
        let sealed = self.key.seal(PURPOSE, link.as_bytes()).map_err(|e| Error::Storage(e.to_string()))?;
        let payload = json!({ "to": to, "kind": kind, "link": STANDARD.encode(sealed) });
        let key = format!("letter:{kind}:{to}:{}", now.0);
        job::enqueue(tx, &NewJob { queue: QUEUE, dedupe_key: &key, payload: &payload, run_at: now }, now)?;
        Ok(())
    }
}

/// Sends letters until told to stop.
pub async fn run(ground: Ground, clock: SharedClock, sender: Sender, stop: CancellationToken) {
    let mut wake = Wake::gathered(&ground.store, GATHERING);
    let me = ground.holder.to_string();
    while !stop.is_cancelled() {
        let (holder, now) = (me.clone(), clock.now());
        let claimed = ground.store.write_rc(move |tx| job::claim(tx, QUEUE, &holder, LEASE, 4, now)).await;
        let jobs = claimed.unwrap_or_default();
        let idle = jobs.is_empty();
        for job in jobs {
            let outcome = send(&ground, &sender, &job, clock.now()).await;
            if let Err(error) = settle(&ground, &me, job, outcome, clock.now()).await {
                tracing::warn!(%error, "a letter could not be settled");
            }
        }
        if idle && !pause(&mut wake, LONGEST_PAUSE, &stop).await {
            return;
        }
    }
}

async fn settle(ground: &Ground, me: &str, job: Job, outcome: anyhow::Result<()>, now: Time) -> opora_base::Result<()> {
    let me = me.to_owned();
    let failure = outcome.err().map(|error| format!("{error:#}"));
    if let Some(reason) = &failure {
        tracing::warn!(job = job.id, %reason, "a letter to a colleague waits");
    }
    ground
        .store
        .write(move |tx| match &failure {
            None => job::complete(tx, job.id, &me),
            Some(reason) if job.attempts >= MOST_ATTEMPTS => job::give_up(tx, job.id, &me, reason),
            Some(reason) => {
                let wait =
                    job::backoff(job.attempts, Duration::from_secs(15), Duration::from_secs(600), &mut rand::rng());
                job::retry(tx, job.id, &me, reason, now.plus(wait))
            }
        })
        .await?;
    Ok(())
}

async fn send(ground: &Ground, sender: &Sender, job: &Job, now: Time) -> anyhow::Result<()> {
    let to = AgentId(job.payload.get("to").and_then(Value::as_i64).context("a letter to nobody")?);
    let kind = job.payload.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    let sealed = STANDARD.decode(job.payload.get("link").and_then(Value::as_str).unwrap_or_default())?;
    let link = String::from_utf8(ground.key.open(PURPOSE, &sealed)?.to_vec())?;
    let (agent, locale, inbox, password) = ground.store.read(move |tx| addressed(tx, to)).await?;
    let inbox = inbox.context("no inbox has an outgoing mail server")?;
    let endpoint: Endpoint = inbox.smtp.as_ref().map(|s| s.url.as_str()).unwrap_or_default().parse()?;
    let login = login::of(&endpoint, password.as_ref(), &ground.key)?;
    let (subject, text) = words(&kind, &locale, &agent.name, &link);
    let domain = inbox.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let outgoing = opora_mail::Outgoing {
        from: opora_mail::Address::new(inbox.name.as_str(), inbox.address.as_str()),
        to: vec![opora_mail::Address::new(agent.name.as_str(), agent.email.as_str())],
        subject,
        text,
        message_id: format!("letter.{}.{:x}@{domain}", job.id, job.payload.to_string().len()),
        date_seconds: now.seconds(),
        auto_submitted: Some("auto-generated"),
        ..Default::default()
    };
    let raw = opora_mail::compose(&outgoing)?.raw;
    let envelope = Envelope { from: Some(inbox.address), to: vec![agent.email] };
    sender.send(&endpoint, &login, &envelope, &raw).await?;
    Ok(())
}

type Addressed = (agents::Agent, String, Option<Inbox>, Option<(String, Vec<u8>)>);

fn addressed(tx: &mut Tx<'_>, to: AgentId) -> opora_desk::Result<Addressed> {
    let agent = agents::get(tx, to)?;
    let locale: String = tx.one("SELECT locale FROM agent WHERE id = $1", params![to])?;
    let inbox = inboxes::list(tx)?.into_iter().find(|inbox| inbox.smtp.is_some());
    let password = match &inbox {
        Some(inbox) => inboxes::sealed_password(tx, inbox.id, "smtp")?,
        None => None,
    };
    Ok((agent, locale, inbox, password))
}

fn words(kind: &str, locale: &str, name: &str, link: &str) -> (String, String) {
    match (kind, locale) {
        ("invitation", "ru") => (
            "Приглашение в Опору".to_owned(),
            format!(
                "Здравствуйте, {name}!\n\nВас приглашают в отдел поддержки. Выберите пароль по этой ссылке, она действует неделю:\n{link}\n"
            ),
        ),
        ("invitation", _) => (
            "You are invited to Opora".to_owned(),
            format!(
                "Hello {name},\n\nyou are invited to the support department. Choose a password here; the link works for a week:\n{link}\n"
            ),
        ),
        (_, "ru") => (
            "Новый пароль для Опоры".to_owned(),
            format!(
                "Здравствуйте, {name}!\n\nНовый пароль можно выбрать по этой ссылке, она действует час:\n{link}\n\nЕсли вы об этом не просили, ничего не делайте: прежний пароль остаётся в силе.\n"
            ),
        ),
        (_, _) => (
            "A new password for Opora".to_owned(),
            format!(
                "Hello {name},\n\nchoose a new password here; the link works for an hour:\n{link}\n\nIf you did not ask for this, do nothing: your old password stays valid.\n"
            ),
        ),
    }
}
