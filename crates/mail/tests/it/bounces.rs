//! Delivery reports: standard ones, and those of systems that write prose.

use crate::{class, read};
use opora_mail::{Auto, Bounce, explain};

fn bounce(raw: &str) -> Bounce {
    let class = class(raw);
    assert_eq!(class.auto, Auto::Bounce);
    assert!(!class.answerable);
    class.bounce.unwrap()
}

fn standard(action: &str, status: &str, diagnostic: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\nTo: help@shop.example\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nI'm sorry.\n\n<anna@mail.example>: host mx said: {diagnostic}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; anna@mail.example\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {diagnostic}\n--b\nContent-Type: message/rfc822\n\nFrom: help@shop.example\nTo: anna@mail.example\nMessage-ID: <t1042.3@shop.example>\nSubject: =?utf-8?B?0JfQsNC60LDQtw==?=\n\nText\n--b--\n"
    )
}

#[test]
fn a_failure_names_the_message_the_address_and_the_reason() {
    let bounce = bounce(&standard("failed", "5.1.1", "550 5.1.1 <anna@mail.example>: user unknown"));
    assert_eq!(bounce.original_message_id.as_deref(), Some("t1042.3@shop.example"));
    assert_eq!(bounce.original_subject.as_deref(), Some("Заказ"));
    assert!(bounce.permanent);
    let failed = &bounce.original_recipients[0];
    assert_eq!((failed.address.as_str(), failed.status.as_deref()), ("anna@mail.example", Some("5.1.1")));
    assert_eq!(explain(failed).ru, "Такого почтового ящика не существует.");
    assert_eq!(explain(failed).en, "There is no such mailbox.");
}

#[test]
fn a_delay_is_not_a_failure_yet() {
    let bounce = bounce(&standard("delayed", "4.4.1", "connection timed out"));
    assert!(!bounce.permanent);
    assert_eq!(explain(&bounce.original_recipients[0]).code, "unreachable");
}

#[test]
fn a_report_that_all_is_well_is_a_receipt() {
    let raw = standard("delivered", "2.0.0", "250 ok");
    assert_eq!(class(&raw).auto, Auto::Receipt);
    assert!(class(&raw).bounce.is_none());
}

#[test]
fn only_headers_of_the_failed_message_are_enough() {
    let raw = standard("failed", "5.2.2", "552 mailbox full").replace("message/rfc822", "text/rfc822-headers");
    assert_eq!(bounce(&raw).original_message_id.as_deref(), Some("t1042.3@shop.example"));
}

#[test]
fn mail_ru_writes_prose() {
    let raw = "Return-Path: <>\nAuto-Submitted: auto-replied\nX-Failed-Recipients: anna@mail.example\nFrom: mailer-daemon@corp.mail.ru\nSubject: =?utf-8?B?0JLQsNGI0LUg0YHQvtC+0LHRidC10L3QuNC1INC90LUg0LTQvtGB0YLQsNCy0LvQtdC90L4=?=\nContent-Type: text/plain; charset=utf-8\n\nК сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n\n  anna@mail.example\n    SMTP error from remote mail server after RCPT TO:<anna@mail.example>:\n    host mx.mail.example [192.0.2.1]: 550 5.2.2 mailbox full\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <t7@shop.example>\nSubject: Hello\n\nText\n";
    let bounce = bounce(raw);
    assert_eq!(bounce.original_message_id.as_deref(), Some("t7@shop.example"));
    assert_eq!(explain(&bounce.original_recipients[0]).code, "mailbox_full");
}

#[test]
fn yandex_and_gmail_reports_are_understood() {
    let yandex = standard("failed", "5.7.1", "554 5.7.1 Message rejected under suspicion of SPAM; https://ya.cc/1IrBc");
    assert_eq!(explain(&bounce(&yandex).original_recipients[0]).code, "spam");
    let gmail = standard("failed", "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist.");
    assert_eq!(explain(&bounce(&gmail).original_recipients[0]).code, "no_such_mailbox");
}

#[test]
fn qmail_names_several_addresses() {
    let raw = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.example.\n\n<a@x.example>:\nRemote host said: 550 5.1.1 User Unknown\n\n<b@x.example>:\nSorry, I couldn't find any host named x.example. (#5.1.2)\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <m@shop.example>\nTo: c@x.example\n";
    let bounce = bounce(raw);
    assert_eq!(bounce.original_recipients.len(), 2);
    assert_eq!(explain(&bounce.original_recipients[1]).code, "host_not_found");
}

#[test]
fn a_customer_who_sends_us_a_report_is_a_person() {
    let raw = "From: anna@example.com\nSubject: Fwd: Undelivered Mail Returned to Sender\n\nПочему не доходит?\n\n> <help@shop.example>: user unknown\n";
    assert_eq!(class(raw).auto, Auto::Person);
    assert!(read(raw).visible_reply().text.contains("Почему не доходит?"));
}
