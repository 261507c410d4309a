//! The house's own letters (a new password, an invitation, what is still unread, a question about a stranger): jobs like answers, sent through the first inbox that has a
//! mail server. A link is a secret: it lies sealed in its job.

use super::login;
use super::queue::{self, End, Queue};
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
use opora_desk::entitlement::hold;
use opora_desk::notifications::digest;
use opora_desk::people::agents;
use opora_desk::{AgentId, Error};
use opora_http::{Letter, Letters};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const PURPOSE: &str = "letter";
const LETTERS: Queue = Queue { name: digest::QUEUE, at_once: 4, longest_pause: Duration::from_secs(2) };
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
        job::enqueue(tx, &NewJob { queue: digest::QUEUE, dedupe_key: &key, payload: &payload, run_at: now }, now)?;
        Ok(())
    }
}

/// Sends letters until told to stop. `public_url` is where people reach the department, when that was said.
pub async fn run(
    ground: Ground,
    clock: SharedClock,
    sender: Sender,
    public_url: Option<String>,
    stop: CancellationToken,
) {
    let public_url = public_url.as_deref();
    let act = async |job: Job| match send(&ground, &sender, public_url, &job, clock.now()).await {
        Ok(()) => Ok(End::Done),
        Err(error) => Ok(End::after_failure(&job, format!("{error:#}"), MOST_ATTEMPTS, clock.now())),
    };
    queue::run(&ground, &clock, &stop, LETTERS, act).await;
}

/// What a letter says.
struct Said {
    subject: String,
    text: String,
}

async fn send(ground: &Ground, sender: &Sender, public_url: Option<&str>, job: &Job, now: Time) -> anyhow::Result<()> {
    if job.payload.get("kind").and_then(Value::as_str) == Some(hold::LETTER) {
        return super::question::send(ground, sender, public_url, job, now).await;
    }
    let to = AgentId(job.payload.get("to").and_then(Value::as_i64).context("a letter to nobody")?);
    let kind = job.payload.get("kind").and_then(Value::as_str).unwrap_or_default();
    let (agent, locale, inbox, password) = ground.store.read(move |tx| addressed(tx, to)).await?;
    let (said, last) = if kind == "digest" {
        if ground.store.write(move |tx| digest::waits(tx, to, now)).await? {
            return Ok(());
        }
        let Some(contents) = ground.store.read(move |tx| digest::contents(tx, to)).await? else { return Ok(()) };
        let base = public_url.unwrap_or(&contents.base_url).trim_end_matches('/');
        let (subject, text) = super::digest::words(&contents.items, &locale, &agent.name, base);
        (Said { subject, text }, contents.items.last().map(|last| last.id))
    } else {
        let sealed = STANDARD.decode(job.payload.get("link").and_then(Value::as_str).unwrap_or_default())?;
        let link = String::from_utf8(ground.key.open(PURPOSE, &sealed)?.to_vec())?;
        (words(kind, &locale, &agent.name, &link), None)
    };
    let inbox = inbox.context("no inbox has an outgoing mail server")?;
    let endpoint: Endpoint = inbox.smtp.as_ref().map(|s| s.url.as_str()).unwrap_or_default().parse()?;
    let login = login::of(&endpoint, password.as_ref(), &ground.key)?;
    let domain = inbox.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let outgoing = opora_mail::Outgoing {
        from: opora_mail::Address::new(inbox.name.as_str(), inbox.address.as_str()),
        to: vec![opora_mail::Address::new(agent.name.as_str(), agent.email.as_str())],
        subject: said.subject,
        text: said.text,
        message_id: format!("letter.{}.{:x}@{domain}", job.id, job.payload.to_string().len()),
        date_seconds: now.seconds(),
        auto_submitted: Some("auto-generated"),
        ..Default::default()
    };
    let raw = opora_mail::compose(&outgoing)?.raw;
    let envelope = Envelope { from: Some(inbox.address), to: vec![agent.email] };
    sender.send(&endpoint, &login, &envelope, &raw).await?;
    if let Some(last) = last {
        ground.store.write(move |tx| digest::told(tx, to, last, now)).await?;
    }
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

fn words(kind: &str, locale: &str, name: &str, link: &str) -> Said {
    let (subject, text) = match (kind, locale) {
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
    };
    Said { subject, text }
}
