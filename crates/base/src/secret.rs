//! Credentials at rest: envelope encryption with AES-256-GCM.
//!
//! Every secret is sealed with a data key of its own; the data key is sealed with the master key, which lives outside
//! the database (`secret.key` in the data folder, or `OPORA_SECRET_KEY`). A stolen database alone opens nothing. The
//! purpose ("inbox:3:smtp") is authenticated, so a sealed value moved to another row does not open there.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::RngCore;
use std::io::Write;
use std::path::Path;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE: usize = 12;
const SEALED_KEY: usize = 32 + 16;

/// What can go wrong with a secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The master key is not 32 bytes of base64.
    #[error("the master key must be 32 bytes in base64")]
    BadKey,
    /// The sealed value is damaged, belongs to another purpose, or was sealed with another master key.
    #[error("the stored secret does not open with this master key")]
    DoesNotOpen,
    /// The key file could not be read or written.
    #[error("the master key file: {0}")]
    Io(#[from] std::io::Error),
}

/// The master key, wiped from memory when dropped.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Reads the key from base64.
    pub fn from_base64(text: &str) -> Result<MasterKey, SecretError> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| SecretError::BadKey)?);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| SecretError::BadKey)?;
        Ok(MasterKey(Zeroizing::new(key)))
    }

    /// Reads the key file, or makes it (readable by its owner only) on the first start.
    pub fn load_or_create(path: &Path) -> Result<MasterKey, SecretError> {
        match std::fs::read_to_string(path) {
            Ok(text) => return MasterKey::from_base64(&Zeroizing::new(text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(e.into()),
        }
        let mut key = Zeroizing::new([0u8; 32]);
        rand::rng().fill_bytes(key.as_mut());
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                file.write_all(Zeroizing::new(STANDARD.encode(key.as_ref())).as_bytes())?;
                file.sync_all()?;
                Ok(MasterKey(key))
            }
            // Another process was first.
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                MasterKey::from_base64(&Zeroizing::new(std::fs::read_to_string(path)?))
            }
            Err(e) => Err(e.into()),
        }
    }

    /// Seals a secret for one purpose.
    pub fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, SecretError> {
        let mut data_key = Zeroizing::new([0u8; 32]);
        let mut nonces = [0u8; NONCE * 2];
        rand::rng().fill_bytes(data_key.as_mut());
        rand::rng().fill_bytes(&mut nonces);
        let (for_key, for_data) = nonces.split_at(NONCE);
        let mut sealed = vec![VERSION];
        sealed.extend_from_slice(&nonces);
        sealed.extend(encrypt(&self.0, for_key, purpose, data_key.as_ref())?);
        sealed.extend(encrypt(&data_key, for_data, purpose, secret)?);
        Ok(sealed)
    }

    /// Opens what [`MasterKey::seal`] sealed for the same purpose.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let (version, rest) = sealed.split_first().ok_or(SecretError::DoesNotOpen)?;
        if *version != VERSION || rest.len() < NONCE * 2 + SEALED_KEY {
            return Err(SecretError::DoesNotOpen);
        }
        let (nonces, rest) = rest.split_at(NONCE * 2);
        let (for_key, for_data) = nonces.split_at(NONCE);
        let (sealed_key, sealed_data) = rest.split_at(SEALED_KEY);
        let data_key = decrypt(&self.0, for_key, purpose, sealed_key)?;
        let data_key: [u8; 32] = data_key.as_slice().try_into().map_err(|_| SecretError::DoesNotOpen)?;
        decrypt(&Zeroizing::new(data_key), for_data, purpose, sealed_data)
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

fn encrypt(key: &[u8; 32], nonce: &[u8], purpose: &str, data: &[u8]) -> Result<Vec<u8>, SecretError> {
    Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key))
        .encrypt(Nonce::from_slice(nonce), Payload { msg: data, aad: purpose.as_bytes() })
        .map_err(|_| SecretError::DoesNotOpen)
}

fn decrypt(key: &[u8; 32], nonce: &[u8], purpose: &str, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key))
        .decrypt(Nonce::from_slice(nonce), Payload { msg: data, aad: purpose.as_bytes() })
        .map(Zeroizing::new)
        .map_err(|_| SecretError::DoesNotOpen)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_secret_opens_for_its_purpose_and_for_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let key = MasterKey::load_or_create(&folder.path().join("secret.key")).unwrap();
        let sealed = key.seal("inbox:1:smtp", b"hunter2").unwrap();
        assert_eq!(key.open("inbox:1:smtp", &sealed).unwrap().as_slice(), b"hunter2");
        assert!(key.open("inbox:2:smtp", &sealed).is_err());
        let again = MasterKey::load_or_create(&folder.path().join("secret.key")).unwrap();
        assert_eq!(again.open("inbox:1:smtp", &sealed).unwrap().as_slice(), b"hunter2");
        let stranger = MasterKey::load_or_create(&folder.path().join("other.key")).unwrap();
        assert!(stranger.open("inbox:1:smtp", &sealed).is_err());
    }

    #[test]
    fn a_damaged_secret_is_an_error_wherever_it_is_damaged() {
        let key = MasterKey::from_base64(&STANDARD.encode([9u8; 32])).unwrap();
        let sealed = key.seal("p", b"hunter2").unwrap();
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert!(key.open("p", &broken).is_err(), "byte {at}");
            assert!(key.open("p", &sealed[..at]).is_err(), "cut at {at}");
        }
    }
}
