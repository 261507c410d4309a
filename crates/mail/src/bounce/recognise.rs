//! Is this a delivery report at all? Standard form, then the signs real mail systems leave.

use crate::Mail;
use crate::patterns;
use regex::RegexSet;
use std::sync::LazyLock;

static FAILED: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(FAILED_SUBJECTS));
static DAEMON_FAILED: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(DAEMON_SUBJECTS));
static WARNING: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(WARNING_SUBJECTS));
static PHRASES: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(FAILURE_PHRASES));

fn matches(set: &LazyLock<Option<RegexSet>>, text: &str) -> bool {
    set.as_ref().is_some_and(|set| set.is_match(text))
}

/// Does the message report a delivery that failed or is late? `has_machine_part`: a delivery-status part is there.
pub(super) fn is_bounce(mail: &Mail, has_machine_part: bool) -> bool {
    if has_machine_part
        || mail.report_type.as_deref() == Some("delivery-status")
        || mail.headers.has("X-Failed-Recipients")
    {
        return true;
    }
    if mail.headers.text("Content-Type").is_some_and(|t| t.to_ascii_lowercase().contains("report-type=delivery-status"))
    {
        return true;
    }
    let subject = mail.subject.trim();
    if matches(&FAILED, subject) {
        return true;
    }
    let daemon = is_daemon(mail);
    let machine = daemon || has_null_sender(mail);
    if !machine {
        return is_notice(mail) && matches(&PHRASES, head(&mail.text));
    }
    if daemon && from_daemon_itself(mail) {
        return true;
    }
    let answers =
        mail.headers.text("Auto-Submitted").is_some_and(|v| v.to_ascii_lowercase().starts_with("auto-replied"))
            || mail.headers.has("X-Auto-Response-Suppress")
            || mail.headers.has("X-Autoreply")
            || crate::classify::is_answering_subject(subject);
    if matches(&DAEMON_FAILED, subject) || matches(&PHRASES, head(&mail.text)) {
        return true;
    }
    // A null sender that does not explain itself: RFC 5321 keeps it for reports.
    has_null_sender(mail) && !answers && mail.headers.text("Precedence").is_none() && !has_list_marks(mail)
}

fn has_list_marks(mail: &Mail) -> bool {
    ["List-Id", "List-Unsubscribe", "List-Post"].iter().any(|name| mail.headers.has(name))
        || mail.calendars().next().is_some()
}

/// Is it only a warning, delivery still being tried?
pub(super) fn is_warning(mail: &Mail) -> bool {
    matches(&WARNING, &mail.subject)
}

fn head(text: &str) -> &str {
    let end = text.char_indices().map(|(at, _)| at).nth(3000).unwrap_or(text.len());
    &text[..end]
}

fn has_null_sender(mail: &Mail) -> bool {
    let path = mail.headers.text("Return-Path");
    path.is_some_and(|path| path.starts_with("<>") || path.eq_ignore_ascii_case("<MAILER-DAEMON>"))
        || mail.headers.text("From").is_some_and(|from| from == "<>" || from.ends_with(" <>"))
}

/// The sender calls itself a mail system.
fn is_daemon(mail: &Mail) -> bool {
    if from_daemon_itself(mail) {
        return true;
    }
    let from = mail.headers.text("From").unwrap_or_default().to_lowercase();
    ["postmaster", "mail delivery", "mail.delivery", "mail system", "почтовая система", "mail deliver"]
        .iter()
        .any(|name| from.contains(name))
}

/// `MAILER-DAEMON` writes nothing but reports.
fn from_daemon_itself(mail: &Mail) -> bool {
    let from = mail.headers.text("From").unwrap_or_default().to_lowercase();
    ["mailer-daemon", "mailer daemon", "mail delivery subsystem", "mail delivery system"]
        .iter()
        .any(|name| from.contains(name))
}

/// Providers that tell of failures from a silent address.
fn is_notice(mail: &Mail) -> bool {
    let from = mail.headers.text("From").unwrap_or_default().to_lowercase();
    ["no-reply@", "noreply@", "no_reply@"].iter().any(|name| from.contains(name))
}

