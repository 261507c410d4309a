//! The people of the department: who they are, what their role allows, how they come in and how they are shut out.
//!
//! Passwords are argon2id and never seen by a transaction: hashing happens before, by the caller, with bounded
//! concurrency. Sessions, API tokens and links are 32 random bytes whose SHA-256 alone is stored.

pub mod agents;
pub mod links;
pub mod login;
pub mod password;
pub mod profile;
pub mod roles;
pub mod setup;
pub mod tokens;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;
use sha2::{Digest, Sha256};

/// A fresh secret for a session, a token or a link: what the person gets, and what is stored.
pub fn fresh_secret(prefix: &str) -> (String, Vec<u8>) {
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    let text = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = secret_hash(&text);
    (text, hash)
}

/// What is stored of a secret.
pub fn secret_hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
