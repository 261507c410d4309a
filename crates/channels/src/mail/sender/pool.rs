//! Connections kept for the next message, by server and login. An old one is closed when somebody next looks.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{Options, connection::Connection};
use crate::mail::{Endpoint, Login};

#[derive(Debug)]
pub(super) struct Pool {
    kept: Mutex<HashMap<Key, Vec<Kept>>>,
    seed: RandomState,
    keep: Duration,
    at_most: usize,
    messages: u32,
}

/// Which connections are interchangeable: same server, same user, same password.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    endpoint: String,
    user: Option<String>,
    /// A hash with a seed of this process, so that a changed password is noticed and none is kept here.
    proof: u64,
}

#[derive(Debug)]
struct Kept {
    connection: Connection,
    since: Instant,
}

impl Pool {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            kept: Mutex::default(),
            seed: RandomState::new(),
            keep: options.keep,
            at_most: options.keep_at_most,
            messages: options.messages_per_connection,
        }
    }

    pub(super) fn key(&self, endpoint: &Endpoint, login: &Login) -> Key {
        let (user, proof) = match login {
            Login::None => (None, 0),
            Login::Password { user, password } => (Some(user.clone()), self.seed.hash_one(password.reveal())),
            Login::Token { user, .. } => (Some(user.clone()), 1),
        };
        Key { endpoint: endpoint.to_string(), user, proof }
    }

    /// The connection used last, if one is fresh enough.
    pub(super) fn take(&self, key: &Key) -> Option<Connection> {
        let mut kept = self.fresh();
        let connection = kept.get_mut(key)?.pop()?.connection;
        Some(connection)
    }

    pub(super) fn keep(&self, key: Key, connection: Connection) {
        if connection.messages() >= self.messages {
            return;
        }
        let mut kept = self.fresh();
        let of_this_kind = kept.entry(key).or_default();
        if of_this_kind.len() < self.at_most {
            of_this_kind.push(Kept { connection, since: Instant::now() });
        }
    }

    fn fresh(&self) -> MutexGuard<'_, HashMap<Key, Vec<Kept>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, connections| {
            connections.retain(|kept| kept.since.elapsed() < self.keep);
            !connections.is_empty()
        });
        kept
    }
}
