//! Who is asking: a session cookie or a bearer token becomes a [`Caller`] before anything else is read.
//!
//! The last use of a session or token is noted at most once a minute, in the background.

use crate::problem::{Answer, Problem};
use crate::sentences::Code;
use crate::state::AppState;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use opora_base::{Time, Tx};
use opora_desk::people::login::{self, Visitor};
use opora_desk::people::{agents, tokens};
use opora_desk::{self as desk, Actor, AgentId, SessionId, TokenId};
use std::net::SocketAddr;
use std::time::Duration;

const COOKIE: &str = "opora_session";
const NOTED_EVERY: Duration = Duration::from_secs(60);

/// What a request shows to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// A token of a script.
    Token(String),
    /// A browser's session.
    Session(String),
}

impl Credentials {
    /// The credentials of a request; a token goes before a cookie.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Credentials> {
        let authorization = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        if let Some((scheme, token)) = authorization.and_then(|v| v.split_once(' '))
            && scheme.eq_ignore_ascii_case("bearer")
        {
            return Some(Credentials::Token(token.trim().to_owned()));
        }
        session_cookie(headers).map(|value| Credentials::Session(value.to_owned()))
    }

    /// Who holds them, if they are still good.
    pub(crate) fn identify(&self, tx: &mut Tx<'_>, now: Time) -> desk::Result<Option<(Caller, Time)>> {
        match self {
            Credentials::Token(token) => {
                let Some(bearer) = tokens::by_token(tx, token)? else { return Ok(None) };
                let caller = Caller { actor: bearer.actor, session: None, token: Some(bearer.token) };
                Ok(Some((caller, bearer.last_used_at.unwrap_or_default())))
            }
            Credentials::Session(value) => {
                let Some((session, agent, seen)) = login::by_session(tx, value, now)? else { return Ok(None) };
                match agents::actor(tx, agent) {
                    Ok(actor) => Ok(Some((Caller { actor, session: Some(session), token: None }, seen))),
                    Err(desk::Error::NotFound(_)) => Ok(None),
                    Err(error) => Err(error),
                }
            }
        }
    }
}

fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE && !value.is_empty()).then_some(value)
    })
}

/// The person or script a request comes from.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// With their rights.
    pub(crate) actor: Actor,
    /// Their session, when they came with a cookie.
    pub(crate) session: Option<SessionId>,
    /// Their token, when they came with one.
    pub(crate) token: Option<TokenId>,
}

impl Caller {
    /// Go on only for somebody who signed in with a password: a token must not make tokens wider than itself.
    pub(crate) fn in_person(&self) -> Answer<SessionId> {
        self.session.ok_or_else(|| Problem::new(Code::SessionNeeded))
    }

    /// The agent's number.
    pub(crate) fn agent(&self) -> Answer<AgentId> {
        Ok(self.actor.agent_id()?)
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Caller, Problem> {
        let credentials = Credentials::of(&parts.headers).ok_or_else(|| Problem::new(Code::Unauthenticated))?;
        let now = state.now();
        let found = state.store.read(move |tx| credentials.identify(tx, now)).await?;
        let (caller, seen) = found.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
        if now.since(seen) > NOTED_EVERY {
            let (store, ip) = (state.store.clone(), visitor(parts, state).ip);
            let (session, token) = (caller.session, caller.token);
            tokio::spawn(async move {
                let noted = store.write(move |tx| match (session, token) {
                    (Some(session), _) => login::touch(tx, session, &ip, now),
                    (None, Some(token)) => tokens::touch(tx, token, now),
                    (None, None) => Ok(()),
                });
                if let Err(error) = noted.await {
                    tracing::warn!(%error, "who was here was not noted");
                }
            });
        }
        Ok(caller)
    }
}

/// Where the request comes from.
pub(crate) struct From(pub(crate) Visitor);

impl FromRequestParts<AppState> for From {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<From, Problem> {
        Ok(From(visitor(parts, state)))
    }
}

fn visitor(parts: &Parts, state: &AppState) -> Visitor {
    let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
    let forwarded = text("x-forwarded-for").filter(|_| state.config.trust_forwarded);
    // The last entry is the one our own proxy added; the ones before it are whatever the visitor claimed.
    let ip = match forwarded.and_then(|list| list.rsplit(',').next()).map(str::trim).filter(|ip| !ip.is_empty()) {
        Some(ip) => ip.chars().take(64).collect(),
        None => parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(address)| address.ip().to_canonical().to_string())
            .unwrap_or_default(),
    };
    Visitor { ip, user_agent: text("user-agent").unwrap_or_default().to_owned() }
}

/// The address people reach us under, without a slash at its end.
pub(crate) struct BaseUrl(pub(crate) String);

impl FromRequestParts<AppState> for BaseUrl {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<BaseUrl, Problem> {
        if let Some(url) = &state.config.public_url {
            return Ok(BaseUrl(url.trim_end_matches('/').to_owned()));
        }
        let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
        let forwarded = |name: &str| text(name).filter(|_| state.config.trust_forwarded);
        let host = forwarded("x-forwarded-host").or_else(|| text("host")).unwrap_or("localhost");
        let scheme = forwarded("x-forwarded-proto").filter(|s| *s == "https").unwrap_or("http");
        Ok(BaseUrl(format!("{scheme}://{host}")))
    }
}

/// The cookie that begins a session.
pub(crate) fn begin_cookie(value: &str, base: &BaseUrl) -> Answer<HeaderValue> {
    let secure = if base.0.starts_with("https://") { "; Secure" } else { "" };
    let lives = login::SESSION_IDLE.as_secs();
    HeaderValue::from_str(&format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lives}{secure}"))
        .map_err(Problem::internal)
}

/// The cookie that ends it.
pub(crate) fn end_cookie() -> HeaderValue {
    HeaderValue::from_static("opora_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_token_goes_before_a_cookie_and_foreign_cookies_are_passed_over() {
        let both = headers(&[("authorization", "bearer opora_x"), ("cookie", "a=b; opora_session=s")]);
        assert_eq!(Credentials::of(&both), Some(Credentials::Token("opora_x".into())));
        let cookie = headers(&[("cookie", "opora_session2=z"), ("cookie", "a=b;opora_session=s")]);
        assert_eq!(Credentials::of(&cookie), Some(Credentials::Session("s".into())));
        assert_eq!(Credentials::of(&headers(&[("authorization", "Basic eDp5")])), None);
    }
}
