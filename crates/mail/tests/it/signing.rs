//! DKIM, verified by a reader of RFC 6376 that shares no code with the signer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opora_mail::{DkimKey, dkim_record, sign_dkim};
use ring::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

const RSA: &str = include_str!("keys/rsa-for-tests.pem");
const RSA_PKCS1: &str = include_str!("keys/rsa-pkcs1-for-tests.pem");
const ED25519_PEM: &str = include_str!("keys/ed25519-for-tests.pem");

/// The message of RFC 8463, appendix A.
const DINNER: &str = "From: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";

fn key(pem: &str) -> DkimKey {
    DkimKey { domain: "football.example.com".into(), selector: "brisbane".into(), pem: pem.into() }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn header(field: &str) -> String {
    let (name, value) = field.split_once(':').unwrap();
    format!("{}:{}", name.trim().to_lowercase(), squeeze(value))
}

/// Unfolded fields, first to last.
fn fields(head: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        if line.starts_with([' ', '\t']) {
            let last = fields.last_mut().unwrap();
            last.push_str("\r\n");
            last.push_str(line);
        } else {
            fields.push(line.to_owned());
        }
    }
    fields
}

fn verify(signed: &[u8], record: &str) -> bool {
    let text = String::from_utf8(signed.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut fields = fields(head);
    let signature = fields.remove(0);
    let tags: HashMap<String, String> = signature
        .split_once(':')
        .unwrap()
        .1
        .split(';')
        .filter_map(|tag| tag.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.split_whitespace().collect()))
        .collect();
    let mut body: String = body
        .split("\r\n")
        .map(|line| line.split([' ', '\t']).collect::<Vec<_>>().join(" "))
        .map(|line| {
            let mut line = line;
            while line.contains("  ") {
                line = line.replace("  ", " ");
            }
            line.trim_end().to_owned()
        })
        .collect::<Vec<_>>()
        .join("\r\n");
    while body.ends_with("\r\n\r\n") {
        body.truncate(body.len() - 2);
    }
    if STANDARD.encode(Sha256::digest(body)) != tags["bh"] {
        return false;
    }
    let mut data = String::new();
    for name in tags["h"].split(':') {
        if let Some(at) = fields.iter().rposition(|field| field.to_lowercase().starts_with(&format!("{name}:"))) {
            data.push_str(&header(&fields.remove(at)));
            data.push_str("\r\n");
        }
    }
    let unsigned = signature.rsplit_once("b=").unwrap().0;
    data.push_str(&header(&format!("{unsigned}b=")));
    let public = STANDARD.decode(record.rsplit_once("p=").unwrap().1).unwrap();
    let sign = STANDARD.decode(&tags["b"]).unwrap();
    if tags["a"] == "ed25519-sha256" {
        UnparsedPublicKey::new(&ED25519, public).verify(&Sha256::digest(data), &sign).is_ok()
    } else {
        // `p=` is a SubjectPublicKeyInfo: 24 bytes of algorithm before the key.
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &public[24..]).verify(data.as_bytes(), &sign).is_ok()
    }
}

#[test]
fn a_signature_verifies_with_the_published_key() {
    for pem in [RSA, RSA_PKCS1, ED25519_PEM] {
        let key = key(pem);
        let signed = sign_dkim(DINNER.as_bytes(), &key).unwrap();
        assert!(signed.ends_with(DINNER.as_bytes()));
        assert!(verify(&signed, &dkim_record(&key).unwrap()));
    }
}

#[test]
fn the_body_hash_is_that_of_rfc_8463() {
    let signed = sign_dkim(DINNER.as_bytes(), &key(ED25519_PEM)).unwrap();
    assert!(String::from_utf8(signed).unwrap().contains("bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="));
}

#[test]
fn a_changed_word_or_an_added_sender_breaks_it() {
    let key = key(RSA);
    let record = dkim_record(&key).unwrap();
    let signed = String::from_utf8(sign_dkim(DINNER.as_bytes(), &key).unwrap()).unwrap();
    assert!(verify(signed.as_bytes(), &record));
    assert!(!verify(signed.replace("hungry", "angry").as_bytes(), &record));
    assert!(!verify(signed.replace("dinner", "lunch").as_bytes(), &record));
    assert!(!verify(signed.replace("From: Joe", "From: Eve <eve@x.example>\r\nFrom: Joe").as_bytes(), &record));
    // White space may change on the way.
    assert!(verify(signed.replace("Is dinner ready?", "Is  dinner\r\n ready?").as_bytes(), &record));
}

#[test]
fn a_composed_letter_can_be_signed() {
    let composed = opora_mail::compose(&opora_mail::Outgoing {
        from: opora_mail::Address::new("Опора", "help@football.example.com"),
        to: vec![opora_mail::Address::new("", "anna@example.com")],
        subject: "Ваш заказ, очень длинная тема, которая не помещается в одну строку письма".into(),
        text: "Текст\n\n\n".into(),
        html: Some("<p>Текст</p>".into()),
        message_id: "1@football.example.com".into(),
        ..Default::default()
    })
    .unwrap();
    let key = key(ED25519_PEM);
    let signed = sign_dkim(&composed.raw, &key).unwrap();
    assert!(verify(&signed, &dkim_record(&key).unwrap()));
    for line in String::from_utf8(signed).unwrap().split("\r\n") {
        assert!(line.len() <= 78, "{line}");
    }
}
