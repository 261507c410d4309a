//! Facts for threading: message ids, subjects without prefixes, ticket tokens. Decides nothing: the desk does.

use crate::patterns::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// The ids in a `Message-ID`, `In-Reply-To` or `References` value, without angle brackets, white space removed.
///
/// Values without brackets (old clients, hand-written scripts) are split at white space.
#[must_use]
pub fn message_ids(value: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((id, tail)) = after.split_once('>') else {
            ids.extend(normalise(after));
            break;
        };
        // `<<id>>` and `<a <id>`: the innermost bracket counts.
        ids.extend(normalise(id.rsplit_once('<').map_or(id, |(_, inner)| inner)));
        rest = tail;
    }
    if ids.is_empty() && !value.contains('<') {
        ids.extend(value.split_whitespace().filter(|word| word.contains('@')).filter_map(normalise));
        if ids.is_empty() {
            ids.extend(normalise(value));
        }
    }
    ids
}

/// One id: white space and control characters out, at most 998 bytes. `None` when nothing is left.
fn normalise(id: &str) -> Option<String> {
    let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let id = id.trim_matches(['<', '>', '"', ',', ';']).to_owned();
    (!id.is_empty() && id.len() <= 998).then_some(id)
}

static PREFIX: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(PREFIX_PATTERN));
static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(TOKEN_PATTERN));

/// What clients of the world write in front of a subject when answering or forwarding.
pub(crate) const PREFIX_PATTERN: &str = r"(?ix)^[\s\u{200e}\u{200f}]*
    (?: (?: re | r | fwd? | fw | aw | wg | antw(?:ort)? | sv | vs | vl | ynt | ilt | i | rv | res? | enc | tr | rif | odp | pd | doorst
          | betr | vb | bls | trs | vá | továbbítás | továbbítva | σχετ | απ | πρθ | atb | na | od | pdl | ref | resp
          | отв | ответ | нa | на | ha | hа | пер | переслано | пересланное | fwd | вiдп | відп | від | прсл | адк | тр
          | 回复 | 答复 | 转发 | 回覆 | 轉寄 | 返信 | 転送 | 회신 | 전달 | תשובה | הועבר | رد )
        (?: \s* [\[(] \s* \d+ \s* [\])] | \s* \^\s*\d+ | \d+ )?
        \s* [:：]
      | (?: \[ \s* (?: fwd? | re ) \s* :? \s* \] )
      | (?: автоответ | автоматический\ ответ | automatic\ reply | auto(?:matic)?[-\ ]?reply | automatische\ antwort | réponse\ automatique ) \s* [:：] )";
pub(crate) const TOKEN_PATTERN: &str = r"\[#(\d{1,15})\]";

/// The subject without `Re:`, `Fwd:`, `Отв:`, `AW:`, `[#1042]`… in front, white space single. May be empty.
#[must_use]
pub fn bare_subject(subject: &str) -> String {
    let without_token = match TOKEN.as_ref() {
        Some(token) => token.replace_all(subject, " "),
        None => subject.into(),
    };
    let mut rest: &str = without_token.trim();
    // A hundred prefixes are a loop between two machines; more are not looked at.
    for _ in 0..100 {
        match PREFIX.as_ref().and_then(|prefix| prefix.find(rest)) {
            Some(found) if found.end() > 0 => rest = rest[found.end()..].trim_start(),
            _ => break,
        }
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Does the subject say that the message forwards another one?
pub(crate) fn is_forward(subject: &str) -> bool {
    FORWARD.as_ref().is_some_and(|forward| forward.is_match(subject))
}

pub(crate) const FORWARD_PATTERN: &str =
    r"(?i)^[\s\[]*(?:fwd?|fw|wg|tr|rv|enc|i|pd|vb|vl|пер|переслано|пересл|fwd:)\s*[:：]";
static FORWARD: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(FORWARD_PATTERN));

/// The number in a `[#1042]` token of the subject; the last one wins, because prefixes pile up in front.
#[must_use]
pub fn subject_token(subject: &str) -> Option<u64> {
    TOKEN.as_ref()?.captures_iter(subject).last()?.get(1)?.as_str().parse().ok()
}

/// The token of a plus-address: `support+t1042.k7d@example.com` for `support@example.com` gives `t1042.k7d`.
///
/// `None` when the address is not ours. Case does not count in domain and mailbox, the token keeps its case.
#[must_use]
pub fn plus_token(address: &str, ours: &str) -> Option<String> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    let (our_local, our_domain) = ours.trim().rsplit_once('@')?;
    let (mailbox, token) = local.split_once('+')?;
    let same = mailbox.to_lowercase() == our_local.to_lowercase() && domain.to_lowercase() == our_domain.to_lowercase();
    (same && !token.is_empty()).then(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_found_with_and_without_brackets() {
        assert_eq!(message_ids("<a@b> <c@d>"), ["a@b", "c@d"]);
        assert_eq!(message_ids("a@b c@d"), ["a@b", "c@d"]);
        assert_eq!(message_ids("<a@\t b>"), ["a@b"]);
        assert_eq!(message_ids("<<a@b>>"), ["a@b"]);
        assert_eq!(message_ids("<a@b"), ["a@b"]);
        assert!(message_ids("  ").is_empty());
    }

    #[test]
    fn every_client_s_prefix_goes() {
        for prefix in [
            "Re:",
            "RE: ",
            "Re[2]:",
            "Fwd: Re:",
            "FW:",
            "AW: ",
            "WG:",
            "Отв:",
            "Ответ: ",
            "На:",
            "SV:",
            "VS: ",
            "Antw:",
            "RES:",
            "RV:",
            "TR: ",
            "Odp:",
            "PD: ",
            "R: ",
            "I: ",
            "回复：",
            "Re: [Fwd:] Re:",
            "Ynt:",
            "Відп:",
        ] {
            assert_eq!(bare_subject(&format!("{prefix} Где заказ?")), "Где заказ?", "{prefix}");
        }
        assert_eq!(bare_subject("Re: [#1042] Re: Где заказ?"), "Где заказ?");
    }

    #[test]
    fn a_word_with_a_colon_is_no_prefix() {
        for subject in ["Ошибка: не грузит", "Order: 12", "Reply: no", "Iron: broken"] {
            assert_eq!(bare_subject(subject), subject);
        }
    }

    #[test]
    fn tokens_are_read() {
        assert_eq!(subject_token("Re: [#1042] hello"), Some(1042));
        assert_eq!(subject_token("Re: [#7] Fwd: [#8] hello"), Some(8));
        assert_eq!(subject_token("#1042"), None);
        assert_eq!(plus_token("Support+T10.x@Example.com", "support@example.com").unwrap(), "T10.x");
        assert_eq!(plus_token("support@example.com", "support@example.com"), None);
        assert_eq!(plus_token("other+1@example.com", "support@example.com"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_subject(text in "\\PC{0,200}") {
            let bare = bare_subject(&text);
            prop_assert_eq!(bare_subject(&bare.clone()), bare);
            let _ = (subject_token(&text), plus_token(&text, &text), message_ids(&text));
        }
    }
}