/// Subjects nobody but a mail system writes, whoever the sender is.
pub(crate) const FAILED_SUBJECTS: [&str; 14] = [
    r"^undelivered mail returned to sender\b",
    r"^mail delivery failed(?:: returning message to sender)?\s*$",
    r"^delivery status notification\b",
    r"^mail delivery (?:status notification|failure|error|problem)\b",
    r"^returned mail: ",
    r"^failure notice\s*$",
    r"^(?:undeliverable|undelivered|undeliverable mail|undeliverable message)(?:: |\s*$)",
    r"^delivery (?:notification: delivery has failed|failure)\b",
    r"^message (?:delivery has failed|undeliverable|could not be delivered)",
    r"^mail (?:could not be delivered|system error - returned mail)",
    r"^(?:ваше )?(?:сообщение|письмо) не (?:доставлено|было доставлено|может быть доставлено)",
    r"^(?:недоставленное сообщение|недоставленное письмо|не удалось доставить|не доставлено:|недоставлено:|невозможно доставить|уведомление о недоставке)",
    r"^(?:unzustellbar:|non remis\s*:|no se puede entregar:|non recapitabile:|niedostarczone:|onbestelbaar:|não entregue)",
    r"^(?:rejected|blocked) (?:mail|message)(?:: |\s*$)",
];

/// Subjects that mean a failure when a mail system writes them.
pub(crate) const DAEMON_SUBJECTS: [&str; 8] = [
    r"undeliver|not delivered|non-?delivery|delivery (?:fail|error|problem|delay|notif|status)|deliver(?:y|ed)? fail",
    r"returned|returning|bounce|failure|failed|error|warning|rejected|refused|delayed|could not send",
    r"user unknown|host unknown|no such user|mailbox (?:full|unavailable)",
    r"не доставлен|недоставлен|не удалось|ошибка|возврат|отклонен|задерж",
    r"unzustellbar|fehlgeschlagen|échec|erreur|impossibilité|non remis|imposible|no entregad|fallo|mancata consegna|non recapit|niedostarcz|zwrot",
    r"メール|配信|配送|送信|エラー",
    r"problem delivering|cannot be delivered|can't be delivered|unable to deliver",
    r"delivery report|status report",
];

/// Subjects of a warning while delivery is still tried.
pub(crate) const WARNING_SUBJECTS: [&str; 4] = [
    r"^(?:warning: )?(?:message|mail) .{0,60}delayed|^delayed mail|\(delay(?:ed)?\)",
    r"delivery (?:is |has been )?delayed|still being retried|delivery delay",
    r"could not send message for past|warning: could not send",
    r"задерж\S+ доставк|доставка .{0,30}задерж",
];

/// How the text of a report begins.
pub(crate) const FAILURE_PHRASES: [&str; 14] = [
    r"could not be delivered|couldn't be delivered|was not delivered|wasn't delivered|not be delivered to|undeliverable",
    r"unable to deliver|failed to deliver|delivery (?:to the following|has failed|failed|of your message)|permanent (?:error|failure|fatal)",
    r"the following (?:address|recipient|destination)\S* (?:failed|had|could)|did not reach the following|following errors? occurred",
    r"returned to sender|returning message|this is the (?:qmail-send|mail delivery|postfix)|mail delivery system",
    r"user unknown|unknown user|no such user|mailbox (?:unavailable|not found|full)|recipient address rejected|over quota",
    r"не может быть доставлено|не доставлено|не было доставлено|не удалось доставить|недоставлен|не найден на сервере",
    r"konnte nicht zugestellt|nicht zugestellt werden|unzustellbar",
    r"n'a pas pu être (?:remis|distribué|livré)|n'a pas été (?:remis|distribué)|pas pu être acheminé",
    r"no se (?:ha podido|pudo|puede) entregar|no pudo ser entregado",
    r"non è stato possibile (?:consegnare|recapitare)|impossibile recapitare",
    r"nie (?:została|mogła|można|udało się) .{0,20}dostarcz",
    r"配信(?:でき|不能|に失敗)|送信でき|送れません|お届けでき",
    r"(?m)^\s*(?:smtp error|remote host said|diagnostic-code|final-recipient):",
    r#""notificationType"\s*:\s*"Bounce""#,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for list in [&FAILED_SUBJECTS[..], &DAEMON_SUBJECTS, &WARNING_SUBJECTS, &FAILURE_PHRASES] {
            assert!(patterns::set(list.iter().copied()).is_some());
        }
    }
}
