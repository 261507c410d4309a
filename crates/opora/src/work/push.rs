//! Tells browsers while no page is open: Web Push (RFC 8030), encrypted for the browser alone (RFC 8291), signed with the
//! key by which push services know this department (RFC 8292).

use super::digest::what;
use super::queue::{self, End, Queue};
use crate::ground::Ground;
use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use opora_base::job::Job;
use opora_base::{SharedClock, Time, setting};
use opora_desk::notifications::Notification;
use opora_desk::notifications::push::{self, PRIVATE_KEY, PUBLIC_KEY, Subscription};
use reqwest::{StatusCode, Url, redirect};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use web_push_native::{Auth, p256};

const PUSHES: Queue = Queue { name: push::QUEUE, at_once: 8, longest_pause: Duration::from_secs(5) };
const PURPOSE: &str = "push-key";
const PATIENCE: Duration = Duration::from_secs(20);
/// A push service keeps a word for a browser that is off so long.
const LIVES: Duration = Duration::from_secs(24 * 3_600);
/// A signature is good for half of what the standard allows.
const SIGNED_FOR: Duration = Duration::from_secs(12 * 3_600);
const MOST_ATTEMPTS: i64 = 8;
/// Words of a message that fit beside everything else into the 4 KB that push services take.
const MOST_CHARS: usize = 300;

/// Tells until told to stop. `anywhere` allows push services in the department's own network, and over plain HTTP.
pub async fn run(ground: Ground, clock: SharedClock, contact: Option<String>, anywhere: bool, stop: CancellationToken) {
    let signer = loop {
        match Signer::open(&ground, contact.clone()).await {
            Ok(signer) => break signer,
            Err(error) => tracing::warn!(error = %format!("{error:#}"), "the key for push services cannot be had"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PATIENCE) => {}
        }
    };
    let act = async |job: Job| {
        let (subscription, notification) = (number(&job, "subscription"), number(&job, "notification"));
        let found =
            ground.store.read(move |tx| push::to_tell(tx, subscription.unwrap_or_default(), notification)).await?;
        let Some((browser, notification)) = found else { return Ok(End::Done) };
        match tell(&signer, &browser, notification.as_ref(), anywhere, clock.now()).await {
            Ok(Told::Yes) => Ok(End::Done),
            Ok(Told::Gone) => {
                let id = browser.id;
                ground.store.write(move |tx| push::forget(tx, id)).await?;
                Ok(End::Done)
            }
            Err(error) => Ok(End::after_failure(&job, format!("{error:#}"), MOST_ATTEMPTS, clock.now())),
        }
    };
    queue::run(&ground, &clock, &stop, PUSHES, act).await;
}

fn number(job: &Job, name: &str) -> Option<i64> {
    job.payload.get(name).and_then(Value::as_i64)
}

enum Told {
    Yes,
    Gone,
}

async fn tell(
    signer: &Signer,
    browser: &Subscription,
    notification: Option<&Notification>,
    anywhere: bool,
    now: Time,
) -> anyhow::Result<Told> {
    let url: Url = browser.endpoint.parse().context("the push service's address")?;
    let Ok(body) = sealed_for(browser, &words(notification, browser.locale == "ru")) else { return Ok(Told::Gone) };
    let client = client_for(&url, anywhere).await?;
    let topic = notification.map_or_else(|| "trial".to_owned(), tag_of);
    let request = client
        .post(url.clone())
        .header("TTL", LIVES.as_secs())
        .header("Content-Encoding", "aes128gcm")
        .header("Content-Type", "application/octet-stream")
        .header("Urgency", "high")
        .header("Topic", topic)
        .header("Authorization", signer.authorization(&url, now)?)
        .body(body);
    let status = request.send().await?.status();
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => Ok(Told::Gone),
        status if status.is_success() => Ok(Told::Yes),
        status => bail!("the push service answered {status}"),
    }
}

/// What the browser shows.
fn words(notification: Option<&Notification>, russian: bool) -> Value {
    let Some(one) = notification else {
        let (title, body) = if russian {
            ("Опора", "Уведомления приходят на это устройство.")
        } else {
            ("Opora", "Notifications reach this device.")
        };
        return json!({ "title": title, "body": body, "url": "/", "tag": "trial" });
    };
    let (body, url) = match one.ticket_id {
        None => (one.text.clone(), "/roster".to_owned()),
        Some(id) if one.text.is_empty() => (one.ticket_subject.clone(), format!("/tickets/{id}")),
        Some(id) => (format!("{}: {}", one.ticket_subject, one.text), format!("/tickets/{id}")),
    };
    let by = if one.actor.name.is_empty() { String::new() } else { format!(" · {}", one.actor.name) };
    json!({
        "title": short(&format!("{}{by}", what(&one.kind, russian))),
        "body": short(&body),
        "url": url,
        "tag": tag_of(one),
        "id": one.id,
    })
}

