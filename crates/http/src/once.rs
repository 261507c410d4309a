//! `Idempotency-Key`: what tells a repeated request from a new one.
//!
//! The key is bound to the method, path and body of its first request. Answers that carry a secret (a token, a link) are
//! kept sealed, so that the database never holds one in plain words.

use crate::problem::Problem;
use crate::sentences::Code;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opora_base::secret::MasterKey;
use opora_base::{Error, blob};

const PURPOSE: &str = "idempotent-answer";

/// The caller's key, if any, and what it is bound to. As an extractor it covers requests without a body; with one,
/// [`crate::form::Form`] carries it.
#[derive(Clone, Debug)]
pub(crate) struct Once {
    pub(crate) key: Option<String>,
    pub(crate) request: String,
    pub(crate) secret: bool,
}

impl Once {
    pub(crate) fn of(parts: &Parts, body: &[u8]) -> Result<Once, Problem> {
        let Some(key) = parts.headers.get("idempotency-key") else {
            return Ok(Once { key: None, request: String::new(), secret: false });
        };
        let key = key.to_str().ok().filter(|k| (1..=200).contains(&k.len()) && k.bytes().all(|b| b.is_ascii_graphic()));
        let key = key.ok_or_else(|| Problem::new(Code::BadIdempotencyKey))?;
        let mut whole = format!("{} {}\n", parts.method, parts.uri).into_bytes();
        whole.extend_from_slice(body);
        Ok(Once { key: Some(key.to_owned()), request: blob::digest(&whole), secret: false })
    }

    /// The answer carries a secret: keep it sealed.
    pub(crate) fn sealed(self) -> Once {
        Once { secret: true, ..self }
    }
}

impl<S: Sync> FromRequestParts<S> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Once, Problem> {
        Once::of(parts, &[])
    }
}

pub(crate) fn seal(key: Option<&MasterKey>, body: &str) -> Result<String, Error> {
    let Some(key) = key else { return Ok(body.to_owned()) };
    let sealed = key.seal(PURPOSE, body.as_bytes()).map_err(|e| Error::Type(e.to_string()))?;
    Ok(STANDARD.encode(sealed))
}

pub(crate) fn open(key: &MasterKey, kept: &str) -> Result<String, Problem> {
    let sealed = STANDARD.decode(kept).map_err(Problem::internal)?;
    let body = key.open(PURPOSE, &sealed).map_err(Problem::internal)?;
    String::from_utf8(body.to_vec()).map_err(Problem::internal)
}
