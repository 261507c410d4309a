//! One connection to a submission server: opened, protected, logged in, then one message after another.

use std::{sync::Arc, time::Duration};

use rustls::ClientConfig;

use super::{
    Envelope, Fate, Options, Receipt, Refusal, Reply, SendError,
    address::on_the_wire,
    dialogue::Dialogue,
    hello::{Offers, greeting, hello},
    login::log_in,
    stuffing::stuffed,
};
use crate::mail::{
    Code, Endpoint, Login, Problem, Security,
    wire::{Line, dial, secure},
};

#[derive(Debug)]
pub(super) struct Connection {
    dialogue: Dialogue<Line>,
    offers: Offers,
    final_timeout: Duration,
    messages: u32,
    /// Between two messages, with nothing left over.
    usable: bool,
    /// The server said something about the message under way.
    heard: bool,
}

impl Connection {
    pub(super) async fn open(
        endpoint: &Endpoint,
        login: &Login,
        options: &Options,
        tls: impl FnOnce() -> Result<Arc<ClientConfig>, Problem>,
    ) -> Result<Self, Problem> {
        let patience = options.timeout;
        let bare = dial(&endpoint.host, endpoint.port, patience).await?;
        let mut dialogue = match endpoint.security {
            Security::Plain => {
                let mut dialogue = Dialogue::new(Box::new(bare) as Line, patience);
                greeting(&mut dialogue).await?;
                dialogue
            }
            Security::Tls => {
                let mut dialogue = Dialogue::new(secure(bare, &endpoint.host, tls()?, patience).await?, patience);
                greeting(&mut dialogue).await?;
                dialogue
            }
            Security::StartTls => {
                let mut dialogue = Dialogue::new(bare, patience);
                greeting(&mut dialogue).await?;
                if !hello(&mut dialogue, &options.hostname).await?.start_tls {
                    return Err(Problem::new(Code::NoStartTls, "EHLO does not offer STARTTLS"));
                }
                let (reply, _) = dialogue.ask("STARTTLS").await?;
                if !reply.is_positive() {
                    return Err(Problem::new(Code::NoStartTls, format!("STARTTLS: {reply}")));
                }
                Dialogue::new(secure(dialogue.into_stream()?, &endpoint.host, tls()?, patience).await?, patience)
            }
        };
        let offers = hello(&mut dialogue, &options.hostname).await?;
        log_in(&mut dialogue, &offers.auth, login).await.map_err(|problem| problem.during("login"))?;
        Ok(Self { dialogue, offers, final_timeout: options.final_timeout, messages: 0, usable: true, heard: false })
    }

    /// Whether another message can follow.
    pub(super) fn is_usable(&self) -> bool {
        self.usable
    }

    /// Whether the connection was lost before the server knew of the last message.
    pub(super) fn died_unheard(&self) -> bool {
        !self.usable && !self.heard
    }

    /// How many messages went through.
    pub(super) fn messages(&self) -> u32 {
        self.messages
    }

    /// Says good-bye. Whether the server answers makes no difference any more.
    pub(super) async fn quit(mut self) {
        if let Err(problem) = self.dialogue.ask("QUIT").await {
            tracing::debug!(%problem, "the mail server left without a good-bye");
        }
    }

    /// Sends one message.
    pub(super) async fn transact(&mut self, envelope: &Envelope, raw: &[u8]) -> Result<Receipt, SendError> {
        self.heard = false;
        let plan = self.plan(envelope, raw)?;
        self.usable = false;
        let mut refused = plan.refused;
        let outcome = self.go(&plan.mail, &plan.recipients, raw, &mut refused).await;
        match outcome {
            Ok(server_reply) => {
                self.messages += 1;
                self.usable = true;
                Ok(Receipt { server_reply, refused })
            }
            Err(mut error) => {
                let answered = error.reply.as_ref().map(|reply| reply.code != 421).unwrap_or(!refused.is_empty());
                error.refused = refused;
                let lost =
                    matches!(error.problem.code, Code::Disconnected | Code::Timeout | Code::Tls | Code::Protocol);
                if answered && !lost && error.fate != Fate::Unknown {
                    self.usable = matches!(self.dialogue.ask("RSET").await, Ok((reply, _)) if reply.is_positive());
                }
                Err(error)
            }
        }
    }

    /// What will be said, and what need not even be asked.
    fn plan(&self, envelope: &Envelope, raw: &[u8]) -> Result<Plan, SendError> {
        let limit = self.offers.size.filter(|&size| size > 0);
        if limit.is_some_and(|limit| raw.len() > limit) {
            let detail = format!("{} bytes, and the server takes {}", raw.len(), limit.unwrap_or_default());
            return Err(SendError::new(Fate::Never, Code::MessageTooLarge, detail));
        }
        let mut recipients = Vec::with_capacity(envelope.to.len());
        let mut refused = Vec::new();
        // Only for addresses: a relay that is told SMTPUTF8 must return the message when the next server lacks it.
        let mut utf8 = false;
        for address in &envelope.to {
            let refusal = match on_the_wire(address) {
                None => Reply::of_ours(553, "5.1.3", "this is no e-mail address"),
                Some(wire) if wire.needs_utf8 && !self.offers.smtp_utf8 => {
                    Reply::of_ours(553, "5.6.7", "the mail server does not take international addresses")
                }
                Some(wire) => {
                    utf8 |= wire.needs_utf8;
                    recipients.push((address.clone(), wire.address.into_owned()));
                    continue;
                }
            };
            refused.push(Refusal { address: address.clone(), reply: refusal });
        }
        if recipients.is_empty() {
            return Err(SendError { refused, ..SendError::new(Fate::Never, Code::BadAddress, "no recipient left") });
        }
        let mut mail = String::from("MAIL FROM:<");
        if let Some(from) = &envelope.from {
            let Some(wire) = on_the_wire(from) else {
                return Err(SendError::new(Fate::Never, Code::BadAddress, "the sender's address is no address"));
            };
            if wire.needs_utf8 && !self.offers.smtp_utf8 {
                let detail = "the sender's address needs SMTPUTF8, which the server does not offer";
                return Err(SendError::new(Fate::Never, Code::AddressNotSupported, detail));
            }
            utf8 |= wire.needs_utf8;
            mail.push_str(&wire.address);
        }
        mail.push('>');
        if self.offers.size.is_some() {
            mail.push_str(&format!(" SIZE={}", raw.len()));
        }
        if self.offers.eight_bit && !raw.is_ascii() {
            mail.push_str(" BODY=8BITMIME");
        }
        if utf8 {
            mail.push_str(" SMTPUTF8");
        }
        Ok(Plan { mail, recipients, refused })
    }

