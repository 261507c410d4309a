//! Where a message ends: at CRLF . CRLF and nowhere else, so nobody can smuggle a second message in
//! (CVE-2023-51764, CVE-2023-51765, CVE-2023-51766 and the paper "SMTP Smuggling", SEC Consult 2023).

use opora_channels::mail::acceptor::{BareNewlines, Config, Protocol::Smtp};

use crate::{
    desk::{config, open},
    talk::Talk,
};

const FALSE_ENDS: [&str; 8] =
    ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\n\0.\r\n", "\r\n.\r\r\n"];

#[tokio::test]
async fn a_false_end_smuggles_no_second_message() {
    for end in FALSE_ENDS {
        let door = open(config(Smtp)).await;
        let mut talk = Talk::with(door.port).await;
        talk.begin_message("EHLO").await;
        let smuggled = "MAIL FROM:<boss@bank.test>\r\nRCPT TO:<sales@desk.test>\r\nDATA\r\nevil\r\n.\r\n";
        talk.say(format!("good{end}{smuggled}")).await;
        talk.hear_of("250 2.0.0 Accepted").await;
        talk.ask_for("NOOP", "250 2.0.0 Ok").await;
        let stored = door.house.stored();
        assert_eq!(stored.len(), 1, "{end:?}");
        // A dot behind a CRLF is a stuffed one and goes; all the rest is content.
        let kept = end.replace("\r\n.", "\r\n");
        assert_eq!(stored[0].1, format!("good{kept}{}", smuggled.strip_suffix(".\r\n").unwrap()), "{end:?}");
    }
}

#[tokio::test]
async fn an_end_cut_into_single_bytes_is_still_the_end() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    for byte in b"hi\r\n..\r\n.\r\n" {
        talk.say([*byte]).await;
    }
    talk.hear_of("250").await;
    assert_eq!(door.house.only_message(), "hi\r\n.\r\n");
}

#[tokio::test]
async fn bare_newlines_are_kept_by_default_and_refused_when_asked() {
    let keep = open(config(Smtp)).await;
    let mut talk = Talk::with(keep.port).await;
    talk.begin_message("EHLO").await;
    talk.ask_for("a\nb\rc\r\n.", "250").await;
    assert_eq!(keep.house.only_message(), "a\nb\rc\r\n");

    let refuse = open(Config { bare_newlines: BareNewlines::Refuse, ..config(Smtp) }).await;
    let mut talk = Talk::with(refuse.port).await;
    for (body, code) in [("a\nb", "550 5.6.11"), ("a\rb", "550 5.6.11"), ("a\r\nb", "250")] {
        talk.begin_message("EHLO").await;
        talk.ask_for(&format!("{body}\r\n."), code).await;
    }
}

#[tokio::test]
async fn a_command_that_ends_in_a_bare_lf_is_refused() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.say("EHLO c\nNOOP\r\n").await;
    talk.hear_of("500 5.5.2").await;
    talk.hear_of("250").await;
}

#[tokio::test]
async fn every_byte_there_is_comes_through() {
    let door = open(config(Smtp)).await;
    let mut talk = Talk::with(door.port).await;
    talk.begin_message("EHLO").await;
    let body: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    talk.say(&body).await;
    talk.say("\r\n.\r\n").await;
    talk.hear_of("250").await;
    assert_eq!(door.house.stored()[0].1, [&body[..], b"\r\n"].concat());
}
