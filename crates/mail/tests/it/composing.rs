//! What we write, read back.

use crate::read;
use opora_mail::{Address, File, Outgoing, compose};

fn letter() -> Outgoing {
    Outgoing {
        from: Address::new("Поддержка «Опора», отдел", "help@shop.example"),
        to: vec![Address::new("Анна Петрова", "anna@example.com")],
        subject: "Ваш заказ № 1042: где посылка и когда её ждать, подробности внутри письма".into(),
        text: "Здравствуйте!\n\nПосылка уже в пути.\n\n-- \nОпора".into(),
        message_id: "t1042.1@shop.example".into(),
        date_seconds: 1_772_445_600,
        ..Outgoing::default()
    }
}

fn lines(raw: &[u8]) -> Vec<String> {
    String::from_utf8(raw.to_vec()).unwrap().split("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_letter_reads_back_as_it_was_written() {
    let mut letter = letter();
    letter.html = Some("<p>Здравствуйте!</p><img src=\"cid:logo@shop\">".into());
    letter.reply_to = Some(Address::new("", "help+t1042.k7@shop.example"));
    letter.cc = vec![Address::new("", "boss@example.com")];
    letter.in_reply_to = Some("parent@example.com".into());
    letter.references = vec!["first@example.com".into()];
    letter.inline = vec![File {
        filename: "logo.png".into(),
        content_type: "image/png".into(),
        bytes: vec![1, 2, 3],
        content_id: Some("logo@shop".into()),
    }];
    letter.attachments = vec![File {
        filename: "счёт за март, окончательный.pdf".into(),
        content_type: "application/pdf".into(),
        bytes: (0..=255).collect(),
        content_id: None,
    }];
    let mail = read(compose(&letter).unwrap().raw);
    assert_eq!(mail.from.unwrap(), letter.from);
    assert_eq!(mail.to, letter.to);
    assert_eq!(mail.cc, letter.cc);
    assert_eq!(mail.reply_to[0].email, "help+t1042.k7@shop.example");
    assert_eq!(mail.subject, letter.subject);
    assert_eq!(mail.date, Some(letter.date_seconds));
    assert_eq!(mail.message_id.as_deref(), Some("t1042.1@shop.example"));
    assert_eq!(mail.in_reply_to, ["parent@example.com"]);
    assert_eq!(mail.references, ["first@example.com", "parent@example.com"]);
    assert_eq!(mail.text.trim_end(), letter.text);
    assert_eq!(mail.html.unwrap().trim_end(), letter.html.unwrap());
    assert_eq!(mail.attachments.len(), 2);
    assert!(mail.attachments[0].inline && mail.attachments[0].bytes == [1, 2, 3]);
    assert_eq!(mail.attachments[1].filename, "счёт за март, окончательный.pdf");
    assert_eq!(mail.attachments[1].bytes, (0..=255).collect::<Vec<u8>>());
}

#[test]
fn every_line_is_ascii_and_short() {
    let mut letter = letter();
    letter.text = "длинная строка без переводов ".repeat(200);
    letter.to =
        (0..60).map(|n| Address::new(format!("Получатель номер {n}"), format!("user{n}@example.com"))).collect();
    letter.references = (0..100).map(|n| format!("{n}.0123456789abcdef@example.com")).collect();
    letter.attachments =
        vec![File { filename: format!("{}.pdf", "очень длинное имя ".repeat(8)), ..File::default() }];
    let raw = compose(&letter).unwrap().raw;
    assert!(raw.is_ascii());
    for line in lines(&raw) {
        assert!(line.len() <= 78, "{line}");
    }
    let references = read(&raw).references;
    assert_eq!(references.len(), 30);
    assert_eq!(
        (references[0].as_str(), references[29].as_str()),
        ("0.0123456789abcdef@example.com", "99.0123456789abcdef@example.com")
    );
}

#[test]
fn bcc_is_in_the_envelope_only() {
    let mut letter = letter();
    letter.bcc = vec![Address::new("", "secret@example.com"), Address::new("", "ANNA@example.com")];
    assert_eq!(letter.recipients(), ["anna@example.com", "secret@example.com"]);
    let raw = compose(&letter).unwrap().raw;
    assert!(!String::from_utf8_lossy(&raw).contains("secret"));
}

type Spoil = Box<dyn Fn(&mut Outgoing)>;

#[test]
fn no_header_can_be_smuggled_in() {
    let evil = "x\r\nBcc: victim@example.com";
    let cases: Vec<Spoil> = vec![
        Box::new(|l| l.subject = evil.into()),
        Box::new(|l| l.from.name = evil.into()),
        Box::new(|l| l.to[0].name = evil.into()),
        Box::new(|l| l.to[0].email = "a@b.example\r\nBcc: v@e.example".into()),
        Box::new(|l| l.to[0].email = "a@b.example>, <v@e.example".into()),
        Box::new(|l| l.message_id = "a@b>\r\nBcc: v@e.example\r\nX: <".into()),
        Box::new(|l| l.in_reply_to = Some("a\nb".into())),
        Box::new(|l| l.list_unsubscribe = Some("https://x\r\nBcc: v@e.example".into())),
        Box::new(|l| l.headers = vec![("X-Note".into(), evil.into())]),
        Box::new(|l| l.headers = vec![("Bcc".into(), "v@e.example".into())]),
        Box::new(|l| l.headers = vec![("X-A: b\r\nBcc".into(), "v@e.example".into())]),
        Box::new(|l| l.headers = vec![("Content-Type".into(), "text/html".into())]),
        Box::new(|l| l.reply_to = Some(Address::new("", "nobody"))),
        Box::new(|l| l.inline = vec![File { content_id: Some("a>\r\nBcc: v@e.example".into()), ..File::default() }]),
        Box::new(|l| l.to.clear()),
    ];
    for (number, spoil) in cases.iter().enumerate() {
        let mut letter = letter();
        spoil(&mut letter);
        assert_eq!(compose(&letter).unwrap_err().code(), "bad_header", "case {number}");
    }
}

#[test]
fn a_foreign_reference_that_cannot_be_written_is_left_out() {
    let mut letter = letter();
    letter.references = vec!["good@example.com".into(), "bad id".into(), "плохой@пример".into()];
    assert_eq!(read(compose(&letter).unwrap().raw).references, ["good@example.com"]);
}

#[test]
fn what_no_person_wrote_says_so() {
    let mut letter = letter();
    letter.auto_submitted = Some("auto-replied");
    letter.hops = 2;
    letter.list_unsubscribe = Some("https://shop.example/u/1".into());
    let mail = read(compose(&letter).unwrap().raw);
    assert_eq!(mail.headers.text("Auto-Submitted").as_deref(), Some("auto-replied"));
    assert_eq!(mail.headers.text("List-Unsubscribe").as_deref(), Some("<https://shop.example/u/1>"));
    assert_eq!(mail.headers.text("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert!(mail.is_from_opora());
    assert_eq!(opora_mail::loop_count(&mail.headers), 3);
}

#[test]
fn a_russian_domain_is_written_in_ascii() {
    let mut letter = letter();
    letter.to = vec![Address::new("", "anna@почта.рф")];
    assert_eq!(read(compose(&letter).unwrap().raw).to[0].email, "anna@xn--80a1acny.xn--p1ai");
}

#[test]
fn a_text_file_keeps_its_bytes() {
    let mut letter = letter();
    let bytes = b"a,b\nc,d\r\n\xd0\xff".to_vec();
    letter.attachments = vec![File {
        filename: "a.csv".into(),
        content_type: "text/csv".into(),
        bytes: bytes.clone(),
        content_id: None,
    }];
    let mail = read(compose(&letter).unwrap().raw);
    assert_eq!(mail.attachments[0].bytes, bytes);
    assert_eq!(mail.attachments[0].content_type, "text/csv");
}

#[test]
fn the_same_letter_is_written_the_same_way() {
    let mut letter = letter();
    letter.html = Some("<p>x</p>".into());
    assert_eq!(compose(&letter).unwrap().raw, compose(&letter).unwrap().raw);
}
