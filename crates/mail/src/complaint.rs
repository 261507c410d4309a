//! Spam complaints: feedback reports in ARF (RFC 5965), as mailbox providers send them to the sender of the mail.
//!
//! Reads who complained about which message; what to do about it is the desk's.

use crate::Mail;
use crate::bounce::fields;
use crate::bounce::original;
use serde::{Deserialize, Serialize};

/// A complaint about a message that we sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// `abuse`, `fraud`, `not-spam`, `opt-out`, … in lower case; `abuse` when the report does not say.
    pub feedback_type: String,
    /// Message-ID of the message complained about.
    pub original_message_id: Option<String>,
    /// Who complained, when the provider tells.
    pub original_recipient: Option<String>,
}

/// The complaint in a message; `None` when it is something else.
pub(crate) fn read(mail: &Mail) -> Option<Complaint> {
    let report = mail.attachments.iter().find(|a| a.content_type == "message/feedback-report");
    if report.is_none() && mail.report_type.as_deref() != Some("feedback-report") && !is_junk_report(mail) {
        return None;
    }
    let text = report.map(|part| String::from_utf8_lossy(&part.bytes).into_owned()).unwrap_or_default();
    let blocks = fields::blocks(&text);
    let field = |name: &str| blocks.iter().find_map(|block| block.get(name)).map(str::to_owned);
    let original = original::find(mail);
    let recipient =
        field("original-rcpt-to").or_else(|| field("redacted-address")).map(|value| fields::address(&value));
    Some(Complaint {
        feedback_type: field("feedback-type").unwrap_or_else(|| "abuse".to_owned()).to_ascii_lowercase(),
        original_message_id: original.message_id,
        original_recipient: recipient.or(original.recipient).filter(|address| address.contains('@')),
    })
}

/// Outlook.com's Junk Mail Reporting Program sends no ARF: the message complained about, attached, under a fixed subject.
fn is_junk_report(mail: &Mail) -> bool {
    let from = mail.from.as_ref().map(crate::Address::key).unwrap_or_default();
    from == "staff@hotmail.com" && mail.subject.to_lowercase().starts_with("complaint about message from")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_complaint_names_the_message_and_the_one_who_complained() {
        let raw = "From: fbl@provider.example\nSubject: complaint\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nThis is a report.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: Abuse\nUser-Agent: P/1\nOriginal-Rcpt-To: <anna@provider.example>\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <7@shop.example>\nSubject: hi\nTo: anna@provider.example\n\nx\n--b--\n";
        let complaint = read(&crate::parse(raw.as_bytes()).unwrap()).unwrap();
        assert_eq!(complaint.feedback_type, "abuse");
        assert_eq!(complaint.original_message_id.unwrap(), "7@shop.example");
        assert_eq!(complaint.original_recipient.unwrap(), "anna@provider.example");
    }
}
