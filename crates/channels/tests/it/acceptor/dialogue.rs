//! Who is taken, what is answered, and what the house is told.

use std::sync::atomic::Ordering;

use opora_channels::mail::acceptor::Protocol::{Lmtp, Smtp};

use crate::{
    desk::{config, open, open_unix},
    talk::Talk,
};

#[tokio::test]
async fn a_message_is_stored_as_it_came_with_its_envelope() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    talk.say("Subject: hello\r\n\r\n..dot\r\nend\r\n.\r\n").await;
    talk.hear_of("250 2.0.0").await;
    talk.ask_for("QUIT", "221").await;
    assert_eq!(door.house.only_message(), "Subject: hello\r\n\r\n.dot\r\nend\r\n");
    let (envelope, _) = &door.house.stored()[0];
    assert_eq!(envelope.sender.as_deref(), Some("anna@client.test"));
    assert_eq!(envelope.recipients, ["support@desk.test"]);
    assert_eq!((envelope.helo.as_str(), envelope.tls), ("client.test", false));
    assert_eq!(envelope.peer, Some("127.0.0.1".parse().unwrap()));
}

#[tokio::test]
async fn a_bounce_has_no_sender() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.ask_for("EHLO c", "250").await;
    talk.ask_for("MAIL FROM:<>", "250").await;
    talk.ask_for("RCPT TO:<support@desk.test>", "250").await;
    talk.ask_for("DATA", "354").await;
    talk.ask_for("bounced\r\n.", "250").await;
    assert_eq!(door.house.stored()[0].0.sender, None);
}

#[tokio::test]
async fn nothing_is_relayed_and_every_refusal_has_its_code() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.ask_for("EHLO c", "250").await;
    talk.ask_for("RCPT TO:<support@desk.test>", "503 5.5.1").await;
    talk.ask_for("MAIL FROM:<anna@client.test>", "250").await;
    talk.ask_for("RCPT TO:<stranger@elsewhere.test>", "550 5.1.1").await;
    talk.ask_for("RCPT TO:<closed@desk.test>", "550 5.2.1").await;
    talk.ask_for("RCPT TO:<>", "501 5.1.3").await;
    talk.ask_for("DATA", "503 5.5.1").await;
    talk.ask_for("MAIL FROM:<again@client.test>", "503 5.5.1").await;
    talk.ask_for("RCPT TO:<Postmaster>", "250").await;
    door.house.forgetful.store(true, Ordering::SeqCst);
    talk.ask_for("RCPT TO:<sales@desk.test>", "451 4.3.0").await;
    talk.ask_for("EXPN staff", "502").await;
    talk.ask_for("VRFY support", "252").await;
    talk.ask_for("LHLO c", "500").await;
    talk.ask_for("NONSENSE", "500 5.5.1").await;
}

#[tokio::test]
async fn a_house_that_cannot_write_answers_451_and_tells_no_secrets() {
    let door = open(config(Smtp)).await;
    door.house.out_of_ink.store(true, Ordering::SeqCst);
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    let answer = talk.ask("x\r\n.").await;
    assert!(answer.starts_with("451 4.3.0"), "{answer}");
    assert!(!answer.contains("secret"));
    door.house.out_of_ink.store(false, Ordering::SeqCst);
    talk.begin_message("EHLO").await;
    talk.ask_for("x\r\n.", "250").await;
}

#[tokio::test]
async fn a_pipelining_sender_may_say_two_messages_in_one_breath() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.say(
        "EHLO c\r\nMAIL FROM:<a@c.test>\r\nRCPT TO:<support@desk.test>\r\nDATA\r\none\r\n.\r\n\
         MAIL FROM:<a@c.test>\r\nRCPT TO:<nobody@desk.test>\r\nRCPT TO:<sales@desk.test>\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n",
    )
    .await;
    for code in ["250", "250", "250", "354", "250", "250", "550", "250", "354", "250", "221"] {
        talk.hear_of(code).await;
    }
    let bodies: Vec<_> = door.house.stored().into_iter().map(|(_, raw)| raw).collect();
    assert_eq!(bodies, ["one\r\n", "two\r\n"]);
}