/// What a later notice about the same takes the place of.
fn tag_of(one: &Notification) -> String {
    one.ticket_id.map_or_else(|| one.kind.clone(), |id| format!("ticket-{id}"))
}

fn short(text: &str) -> String {
    text.chars().take(MOST_CHARS).collect()
}

/// Readable by this browser alone. Fails when its keys are none.
fn sealed_for(browser: &Subscription, words: &Value) -> anyhow::Result<Vec<u8>> {
    let key = URL_SAFE_NO_PAD.decode(browser.p256dh.trim_end_matches('='))?;
    let key = p256::PublicKey::from_sec1_bytes(&key).map_err(|_| anyhow::anyhow!("no key on P-256"))?;
    let auth = URL_SAFE_NO_PAD.decode(browser.auth.trim_end_matches('='))?;
    if auth.len() != 16 {
        bail!("a secret of {} bytes", auth.len());
    }
    let sealed = web_push_native::encrypt(words.to_string().into_bytes(), &key, Auth::from_slice(&auth));
    sealed.map_err(|error| anyhow::anyhow!("{error:?}"))
}

/// A client that goes where the name leads now and nowhere else: whoever names a push service must not make the server
/// knock at doors inside its own network.
async fn client_for(url: &Url, anywhere: bool) -> anyhow::Result<reqwest::Client> {
    if url.scheme() != "https" && !(anywhere && url.scheme() == "http") {
        bail!("push services are reached by https only");
    }
    let host = url.host_str().context("a push service without a name")?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().context("a push service without a port")?;
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), port)).await?.collect();
    if !anywhere && found.iter().any(|address| !is_public(address.ip())) {
        bail!("{host} lies in a private network");
    }
    Ok(reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .resolve_to_addrs(&host, &found)
        .build()?)
}

fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_broadcast()
                || ip.is_documentation()
                || ip.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(ip) => {
            let global = (ip.segments()[0] & 0xe000) == 0x2000;
            global && ip.segments()[..2] != [0x2001, 0xdb8]
        }
    }
}

/// The department, as push services know it.
struct Signer {
    key: EcdsaKeyPair,
    public: String,
    contact: String,
}

impl Signer {
    /// The kept key; made the first time, once for all nodes.
    async fn open(ground: &Ground, contact: Option<String>) -> anyhow::Result<Signer> {
        let chance = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &chance);
        let made = made.map_err(|_| anyhow::anyhow!("no key could be made"))?;
        let public = public_of(&keys(made.as_ref())?);
        let sealed = Arc::new(STANDARD.encode(ground.key.seal(PURPOSE, made.as_ref())?));
        let kept = ground.store.write(move |tx| {
            if let Some(kept) = setting::get::<String>(tx, PRIVATE_KEY)? {
                return Ok::<_, opora_base::Error>(kept);
            }
            setting::put(tx, PRIVATE_KEY, &*sealed)?;
            setting::put(tx, PUBLIC_KEY, &public)?;
            Ok((*sealed).clone())
        });
        let key = keys(&ground.key.open(PURPOSE, &STANDARD.decode(kept.await?)?)?)?;
        let contact = contact
            .filter(|url| url.starts_with("https://"))
            .unwrap_or_else(|| "mailto:postmaster@localhost".to_owned());
        Ok(Signer { public: public_of(&key), key, contact })
    }

    /// The header that says who we are, for one push service and some hours (RFC 8292).
    fn authorization(&self, url: &Url, now: Time) -> anyhow::Result<String> {
        let head = json!({ "typ": "JWT", "alg": "ES256" });
        let claims = json!({
            "aud": url.origin().ascii_serialization(),
            "exp": now.plus(SIGNED_FOR).seconds(),
            "sub": self.contact,
        });
        let signed = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.map_err(|_| anyhow::anyhow!("nothing could be signed"))?;
        Ok(format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.as_ref()), self.public))
    }
}

fn keys(pkcs8: &[u8]) -> anyhow::Result<EcdsaKeyPair> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new())
        .map_err(|error| anyhow::anyhow!("the key for push services: {error}"))
}

fn public_of(key: &EcdsaKeyPair) -> String {
    URL_SAFE_NO_PAD.encode(key.public_key().as_ref())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_addresses_of_the_public_network_are_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.9",
            "172.20.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["8.8.8.8", "100.63.0.1", "2a00:1450:4001::1"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[tokio::test]
    async fn nobody_makes_the_server_knock_inside_its_own_network() {
        for url in ["http://push.example.com/x", "https://127.0.0.1/x", "https://[::1]/x", "ftp://8.8.8.8/x"] {
            assert!(client_for(&url.parse().unwrap(), false).await.is_err(), "{url}");
        }
        let _ = rustls::crypto::ring::default_provider().install_default();
        assert!(client_for(&"http://127.0.0.1:9/x".parse().unwrap(), true).await.is_ok());
    }
}
