//! What was understood of a message, as one JSON object: the answers of `opora mail inspect` and `opora mail sanitize`.
//!
//! The field names are fixed: other people's test material is scored against them. Promises an answer for any bytes.

use crate::{Mail, SanitizeOptions, classify, parse, sanitize};
use base64::Engine as _;
use serde_json::{Value, json};
use std::io::{BufRead, Write};

/// What was understood of one raw message. Never fails: an error is a field of the answer, with its stable code.
#[must_use]
pub fn inspect(raw: &[u8]) -> Value {
    let mail = match parse(raw) {
        Ok(mail) => mail,
        Err(error) => return refused(&error),
    };
    let class = classify(&mail, raw);
    let attachments: Vec<Value> = mail
        .attachments
        .iter()
        .map(|a| json!({"filename": a.filename, "content_type": a.content_type, "size": a.size(), "sha256": a.sha256, "kind": a.kind, "inline": a.inline, "content_id": a.content_id}))
        .collect();
    let bounce = class.bounce.as_ref();
    json!({
        "from": mail.from, "to": mail.to, "cc": mail.cc, "reply_to": mail.reply_to,
        "subject": mail.subject, "date": mail.date, "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to, "references": mail.references,
        "text": mail.text, "html": mail.html.as_deref().map(clean),
        "visible_reply": shown_first(&mail),
        "attachments": attachments,
        "auto": class.auto, "auto_submitted": class.auto.is_automatic(), "answerable": class.answerable,
        "bounce": bounce.is_some(), "bounce_status": bounce.and_then(|b| b.status()),
        "bounce_details": bounce, "feedback": class.complaint.is_some(), "complaint": class.complaint,
        "protection": mail.protection, "notes": mail.notes,
        "fingerprint": crate::fingerprint(&mail, raw),
    })
}

fn refused(error: &crate::Error) -> Value {
    json!({
        "from": null, "to": [], "cc": [], "subject": "", "text": "", "html": null, "visible_reply": "", "attachments": [],
        "auto_submitted": false, "bounce": false, "bounce_status": null, "feedback": false,
        "error": {"code": error.code(), "detail": error.to_string()},
    })
}

fn clean(html: &str) -> String {
    sanitize(html, &SanitizeOptions::default()).html
}

/// The text an agent sees first: what the person wrote, quotes and signature folded away.
fn shown_first(mail: &Mail) -> String {
    mail.visible_reply().text
}

/// Answers `opora mail inspect`: one message on `input`, one JSON object on `output`; with `stream`, one line
/// `{"id","raw_b64"}` in and one JSON line out, until the input ends.
///
/// # Errors
/// Only when reading or writing fails.
pub fn inspect_stream(mut input: impl BufRead, mut output: impl Write, stream: bool) -> std::io::Result<()> {
    if !stream {
        let mut raw = Vec::new();
        input.read_to_end(&mut raw)?;
        writeln!(output, "{}", inspect(&raw))?;
        return output.flush();
    }
    each_line(input, output, |request| {
        let raw = request["raw_b64"].as_str().unwrap_or_default();
        let mut answer = match base64::engine::general_purpose::STANDARD.decode(raw) {
            Ok(raw) => inspect(&raw),
            Err(error) => json!({"error": {"code": "bad_request", "detail": error.to_string()}}),
        };
        answer["id"] = request["id"].clone();
        answer
    })
}

/// Answers `opora mail sanitize --stream`: one line `{"html"}` in, one JSON line `{"html","remote_images"}` out.
///
/// # Errors
/// Only when reading or writing fails.
pub fn sanitize_stream(input: impl BufRead, output: impl Write) -> std::io::Result<()> {
    each_line(input, output, |request| {
        let clean = sanitize(request["html"].as_str().unwrap_or_default(), &SanitizeOptions::default());
        json!({"html": clean.html, "remote_images": clean.remote_images})
    })
}

fn each_line(input: impl BufRead, mut output: impl Write, answer: impl Fn(&Value) -> Value) -> std::io::Result<()> {
    for line in input.split(b'\n') {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let reply = match serde_json::from_slice::<Value>(&line) {
            Ok(request) => answer(&request),
            Err(error) => json!({"error": {"code": "bad_request", "detail": error.to_string()}}),
        };
        writeln!(output, "{reply}")?;
        output.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn one_line_in_is_one_line_out_whatever_it_is() {
        let mut out = Vec::new();
        let lines = "{\"id\":1,\"raw_b64\":\"U3ViamVjdDogaGkKCnlv\"}\n\nnonsense\n{\"id\":2,\"raw_b64\":\"\"}\n";
        inspect_stream(lines.as_bytes(), &mut out, true).unwrap();
        let out = String::from_utf8(out).unwrap();
        let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), 3);
        assert_eq!(answers[0]["subject"], "hi");
        assert_eq!(answers[1]["error"]["code"], "bad_request");
        assert_eq!(answers[2]["error"]["code"], "empty");
    }

    #[test]
    fn sanitising_answers_line_by_line() {
        let mut out = Vec::new();
        sanitize_stream(&b"{\"html\":\"<b onclick=x>hi</b>\"}\n"[..], &mut out).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap()["html"], "<b>hi</b>");
    }
}
