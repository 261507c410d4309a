//! From nothing to a conversation with somebody who knows us: connection, protection, login.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

use super::{
    Halt, Options,
    conversation::Conversation,
    response::{Outcome, Response, Status},
};
use crate::mail::{
    Code, Endpoint, Freshness, Login, Problem, Security,
    wire::{Line, dial, secure},
};

pub(super) async fn open(
    endpoint: &Endpoint,
    login: &Login,
    options: &Options,
    tls: impl FnOnce() -> Result<Arc<ClientConfig>, Problem>,
    stop: &CancellationToken,
) -> Result<Conversation, Halt> {
    let (host, patience) = (endpoint.host.as_str(), options.timeout);
    let literal = options.max_message_bytes;
    let bare = dial(host, endpoint.port, patience).await?;
    let line: Line = match endpoint.security {
        Security::Plain => Box::new(bare),
        Security::Tls => secure(bare, host, tls()?, patience).await?,
        Security::StartTls => {
            let mut conversation = Conversation::new(bare, patience, literal, stop.clone());
            if greeting(&mut conversation).await? == Status::PreAuth {
                // Logged in already, so STARTTLS is forbidden: somebody keeps us from TLS (CVE-2020-12398).
                return Err(Problem::new(Code::NoStartTls, "the server greets with PREAUTH").into());
            }
            let outcome = conversation.ask("STARTTLS", |_| {}).await?;
            if outcome.status != Status::Ok {
                return Err(Problem::new(Code::NoStartTls, outcome.words()).into());
            }
            let line = secure(conversation.into_stream()?, host, tls()?, patience).await?;
            let mut conversation = Conversation::new(line, patience, literal, stop.clone());
            log_in(&mut conversation, login).await?;
            return Ok(conversation);
        }
    };
    let mut conversation = Conversation::new(line, patience, literal, stop.clone());
    match greeting(&mut conversation).await? {
        Status::PreAuth => learn_offers(&mut conversation).await?,
        _ => log_in(&mut conversation, login).await?,
    }
    Ok(conversation)
}

async fn greeting<T>(conversation: &mut Conversation<T>) -> Result<Status, Halt>
where
    T: AsyncRead + AsyncWrite + Unpin + Send,
{
    match conversation.hear().await {
        Ok(Response::Said(said)) if matches!(said.status, Status::Ok | Status::PreAuth) => Ok(said.status),
        Ok(_) => Err(Problem::new(Code::Protocol, "this is not IMAP: no greeting").into()),
        // A server that says good-bye at once is full or being repaired.
        Err(Halt::Trouble(problem)) if problem.detail.starts_with("BYE") => {
            Err(Problem::new(Code::Busy, problem.detail).into())
        }
        Err(halt) => Err(halt),
    }
}

async fn learn_offers<T>(conversation: &mut Conversation<T>) -> Result<(), Halt>
where
    T: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut offers = Vec::new();
    let outcome = conversation
        .ask("CAPABILITY", |response| {
            if let Response::Capability(offered) = response {
                offers = offered;
            }
        })
        .await?;
    if outcome.status != Status::Ok {
        return Err(Problem::new(Code::Protocol, outcome.words()).during("CAPABILITY").into());
    }
    conversation.set_offers(offers);
    Ok(())
}

async fn log_in<T>(conversation: &mut Conversation<T>, login: &Login) -> Result<(), Halt>
where
    T: AsyncRead + AsyncWrite + Unpin + Send,
{
    learn_offers(conversation).await?;
    let nothing_fits = |why: &str| Halt::from(Problem::new(Code::NoLoginMethod, why));
    match login {
        Login::None => return Err(nothing_fits("a mailbox needs a user name and a password")),
        Login::Password { user, password } if conversation.can("AUTH=PLAIN") => {
            let proof = BASE64.encode(format!("\0{user}\0{}", password.reveal()));
            verdict(&authenticate(conversation, "PLAIN", proof).await?)?;
        }
        Login::Password { .. } if conversation.can("LOGINDISABLED") => {
            return Err(nothing_fits("the server takes no password on this connection"));
        }
        Login::Password { user, password } => {
            let (user, password) = (quoted(user)?, quoted(password.reveal())?);
            verdict(&conversation.ask(&format!("LOGIN {user} {password}"), |_| {}).await?)?;
        }
        Login::Token { .. } if !conversation.can("AUTH=XOAUTH2") => {
            return Err(nothing_fits("the server does not offer XOAUTH2"));
        }
        Login::Token { user, source } => {
            for freshness in [Freshness::Any, Freshness::New] {
                let token = source(freshness).await.map_err(|why| Problem::new(Code::NoToken, why))?;
                let proof = BASE64.encode(format!("user={user}\x01auth=Bearer {}\x01\x01", token.reveal()));
                match verdict(&authenticate(conversation, "XOAUTH2", proof).await?) {
                    Err(problem) if problem.code == Code::WrongPassword && freshness == Freshness::Any => {}
                    verdict => {
                        verdict?;
                        break;
                    }
                }
            }
        }
    }
    learn_offers(conversation).await
}

async fn authenticate<T>(conversation: &mut Conversation<T>, how: &str, proof: String) -> Result<Outcome, Halt>
where
    T: AsyncRead + AsyncWrite + Unpin + Send,
{
    if conversation.can("SASL-IR") {
        return conversation.ask_on(&format!("AUTHENTICATE {how} {proof}"), Vec::new()).await;
    }
    conversation.ask_on(&format!("AUTHENTICATE {how}"), vec![proof]).await
}

/// Only what the server calls a wrong login is one; the rest passes.
fn verdict(outcome: &Outcome) -> Result<(), Problem> {
    let words = outcome.words();
    let busy = ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"].iter().any(|code| outcome.has_code(code))
        || outcome.text.to_ascii_lowercase().contains("too many");
    match outcome.status {
        Status::Ok => Ok(()),
        Status::No if busy => Err(Problem::new(Code::Busy, words).during("login")),
        Status::No if outcome.has_code("PRIVACYREQUIRED") => {
            Err(Problem::new(Code::NoLoginMethod, words).during("login"))
        }
        Status::No => Err(Problem::new(Code::WrongPassword, words).during("login")),
        _ => Err(Problem::new(Code::Protocol, words).during("login")),
    }
}

/// A quoted string (RFC 3501 section 4.3). The error holds nothing of it.
pub(super) fn quoted(text: &str) -> Result<String, Problem> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(Problem::new(Code::BadSettings, "a user name, password or folder with a line break in it"));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}
