//! Who wrote this: a person, or a machine? And may it be answered by a machine?
//!
//! The rules of RFC 3834 plus what real systems write instead. Promises to err on the quiet side: what looks
//! automatic is never answered automatically. Knows no tickets: whether a bounce finds its message is the desk's work.

mod auto;
mod loops;

use crate::bounce::{self, Bounce};
use crate::complaint::{self, Complaint};
use crate::{Address, Mail};
pub(crate) use auto::is_answering_subject;
pub use loops::{LOOP_HEADER, loop_count};
use serde::{Deserialize, Serialize};

/// What kind of sender a message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auto {
    /// Somebody wrote it.
    #[default]
    Person,
    /// A machine answered a message of ours (RFC 3834 `auto-replied`).
    AutoReply,
    /// A machine answered that the person is away.
    Vacation,
    /// A mailing list carried it.
    List,
    /// A mass mailing.
    Bulk,
    /// A machine reports something on its own accord (`auto-generated`, `auto-notified`).
    Notification,
    /// Marked by the loop guard of some machine.
    Loop,
    /// A read receipt, or a report that delivery succeeded.
    Receipt,
    /// A delivery failure or delay.
    Bounce,
    /// A spam complaint in ARF (RFC 5965).
    Complaint,
    /// An answer to a calendar invitation, written by the calendar.
    Calendar,
}

impl Auto {
    /// Everything but [`Auto::Person`]: must never be answered by a machine.
    #[must_use]
    pub fn is_automatic(self) -> bool {
        self != Self::Person
    }

    /// May a message of this kind open or re-open a ticket without being asked to?
    #[must_use]
    pub fn may_open_a_ticket(self) -> bool {
        matches!(self, Self::Person | Self::Notification | Self::Loop)
    }
}

/// The verdict on one message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Person or which kind of machine.
    pub auto: Auto,
    /// Facts of the failure when [`Class::auto`] is [`Auto::Bounce`].
    pub bounce: Option<Bounce>,
    /// Facts of the complaint when [`Class::auto`] is [`Auto::Complaint`].
    pub complaint: Option<Complaint>,
    /// True when an automatic answer (receipt, survey, macro) may be sent: a person with an address that takes mail,
    /// and no sign of a loop.
    pub answerable: bool,
    /// True for a delay warning or another failure that may still come right.
    pub temporary: bool,
}

/// Answers beyond this many automatic hops are a loop between two help desks.
pub const MAX_HOPS: usize = 3;

/// Classifies a message; `raw` is the same message as received.
#[must_use]
pub fn classify(mail: &Mail, raw: &[u8]) -> Class {
    classify_for(mail, raw, &[])
}

/// Classifies a message that came to one of `ours`: a mailing list that *is* one of our addresses (a shared mailbox
/// behind Google Groups, say) is no list to us, its mail comes from people.
#[must_use]
pub fn classify_for(mail: &Mail, raw: &[u8], ours: &[&str]) -> Class {
    if let Some(complaint) = complaint::read(mail) {
        return Class { auto: Auto::Complaint, complaint: Some(complaint), ..Class::default() };
    }
    if auto::is_receipt(mail) {
        return Class { auto: Auto::Receipt, ..Class::default() };
    }
    match bounce::read(mail, raw) {
        Some(bounce::Report::Failed(bounce)) => {
            let temporary = !bounce.permanent;
            return Class { auto: Auto::Bounce, bounce: Some(bounce), temporary, ..Class::default() };
        }
        Some(bounce::Report::Delivered) => return Class { auto: Auto::Receipt, ..Class::default() },
        None => {}
    }
    let auto = auto::kind(mail, ours);
    let answerable = !auto.is_automatic()
        && loop_count(&mail.headers) < MAX_HOPS
        && !mail.is_from_opora()
        && mail.answer_to().is_some_and(takes_mail);
    Class { auto, answerable, ..Class::default() }
}

/// Does the address look as if somebody reads what is sent there?
fn takes_mail(address: &Address) -> bool {
    let Some((local, domain)) = address.email.rsplit_once('@') else { return false };
    let local: String = local.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let silent = [
        "noreply",
        "donotreply",
        "dontreply",
        "nereply",
        "neotvechat",
        "mailerdaemon",
        "postmaster",
        "bounce",
        "noresponder",
        "nepasrepondre",
    ];
    domain.contains('.') && !silent.iter().any(|word| local.starts_with(word) || local.ends_with(word))
}

