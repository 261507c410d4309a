//! DKIM signatures (RFC 6376, RFC 8463): relaxed/relaxed, RSA-SHA256 or Ed25519-SHA256, as the key is.
//!
//! A signer of our own on `ring`: the crates that sign also bring a DNS resolver with them, and verifying is not our
//! work. No timestamp is written, because this crate knows no clock; receivers do not need it.

use crate::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use sha2::{Digest, Sha256};

/// A signing key as the settings keep it.
#[derive(Clone)]
pub struct DkimKey {
    /// Signing domain (`d=`); one with letters beyond ASCII is signed as the DNS has it.
    pub domain: String,
    /// Selector (`s=`): the key's name in DNS.
    pub selector: String,
    /// Private key in PEM: PKCS#8 (RSA or Ed25519) or PKCS#1 (RSA), RSA of at least 2048 bits.
    pub pem: String,
}

impl std::fmt::Debug for DkimKey {
    /// Never shows the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DkimKey")
            .field("domain", &self.domain)
            .field("selector", &self.selector)
            .finish_non_exhaustive()
    }
}

impl DkimKey {
    /// The domain as the DNS has it, letters beyond ASCII in Punycode: what From says too.
    ///
    /// # Errors
    /// `dkim` when it cannot be one.
    pub fn ascii_domain(&self) -> Result<String> {
        let domain = idna::domain_to_ascii(&self.domain).ok().filter(|domain| are_labels(domain));
        domain.ok_or_else(|| Error::Dkim("the domain is not valid".to_owned()))
    }

    /// Whether the selector can be a name in the DNS.
    ///
    /// # Errors
    /// `dkim` when it cannot.
    pub fn check_selector(&self) -> Result<()> {
        if are_labels(&self.selector) { Ok(()) } else { Err(Error::Dkim("the selector is not valid".to_owned())) }
    }
}

/// Names in the DNS, joined by dots (RFC 6376, 3.1; underscores are common).
fn are_labels(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// Fields that are signed when present; From is signed once more than it occurs, so that none can be added.
const SIGNED: [&str; 16] = [
    "from",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "sender",
];

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Puts a DKIM signature in front of a message with CRLF line ends.
///
/// # Errors
/// `dkim` when the domain, the selector or the key is not valid, the key cannot sign, or the message has no header block.
pub fn sign_dkim(raw: &[u8], key: &DkimKey) -> Result<Vec<u8>> {
    let domain = key.ascii_domain()?;
    key.check_selector()?;
    let pair = read_key(&key.pem)?;
    let split =
        memchr::memmem::find(raw, b"\r\n\r\n").ok_or_else(|| Error::Dkim("the message has no header".to_owned()))?;
    let fields = fields(&raw[..split + 2]);
    let (signed, mut data) = signed_fields(&fields);
    let algorithm = match pair {
        Key::Rsa(_) => "rsa-sha256",
        Key::Ed25519(_) => "ed25519-sha256",
    };
    let body_hash = STANDARD.encode(Sha256::digest(relaxed_body(&raw[split + 4..])));
    let unsigned = format!(
        "DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed;\r\n\td={}; s={};\r\n\t{}\r\n\tbh={body_hash};\r\n\tb=",
        domain,
        key.selector,
        folded_list(&signed),
    );
    let own = relaxed_field(unsigned.as_bytes());
    data.extend_from_slice(own.strip_suffix(b"\r\n").unwrap_or(&own));
    let signature = STANDARD.encode(pair.sign(&data)?);
    let mut out = unsigned.into_bytes();
    for (number, chunk) in signature.as_bytes().chunks(70).enumerate() {
        if number > 0 {
            out.extend_from_slice(b"\r\n\t ");
        }
        out.extend_from_slice(chunk);
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(raw);
    Ok(out)
}

/// The TXT record to publish at `<selector>._domainkey.<domain>` for a key.
///
/// # Errors
/// `dkim` when the key cannot be read.
pub fn dkim_record(key: &DkimKey) -> Result<String> {
    Ok(match read_key(&key.pem)? {
        Key::Rsa(pair) => {
            format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(subject_public_key_info(pair.public_key().as_ref())))
        }
        Key::Ed25519(pair) => format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(pair.public_key().as_ref())),
    })
}

impl Key {
    fn sign(&self, data: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature)
                    .map_err(|_| Error::Dkim("the RSA key cannot sign".to_owned()))?;
                Ok(signature)
            }
            // RFC 8463: Ed25519 signs the hash, not the data.
            Self::Ed25519(pair) => Ok(pair.sign(&Sha256::digest(data)).as_ref().to_vec()),
        }
    }
}

fn read_key(pem: &str) -> Result<Key> {
    let body: String =
        pem.lines().map(str::trim).filter(|line| !line.starts_with("-----") && !line.contains(':')).collect();
    let der = STANDARD.decode(body).map_err(|_| Error::Dkim("the key is not PEM".to_owned()))?;
    if let Ok(pair) = RsaKeyPair::from_pkcs8(&der).or_else(|_| RsaKeyPair::from_der(&der)) {
        return Ok(Key::Rsa(pair));
    }
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
        .map(Key::Ed25519)
        .map_err(|why| Error::Dkim(format!("the key is neither RSA of 2048 bits or more nor Ed25519 ({why})")))
}

