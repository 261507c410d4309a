//! Why a message did not arrive, in words an agent can act on, Russian and English.
//!
//! What the other server wrote counts more than its code, because codes are often generic.

use super::FailedRecipient;
use crate::patterns::pattern;
use regex::Regex;
use serde::Serialize;
use std::sync::LazyLock;

/// A reason in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Stable code: `no_such_mailbox`, `mailbox_full`, `mailbox_disabled`, `host_not_found`, `spam`, `policy`,
    /// `too_large`, `rate_limited`, `relay_denied`, `authentication`, `content`, `loop`, `greylisted`, `unreachable`,
    /// `expired`, `temporary` or `failed`.
    pub code: &'static str,
    /// One English sentence.
    pub en: String,
    /// One Russian sentence.
    pub ru: String,
}

struct Rule {
    code: &'static str,
    /// Enhanced status used when the server gave none; the class digit is put in front.
    status: &'static str,
    en: &'static str,
    ru: &'static str,
    words: &'static str,
}

/// First match wins: the telling ones stand before the generic ones.
const RULES: [Rule; 15] = [
    Rule {
        code: "mailbox_full",
        status: "2.2",
        en: "The mailbox is full.",
        ru: "Почтовый ящик переполнен.",
        words: r"mailbox (?:is )?(?:full|exceeded|size limit)|(?:over|exceed\w*|out of)\W{0,3}(?:the |their |his |its |storage |disk |mailbox |mail )*(?:quota|allocation|storage)|quota (?:exceeded|exhausted|full)|insufficient (?:disk|system storage|storage)|mail ?box full|mailfolder is full|ящик переполнен|переполнен|недостаточно места|превышена квота|storage (?:limit|quota)|not enough (?:storage|space)",
    },
    Rule {
        code: "too_large",
        status: "3.4",
        en: "The message is too large for the recipient's server.",
        ru: "Письмо слишком большое для сервера получателя.",
        words: r"(?:message|mail|size)\S* (?:is |size )?(?:too (?:big|large|long)|exceeds|larger than)|exceed\w* (?:the )?(?:maximum|fixed|allowed|size)[\w ]{0,30}(?:size|limit)|maximum message size|size limit exceeded|too large message|слишком большо|превышает (?:допустимый|максимальный)",
    },
    Rule {
        code: "greylisted",
        status: "7.1",
        en: "The recipient's server asked to try again later (greylisting).",
        ru: "Сервер получателя просит повторить попытку позже (серый список).",
        words: r"gr[ae]y-?list|try again in \d+ (?:sec|min)",
    },
    Rule {
        code: "loop",
        status: "4.6",
        en: "The message ran in a circle between servers.",
        ru: "Письмо зациклилось между серверами.",
        words: r"too many hops|mail (?:forwarding )?loop|loops? back to|routing loop|loop detected",
    },
    Rule {
        code: "authentication",
        status: "7.26",
        en: "Our mail failed the SPF, DKIM or DMARC check: the mail settings of our domain need attention.",
        ru: "Письмо не прошло проверку SPF, DKIM или DMARC: нужно проверить почтовые настройки нашего домена.",
        words: r"\b(?:dmarc|dkim|spf)\b|sender policy framework|not authenticated|authentication (?:required|failed|checks?)|unauthenticated (?:email|mail)",
    },
    Rule {
        code: "rate_limited",
        status: "7.0",
        en: "The recipient's server limits how much we may send.",
        ru: "Сервер получателя ограничил количество наших писем.",
        words: r"too many (?:connections|messages|recipients|emails|concurrent|errors)|rate limit|throttl|exceeded the (?:rate|maximum number)|receiving mail (?:at a rate|too quickly)|unusual rate|try(?:ing)? to send too|слишком много",
    },
    Rule {
        code: "spam",
        status: "7.1",
        en: "The recipient's server took the message for spam.",
        ru: "Сервер получателя принял письмо за спам.",
        words: r"\bspam\w*|unsolicited|junk mail|bulk mail|spamhaus|\brbl\b|\bdnsbl\b|black ?list|block ?list|spamcop|reputation|bad reputation|abuse|похоже на спам|спам",
    },
    Rule {
        code: "content",
        status: "6.0",
        en: "The recipient's server refused the content or an attachment.",
        ru: "Сервер получателя не принял содержимое или вложение.",
        words: r"virus|malware|infected|(?:attachment|content|file)\w* (?:\S+ ){0,4}(?:rejected|not allowed|blocked|denied|prohibited|refused)|illegal attachment|message content|security (?:issue|reasons)",
    },
    Rule {
        code: "no_such_mailbox",
        status: "1.1",
        en: "There is no such mailbox.",
        ru: "Такого почтового ящика не существует.",
        words: r"user ?unknown|unknown (?:user|recipient|address|local|mailbox)|no such (?:user|recipient|mailbox|address|person|account|local)|(?:user|recipient|mailbox|account|address|addressee|e-?mail)(?: \S+){0,6}? (?:not found|unknown|does ?n[o']t exist|not exist|is unknown|invalid|not valid)|does not like recipient|invalid (?:recipient|mailbox|address|user)|no (?:mailbox|account) (?:here|by that name)|doesn't have an? \S+ account|(?:recipient|addressee) (?:address )?rejected|mailbox unavailable|not listed in|bad destination|unrouteable address|no longer (?:valid|works|employed)|address error|isn't a valid|нет такого|не существует|не найден|нет ящика|ящик не найден|unknown or illegal|550 5\.1\.1|recipnotfound|resolver\.adr",
    },
    Rule {
        code: "mailbox_disabled",
        status: "2.1",
        en: "The mailbox is switched off.",
        ru: "Почтовый ящик отключён.",
        words: r"(?:mailbox|account|user|recipient|address)(?: \S+){0,3}? (?:disabled|inactive|suspended|locked|blocked|deactivated|not active|expired|closed|discontinued|over ?due)|(?:disabled|inactive|suspended|dormant) (?:mailbox|account|user)|not accepting mail|заблокирован|отключ[её]н",
    },
    Rule {
        code: "host_not_found",
        status: "1.2",
        en: "The domain of the address does not exist or takes no mail.",
        ru: "Домен в адресе не существует или не принимает почту.",
        words: r"(?:host|domain|name|mx|server)(?: \S+){0,6}? (?:not found|unknown|does ?n[o']t exist|not exist|lookup failed|no address|could(?:n't| not) be found)|(?:unknown|no such|illegal|invalid|bad) (?:host|domain)|host unknown|nxdomain|couldn't find any host|unresolvable|unable to (?:resolve|route|lookup)|no (?:mx|route|mail server)|null mx|nullmx|domain of \S+ does not|name service error|dns (?:error|failure|lookup)|could not be resolved|домен не|нет mx",
    },
    Rule {
        code: "relay_denied",
        status: "7.1",
        en: "The server refuses mail for this address.",
        ru: "Сервер не принимает почту для этого адреса.",
        words: r"relay\w* (?:access )?(?:denied|not permitted|not allowed|prohibited)|unable to relay|not permitted to relay|relaying|not (?:a |our )?local (?:host|domain)|we do not relay",
    },
    Rule {
        code: "unreachable",
        status: "4.1",
        en: "The recipient's server cannot be reached.",
        ru: "Сервер получателя недоступен.",
        words: r"connection (?:timed out|refused|reset|lost|closed|dropped)|timed? ?out|no route to host|network (?:is )?unreachable|could not connect|cannot connect|unable to connect|no answer from host|server (?:is )?not (?:responding|available)|host (?:is )?(?:down|unreachable)|lost connection",
    },
    Rule {
        code: "expired",
        status: "4.7",
        en: "Delivery was tried for a long time and given up.",
        ru: "Доставку долго пытались выполнить и прекратили попытки.",
        words: r"(?:message|delivery time|queue|retry) (?:\S+ ){0,3}(?:expired|too long|exceeded)|retry time(?:out)? (?:not reached|exceeded)|too old|could not be delivered for (?:more than )?\d+ (?:days|hours)|cannot send message for|been in the queue too long|maximum retr",
    },
    Rule {
        code: "policy",
        status: "7.1",
        en: "The recipient's server refuses the message by its rules.",
        ru: "Сервер получателя отклонил письмо по своим правилам.",
        words: r"polic(?:y|ies)|access denied|not authori[sz]ed|permission|prohibited|restricted|administratively|rejected|refused|blocked|denied|not allowed|unacceptable",
    },
];

