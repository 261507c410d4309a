//! Opens an inbox's stored secret and makes of it what a mail server wants to hear.
//!
//! A secret is a password, or a JSON object for XOAUTH2 (Google, Microsoft, Yandex, Mail.ru):
//! `{"token_url","client_id","client_secret","refresh_token"}`. Access tokens are asked for when needed and kept until
//! they expire, for all connections together.

use anyhow::Context;
use futures::FutureExt;
use opora_base::secret::MasterKey;
use opora_channels::mail::{Endpoint, Freshness, Login, Secret, TokenSource};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A token is renewed so long before it expires.
const MARGIN: Duration = Duration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(30);

/// How to log in at this server: with the user of its URL and the sealed secret, or not at all.
pub fn of(endpoint: &Endpoint, sealed: Option<&(String, Vec<u8>)>, key: &MasterKey) -> anyhow::Result<Login> {
    let Some(user) = endpoint.user.clone() else { return Ok(Login::None) };
    let (purpose, sealed) = sealed.context("no password is stored for this server")?;
    let secret = key.open(purpose, sealed).context("the stored password")?;
    let secret = std::str::from_utf8(&secret).context("the stored password")?;
    if secret.trim_start().starts_with('{')
        && let Ok(grant) = serde_json::from_str::<Grant>(secret)
    {
        return Ok(Login::Token { user, source: source(grant) });
    }
    Ok(Login::Password { user, password: Secret::new(secret) })
}

/// What a provider gave us once, for access tokens ever after (RFC 6749, section 6).
#[derive(Clone, Deserialize)]
struct Grant {
    token_url: String,
    client_id: String,
    #[serde(default)]
    client_secret: String,
    refresh_token: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

type Kept = HashMap<(String, String), (Secret, Instant)>;
static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

fn source(grant: Grant) -> TokenSource {
    Arc::new(move |freshness| {
        let grant = grant.clone();
        async move { token(&grant, freshness).await.map_err(|error| format!("{error:#}")) }.boxed()
    })
}

async fn token(grant: &Grant, freshness: Freshness) -> anyhow::Result<Secret> {
    let name = (grant.token_url.clone(), grant.refresh_token.clone());
    // Held while asking: of ten connections that need a token one asks and nine wait for it.
    let mut kept = KEPT.lock().await;
    if let Some((token, until)) = kept.get(&name)
        && freshness == Freshness::Any
        && *until > Instant::now()
    {
        return Ok(token.clone());
    }
    let granted = ask(grant).await?;
    let lives = Duration::from_secs(granted.expires_in.unwrap_or(300)).saturating_sub(MARGIN);
    let token = Secret::new(granted.access_token);
    kept.insert(name, (token.clone(), Instant::now() + lives));
    Ok(token)
}

async fn ask(grant: &Grant) -> anyhow::Result<Granted> {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &grant.client_id),
        ("client_secret", &grant.client_secret),
        ("refresh_token", &grant.refresh_token),
    ];
    let body = reqwest::Url::parse_with_params("http://form", form.iter().filter(|(_, value)| !value.is_empty()))?;
    let response = reqwest::Client::builder()
        .timeout(PATIENCE)
        .build()?
        .post(&grant.token_url)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body.query().unwrap_or_default().to_owned())
        .send()
        .await
        .context("the provider of access tokens does not answer")?;
    let status = response.status();
    anyhow::ensure!(status.is_success(), "the provider of access tokens refused: {status}");
    response.json().await.context("the provider's answer holds no access token")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// A provider that gives a new token each time, and counts.
    async fn provider() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (url, asked) = (format!("http://{}/token", listener.local_addr().unwrap()), Arc::new(AtomicUsize::new(0)));
        let count = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 4096];
                let length = stream.read(&mut request).await.unwrap();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                assert!(
                    request.contains("refresh_token=r%26r") && request.contains("grant_type=refresh_token"),
                    "{request}"
                );
                let body =
                    format!("{{\"access_token\":\"t{}\",\"expires_in\":3600}}", count.fetch_add(1, Ordering::SeqCst));
                let answer = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        (url, asked)
    }

    #[tokio::test]
    async fn a_token_is_kept_until_a_server_refuses_it() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (url, asked) = provider().await;
        let key = MasterKey::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let secret = format!(r#"{{"token_url":"{url}","client_id":"c","refresh_token":"r&r"}}"#);
        let sealed = ("p".to_owned(), key.seal("p", secret.as_bytes()).unwrap());
        let endpoint: Endpoint = "imaps://support@desk.test@imap.test".parse().unwrap();
        let Login::Token { source, .. } = of(&endpoint, Some(&sealed), &key).unwrap() else { panic!("a token login") };
        assert_eq!(source(Freshness::Any).await.unwrap().reveal(), "t0");
        assert_eq!(source(Freshness::Any).await.unwrap().reveal(), "t0");
        assert_eq!(source(Freshness::New).await.unwrap().reveal(), "t1");
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }
}