    async fn go(
        &mut self,
        mail: &str,
        recipients: &[(String, String)],
        raw: &[u8],
        refused: &mut Vec<Refusal>,
    ) -> Result<Reply, SendError> {
        let mut lines = vec![mail.to_owned()];
        lines.extend(recipients.iter().map(|(_, wire)| format!("RCPT TO:<{wire}>")));
        let mut answers = Vec::with_capacity(lines.len());
        if self.offers.pipelining {
            self.dialogue.say((lines.join("\r\n") + "\r\n").as_bytes()).await?;
            for _ in &lines {
                answers.push(self.hear().await?);
            }
        } else {
            for line in &lines {
                self.dialogue.say(format!("{line}\r\n").as_bytes()).await?;
                let reply = self.hear().await?;
                let stop = answers.is_empty() && !reply.is_positive();
                answers.push(reply);
                if stop {
                    break;
                }
            }
        }
        let mut answers = answers.into_iter();
        if let Some(reply) = answers.next().filter(|reply| !reply.is_positive()) {
            return Err(sender_refused(reply));
        }
        let before = refused.len();
        for ((address, _), reply) in recipients.iter().zip(answers) {
            if !reply.is_positive() {
                refused.push(Refusal { address: address.clone(), reply });
            }
        }
        if refused.len() - before == recipients.len() {
            return Err(nobody_left(refused));
        }
        self.dialogue.say(b"DATA\r\n").await?;
        let reply = self.hear().await?;
        if !reply.is_intermediate() {
            return Err(message_refused("DATA", reply));
        }
        self.deliver(raw).await
    }

    async fn deliver(&mut self, raw: &[u8]) -> Result<Reply, SendError> {
        if let Err(problem) = self.dialogue.say(&stuffed(raw)).await {
            // The final dot did not go out. A server that hung up on us in the middle may have said why.
            let last_words = self.dialogue.hear_within(Duration::from_secs(5)).await;
            return Err(match last_words {
                Ok((reply, _)) if !reply.is_positive() => message_refused("message", reply),
                _ => problem.during("message").into(),
            });
        }
        match self.dialogue.hear_within(self.final_timeout).await {
            Ok((reply, _)) if reply.is_positive() => Ok(reply),
            Ok((reply, _)) => Err(message_refused("message", reply)),
            Err(problem) => Err(SendError::new(Fate::Unknown, Code::OutcomeUnknown, problem.to_string())),
        }
    }

    async fn hear(&mut self) -> Result<Reply, Problem> {
        let (reply, _) = self.dialogue.hear().await?;
        self.heard |= reply.code != 421;
        Ok(reply)
    }
}

/// What a message's opening lines will be.
struct Plan {
    mail: String,
    /// As given, and as on the wire.
    recipients: Vec<(String, String)>,
    /// What need not be asked.
    refused: Vec<Refusal>,
}

fn sender_refused(reply: Reply) -> SendError {
    match reply.code {
        // The settings are wrong, not the message: it waits until somebody corrects them.
        530 | 535 => SendError { fate: Fate::Later, ..SendError::refused("MAIL", Code::LoginNeeded, reply) },
        552 => SendError::refused("MAIL", Code::MessageTooLarge, reply),
        _ => SendError::refused("MAIL", Code::SenderRefused, reply),
    }
}

fn message_refused(doing: &str, reply: Reply) -> SendError {
    let code = if reply.code == 552 { Code::MessageTooLarge } else { Code::MessageRefused };
    SendError::refused(doing, code, reply)
}

/// Nobody takes it. As long as one recipient may be taken later, the message may be sent later.
fn nobody_left(refused: &[Refusal]) -> SendError {
    let login_needed = refused.iter().any(|refusal| matches!(refusal.reply.code, 530 | 535));
    let (fate, code) = match refused.iter().find(|refusal| !refusal.is_permanent()) {
        _ if login_needed => (Fate::Later, Code::LoginNeeded),
        Some(refusal) if refusal.reply.code == 421 => (Fate::Later, Code::Busy),
        Some(_) => (Fate::Later, Code::Deferred),
        None => (Fate::Never, Code::RecipientsRefused),
    };
    let first = refused.first().map(|refusal| refusal.reply.to_string()).unwrap_or_default();
    SendError::new(fate, code, format!("RCPT: {first}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_nobody_takes_now_may_be_taken_later_by_one() {
        let refusal = |code| Refusal { address: "a@b".into(), reply: Reply::of_ours(code, "", "") };
        assert_eq!(nobody_left(&[refusal(550), refusal(450)]).fate, Fate::Later);
        assert_eq!(nobody_left(&[refusal(550), refusal(553)]).fate, Fate::Never);
    }
}
