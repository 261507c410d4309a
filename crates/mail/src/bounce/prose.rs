//! Reports in prose: qmail, Exim, Gmail, Yahoo, Mail.ru and older systems name the address and quote the other server.

use super::FailedRecipient;
use crate::Mail;
use crate::patterns::pattern;
use regex::Regex;
use std::sync::LazyLock;

pub(crate) const ADDRESS_PATTERN: &str =
    r"(?i)[a-z0-9][a-z0-9._%+=/\-]{0,63}@[a-z0-9](?:[a-z0-9\-]{0,62}\.)+[a-z0-9\-]{2,24}";
pub(crate) const STATUS_PATTERN: &str = r"(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:$|[^\d.]|\.(?:\s|$))";
pub(crate) const SMTP_PATTERN: &str = r"(?:^|[^\d.\-])([45][0-5]\d)(?:$|[ \-#(:;,>])";
/// Where a report ends and the failed message begins.
pub(crate) const COPY_PATTERN: &str = r"(?im)^[\s*>-]*(?:-{2,} ?)?(?:below this line is a copy|this is a copy of|original message\b|original headers|unsent message follows|returned message|message header|the header|copy of the (?:message|original)|текст сообщения|received: (?:from|by|\()|return-path: ?<|message contents follow|message is attached|\|{2,})";

static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(ADDRESS_PATTERN));
static STATUS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(STATUS_PATTERN));
static SMTP: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(SMTP_PATTERN));
static COPY: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(COPY_PATTERN));

/// An enhanced status code (RFC 3463) in a text.
pub(super) fn status_in(text: &str) -> Option<String> {
    let found = STATUS.as_ref()?.captures(text)?;
    found.get(1).map(|code| code.as_str().to_owned())
}

/// The recipients a report names in words, at most 50, with what is said about each.
pub(super) fn told(mail: &Mail) -> Vec<FailedRecipient> {
    let failed = mail.headers.text("X-Failed-Recipients").unwrap_or_default();
    let text = report_text(mail);
    let mut found: Vec<FailedRecipient> = Vec::new();
    for address in addresses(&failed) {
        found.push(FailedRecipient { address, action: "failed".to_owned(), ..FailedRecipient::default() });
    }
    let mut current: Option<usize> = None;
    for line in text.lines().take(400) {
        let line = line.trim();
        if let Some(address) = opening_address(line) {
            current = Some(match found.iter().position(|r| r.address.eq_ignore_ascii_case(&address)) {
                Some(at) => at,
                None if found.len() >= 50 => break,
                None => {
                    found.push(FailedRecipient { address, ..FailedRecipient::default() });
                    found.len() - 1
                }
            });
        }
        let only = if found.len() == 1 { Some(0) } else { None };
        if let Some(recipient) = current.or(only).and_then(|at| found.get_mut(at)) {
            take_in(recipient, line);
        }
    }
    if found.is_empty() {
        let own: Vec<String> =
            [&mail.from, &mail.sender].into_iter().flatten().chain(&mail.to).map(|a| a.key()).collect();
        let first = addresses(&text).into_iter().find(|a| !own.contains(&a.to_lowercase()));
        found.extend(first.map(|address| FailedRecipient { address, ..FailedRecipient::default() }));
        if let Some(recipient) = found.first_mut() {
            text.lines().take(200).for_each(|line| take_in(recipient, line.trim()));
        }
    }
    for recipient in &mut found {
        finish(recipient);
    }
    found
}

/// The text of the report without the copy of the failed message.
fn report_text(mail: &Mail) -> String {
    let text = mail.text.as_str();
    let end = COPY.as_ref().and_then(|re| re.find_iter(text).find(|m| m.start() > 0)).map_or(text.len(), |m| m.start());
    text[..end].to_owned()
}

fn addresses(text: &str) -> Vec<String> {
    ADDRESS.as_ref().map(|re| re.find_iter(text).take(50).map(|m| m.as_str().to_owned()).collect()).unwrap_or_default()
}

