//! What is too much, too long, too slow or too often.

use std::time::Duration;

use opora_channels::mail::acceptor::{Config, Protocol::Smtp};

use crate::{
    desk::{config, open},
    talk::Talk,
};

#[tokio::test]
async fn a_size_above_the_limit_is_refused_before_a_byte_is_sent() {
    let door = open(Config { max_message_bytes: 1000, ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    assert!(talk.ask("EHLO c").await.contains("SIZE 1000"));
    talk.ask_for("MAIL FROM:<a@c> SIZE=1001", "552 5.3.4").await;
    talk.ask_for("MAIL FROM:<a@c> SIZE=1000", "250").await;
}

#[tokio::test]
async fn an_oversize_message_is_read_past_and_refused_and_the_next_one_is_taken() {
    let door = open(Config { max_message_bytes: 1000, ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    let line = "x".repeat(70) + "\r\n";
    talk.say(line.repeat(10_000) + ".\r\n").await;
    talk.hear_of("552 5.3.4").await;
    talk.begin_message("EHLO").await;
    talk.ask_for("small\r\n.", "250").await;
    assert_eq!(door.house.only_message(), "small\r\n");
}

#[tokio::test]
async fn an_oversize_chunk_is_refused_and_the_dialogue_stays_in_step() {
    let door = open(Config { max_message_bytes: 10, ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.say("EHLO c\r\nMAIL FROM:<a@c>\r\nRCPT TO:<support@desk.test>\r\n").await;
    for _ in 0..3 {
        talk.hear_of("250").await;
    }
    talk.say(format!("BDAT 5000 LAST\r\n{}NOOP\r\n", "x".repeat(5000))).await;
    talk.hear_of("552 5.3.4").await;
    talk.hear_of("250 2.0.0 Ok").await;
    assert!(door.house.stored().is_empty());
}

#[tokio::test]
async fn when_the_memory_for_messages_is_used_up_the_sender_is_asked_to_come_back() {
    let door = open(Config { body_memory_bytes: 10_000, ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    talk.ask_for(&("y".repeat(50_000) + "\r\n."), "452 4.3.1").await;
    talk.begin_message("EHLO").await;
    talk.ask_for("small\r\n.", "250").await;
}

#[tokio::test]
async fn recipients_above_the_limit_go_into_another_message() {
    let door = open(Config { max_recipients: 2, ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.ask_for("EHLO c", "250").await;
    talk.ask_for("MAIL FROM:<a@c>", "250").await;
    talk.ask_for("RCPT TO:<support@desk.test>", "250").await;
    talk.ask_for("RCPT TO:<sales@desk.test>", "250").await;
    talk.ask_for("RCPT TO:<postmaster>", "452 4.5.3").await;
}

#[tokio::test]
async fn a_line_without_an_end_is_refused_in_bounded_memory() {
    let door = open(Config { max_line_bytes: 100, ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.ask_for(&("NOOP ".to_owned() + &"z".repeat(1000)), "500 5.5.2").await;
    talk.ask_for("NOOP", "250").await;
}

#[tokio::test]
async fn somebody_who_guesses_names_is_shown_out() {
    let door = open(Config { max_errors: 3, ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.ask_for("EHLO c", "250").await;
    talk.ask_for("MAIL FROM:<a@c>", "250").await;
    for name in ["a", "b", "c", "d"] {
        talk.ask_for(&format!("RCPT TO:<{name}@desk.test>"), "550").await;
    }
    talk.hear_of("421 4.7.0").await;
    assert_eq!(talk.hear().await, "");
}

#[tokio::test]
async fn a_message_that_goes_in_circles_is_refused() {
    let door = open(Config { max_hops: 5, ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    talk.ask_for(&("Received: x\r\n".repeat(6) + "\r\nhi\r\n."), "554 5.4.6").await;
}

#[tokio::test]
async fn silence_ends_the_connection() {
    let door = open(Config { idle_timeout: Duration::from_millis(50), ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.hear_of("421 4.4.2").await;
    assert_eq!(talk.hear().await, "");
}

#[tokio::test]
async fn a_message_that_never_comes_to_its_end_is_given_up_and_not_stored() {
    let door = open(Config { message_timeout: Duration::from_millis(100), ..config(Smtp) }).await;
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    talk.say("half a messa").await;
    talk.hear_of("421 4.4.2 The message took too long").await;
    assert!(door.house.stored().is_empty());
}

#[tokio::test]
async fn too_many_connections_are_turned_away_until_one_leaves() {
    let door = open(Config { max_connections_per_address: 1, ..config(Smtp) }).await;
    let mut first = Talk::with(door.port).await;
    let (_, greeting) = Talk::greeted(door.port).await;
    assert!(greeting.starts_with("421 4.7.0"), "{greeting}");
    first.ask_for("QUIT", "221").await;
    drop(first);
    // The first one is gone when the door has seen it go: knock until then.
    for _ in 0..10_000 {
        if Talk::greeted(door.port).await.1.starts_with("220") {
            return;
        }
    }
    panic!("nobody was let in any more");
}
