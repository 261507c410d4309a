//! Any bytes get an answer, quickly and without a panic.

use opora_mail::{check, parse, sanitize, visible_reply};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn nested(depth: usize) -> Vec<u8> {
    let mut raw = String::from("Subject: deep\n");
    for level in 0..depth {
        raw.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
    }
    raw.push_str("\nbottom\n");
    raw.into_bytes()
}

#[test]
fn ten_thousand_nested_parts_are_refused_at_once() {
    assert_eq!(parse(&nested(10_000)).unwrap_err().code(), "too_deep");
    assert_eq!(check::inspect(&nested(10_000))["error"]["code"], "too_deep");
    assert!(parse(&nested(40)).unwrap().text.contains("bottom"));
}

#[test]
fn ten_thousand_sibling_parts_are_refused_at_once() {
    let raw = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(10_000));
    assert_eq!(parse(raw.as_bytes()).unwrap_err().code(), "too_many_parts");
}

/// Each of these took minutes once: a step that needs the square of the length. Linear, all of them take seconds even in
/// a debug build on a busy machine; the bound is far above that and far below a square.
#[test]
fn huge_pieces_take_no_time() {
    let started = Instant::now();
    for raw in [
        format!("To: {}\n\nx", "a@b.example, ".repeat(10_000)),
        format!("Subject: {}\n\nx", "=?utf-8?Q?=D0?= ".repeat(10_000)),
        format!("References: {}\n\nx", "<a@b> ".repeat(20_000)),
        format!("{}\nx", "X-A: b\n".repeat(30_000)),
        format!("Content-Type: text/html\n\n{}", "<div>".repeat(50_000)),
        format!("Content-Type: text/html\n\n{}", "&amp".repeat(100_000)),
        format!("Content-Type: text/html\n\n{}", "x<br>".repeat(20_000)),
        format!("\n{}", "> ".repeat(100_000)),
        format!("\n{}", "x\n".repeat(19_000)),
        format!("\n{}", "On Mon, Mar 2, 2026 wrote\n".repeat(10_000)),
        format!("\n{}", "From: a@b.example\n".repeat(10_000)),
        format!("Content-Type: text/plain; {}\n\nx", "a=b; ".repeat(10_000)),
    ] {
        assert!(check::inspect(raw.as_bytes()).is_object());
    }
    assert!(started.elapsed() < Duration::from_secs(240), "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_answered(bytes: Vec<u8>) {
        prop_assert!(check::inspect(&bytes).is_object());
    }

    #[test]
    fn anything_that_looks_like_mail_is_answered(
        lines in prop::collection::vec(
            prop_oneof![
                Just("Content-Type: multipart/report; report-type=delivery-status; boundary=b".to_owned()),
                Just("Content-Type: text/html; charset=koi8-r".to_owned()),
                Just("Content-Type: message/delivery-status".to_owned()),
                Just("Content-Transfer-Encoding: base64".to_owned()),
                Just("--b".to_owned()), Just("--b--".to_owned()), Just(String::new()), Just("From: a@b.example".to_owned()),
                Just("Final-Recipient: rfc822; a@b.example".to_owned()), Just("> quoted".to_owned()), Just("-- ".to_owned()),
                "\\PC{0,40}",
            ],
            0..40,
        )
    ) {
        let raw = lines.join("\n");
        prop_assert!(check::inspect(raw.as_bytes()).is_object());
    }

    #[test]
    fn the_visible_reply_contains_only_words_of_the_letter(text in "[a-zа-я >|\\-_:@.,0-9\n]{0,300}") {
        let visible = visible_reply(&text);
        for line in visible.text.lines() {
            prop_assert!(text.contains(line.trim()));
        }
    }

    #[test]
    fn sanitised_html_is_sanitised(html in "\\PC{0,200}") {
        let once = sanitize(&html, &Default::default()).html;
        prop_assert_eq!(sanitize(&once, &Default::default()).html, once);
    }
}
