//! Passwords: argon2id with the crate's recommended cost (19 MiB, 2 passes), about 30 ms a run here.

use crate::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};

/// The shortest password accepted, in characters.
pub const SHORTEST: usize = 8;
/// The longest, in bytes: hashing must not become a way to keep the server busy.
pub const LONGEST: usize = 512;

/// Checks the length of a new password.
pub fn check(password: &str) -> Result<()> {
    if password.chars().count() < SHORTEST {
        return Err(Error::field("password", "too_short", format!("at least {SHORTEST} characters")));
    }
    if password.len() > LONGEST {
        return Err(Error::field("password", "too_long", format!("at most {LONGEST} bytes")));
    }
    Ok(())
}

/// The hash to store, in PHC form.
pub fn hash(password: &str) -> Result<String> {
    check(password)?;
    let salt = SaltString::generate(&mut OsRng);
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|e| Error::field("password", "malformed", e.to_string()))
}

/// Does the password belong to the hash? With no hash the same time is spent, so that a stranger cannot learn who works
/// here by the clock.
pub fn matches(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9i$bXbL1+0tHuXeQ0cAvN1GQ6UJTmIFBvCNnNEKM1Qh0Wc";
    if password.len() > LONGEST {
        return false;
    }
    let right = PasswordHash::new(hash.unwrap_or(NOBODY))
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    right && hash.is_some()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let stored = hash("correct horse").unwrap();
        assert!(matches("correct horse", Some(&stored)));
        assert!(!matches("correct horsE", Some(&stored)));
        assert!(!matches("correct horse", None));
        assert!(!matches("correct horse", Some("rubbish")));
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert!(hash("семь_те").is_err());
        assert!(hash(&"x".repeat(LONGEST + 1)).is_err());
        assert!(hash("пароль78").is_ok());
    }
}
