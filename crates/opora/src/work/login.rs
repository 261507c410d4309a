//! Opens an inbox's stored password and makes of it what a mail server wants to hear.

use anyhow::Context;
use opora_base::secret::MasterKey;
use opora_channels::mail::{Endpoint, Login, Secret};

/// How to log in at this server: with the user of its URL and the sealed password, or not at all.
pub fn of(endpoint: &Endpoint, sealed: Option<&(String, Vec<u8>)>, key: &MasterKey) -> anyhow::Result<Login> {
    let Some(user) = endpoint.user.clone() else { return Ok(Login::None) };
    let (purpose, sealed) = sealed.context("no password is stored for this server")?;
    let password = key.open(purpose, sealed).context("the stored password")?;
    let password = std::str::from_utf8(&password).context("the stored password")?;
    Ok(Login::Password { user, password: Secret::new(password) })
}
