//! The sender at our own door: what one says the other understands.

use std::sync::atomic::Ordering;

use opora_channels::mail::{
    Code, Login, TlsTrust,
    acceptor::{Config, Protocol::Smtp},
    sender::{Fate, Options, Sender},
};

use super::{MESSAGE, at, envelope, options, password, sender};
use crate::{
    certificate::Certificate,
    desk::{config, open},
};

#[tokio::test]
async fn a_message_arrives_as_it_left() {
    let door = open(config(Smtp)).await;
    let receipt =
        sender().send(&at("smtp", door.port), &Login::None, &envelope(&["sales@desk.test"]), MESSAGE).await.unwrap();
    assert!(receipt.server_reply.text.starts_with("Accepted"), "{}", receipt.server_reply);
    assert!(receipt.refused.is_empty());
    assert_eq!(door.house.only_message().as_bytes(), MESSAGE);
    assert_eq!(door.house.stored()[0].0.helo, "opora.test");
}

#[tokio::test]
async fn a_refused_recipient_is_named_and_the_others_get_the_message() {
    let door = open(config(Smtp)).await;
    let to = envelope(&["nobody@desk.test", "sales@desk.test", "not an address", "closed@desk.test"]);
    let receipt = sender().send(&at("smtp", door.port), &Login::None, &to, MESSAGE).await.unwrap();
    let refused: Vec<_> = receipt
        .refused
        .iter()
        .map(|refusal| (refusal.address.as_str(), refusal.reply.enhanced.as_deref().unwrap()))
        .collect();
    assert_eq!(refused, [("not an address", "5.1.3"), ("nobody@desk.test", "5.1.1"), ("closed@desk.test", "5.2.1")]);
    assert_eq!(door.house.stored()[0].0.recipients, ["sales@desk.test"]);
}

#[tokio::test]
async fn when_nobody_takes_it_the_message_is_returned_and_the_connection_goes_on() {
    let door = open(config(Smtp)).await;
    let sender = sender();
    let server = at("smtp", door.port);
    let error = sender.send(&server, &Login::None, &envelope(&["nobody@desk.test"]), MESSAGE).await.unwrap_err();
    assert_eq!((error.fate, error.problem.code), (Fate::Never, Code::RecipientsRefused));
    assert_eq!(error.refused[0].address, "nobody@desk.test");
    door.house.forgetful.store(true, Ordering::SeqCst);
    let error = sender.send(&server, &Login::None, &envelope(&["sales@desk.test"]), MESSAGE).await.unwrap_err();
    assert_eq!((error.fate, error.problem.code), (Fate::Later, Code::Deferred));
    door.house.forgetful.store(false, Ordering::SeqCst);
    sender.send(&server, &Login::None, &envelope(&["sales@desk.test"]), MESSAGE).await.unwrap();
}

#[tokio::test]
async fn a_house_that_cannot_write_means_later() {
    let door = open(config(Smtp)).await;
    door.house.out_of_ink.store(true, Ordering::SeqCst);
    let error = sender()
        .send(&at("smtp", door.port), &Login::None, &envelope(&["sales@desk.test"]), MESSAGE)
        .await
        .unwrap_err();
    assert_eq!((error.fate, error.reply.unwrap().code), (Fate::Later, 451));
}

#[tokio::test]
async fn one_connection_carries_many_messages() {
    let door = open(Config { max_connections_per_address: 1, ..config(Smtp) }).await;
    let sender = sender();
    for _ in 0..5 {
        sender.send(&at("smtp", door.port), &Login::None, &envelope(&["sales@desk.test"]), MESSAGE).await.unwrap();
    }
    assert_eq!(door.house.stored().len(), 5);
}

#[tokio::test]
async fn a_message_of_25_megabytes_goes_through() {
    let door = open(config(Smtp)).await;
    let message = ".0123456789\r\n".repeat(2_000_000);
    sender()
        .send(&at("smtp", door.port), &Login::None, &envelope(&["sales@desk.test"]), message.as_bytes())
        .await
        .unwrap();
    assert!(door.house.stored()[0].1 == message);
}

#[tokio::test]
async fn a_message_larger_than_the_server_takes_is_not_even_begun() {
    let door = open(Config { max_message_bytes: 10, ..config(Smtp) }).await;
    let error = sender()
        .send(&at("smtp", door.port), &Login::None, &envelope(&["sales@desk.test"]), MESSAGE)
        .await
        .unwrap_err();
    assert_eq!((error.fate, error.problem.code), (Fate::Never, Code::MessageTooLarge));
}

#[tokio::test]
async fn international_names_use_smtputf8() {
    let door = open(config(Smtp)).await;
    let raw = "Subject: Привет\r\n\r\nмир\r\n".as_bytes();
    sender().send(&at("smtp", door.port), &Login::None, &envelope(&["поддержка@desk.test"]), raw).await.unwrap();
    let (envelope, stored) = &door.house.stored()[0];
    assert!(envelope.smtp_utf8);
    assert_eq!(stored, raw);
}

#[tokio::test]
async fn starttls_protects_the_message_when_the_certificate_is_believed() {
    let certificate = Certificate::fresh();
    let door = open(Config { tls: Some(certificate.server()), ..config(Smtp) }).await;
    let to = envelope(&["sales@desk.test"]);
    let server = at("smtp+starttls", door.port);
    let stranger = sender().send(&server, &Login::None, &to, MESSAGE).await.unwrap_err();
    assert_eq!((stranger.fate, stranger.problem.code), (Fate::Later, Code::Certificate));
    for trust in [
        TlsTrust { ca_file: Some(certificate.path()), ..TlsTrust::default() },
        TlsTrust { accept_invalid_certificates: true, ..TlsTrust::default() },
    ] {
        let believer = Sender::new(Options { trust, ..options() });
        believer.check(&server, &Login::None).await.unwrap();
        believer.send(&server, &Login::None, &to, MESSAGE).await.unwrap();
    }
    assert!(door.house.stored().iter().all(|(envelope, _)| envelope.tls));
    assert_eq!(door.house.stored().len(), 2);
}

#[tokio::test]
async fn protection_that_is_asked_for_is_never_given_up() {
    let door = open(config(Smtp)).await;
    let starttls = sender().check(&at("smtp+starttls", door.port), &password()).await.unwrap_err();
    assert_eq!(starttls.code, Code::NoStartTls);
    let tls = sender().check(&at("smtps", door.port), &password()).await.unwrap_err();
    assert_eq!(tls.code, Code::Tls);
    let login = sender().check(&at("smtp", door.port), &password()).await.unwrap_err();
    assert_eq!(login.code, Code::NoLoginMethod);
}
