//! People, machines, and who may be answered.

use crate::{class, read};
use opora_mail::{Auto, classify, classify_for, loop_count};

fn with(headers: &str) -> Auto {
    class(format!("From: Anna <anna@example.com>\nTo: help@shop.example\nMessage-ID: <1@x>\n{headers}\n\nText\n")).auto
}

#[test]
fn an_auto_reply_never_opens_a_ticket_and_is_never_answered() {
    let class =
        class("From: anna@example.com\nSubject: Re: Заказ\nAuto-Submitted: auto-replied\n\nЯ в отпуске до 10 марта");
    assert!(class.auto.is_automatic());
    assert!(!class.auto.may_open_a_ticket());
    assert!(!class.answerable);
}

#[test]
fn vacation_notices_of_the_big_providers_are_known() {
    for headers in [
        "Subject: Автоответ: Заказ",
        "Subject: =?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGC?=: x",
        "Subject: Автоматический ответ: Заказ\nX-Auto-Response-Suppress: All",
        "Subject: Automatic reply: Order\nX-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: anna@example.com",
        "Subject: Re: Order\nAuto-Submitted: auto-replied (vacation)\nPrecedence: bulk",
        "Subject: Out of Office: Order",
        "Subject: Re: Order\nX-Autoreply: yes",
        "Subject: Re: Order\nPrecedence: auto_reply",
        "Subject: Я в отпуске до 10 марта",
        "Subject: Abwesenheitsnotiz: Bestellung",
    ] {
        assert!(matches!(with(headers), Auto::Vacation | Auto::AutoReply), "{headers}: {:?}", with(headers));
    }
}

#[test]
fn lists_and_mailings_are_known() {
    assert_eq!(with("List-Id: <news.example.com>"), Auto::List);
    assert_eq!(with("List-Unsubscribe: <https://x.example/u>"), Auto::Bulk);
    assert_eq!(with("Precedence: bulk"), Auto::Bulk);
}

#[test]
fn a_shared_mailbox_behind_a_group_is_ours() {
    let raw = "From: anna@example.com\nTo: help@shop.example\nList-ID: <help.shop.example>\nMailing-list: list help@shop.example; contact help+owners@shop.example\nPrecedence: list\n\nHello";
    assert!(classify_for(&read(raw), raw.as_bytes(), &["help@shop.example"]).answerable);
    assert!(!classify(&read(raw), raw.as_bytes()).answerable);
}

#[test]
fn ordinary_letters_about_automatic_things_are_from_people() {
    for subject in [
        "Re: Автоответ не работает",
        "Как включить out of office?",
        "Не доставлено вовремя",
        "Ошибка доставки заказа",
        "Delivery problem with my order",
        "Возврат денег",
        "Отпуск и доставка",
    ] {
        let class = class(format!("From: anna@example.com\nSubject: {subject}\n\nПомогите"));
        assert_eq!(class.auto, Auto::Person, "{subject}");
        assert!(class.answerable, "{subject}");
    }
}

#[test]
fn mail_from_ourselves_or_another_desk_is_not_answered() {
    let raw = "From: help@shop.example\nX-Opora-Loop: 0\nSubject: Re: x\n\ny";
    let mail = read(raw);
    assert!(mail.is_from_opora());
    assert!(!classify(&mail, raw.as_bytes()).answerable);
    assert_eq!(loop_count(&mail.headers), 1);
}

#[test]
fn a_message_without_a_usable_sender_is_not_answered() {
    for from in [
        "",
        "From: \n",
        "From: nobody\n",
        "From: <>\nSubject: Re: x\nPrecedence: bulk\n",
        "From: no-reply@bank.example\n",
    ] {
        assert!(!class(format!("{from}X-A: b\n\nhello")).answerable, "{from}");
    }
}

#[test]
fn a_complaint_is_noted_and_not_taken_for_a_letter() {
    let raw = "From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <9@shop.example>\nSubject: hi\nTo: anna@hotmail.example\n\nx\n--b--\n";
    let class = class(raw);
    assert_eq!(class.auto, Auto::Complaint);
    assert_eq!(class.complaint.unwrap().original_message_id.as_deref(), Some("9@shop.example"));
}

#[test]
fn kinds_have_stable_names() {
    assert_eq!(
        serde_json::to_string(&[Auto::Person, Auto::AutoReply, Auto::Bounce]).unwrap(),
        r#"["person","auto_reply","bounce"]"#
    );
}
