//! The letter that asks an organization's owner whether a stranger may ask for it: two links, in the owner's language.

use super::login;
use crate::ground::Ground;
use anyhow::Context;
use opora_base::Time;
use opora_base::job::Job;
use opora_channels::mail::Endpoint;
use opora_channels::mail::sender::{Envelope, Sender};
use opora_desk::department::inboxes;
use opora_desk::entitlement::{self, Question};
use serde_json::Value;

/// Sends the question of a case, if it still waits for an answer.
pub(super) async fn send(
    ground: &Ground,
    sender: &Sender,
    public_url: Option<&str>,
    job: &Job,
    now: Time,
) -> anyhow::Result<()> {
    let case = job.payload.get("case").and_then(Value::as_i64).context("a question about nobody")?;
    let Some(question) = ground.store.write(move |tx| entitlement::question(tx, case, now)).await? else {
        return Ok(());
    };
    let base = public_url.or(question.base_url.as_deref());
    let base = base.context("nobody knows where the department is reached: set public_url")?.trim_end_matches('/');
    let (subject, text) = words(&question, base);
    let inbox = question.inbox.clone().context("no inbox has an outgoing mail server")?;
    let id = inbox.id;
    let password = ground.store.read(move |tx| inboxes::sealed_password(tx, id, "smtp")).await?;
    let endpoint: Endpoint = inbox.smtp.as_ref().map(|s| s.url.as_str()).unwrap_or_default().parse()?;
    let login = login::of(&endpoint, password.as_ref(), &ground.key)?;
    let domain = inbox.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let outgoing = opora_mail::Outgoing {
        from: opora_mail::Address::new(inbox.name.as_str(), inbox.address.as_str()),
        reply_to: question.reply_to.as_ref().map(|address| opora_mail::Address::new("", address.as_str())),
        to: vec![opora_mail::Address::new(question.to.name.as_str(), question.to.address.as_str())],
        subject,
        text,
        message_id: format!("letter.{}.stranger@{domain}", job.id),
        date_seconds: now.seconds(),
        auto_submitted: Some("auto-generated"),
        ..Default::default()
    };
    let raw = opora_mail::compose(&outgoing)?.raw;
    let envelope = Envelope { from: Some(inbox.address), to: vec![question.to.address] };
    sender.send(&endpoint, &login, &envelope, &raw).await?;
    Ok(())
}

fn words(question: &Question, base: &str) -> (String, String) {
    let asked = &question.asked;
    let link = format!("{base}/confirm/{}", question.token);
    let (organization, who, address, subject) = (&asked.organization, &asked.stranger, &asked.address, &asked.subject);
    match asked.locale.as_str() {
        "ru" => (
            format!("Может ли {who} обращаться от имени «{organization}»?"),
            format!(
                "Здравствуйте!\n\nВ поддержку от имени организации «{organization}» написал человек, которого нет в списке сотрудников, имеющих право обращаться:\n\n  {who} <{address}>\n  Тема: {subject}\n\nОбращение ждёт вашего решения.\n\nДа, может:\n{link}?answer=yes\n\nНет, не может:\n{link}?answer=no\n\nСсылки действуют три дня и только один раз. На открывшейся странице нужно нажать кнопку.\n"
            ),
        ),
        _ => (
            format!("May {who} ask on behalf of {organization}?"),
            format!(
                "Hello,\n\nsomebody who is not on the list of people entitled to ask has written to support on behalf of {organization}:\n\n  {who} <{address}>\n  Subject: {subject}\n\nThe request waits for your decision.\n\nYes, they may:\n{link}?answer=yes\n\nNo, they may not:\n{link}?answer=no\n\nThe links work for three days and once only. On the page that opens, press the button.\n"
            ),
        ),
    }
}