/// A line that starts with an address: `<anna@example.com>:`, `  anna@example.com`, `* anna@example.com`.
fn opening_address(line: &str) -> Option<String> {
    let bare = line.trim_start_matches(|c: char| c.is_whitespace() || "<*-•\"'>".contains(c));
    let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
    let found = ADDRESS.as_ref()?.find(bare)?;
    let rest = &bare[found.end()..];
    let ends = rest.is_empty() || rest.starts_with(['>', ':', ' ', '"', '\'', '.', ',', ';', '(']);
    (found.start() == 0 && ends).then(|| found.as_str().to_owned())
}

/// What a line adds to the knowledge about a recipient.
fn take_in(recipient: &mut FailedRecipient, line: &str) {
    let status = status_in(line);
    let code = SMTP.as_ref().and_then(|re| re.captures(line)).and_then(|c| c.get(1)).map(|m| m.as_str().to_owned());
    let telling = super::reason::recognised(line);
    if recipient.status.as_deref().is_none_or(|s| s.ends_with(".0.0")) && status.is_some() {
        recipient.status = status.clone();
    }
    let says = status.is_some() || code.is_some() || telling;
    let better = recipient
        .diagnostic
        .as_deref()
        .is_none_or(|known| !super::reason::recognised(known) && telling && known.len() + line.len() < 400);
    if says && better && line.len() < 1000 {
        let text = match recipient.diagnostic.take() {
            Some(known) => format!("{known} {line}"),
            None => line.to_owned(),
        };
        recipient.diagnostic = Some(text);
    }
}

/// A status from what is known: the SMTP code, or the reason in words.
fn finish(recipient: &mut FailedRecipient) {
    if recipient.status.is_none()
        && let Some(diagnostic) = recipient.diagnostic.as_deref()
    {
        let code =
            SMTP.as_ref().and_then(|re| re.captures(diagnostic)).and_then(|c| c.get(1)).map(|m| m.as_str().to_owned());
        let guessed = super::reason::status_for(diagnostic, code.as_deref().is_some_and(|c| c.starts_with('4')));
        recipient.status = guessed.or_else(|| code.map(|c| format!("{}.0.0", &c[..1])));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn told_by(text: &str) -> Vec<FailedRecipient> {
        told(&Mail { text: text.to_owned(), ..Mail::default() })
    }

    #[test]
    fn every_pattern_compiles() {
        for source in [ADDRESS_PATTERN, STATUS_PATTERN, SMTP_PATTERN, COPY_PATTERN] {
            assert!(pattern(source).is_some(), "{source}");
        }
    }

    #[test]
    fn qmail_names_each_address_and_quotes_the_other_server() {
        let told = told_by(
            "Hi. This is the qmail-send program.\n\n<a@x.example>:\nRemote host said: 550 5.1.1 <a@x.example>... User Unknown\n\n<b@y.example>:\nMailbox is full\n\n--- Below this line is a copy of the message.\n\nTo: c@z.example\n",
        );
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].status.as_deref(), Some("5.1.1"));
        assert_eq!(told[1].status.as_deref(), Some("5.2.2"));
    }

    #[test]
    fn mail_ru_names_addresses_in_russian_prose() {
        let told = told_by(
            "К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n\n  anna@mail.example\n    SMTP error from remote mail server after RCPT TO:<anna@mail.example>:\n    550 Message was not accepted -- invalid mailbox. Local mailbox anna@mail.example is unavailable: user not found\n",
        );
        assert_eq!(told[0].address, "anna@mail.example");
        assert_eq!(told[0].status.as_deref(), Some("5.1.1"));
    }

    #[test]
    fn an_ip_address_is_no_status() {
        assert_eq!(status_in("host 5.1.1.4 said"), None);
        assert_eq!(status_in("(#5.1.1)").as_deref(), Some("5.1.1"));
        assert_eq!(status_in("sorry. 4.4.2.").as_deref(), Some("4.4.2"));
    }
}
