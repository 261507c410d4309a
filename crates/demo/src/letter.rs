//! A customer's step as a raw mail message (RFC 5322, RFC 2045): what a mail server would hand us, with the thread's
//! references and the last answer quoted the way mail programs do. The same step always gives the same bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::calendar;
use crate::model::{DemoFile, Department, Locale, Step, StepKind, TicketStory};

/// Writes the message; none when the step is not a customer's.
pub(crate) fn write(department: &Department, ticket: &TicketStory, step: usize) -> Option<Vec<u8>> {
    let said = ticket.steps.get(step)?;
    if !matches!(said.kind, StepKind::Customer | StepKind::Auto) {
        return None;
    }
    let inbox = department.inboxes.get(ticket.inbox)?;
    let mut out = String::new();
    let header = |out: &mut String, name: &str, value: &str| out.push_str(&format!("{name}: {value}\r\n"));
    header(&mut out, "From", &format!("{} <{}>", encoded(&ticket.contact.name), ticket.contact.address));
    header(&mut out, "To", &format!("{} <{}>", encoded(&inbox.name), inbox.address));
    let subject = if step == 0 { ticket.subject.clone() } else { format!("Re: {}", ticket.subject) };
    header(&mut out, "Subject", &encoded(&subject));
    let date = calendar::local(said.at.div_euclid(1_000_000), 3);
    header(&mut out, "Date", &date.strftime("%a, %d %b %Y %H:%M:%S +0300").to_string());
    header(&mut out, "Message-ID", &message_id(ticket, said));
    let earlier: Vec<String> =
        ticket.steps[..step].iter().filter(|s| s.kind != StepKind::Note).map(|s| message_id(ticket, s)).collect();
    if let Some(last) = earlier.last() {
        header(&mut out, "In-Reply-To", last);
        header(&mut out, "References", &earlier.join("\r\n "));
    }
    if said.kind == StepKind::Auto {
        header(&mut out, "Auto-Submitted", "auto-replied");
    }
    header(&mut out, "MIME-Version", "1.0");
    body(&mut out, ticket, step, said);
    Some(out.into_bytes())
}

/// The identifier of a step's message.
fn message_id(ticket: &TicketStory, step: &Step) -> String {
    let domain = ticket.contact.address.rsplit('@').next().unwrap_or("customer.example");
    let domain = if matches!(step.kind, StepKind::Reply | StepKind::Bounce) { "opora.example" } else { domain };
    format!("<{:x}.{:x}@{domain}>", ticket.created_at, step.at)
}

fn body(out: &mut String, ticket: &TicketStory, step: usize, said: &Step) {
    let text = with_quote(ticket, step, said);
    let boundary = format!("=_{:x}", said.at);
    if said.attachments.is_empty() {
        words(out, &text, said.html.as_deref(), &boundary);
        return;
    }
    let mixed = format!("{boundary}_mixed");
    out.push_str(&format!("Content-Type: multipart/mixed; boundary=\"{mixed}\"\r\n\r\n--{mixed}\r\n"));
    words(out, &text, said.html.as_deref(), &boundary);
    for file in &said.attachments {
        out.push_str(&format!("--{mixed}\r\n"));
        attachment(out, file);
    }
    out.push_str(&format!("--{mixed}--\r\n"));
}

fn words(out: &mut String, text: &str, html: Option<&str>, boundary: &str) {
    let Some(html) = html else {
        part(out, "text/plain; charset=utf-8", text.as_bytes());
        return;
    };
    out.push_str(&format!("Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n"));
    for (kind, content) in [("text/plain; charset=utf-8", text), ("text/html; charset=utf-8", html)] {
        out.push_str(&format!("--{boundary}\r\n"));
        part(out, kind, content.as_bytes());
    }
    out.push_str(&format!("--{boundary}--\r\n"));
}

fn part(out: &mut String, kind: &str, content: &[u8]) {
    out.push_str(&format!("Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
    lines(out, content);
}

fn attachment(out: &mut String, file: &DemoFile) {
    let name: String = file
        .filename
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || byte == b'.' {
                (byte as char).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    out.push_str(&format!("Content-Disposition: attachment; filename*=UTF-8''{name}\r\n"));
    part(out, file.content_type, &file.bytes);
}

fn lines(out: &mut String, content: &[u8]) {
    for line in content.chunks(57) {
        STANDARD.encode_string(line, out);
        out.push_str("\r\n");
    }
}

/// Non-ASCII words of a header (RFC 2047), each encoded word short enough for its line.
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.into();
    }
    let letters: Vec<char> = text.chars().collect();
    let words = letters.chunks(18).map(|piece| {
        let piece: String = piece.iter().collect();
        format!("=?utf-8?B?{}?=", STANDARD.encode(piece))
    });
    words.collect::<Vec<_>>().join("\r\n ")
}

fn with_quote(ticket: &TicketStory, step: usize, said: &Step) -> String {
    let answer = ticket.steps[..step].iter().rev().find(|earlier| earlier.kind == StepKind::Reply);
    let Some(answer) = answer.filter(|_| said.kind == StepKind::Customer) else {
        return said.text.clone();
    };
    let when = calendar::local(answer.at.div_euclid(1_000_000), 3);
    let head = match ticket.locale {
        Locale::Ru => when.strftime("%d.%m.%Y, %H:%M, поддержка написала:").to_string(),
        Locale::En => when.strftime("On %d %b %Y, at %H:%M, support wrote:").to_string(),
    };
    let quoted: String = answer.text.lines().map(|line| format!("> {line}\n")).collect();
    format!("{}\n\n{head}\n{quoted}", said.text)
}
