//! The rules that tell machines from people by header, and by subject where a machine says so only there.

use super::Auto;
use crate::patterns;
use crate::{Headers, Kind, Mail};
use regex::RegexSet;
use std::sync::LazyLock;

/// Is this a read receipt (RFC 8098)?
pub(super) fn is_receipt(mail: &Mail) -> bool {
    mail.report_type.as_deref() == Some("disposition-notification")
        || mail.attachments.iter().any(|a| {
            matches!(
                a.content_type.as_str(),
                "message/disposition-notification" | "message/global-disposition-notification"
            )
        })
}

/// Person, or which kind of machine. Bounces, complaints and receipts are decided before.
pub(super) fn kind(mail: &Mail, ours: &[&str]) -> Auto {
    let headers = &mail.headers;
    let away = says(&AWAY, &mail.subject);
    if let Some(auto) = submitted(headers) {
        let vacation = away || says_vacation(&headers.text("Auto-Submitted").unwrap_or_default());
        return if auto == Auto::AutoReply && vacation { Auto::Vacation } else { auto };
    }
    if away {
        return Auto::Vacation;
    }
    if says(&ANSWERED, &mail.subject)
        || REPLIES.iter().any(|name| headers.has(name))
        || precedence(headers) == Some("auto_reply")
    {
        return Auto::AutoReply;
    }
    if is_calendar_answer(mail) {
        return Auto::Calendar;
    }
    if is_list(headers) {
        return if is_ours(headers, ours) { Auto::Person } else { Auto::List };
    }
    if precedence(headers) == Some("bulk") || BULK.iter().any(|name| headers.has(name)) {
        return Auto::Bulk;
    }
    if headers.has("X-Loop") {
        return Auto::Loop;
    }
    if suppresses_answers(headers) {
        return Auto::Notification;
    }
    Auto::Person
}

/// `Auto-Submitted` of RFC 3834; `no` and nothing say nothing.
fn submitted(headers: &Headers) -> Option<Auto> {
    let value = headers.text("Auto-Submitted")?.to_ascii_lowercase();
    match value.as_str() {
        "" => None,
        _ if value == "no" || value.starts_with("no;") || value.starts_with("no ") => None,
        _ if value.starts_with("auto-replied") => Some(Auto::AutoReply),
        _ => Some(Auto::Notification),
    }
}

fn says_vacation(comment: &str) -> bool {
    let comment = comment.to_ascii_lowercase();
    comment.contains("vacation") || comment.contains("out of office") || comment.contains("out-of-office")
}

fn precedence(headers: &Headers) -> Option<&'static str> {
    let value = headers.text("Precedence")?.to_ascii_lowercase();
    match value.replace('-', "_").as_str() {
        "bulk" | "junk" => Some("bulk"),
        "list" => Some("list"),
        "auto_reply" | "autoreply" | "auto_response" => Some("auto_reply"),
        _ => None,
    }
}

/// Fields that only answering machines write.
const REPLIES: [&str; 11] = [
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "X-Auto-Reply-From",
    "X-Autoreply-From",
    "X-Autoresponder",
    "X-AutoReply-Subject",
    "X-Mail-Autoreply",
    "X-Mail-Autoresponder",
    "X-FC-MachineGenerated",
    "X-POST-MessageClass",
];

/// Fields of mass mailings.
const BULK: [&str; 6] = [
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "X-Campaign-ID",
    "X-Mailru-Msgtype",
    "X-CSA-Complaints",
];

fn is_list(headers: &Headers) -> bool {
    ["List-Id", "List-Post", "Mailing-List", "X-Mailing-List", "List-Help"].iter().any(|name| headers.has(name))
        || precedence(headers) == Some("list")
}

/// Is the list one of our own addresses?
fn is_ours(headers: &Headers, ours: &[&str]) -> bool {
    let said: String = ["List-Post", "Mailing-List", "List-Id", "X-Mailing-List"]
        .iter()
        .filter_map(|name| headers.text(name))
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    ours.iter().map(|address| address.trim().to_lowercase()).any(|address| {
        // List-Id writes the address with a dot in place of the at sign (RFC 2919).
        !address.is_empty() && (said.contains(&address) || said.contains(&format!("<{}>", address.replace('@', "."))))
    })
}

