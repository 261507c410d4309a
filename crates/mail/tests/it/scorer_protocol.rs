//! The JSON that other people's test material is scored against.

use opora_mail::check;

#[test]
fn every_field_of_the_contract_is_there() {
    let raw = "From: Анна <anna@example.com>\nTo: help@shop.example\nCc: boss@example.com\nSubject: =?utf-8?B?0JfQsNC60LDQtw==?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n<p onclick=x()>Где он?</p><blockquote>старое</blockquote>\n--b\nContent-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\nAAEC\n--b--\n";
    let answer = check::inspect(raw.as_bytes());
    assert_eq!(answer["from"], serde_json::json!({"name": "Анна", "email": "anna@example.com"}));
    assert_eq!(answer["cc"][0]["email"], "boss@example.com");
    assert_eq!(answer["subject"], "Заказ");
    assert_eq!(answer["visible_reply"], "Где он?");
    assert!(!answer["html"].as_str().unwrap().contains("onclick"));
    assert_eq!(answer["attachments"][0]["size"], 3);
    assert_eq!(answer["attachments"][0]["sha256"], "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc");
    assert_eq!(
        (&answer["auto_submitted"], &answer["bounce"], &answer["feedback"]),
        (&false.into(), &false.into(), &false.into())
    );
    assert!(answer["bounce_status"].is_null());
}

#[test]
fn a_refused_message_has_the_same_fields_and_a_reason() {
    let answer = check::inspect(b"");
    assert_eq!(answer["error"]["code"], "empty");
    for field in [
        "from",
        "to",
        "cc",
        "subject",
        "text",
        "html",
        "visible_reply",
        "attachments",
        "auto_submitted",
        "bounce",
        "bounce_status",
        "feedback",
    ] {
        assert!(answer.get(field).is_some(), "{field}");
    }
}
