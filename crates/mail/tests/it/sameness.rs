//! When two messages are one.

use crate::read;
use opora_mail::fingerprint;

fn print(raw: &str) -> String {
    fingerprint(&read(raw), raw.as_bytes())
}

const LETTER: &str = "Received: by a; Mon, 2 Mar 2026 10:00:01 +0300\r\nMessage-ID: <1@x>\r\nFrom: Анна <anna@example.com>\r\nTo: help@shop.example, sales@shop.example\r\nDate: Mon, 2 Mar 2026 10:00:00 +0300\r\nSubject: Заказ\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nГде он?\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\na,b\r\n1,2\r\n--b--\r\n";

#[test]
fn two_of_our_addresses_get_one_message() {
    let other = LETTER
        .replace("Received: by a;", "Delivered-To: sales@shop.example\r\nDKIM-Signature: v=1\r\nReceived: by b;")
        .replace("boundary=b", "boundary=\"b\"")
        .replace("\r\n", "\n");
    assert_eq!(print(LETTER), print(&other));
}

#[test]
fn another_word_file_sender_or_moment_is_another_message() {
    for (from, to) in [
        ("Где он?", "Где они?"),
        ("1,2", "1,3"),
        ("anna@", "ivan@"),
        ("10:00:00", "10:00:09"),
        ("<1@x>", "<2@x>"),
        ("Subject: Заказ", "Subject: Заказы"),
    ] {
        assert_ne!(print(LETTER), print(&LETTER.replace(from, to)), "{from} -> {to}");
    }
}
