//! Who is believed to be the PostgreSQL server.
//!
//! The server here is a listener that speaks just enough: it answers the request for TLS, shakes hands, and reports
//! whether the client went on to introduce itself. Its certificate (`tls/server.pem`, for `localhost`, self-signed, valid
//! until 2126) was made with `openssl req -x509`.

use opora_base::{Config, Store};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name)
}

/// Opens a store at a server that wants TLS. Answers whether the client introduced itself, encrypted.
fn introduces_itself(host: &str, query: &str) -> bool {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0u8; 8];
        stream.read_exact(&mut request).unwrap();
        assert_eq!(request, [0, 0, 0, 8, 4, 210, 22, 47], "it should have asked for TLS");
        stream.write_all(b"S").unwrap();
        let certificate = CertificateDer::from_pem_file(file("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let mut session = ServerConnection::new(Arc::new(config)).unwrap();
        let mut introduction = [0u8; 64];
        match rustls::Stream::new(&mut session, &mut stream).read(&mut introduction) {
            Ok(length) => introduction[..length].windows(5).any(|word| word == b"opora"),
            Err(_) => false,
        }
    });
    let opened = Store::open(Config::postgres(format!("postgres://opora@{host}:{port}/opora?{query}")));
    assert!(opened.is_err(), "nobody answered");
    server.join().unwrap()
}

fn trusting(name: &str) -> String {
    format!("sslmode=verify-full&sslrootcert={}", file(name).display())
}

#[test]
fn require_encrypts_and_asks_no_questions() {
    assert!(introduces_itself("localhost", "sslmode=require"));
}

#[test]
fn verify_full_believes_a_server_its_roots_vouch_for() {
    assert!(introduces_itself("localhost", &trusting("server.pem")));
}

#[test]
fn verify_full_does_not_believe_a_stranger() {
    assert!(!introduces_itself("localhost", &trusting("stranger.pem")));
    assert!(!introduces_itself("localhost", "sslmode=verify-full"));
}

#[test]
fn verify_full_insists_on_the_name() {
    assert!(!introduces_itself("127.0.0.1", &trusting("server.pem")));
}
