//! Reading mail of the wild: charsets, broken MIME, odd wrappers.

use crate::read;
use base64::Engine as _;
use opora_mail::{Error, Kind, Limits, Note, Protection, inspect, parse};

const WORDS: &str = "Здравствуйте, где моя посылка? Жду уже неделю.";

fn bytes_in(charset: &str) -> Vec<u8> {
    encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap().encode(WORDS).0.into_owned()
}

fn letter(declared: &str, body: &[u8]) -> Vec<u8> {
    let mut raw = format!(
        "From: anna@mail.ru\nContent-Type: text/plain; charset={declared}\nContent-Transfer-Encoding: 8bit\n\n"
    )
    .into_bytes();
    raw.extend_from_slice(body);
    raw
}

#[test]
fn russian_charsets_are_read_declared_or_not() {
    for real in ["utf-8", "windows-1251", "koi8-r"] {
        for declared in [real, "us-ascii", "iso-8859-1", "unknown-8bit", "\"\""] {
            assert_eq!(read(letter(declared, &bytes_in(real))).text.trim(), WORDS, "{real} as {declared}");
        }
    }
    assert!(read(letter("us-ascii", &bytes_in("koi8-r"))).notes.contains(&Note::CharsetGuessed));
}

#[test]
fn raw_eight_bit_headers_are_read() {
    let mut raw = b"From: \"".to_vec();
    raw.extend(encoding_rs::WINDOWS_1251.encode("Анна Петрова").0.iter());
    raw.extend(b"\" <anna@mail.ru>\nSubject: ");
    raw.extend(encoding_rs::KOI8_R.encode("Вопрос по заказу номер пять").0.iter());
    raw.extend(b"\n\nhi");
    let mail = read(raw);
    assert_eq!(mail.from.unwrap().name, "Анна Петрова");
    assert_eq!(mail.subject, "Вопрос по заказу номер пять");
}

#[test]
fn iso_2022_jp_is_read() {
    let body = encoding_rs::ISO_2022_JP.encode("お問い合わせ").0.into_owned();
    assert_eq!(read(letter("ISO-2022-JP", &body)).text.trim(), "お問い合わせ");
}

#[test]
fn a_winmail_file_is_named_as_such() {
    let mail = read(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\neJ8+Ig==\n--b--\n",
    );
    assert_eq!(mail.attachments[0].kind, Kind::Winmail);
    assert_eq!(mail.attachments[0].filename, "winmail.dat");
}

#[test]
fn a_message_inside_is_kept_whole() {
    let mail = read(
        "Subject: outer\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nsee\n--b\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nsecret\n--c--\n\n--b--\n",
    );
    assert_eq!(mail.text.trim(), "see");
    assert_eq!(mail.attachments[0].filename, "inner.eml");
    assert!(parse(&mail.attachments[0].bytes).unwrap().text.contains("secret"));
}

#[test]
fn signed_and_encrypted_parts_are_kept() {
    let signed = read(
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\nMIAG\n--b--\n",
    );
    assert_eq!(signed.protection, Some(Protection::SmimeSigned));
    assert_eq!(signed.attachments[0].kind, Kind::SmimeSignature);
    let encrypted = read(
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--b--\n",
    );
    assert_eq!(encrypted.protection, Some(Protection::PgpEncrypted));
    assert_eq!(encrypted.attachments.len(), 2);
}

#[test]
fn an_inline_picture_is_told_from_a_file() {
    let mail = read(
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=\"cid:Logo%40x\">\n--b\nContent-Type: image/png; name=logo.png\nContent-ID: <logo@x>\n\nPNG\n--b\nContent-Type: image/png; name=photo.png\nContent-ID: <photo@x>\n\nPNG\n--b--\n",
    );
    assert_eq!(mail.attachments.iter().map(|a| a.inline).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_name_in_any_encoding_is_decoded() {
    for disposition in [
        "filename*=utf-8''%D1%81%D1%87%D1%91%D1%82.pdf",
        "filename=\"=?utf-8?B?0YHRh9GR0YIucGRm?=\"",
        "filename*0*=utf-8''%D1%81%D1%87; filename*1*=%D1%91%D1%82.pdf",
        "filename=\"=?koi8-r?B?08fRxQ==?=\"; filename=счёт.pdf",
    ] {
        let mail = read(format!("Content-Type: application/pdf\nContent-Disposition: attachment; {disposition}\n\nx"));
        assert!(!mail.attachments[0].filename.contains("=?"), "{disposition}");
    }
    let mail = read(
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''%D1%81%D1%87%D1%91%D1%82.pdf\n\nx",
    );
    assert_eq!(mail.attachments[0].filename, "счёт.pdf");
}

#[test]
fn a_multipart_that_never_comes_is_shown_as_text() {
    let mail = read("Content-Type: multipart/mixed; boundary=never\n\nDear support,\nwhere is it?\n");
    assert!(mail.text.contains("where is it?"));
    assert!(mail.notes.contains(&Note::MultipartWithoutParts));
}

#[test]
fn a_header_block_with_broken_folding_goes_on() {
    let mail = read(
        "Received: from a\nX-Tracker: H4sIAAAA\nIg5drOCwmrVzP5sDoseXbDeYAxij\niZbLL1ggnEOMEg3T97FCOIcZJX7/\nFrom: anna@example.com\nSubject: hi\n\nbody\n",
    );
    assert_eq!(mail.subject, "hi");
    assert_eq!(mail.text.trim(), "body");
}

#[test]
fn a_twenty_five_megabyte_file_comes_through() {
    let file = vec![7_u8; 25 << 20];
    let mut raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n".to_vec();
    for line in base64::engine::general_purpose::STANDARD.encode(&file).as_bytes().chunks(76) {
        raw.extend_from_slice(line);
        raw.extend_from_slice(b"\r\n");
    }
    raw.extend_from_slice(b"--b--\r\n");
    let mail = read(raw);
    assert_eq!(mail.attachments[0].size(), 25 << 20);
}

#[test]
fn limits_answer_with_stable_codes() {
    let small = Limits { message_bytes: 10, ..Limits::default() };
    assert_eq!(inspect(b"Subject: hello\n\n", &small).unwrap_err().code(), "too_large");
    assert_eq!(parse(b"").unwrap_err().code(), "empty");
    assert!(matches!(parse(b""), Err(Error::Empty)));
}