static COMPILED: LazyLock<Vec<(&'static Rule, Regex)>> =
    LazyLock::new(|| RULES.iter().filter_map(|rule| Some((rule, pattern(&format!("(?i){}", rule.words))?))).collect());

fn rule_for(text: &str) -> Option<&'static Rule> {
    COMPILED.iter().find(|(_, words)| words.is_match(text)).map(|(rule, _)| *rule)
}

/// Does the text say why?
pub(super) fn recognised(text: &str) -> bool {
    rule_for(text).is_some_and(|rule| rule.code != "policy")
}

/// An enhanced status for a reason given in words only.
pub(super) fn status_for(text: &str, temporary: bool) -> Option<String> {
    rule_for(text).map(|rule| format!("{}.{}", if temporary { '4' } else { '5' }, rule.status))
}

/// Says in plain words why a message did not reach a recipient.
///
/// ```
/// use opora_mail::{FailedRecipient, explain};
/// let failed = FailedRecipient { status: Some("5.0.0".into()), diagnostic: Some("552 Mailbox full".into()), ..Default::default() };
/// assert_eq!(explain(&failed).code, "mailbox_full");
/// assert_eq!(explain(&failed).ru, "Почтовый ящик переполнен.");
/// ```
#[must_use]
pub fn explain(failed: &FailedRecipient) -> Reason {
    let status = failed.status.as_deref().unwrap_or_default();
    let temporary = failed.action == "delayed" || failed.action.is_empty() && status.starts_with('4');
    let told = failed.diagnostic.as_deref().and_then(rule_for);
    let specific = told.filter(|rule| rule.code != "policy").map(|rule| rule.code);
    let code = specific.or_else(|| by_status(status)).or(told.map(|rule| rule.code));
    let code = code.unwrap_or(if temporary { "temporary" } else { "failed" });
    let (en, ru) = match RULES.iter().find(|rule| rule.code == code) {
        Some(rule) => (rule.en, rule.ru),
        None if temporary => {
            ("The recipient's server is having a temporary problem.", "У сервера получателя временные неполадки.")
        }
        None => ("The recipient's server did not accept the message.", "Сервер получателя не принял письмо."),
    };
    let (more_en, more_ru) = if temporary {
        (" Delivery is still being tried.", " Попытки доставки продолжаются.")
    } else {
        ("", "")
    };
    Reason { code, en: format!("{en}{more_en}"), ru: format!("{ru}{more_ru}") }
}