/// Name in lower case and whole field, in order.
fn fields(block: &[u8]) -> Vec<(String, &[u8])> {
    let mut fields: Vec<(String, &[u8])> = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < block.len() {
        let next = memchr::memchr(b'\n', &block[at..]).map_or(block.len(), |i| at + i + 1);
        if !matches!(block.get(next), Some(b' ' | b'\t')) {
            let field = &block[start..next];
            let colon = memchr::memchr(b':', field).unwrap_or(0);
            fields.push((String::from_utf8_lossy(&field[..colon]).trim().to_ascii_lowercase(), field));
            start = next;
        }
        at = next;
    }
    fields
}

/// The list for `h=` and the canonical fields, last occurrence first as RFC 6376 wants it.
fn signed_fields(fields: &[(String, &[u8])]) -> (Vec<&'static str>, Vec<u8>) {
    let mut names = Vec::new();
    let mut data = Vec::new();
    for name in SIGNED {
        for (_, field) in fields.iter().rev().filter(|(known, _)| known == name) {
            names.push(name);
            data.extend_from_slice(&relaxed_field(field));
        }
        if name == "from" {
            names.push(name);
        }
    }
    (names, data)
}

fn folded_list(names: &[&str]) -> String {
    let mut text = "h=".to_owned();
    let mut column = 3;
    for (number, name) in names.iter().enumerate() {
        let last = number + 1 == names.len();
        if column + name.len() > 74 {
            text.push_str("\r\n\t ");
            column = 2;
        }
        text.push_str(name);
        text.push(if last { ';' } else { ':' });
        column += name.len() + 1;
    }
    text
}

/// Relaxed header canonicalisation (RFC 6376, 3.4.2), CRLF at the end.
fn relaxed_field(field: &[u8]) -> Vec<u8> {
    let colon = memchr::memchr(b':', field).unwrap_or(0);
    let mut out = field[..colon].trim_ascii().to_ascii_lowercase();
    out.push(b':');
    let words: Vec<&[u8]> = field
        .get(colon + 1..)
        .unwrap_or_default()
        .split(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
        .filter(|w| !w.is_empty())
        .collect();
    out.extend_from_slice(&words.join(&b' '));
    out.extend_from_slice(b"\r\n");
    out
}

/// Relaxed body canonicalisation (RFC 6376, 3.4.4).
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut blank = 0;
    for line in body.split_inclusive(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\n").map_or(line, |l| l.strip_suffix(b"\r").unwrap_or(l));
        let mut canonical = Vec::with_capacity(line.len());
        for byte in line {
            match byte {
                b' ' | b'\t' if canonical.last() == Some(&b' ') => {}
                b' ' | b'\t' => canonical.push(b' '),
                other => canonical.push(*other),
            }
        }
        if canonical.last() == Some(&b' ') {
            canonical.pop();
        }
        if canonical.is_empty() {
            blank += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut blank) {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(&canonical);
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// Wraps an RSA public key (PKCS#1) as the SubjectPublicKeyInfo that `p=` holds.
fn subject_public_key_info(key: &[u8]) -> Vec<u8> {
    const RSA_ENCRYPTION: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let mut bits = vec![0];
    bits.extend_from_slice(key);
    let mut inner = RSA_ENCRYPTION.to_vec();
    inner.extend(der(0x03, &bits));
    der(0x30, &inner)
}

/// One DER element of at most 65,535 bytes.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        length @ 0..=0x7f => out.push(length as u8),
        length @ 0x80..=0xff => out.extend([0x81, length as u8]),
        length => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// The examples of RFC 6376, section 3.4.5.
    #[test]
    fn canonical_forms_are_those_of_the_standard() {
        assert_eq!(relaxed_field(b"A: X\r\n"), b"a:X\r\n");
        assert_eq!(relaxed_field(b"B : Y\t\r\n\tZ  \r\n"), b"b:Y Z\r\n");
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"x"), b"x\r\n");
    }

    #[test]
    fn a_russian_domain_signs_as_the_dns_knows_it_and_a_selector_is_a_name() {
        let key = |domain: &str, selector: &str| DkimKey {
            domain: domain.into(),
            selector: selector.into(),
            pem: include_str!("../../tests/it/keys/ed25519-for-tests.pem").into(),
        };
        let signed = sign_dkim(b"From: a@x.example\r\n\r\nhi\r\n", &key("Пример.рф", "mail.2026")).unwrap();
        assert!(String::from_utf8(signed).unwrap().contains("d=xn--e1afmkfd.xn--p1ai; s=mail.2026;"));
        for selector in ["", "my key", "a..b", ".a", "ключ", "a;b"] {
            assert_eq!(key("x.example", selector).check_selector().unwrap_err().code(), "dkim", "{selector}");
        }
        for domain in ["", "x example", "x..example", "x;d=y"] {
            assert!(sign_dkim(b"From: a@x.example\r\n\r\nhi\r\n", &key(domain, "s")).is_err(), "{domain}");
        }
    }

    #[test]
    fn a_key_that_is_none_is_refused_without_showing_it() {
        let key = DkimKey {
            domain: "x.example".into(),
            selector: "s".into(),
            pem: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----".into(),
        };
        let error = sign_dkim(b"From: a@x.example\r\n\r\nhi\r\n", &key).unwrap_err();
        assert_eq!(error.code(), "dkim");
        assert!(!format!("{key:?}").contains("AAAA"));
    }
}