impl Mail {
    /// Where an answer goes: Reply-To, else From.
    #[must_use]
    pub fn answer_to(&self) -> Option<&Address> {
        self.reply_to.first().or(self.from.as_ref()).filter(|address| address.email.contains('@'))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn class(raw: &str) -> Class {
        classify(&crate::parse(raw.as_bytes()).unwrap(), raw.as_bytes())
    }

    fn with(header: &str) -> Auto {
        class(&format!("From: anna@example.com\nTo: help@shop.example\nSubject: Where is it\n{header}\n\nHello")).auto
    }

    #[test]
    fn a_letter_from_a_person_may_be_answered() {
        let class = class("From: anna@example.com\nSubject: Where is it\n\nHello");
        assert_eq!(class.auto, Auto::Person);
        assert!(class.answerable);
    }

    #[test]
    fn machines_that_follow_the_standard_are_known() {
        assert_eq!(with("Auto-Submitted: no"), Auto::Person);
        assert_eq!(with("Auto-Submitted: auto-replied"), Auto::AutoReply);
        assert_eq!(with("Auto-Submitted: auto-replied (vacation)"), Auto::Vacation);
        assert_eq!(with("Auto-Submitted: auto-generated"), Auto::Notification);
        assert_eq!(with("Precedence: list"), Auto::List);
        assert_eq!(with("Precedence: bulk"), Auto::Bulk);
        assert_eq!(with("X-Loop: help@other.example"), Auto::Loop);
    }

    #[test]
    fn machines_that_only_say_so_in_the_subject_are_known() {
        for subject in [
            "Автоответ: Re: заказ",
            "Автоматический ответ: заказ",
            "Automatic reply: order",
            "Out of Office: order",
            "Abwesenheitsnotiz: Bestellung",
            "Réponse automatique : commande",
            "Respuesta automática: pedido",
            "Odpowiedź automatyczna: zamówienie",
            "Я в отпуске",
        ] {
            let raw = format!("From: anna@example.com\nSubject: {subject}\n\nI am away");
            assert!(class(&raw).auto.is_automatic(), "{subject}");
        }
        assert_eq!(class("From: a@b.example\nSubject: Re: Automatic reply does not work\n\nHelp").auto, Auto::Person);
    }

    #[test]
    fn a_rule_of_exchange_alone_is_no_machine() {
        assert_eq!(with("X-MS-Exchange-Inbox-Rules-Loop: anna@example.com"), Auto::Person);
    }

    #[test]
    fn our_own_group_address_is_no_list() {
        let raw = "From: anna@example.com\nTo: help@shop.example\nList-ID: <help.shop.example>\nList-Post: <mailto:help@shop.example>\nPrecedence: list\n\nHello";
        let mail = crate::parse(raw.as_bytes()).unwrap();
        assert_eq!(classify(&mail, raw.as_bytes()).auto, Auto::List);
        assert_eq!(classify_for(&mail, raw.as_bytes(), &["help@shop.example"]).auto, Auto::Person);
    }

    #[test]
    fn a_sender_that_reads_nothing_is_not_answered() {
        assert!(!class("From: no-reply@shop.example\nSubject: x\n\ny").answerable);
        assert!(class("From: no-reply@form.example\nReply-To: anna@example.com\nSubject: x\n\ny").answerable);
    }

    #[test]
    fn two_help_desks_stop_talking_to_each_other() {
        assert!(!class("From: help@other.example\nX-Opora-Loop: 1\n\ny").answerable);
        assert!(!class("From: help@other.example\nX-Opora-Loop: 5\n\ny").answerable);
    }

    #[test]
    fn a_read_receipt_is_neither_a_bounce_nor_a_person() {
        let raw = "From: anna@example.com\nSubject: Read: order\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n";
        assert_eq!(class(raw).auto, Auto::Receipt);
    }

    #[test]
    fn a_calendar_s_answer_is_known_and_an_invitation_is_from_a_person() {
        let with_method = |method: &str| {
            class(&format!("From: anna@example.com\nSubject: Accepted: call\nContent-Type: text/calendar; method={method}\n\nBEGIN:VCALENDAR\nMETHOD:{method}\nEND:VCALENDAR\n")).auto
        };
        assert_eq!(with_method("REPLY"), Auto::Calendar);
        assert_eq!(with_method("REQUEST"), Auto::Person);
    }
}
