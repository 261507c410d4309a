//! Who may come in, and how the door closes: counts connections, overall and per address, and on a stop lets every
//! message in hand be finished.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hasher, RandomState},
    io,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, UnixListener},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Config, Sink,
    budget::Budget,
    reply,
    session::{Session, Shared},
};
use crate::mail::wire::Duplex;

/// Where connections come in.
#[derive(Debug)]
pub enum Door {
    /// A TCP address, IPv4 or IPv6.
    Tcp(TcpListener),
    /// A unix socket, for a mail server on the same machine. Counted as one address.
    Unix(UnixListener),
}

impl From<TcpListener> for Door {
    fn from(listener: TcpListener) -> Self {
        Door::Tcp(listener)
    }
}

impl From<UnixListener> for Door {
    fn from(listener: UnixListener) -> Self {
        Door::Unix(listener)
    }
}

impl Door {
    async fn accept(&self) -> io::Result<(Box<dyn Duplex>, Option<IpAddr>)> {
        match self {
            Door::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok((Box::new(stream), Some(address.ip().to_canonical())))
            }
            Door::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                Ok((Box::new(stream), None))
            }
        }
    }
}

/// Serves a door until `shutdown`. Then nobody new comes in, the silent ones hear `421`, messages in hand are
/// finished and answered, and after [`Config::grace`] whoever is left is cut off.
pub async fn serve<S: Sink>(door: impl Into<Door>, config: Config, sink: S, shutdown: CancellationToken) {
    let door = door.into();
    let (grace, protocol) = (config.grace, config.protocol.as_str());
    let guests = Guests::new(&config);
    let shared = Arc::new(Shared {
        budget: Budget::new(config.body_memory_bytes),
        boot: (RandomState::new().build_hasher().finish() & 0xffff_ffff) as u32,
        requests: AtomicU64::new(0),
        stop: shutdown.clone(),
        config,
        sink,
    });
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(_) = sessions.join_next() => {}
            accepted = door.accept() => match accepted {
                Ok((stream, peer)) => match guests.admit(peer) {
                    Ok(pass) => {
                        metrics::counter!("opora_mail_connections_total", "door" => protocol).increment(1);
                        let session = Session::new(shared.clone(), peer);
                        sessions.spawn(async move {
                            session.run(stream).await;
                            drop(pass);
                        });
                    }
                    Err(refusal) => {
                        metrics::counter!("opora_mail_connections_refused_total", "door" => protocol).increment(1);
                        tracing::info!(peer = ?peer, "mail connection refused: too many");
                        sessions.spawn(turn_away(stream, refusal));
                    }
                },
                Err(error) => {
                    tracing::warn!(%error, "mail connection could not be accepted");
                    sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
    drop(door);
    let everybody_left = async { while sessions.join_next().await.is_some() {} };
    if timeout(grace, everybody_left).await.is_err() {
        tracing::warn!(left = sessions.len(), "mail connections cut off at the end of the grace time");
        sessions.abort_all();
    }
}

async fn turn_away(mut stream: Box<dyn Duplex>, refusal: &'static str) {
    let farewell = async {
        stream.write_all(refusal.as_bytes()).await?;
        stream.write_all(b"\r\n").await?;
        stream.shutdown().await
    };
    if let Ok(Err(error)) = timeout(Duration::from_secs(5), farewell).await {
        tracing::debug!(%error, "a refused connection was gone before it was told");
    }
}

/// Who is inside, counted.
struct Guests {
    door: &'static str,
    inside: Arc<Mutex<Inside>>,
    limit: usize,
    limit_per_address: usize,
}

#[derive(Default)]
struct Inside {
    all: usize,
    by_address: HashMap<Option<IpAddr>, usize>,
}

impl Guests {
    fn new(config: &Config) -> Self {
        Self {
            door: config.protocol.as_str(),
            inside: Arc::default(),
            limit: config.max_connections,
            limit_per_address: config.max_connections_per_address,
        }
    }

    fn admit(&self, peer: Option<IpAddr>) -> Result<Pass, &'static str> {
        let house = peer.map(household);
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.all >= self.limit {
            return Err(reply::TOO_MANY_HERE);
        }
        let from_there = inside.by_address.entry(house).or_default();
        if *from_there >= self.limit_per_address {
            return Err(reply::TOO_MANY_FROM_YOU);
        }
        *from_there += 1;
        inside.all += 1;
        metrics::gauge!("opora_mail_connections", "door" => self.door).increment(1.0);
        Ok(Pass { door: self.door, inside: self.inside.clone(), house })
    }
}

/// IPv6 hands whole /64 networks to one customer: they count as one.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
    }
}

/// Somebody inside; leaves when dropped.
struct Pass {
    door: &'static str,
    inside: Arc<Mutex<Inside>>,
    house: Option<IpAddr>,
}

impl Drop for Pass {
    fn drop(&mut self) {
        metrics::gauge!("opora_mail_connections", "door" => self.door).decrement(1.0);
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.all -= 1;
        if let Some(count) = inside.by_address.get_mut(&self.house) {
            *count -= 1;
            if *count == 0 {
                inside.by_address.remove(&self.house);
            }
        }
    }
}

impl<S> Shared<S> {
    /// A name for a transaction, unique across restarts for all practical purposes.
    pub(super) fn request_id(&self) -> String {
        format!("{:08x}-{:x}", self.boot, self.requests.fetch_add(1, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::mail::acceptor::Protocol;

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let config = Config { max_connections_per_address: 1, ..Config::new(Protocol::Smtp, "desk.test") };
        let guests = Guests::new(&config);
        let pass = guests.admit(Some("2001:db8::1".parse().unwrap()));
        assert!(pass.is_ok());
        assert_eq!(guests.admit(Some("2001:db8::2".parse().unwrap())).err(), Some(reply::TOO_MANY_FROM_YOU));
        assert!(guests.admit(Some("2001:db8:0:1::2".parse().unwrap())).is_ok());
        drop(pass);
        assert!(guests.admit(Some("2001:db8::2".parse().unwrap())).is_ok());
    }
}