/// Exchange's request not to be answered. People's mail does not carry it; machines' does.
fn suppresses_answers(headers: &Headers) -> bool {
    headers.text("X-Auto-Response-Suppress").is_some_and(|value| {
        let value = value.to_ascii_lowercase();
        value.contains("all") || value.contains("autoreply") || value.contains("oof")
    })
}

/// `METHOD:REPLY` of iTIP: the calendar answers, not the person.
fn is_calendar_answer(mail: &Mail) -> bool {
    mail.attachments.iter().filter(|a| a.kind == Kind::Calendar).any(|calendar| {
        let head = &calendar.bytes[..calendar.bytes.len().min(8192)];
        let text = String::from_utf8_lossy(head).to_ascii_uppercase();
        text.lines().any(|line| line.trim_end() == "METHOD:REPLY")
    })
}

static AWAY: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(AWAY_PATTERNS));
static ANSWERED: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(ANSWERED_PATTERNS));

fn says(set: &LazyLock<Option<RegexSet>>, subject: &str) -> bool {
    set.as_ref().is_some_and(|set| set.is_match(subject.trim()))
}

/// Does the subject say that a machine answers?
pub(crate) fn is_answering_subject(subject: &str) -> bool {
    says(&AWAY, subject) || says(&ANSWERED, subject)
}

/// Subjects of absence notices, at the start of the subject.
pub(crate) const AWAY_PATTERNS: [&str; 13] = [
    r"^(?:re: *)?out[ -]of[ -](?:the[ -])?office\b",
    r"^(?:re: *)?(?:auto(?:matic|mated)?[ -]*(?:reply|response|answer)?[: -]*)?(?:i am |i'm |away |currently )*(?:out of (?:the )?office|on (?:vacation|holiday|annual leave|parental leave|maternity leave))\b",
    r"^(?:away from (?:my mail|the office|office)|away until|vacation (?:response|reply|message|notice)|on vacation)\b",
    r"\bvacation (?:response|reply|notice)\b",
    r"^abwesen(?:heits|d)",
    r"^(?:re: *)?(?:автоответ\S* *[:.-]* *)?(?:я )?(?:нахожусь |буду )?(?:в|с) отпуск",
    r"^(?:уведомление|сообщение|ответ) об отсутствии",
    r"^(?:меня|я) (?:нет|не буду|временно отсутству|отсутству)\S* ?(?:в офисе|на рабочем месте|на работе)?",
    r"^(?:absence du bureau|absent(?:e)? du bureau|message d'absence|absence)\s*(?::|$)",
    r"^(?:fuera de (?:la )?oficina|ausente de la oficina|ausencia)\b",
    r"^(?:fuori (?:sede|ufficio)|assente dall'ufficio)",
    r"^(?:nieobecno|poza biurem|urlop)",
    r"^(?:afwezig|niet aanwezig|frånvar|poissa)",
];

/// Subjects of answering machines, at the start of the subject.
pub(crate) const ANSWERED_PATTERNS: [&str; 12] = [
    r"^(?:re: *)?\[?auto(?:matic|mated|mat)?[ -]*(?:reply|response|respond|answer|acknowledge?ment)\]?\s*(?::|-|$|\()",
    r"^\[?auto[ -]*reply\b",
    r"^\[?auto[ -]?re(?:ply|sponse)?\]?:",
    r"^auto:\s",
    r"^\[?(?:автоответ(?:чик)?|автоматический ответ|автоматична відповідь|автовідповідь|аўтаматычны адказ)\]?\s*(?::|-|$|\()",
    r"^automatische (?:antwort|beantwortung|rückmeldung)|^automatisch antwoord|^automatische antwoord|^eingangsbestätigung\s*(?::|$)",
    r"^(?:réponse|reponse) automatique|^accusé de réception automatique",
    r"^respuesta autom[aá]tica|^resposta autom[aá]tica",
    r"^risposta automatica",
    r"^(?:odpowiedź automatyczna|automatyczna odpowiedź|automatická odpověď|automatikus válasz)",
    r"^(?:automatiskt svar|automatisk svar|autosvar|automaattinen vastaus|otomatik yanıt)",
    r"^(?:自動応答|自動返信|自动回复|自動回覆)",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(patterns::set(AWAY_PATTERNS).is_some());
        assert!(patterns::set(ANSWERED_PATTERNS).is_some());
    }
}
