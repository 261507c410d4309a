//! How to prove who we are to a mail server: a password or a token. Nothing here ever prints a secret.

use std::{fmt, sync::Arc};

use futures::future::BoxFuture;

/// A password or token. Its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself: only to put on the wire.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Whether a token from before will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Any token that has not expired yet.
    Any,
    /// The server has just refused the last one: get a new one from the provider.
    New,
}

/// Gives an access token for XOAUTH2, refreshing it when asked or when it has expired.
/// The error is a sentence in English for the person on call.
pub type TokenSource = Arc<dyn Fn(Freshness) -> BoxFuture<'static, Result<Secret, String>> + Send + Sync>;

/// How we log in.
#[derive(Clone, Default)]
pub enum Login {
    /// Not at all (a relay that knows our address; IMAP always needs a login).
    #[default]
    None,
    /// User name and password.
    Password {
        /// User name, often the whole address.
        user: String,
        /// The password.
        password: Secret,
    },
    /// XOAUTH2 with a bearer token (Google, Microsoft, Yandex, Mail.ru).
    Token {
        /// User name, the whole address.
        user: String,
        /// Where tokens come from.
        source: TokenSource,
    },
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Login::None => f.write_str("Login::None"),
            Login::Password { user, .. } => write!(f, "Login::Password({user})"),
            Login::Token { user, .. } => write!(f, "Login::Token({user})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_never_shows_a_secret() {
        let login = Login::Password { user: "anna".into(), password: Secret::new("hunter2") };
        assert!(!format!("{login:?} {:?}", Secret::new("hunter2")).contains("hunter2"));
    }
}
