//! STARTTLS: offered when there is a certificate, forgets what was said before, and nothing can be said behind it.

use std::sync::Arc;

use opora_channels::mail::acceptor::{Config, Protocol::Smtp};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    certificate::Certificate,
    desk::{config, open},
    talk::Talk,
};

async fn handshake(stream: TcpStream, certificate: &Certificate) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate.path()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

#[tokio::test]
async fn after_starttls_everything_begins_anew_and_the_house_is_told() {
    let certificate = Certificate::fresh();
    let door = open(Config { tls: Some(certificate.server()), ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    assert!(talk.ask("EHLO c").await.contains("STARTTLS"));
    talk.ask_for("MAIL FROM:<before@c>", "250").await;
    talk.ask_for("STARTTLS", "220").await;
    let mut talk = Talk::<TcpStream>::on(handshake(talk.into_stream(), &certificate).await);
    talk.ask_for("RCPT TO:<support@desk.test>", "503").await;
    assert!(!talk.ask("EHLO c").await.contains("STARTTLS"));
    talk.ask_for("STARTTLS", "503").await;
    talk.begin_message("EHLO").await;
    talk.ask_for("hi\r\n.", "250").await;
    let (envelope, _) = &door.house.stored()[0];
    assert!(envelope.tls);
    assert_eq!(envelope.sender.as_deref(), Some("anna@client.test"));
}

#[tokio::test]
async fn nothing_may_be_slipped_in_behind_starttls() {
    let certificate = Certificate::fresh();
    let door = open(Config { tls: Some(certificate.server()), ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.ask_for("EHLO c", "250").await;
    talk.say("STARTTLS\r\nMAIL FROM:<injected@c>\r\n").await;
    talk.hear_of("554").await;
    assert_eq!(talk.hear().await, "");
}

#[tokio::test]
async fn without_a_certificate_starttls_is_not_there() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    assert!(!talk.ask("EHLO c").await.contains("STARTTLS"));
    talk.ask_for("STARTTLS", "502").await;
}