#[tokio::test]
async fn lmtp_answers_once_for_each_accepted_recipient() {
    let door = open(config(Lmtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.ask_for("EHLO c", "500").await;
    talk.ask_for("LHLO c", "250").await;
    talk.ask_for("MAIL FROM:<a@c.test>", "250").await;
    talk.ask_for("RCPT TO:<support@desk.test>", "250").await;
    talk.ask_for("RCPT TO:<nobody@desk.test>", "550 5.1.1").await;
    talk.ask_for("RCPT TO:<sales@desk.test>", "250").await;
    talk.ask_for("RCPT TO:<support@desk.test>", "250").await;
    talk.ask_for("DATA", "354").await;
    talk.say("hi\r\n.\r\nNOOP\r\n").await;
    for _ in 0..3 {
        talk.hear_of("250 2.0.0 Accepted").await;
    }
    talk.hear_of("250 2.0.0 Ok").await;
    assert_eq!(door.house.stored()[0].0.recipients, ["support@desk.test", "sales@desk.test"]);
}

#[tokio::test]
async fn a_failure_is_told_to_each_lmtp_recipient_too() {
    let door = open(config(Lmtp)).await;
    door.house.out_of_ink.store(true, Ordering::SeqCst);
    let mut talk = Talk::with(door.port).await;
    talk.say("LHLO c\r\nMAIL FROM:<a@c>\r\nRCPT TO:<support@desk.test>\r\nRCPT TO:<sales@desk.test>\r\nDATA\r\n").await;
    for code in ["250", "250", "250", "250", "354"] {
        talk.hear_of(code).await;
    }
    talk.say("hi\r\n.\r\n").await;
    talk.hear_of("451").await;
    talk.hear_of("451").await;
}

#[tokio::test]
async fn lmtp_works_over_a_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp");
    let door = open_unix(&path, config(Lmtp));
    let mut talk = Talk::over_unix(&path).await;
    talk.begin_message("LHLO").await;
    talk.ask_for("hi\r\n.", "250").await;
    assert_eq!(door.house.stored()[0].0.peer, None);
}

#[tokio::test]
async fn international_addresses_come_with_smtputf8_only() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    let offers = talk.ask("EHLO c").await;
    for offer in ["SMTPUTF8", "8BITMIME", "PIPELINING", "SIZE ", "CHUNKING", "ENHANCEDSTATUSCODES"] {
        assert!(offers.contains(offer), "{offers}");
    }
    talk.ask_for("MAIL FROM:<анна@почта.рф>", "553 5.6.7").await;
    talk.ask_for("MAIL FROM:<анна@почта.рф> BODY=8BITMIME SMTPUTF8", "250").await;
    talk.ask_for("RCPT TO:<поддержка@desk.test>", "250").await;
    talk.ask_for("DATA", "354").await;
    talk.ask_for("Subject: Привет\r\n\r\nмир\r\n.", "250").await;
    let (envelope, raw) = &door.house.stored()[0];
    assert_eq!(envelope.sender.as_deref(), Some("анна@почта.рф"));
    assert!(envelope.smtp_utf8);
    assert_eq!(raw, &"Subject: Привет\r\n\r\nмир\r\n");
}

#[tokio::test]
async fn chunks_are_joined_and_need_no_dots() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.say("EHLO c\r\nMAIL FROM:<a@c>\r\nRCPT TO:<support@desk.test>\r\nBDAT 7\r\na\r\n.\r\nxBDAT 3 LAST\r\nend")
        .await;
    for code in ["250", "250", "250", "250 2.0.0 7", "250 2.0.0 Accepted"] {
        talk.hear_of(code).await;
    }
    assert_eq!(door.house.only_message(), "a\r\n.\r\nxend");
    talk.say("BDAT 5\r\nhelloNOOP\r\n").await;
    talk.hear_of("503").await;
    talk.hear_of("250").await;
}

#[tokio::test]
async fn rset_forgets_the_message_under_way() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.ask_for("EHLO c", "250").await;
    talk.ask_for("MAIL FROM:<a@c>", "250").await;
    talk.ask_for("RCPT TO:<support@desk.test>", "250").await;
    talk.ask_for("RSET", "250").await;
    talk.ask_for("DATA", "503").await;
    assert!(door.house.stored().is_empty());
}
