//! The message that failed or was complained about, as far as the report carries it.

use crate::patterns::pattern;
use crate::{Kind, Limits, Mail};
use regex::Regex;
use std::sync::LazyLock;

/// What is known of the message a report speaks about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Original {
    pub message_id: Option<String>,
    pub subject: Option<String>,
    pub recipient: Option<String>,
}

pub(crate) const MESSAGE_ID_PATTERN: &str = r"(?im)^[>\s|]*message-id:\s*<([^<>\s]{3,400})>";
pub(crate) const SUBJECT_PATTERN: &str = r"(?im)^[>\s|]*subject:[ \t]*(\S.{0,500})$";
static MESSAGE_ID: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(MESSAGE_ID_PATTERN));
static SUBJECT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(SUBJECT_PATTERN));

/// Looks in the attached message, in attached headers, then in the text of the report, then in its own references.
pub(crate) fn find(mail: &Mail) -> Original {
    attached(mail).or_else(|| in_text(mail)).unwrap_or_else(|| Original {
        message_id: mail.in_reply_to.first().or(mail.references.last()).cloned(),
        ..Original::default()
    })
}

fn attached(mail: &Mail) -> Option<Original> {
    let carries = |content_type: &str| {
        matches!(
            content_type,
            "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers" | "text/rfc822"
        )
    };
    let part = mail.attachments.iter().find(|a| a.kind == Kind::Message || carries(&a.content_type))?;
    let (headers, _) = crate::Headers::parse(&part.bytes, &Limits::default());
    if headers.is_empty() {
        return None;
    }
    Some(Original {
        message_id: headers.ids("Message-ID").into_iter().next(),
        subject: headers.text("Subject"),
        recipient: headers.addresses("To", &Limits::default()).into_iter().next().map(|to| to.email),
    })
}

/// Old systems paste the failed message into the text of the report.
fn in_text(mail: &Mail) -> Option<Original> {
    let found = MESSAGE_ID.as_ref()?.captures(&mail.text)?;
    let subject = SUBJECT.as_ref().and_then(|re| re.captures(&mail.text)).and_then(|c| c.get(1));
    Some(Original {
        message_id: found.get(1).map(|id| id.as_str().to_owned()),
        subject: subject.map(|s| crate::encoded_word::to_text(s.as_str().trim().as_bytes(), None)),
        recipient: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(pattern(MESSAGE_ID_PATTERN).is_some() && pattern(SUBJECT_PATTERN).is_some());
    }
}
