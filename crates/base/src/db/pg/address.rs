//! A server's address, and the way in.
//!
//! The client library knows `sslmode` up to `require`; `verify-ca`, `verify-full` and `sslrootcert` are taken out of the
//! address here and become [`Trust`].

use super::tls::{Tls, Trust};
use crate::{Error, Result};
use postgres::Client;
use postgres::config::Config;
use std::path::PathBuf;
use std::time::Duration;

pub(super) struct Address {
    config: Config,
    trust: Trust,
}

impl Address {
    pub fn parse(url: &str) -> Result<Self> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut verify, mut roots, mut rest) = (false, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", "verify-ca" | "verify-full")) => {
                    verify = true;
                    rest.push("sslmode=require");
                }
                Some(("sslrootcert", path)) => roots = Some(decode(path)?),
                _ => rest.push(pair),
            }
        }
        let trust = match (verify, roots) {
            (true, None) => Trust::SystemRoots,
            (true, Some(path)) => Trust::RootsIn(path),
            (false, _) => Trust::Anybody,
        };
        let config = format!("{base}?{}", rest.join("&"))
            .parse()
            .map_err(|e: postgres::Error| Error::Db(format!("this is not a PostgreSQL address: {e}")))?;
        Ok(Address { config, trust })
    }

    /// Connects. Never call this where async code runs.
    pub fn connect(mut self, timeout: Duration) -> Result<Client> {
        if self.config.get_connect_timeout().is_none() {
            self.config.connect_timeout(timeout);
        }
        if self.config.get_application_name().is_none() {
            self.config.application_name("opora");
        }
        self.config.keepalives_idle(Duration::from_secs(30)).tcp_user_timeout(Duration::from_secs(60));
        let tls = Tls::new(&self.trust)?;
        self.config.connect(tls).map_err(|error| match Error::from(error) {
            Error::Db(words) => Error::Db(format!("PostgreSQL would not let us in: {words}")),
            Error::Lost(words) => Error::Lost(format!("PostgreSQL cannot be reached: {words}")),
            other => other,
        })
    }
}

/// A path in a URL's query, its `%20`s resolved.
fn decode(text: &str) -> Result<PathBuf> {
    let bad = || Error::Db("sslrootcert is not a path".to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16)).ok_or_else(bad);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).map_err(|_| bad())?);
    }
    String::from_utf8(bytes).map(PathBuf::from).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use postgres::config::SslMode;

    #[test]
    fn the_ways_of_trusting_a_server_are_read_from_its_address() {
        let read = |query: &str| Address::parse(&format!("postgres://opora@db/opora{query}")).unwrap();
        let plain = read("");
        assert_eq!((plain.config.get_ssl_mode(), plain.trust), (SslMode::Prefer, Trust::Anybody));
        let require = read("?sslmode=require");
        assert_eq!((require.config.get_ssl_mode(), require.trust), (SslMode::Require, Trust::Anybody));
        let full = read("?application_name=x&sslmode=verify-full");
        assert_eq!((full.config.get_ssl_mode(), full.trust), (SslMode::Require, Trust::SystemRoots));
        let own = read("?sslmode=verify-ca&sslrootcert=/etc/my%20ca.pem");
        assert_eq!(own.trust, Trust::RootsIn("/etc/my ca.pem".into()));
    }

    #[test]
    fn an_address_without_sense_is_refused() {
        assert!(Address::parse("postgres://opora@db/opora?port=many").is_err());
        assert!(Address::parse("postgres://db/opora?sslmode=verify-full&sslrootcert=%zz").is_err());
    }
}