/// RFC 3463 by subject and detail.
fn by_status(status: &str) -> Option<&'static str> {
    let (_, detail) = status.split_once('.')?;
    Some(match detail {
        "1.1" | "1.0" | "1.3" | "1.6" | "0.1" => "no_such_mailbox",
        "1.2" | "1.10" | "4.4" => "host_not_found",
        "2.0" | "2.1" => "mailbox_disabled",
        "2.2" | "3.1" => "mailbox_full",
        "2.3" | "3.4" => "too_large",
        "4.1" | "4.2" | "4.3" => "unreachable",
        "4.6" => "loop",
        "4.7" => "expired",
        "7.20" | "7.21" | "7.22" | "7.23" | "7.24" | "7.25" | "7.26" | "7.27" => "authentication",
        "7.1" | "7.0" | "7.2" | "7.7" => "policy",
        _ if detail.starts_with("6.") => "content",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn code(status: &str, diagnostic: &str) -> &'static str {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        explain(&FailedRecipient { status: some(status), diagnostic: some(diagnostic), ..FailedRecipient::default() })
            .code
    }

    #[test]
    fn every_rule_compiles() {
        assert_eq!(COMPILED.len(), RULES.len());
    }

    #[test]
    fn what_servers_say_is_understood() {
        for (said, expected) in [
            ("550 5.1.1 <a@b.example>... User unknown", "no_such_mailbox"),
            (
                "550 Message was not accepted -- invalid mailbox. Local mailbox a@mail.ru is unavailable: user not found",
                "no_such_mailbox",
            ),
            ("550 5.7.1 No such user!", "no_such_mailbox"),
            ("550-5.1.1 The email account that you tried to reach does not exist.", "no_such_mailbox"),
            ("552 5.2.2 The email account that you tried to reach is over quota", "mailbox_full"),
            ("Mailbox is full / Почтовый ящик переполнен", "mailbox_full"),
            ("554 5.7.1 [2] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc", "spam"),
            ("550 spam message rejected. Please visit https://help.mail.ru/notspam-support/id", "spam"),
            ("552 5.3.4 Message size exceeds fixed limit", "too_large"),
            ("Host or domain name not found. Name service error for name=nowhere.example type=MX", "host_not_found"),
            ("450 4.2.0 Recipient address rejected: Greylisted", "greylisted"),
            ("connect to mx.example[192.0.2.1]:25: Connection timed out", "unreachable"),
            ("550-5.7.26 This mail is unauthenticated, SPF did not pass", "authentication"),
            ("554 5.7.1 Relay access denied", "relay_denied"),
            ("550 Mailbox disabled, not accepting messages", "mailbox_disabled"),
        ] {
            assert_eq!(code("", said), expected, "{said}");
        }
    }

    #[test]
    fn without_words_the_code_explains() {
        assert_eq!(code("5.1.1", ""), "no_such_mailbox");
        assert_eq!(code("5.2.2", "552 sorry"), "mailbox_full");
        assert_eq!(code("4.0.0", ""), "temporary");
        assert_eq!(code("5.0.0", ""), "failed");
    }

    #[test]
    fn a_delay_says_that_it_is_still_tried() {
        let late =
            FailedRecipient { action: "delayed".into(), status: Some("4.4.1".into()), ..FailedRecipient::default() };
        assert_eq!(explain(&late).ru, "Сервер получателя недоступен. Попытки доставки продолжаются.");
    }
}
