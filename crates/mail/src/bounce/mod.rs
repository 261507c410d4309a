//! Delivery reports: which message did not arrive, at whom, and why, in words.
//!
//! Reads the standard form (RFC 3464) and the prose of the systems that do not know it. A report that all is well is no
//! bounce. Finding the message that bounced among ours is the desk's work.

pub(crate) mod fields;
pub(crate) mod original;
mod prose;
mod reason;
mod recognise;

use crate::Mail;
use fields::Block;
pub use reason::{Reason, explain};
use serde::{Deserialize, Serialize};

/// A delivery that failed or is late.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounce {
    /// Message-ID of the message that failed, without brackets.
    pub original_message_id: Option<String>,
    /// Subject of the message that failed.
    pub original_subject: Option<String>,
    /// Whom it did not reach, and why.
    pub original_recipients: Vec<FailedRecipient>,
    /// True when the mail system has given up; false for a warning that it still tries.
    pub permanent: bool,
}

/// One address a message did not reach.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedRecipient {
    /// The address.
    pub address: String,
    /// Enhanced status code (RFC 3463) like `5.1.1`.
    pub status: Option<String>,
    /// `failed`, `delayed`, … in lower case; empty when not said.
    pub action: String,
    /// What the other server said.
    pub diagnostic: Option<String>,
}

impl Bounce {
    /// The status code that says most: the first that is not a bare `x.0.0`.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        let codes = || self.original_recipients.iter().filter_map(|r| r.status.as_deref());
        codes().find(|code| !code.ends_with(".0.0")).or_else(|| codes().next())
    }
}

/// What a delivery report says.
pub(crate) enum Report {
    Failed(Bounce),
    Delivered,
}

/// The delivery report in a message; `None` when it is something else.
pub(crate) fn read(mail: &Mail, _raw: &[u8]) -> Option<Report> {
    let blocks = machine_part(mail);
    let mut recipients = recipients(&blocks);
    if !recipients.is_empty()
        && recipients.iter().all(|r| matches!(r.action.as_str(), "delivered" | "relayed" | "expanded"))
    {
        return Some(Report::Delivered);
    }
    recipients.retain(|r| !matches!(r.action.as_str(), "delivered" | "relayed" | "expanded"));
    if recipients.is_empty() && !recognise::is_bounce(mail, !blocks.is_empty()) {
        return None;
    }
    let told = prose::told(mail);
    complete(&mut recipients, &told);
    let late = |r: &FailedRecipient| {
        r.action == "delayed" || r.action.is_empty() && r.status.as_deref().is_some_and(|s| s.starts_with('4'))
    };
    let permanent = match recipients.as_slice() {
        [] => !recognise::is_warning(mail),
        all => !all.iter().all(late) && !recognise::is_warning(mail),
    };
    let original = original::find(mail);
    Some(Report::Failed(Bounce {
        original_message_id: original.message_id,
        original_subject: original.subject,
        original_recipients: recipients,
        permanent,
    }))
}

fn machine_part(mail: &Mail) -> Vec<Block> {
    let part = mail
        .attachments
        .iter()
        .find(|a| matches!(a.content_type.as_str(), "message/delivery-status" | "message/global-delivery-status"));
    part.map(|part| fields::blocks(&String::from_utf8_lossy(&part.bytes))).unwrap_or_default()
}

fn recipients(blocks: &[Block]) -> Vec<FailedRecipient> {
    let mut found: Vec<FailedRecipient> = Vec::new();
    for block in blocks {
        let address = block.get("original-recipient").or_else(|| block.get("final-recipient")).map(fields::address);
        let action =
            block.get("action").unwrap_or_default().split([' ', '(']).next().unwrap_or_default().to_ascii_lowercase();
        let Some(address) = address.filter(|a| !a.is_empty()) else { continue };
        let diagnostic = block.get("diagnostic-code").map(fields::without_type);
        let code = block.get("status").and_then(prose::status_in);
        // The diagnostic often knows more than the status field: `Status: 5.0.0`, `550 5.1.1 no such user`.
        let said = diagnostic.as_deref().and_then(prose::status_in);
        let status = match code {
            Some(code) if code.ends_with(".0.0") => said.or(Some(code)),
            other => other.or(said),
        };
        if found.len() < 1000 && !found.iter().any(|known| known.address == address) {
            found.push(FailedRecipient { address, status, action, diagnostic });
        }
    }
    found
}

/// What the prose says fills what the machine part leaves out.
fn complete(recipients: &mut Vec<FailedRecipient>, told: &[FailedRecipient]) {
    if recipients.is_empty() {
        recipients.extend_from_slice(told);
    }
    for recipient in recipients.iter_mut() {
        let Some(same) = told.iter().find(|t| t.address.eq_ignore_ascii_case(&recipient.address)).or(told.first())
        else {
            continue;
        };
        if recipient.diagnostic.is_none() {
            recipient.diagnostic.clone_from(&same.diagnostic);
        }
        if recipient.status.as_deref().is_none_or(|s| s.ends_with(".0.0")) && same.status.is_some() {
            recipient.status.clone_from(&same.status);
        }
    }
}
