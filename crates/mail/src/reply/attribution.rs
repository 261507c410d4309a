//! The line a mail client writes above a quote: who wrote, and when. In the languages and forms of real clients.
//!
//! A *strong* attribution names a day or an address and begins like one; it ends the letter even when nothing marks the
//! quote below it. A *weak* one may be somebody telling a story («в 10:00 ваш менеджер написал:») and counts only
//! directly above marked lines.

use crate::patterns::{pattern, set};
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

/// How sure an attribution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sure {
    Strong,
    Weak,
}

/// The verbs, in the forms clients use.
pub(crate) const WROTE: &str = r"wrote|writes|schrieb|a écrit|à écrit|écrit|escribió|escribio|ha scritto|scrisse|scrive|escreveu|schreef(?:\s+het\s+volgende)?|geschreven|napisał(?:\(?a\)?)?|pisze|skrev|kirjoitti|napsal(?:\(?a\)?)?|napísal(?:\(?a\)?)?|írta|a scris|yazdı|şunu yazdı|έγραψε|написал(?:\(?[аи]\)?|о)?|пишет|писал(?:\(?[аи]\)?)?|написав(?:\(ла\))?|написала|напісаў|пише|написа";

/// A day, a clock or an address.
pub(crate) const DATED: &str =
    r"(?i)\d{1,2}[:.hч]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|[\w.+\-]+@[\w\-]+\.[\w.\-]+";

/// A whole day or an address.
pub(crate) const PLACED: &str =
    r"(?i)\b(?:19|20)\d{2}(?:\b|г)|\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|[\w.+\-]+@[\w\-]+\.[\w.\-]+";

/// How a wrapped or strong attribution begins: a preposition, a day, a number, a name with an address.
pub(crate) const BEGINS: &str = r#"(?i)^[\s*_"'<]*(?:on|at|le|am|um|el|il|in data|em|op|på|den|dnia|w dniu|dne|dňa|pe|date|to|a|ti|pt|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|mo|di|mi|do|fr|sa|so|pon|wt|śr|czw|sob|niedz|пн|вт|ср|чт|пт|сб|вс|вск|нд|понедельник|вторник|сред[аыу]|четверг|пятниц[аыу]|суббот[аыу]|воскресенье|понеділок|вівторок|середа|п'ятниця|неділя|monday|tuesday|wednesday|thursday|friday|saturday|sunday|вы|you|\d|\p{L}{1,20}[,.]? \d)"#;

/// Whole forms. Those of the first list are strong.
pub(crate) const STRONG_FORMS: [&str; 8] = [
    // Gmail and Yandex in Russian, Mail.ru, apps: a year, then an address in brackets and a colon at the end.
    r"^.{0,100}\b(?:19|20)\d{2}(?:\b|г).{0,160}<\s*[^<>\s]+@[^<>\s]+\s?>\s*:$",
    // Mail.ru's app: the address without brackets.
    r"^.{0,60}\b(?:19|20)\d{2}(?:\b|г).{0,40}\d{1,2}[:.]\d{2}.{0,120}[\w.+\-]+@[\w\-]+\.[\w.\-]+\s*:$",
    // Gmail of old: `2013/7/20 sam via Discourse <info@x>`.
    r"^\d{4}[/\-.]\d{1,2}[/\-.]\d{1,2},? .{0,120}<\S+@\S+>:?$",
    // `Am 02.03.26 um 10:00 schrieb Anna:`, `Op … schreef …:`, `På … skrev …:`, `Den … skrev …:`.
    r"^(?:am|op|på|den|le|el|il|em|w dniu|dnia|dne)\b.{0,100}\d{1,4}[.:/\-]\s?(?:\d|\p{L}).{0,80}\s(?:schrieb|schreef|skrev|a écrit|escribió|ha scritto|escreveu|napisał\S*|napsal\S*)\b.{0,120}:$",
    // `Anna <anna@x> schrieb am Di., 16. Aug. 2016 um 12:52 Uhr:`, `… a écrit le …`, `… написал 2 марта …:`.
    r"^.{0,100}[\w.+\-]+@[\w\-]+\.[^\s]{2,60}\s{0,3}(?:schrieb|schreef|skrev|a écrit|escribió|ha scritto|escreveu|napisał\S*|wrote|написал\S*|пишет)\s.{0,80}\d.{0,60}:$",
    // The Bat!: `Вы писали 2 марта 2026 г., 10:00:00:`.
    r"^(?:вы писали|вы написали|you wrote|sie schrieben|vous (?:écriviez|avez écrit)|usted escribió)\b.{4,80}\d.{0,40}:$",
    // `On 11-Apr-2011, at 6:54 PM, Roman <r@x> sent:`.
    r"^on\b.{6,40}\d.{0,160}\b(?:sent|posted|said)\s*:$",
    // `Le 4 janvier 2016 à 19:03, Neil <n@x> a écrit` with nothing behind, `---- On … wrote ----` of Zoho.
    r"^[-=_\s]{2,}\s*(?:on|am|le|el|в|вкл\.?)\b.{6,200}(?:wrote|schrieb|a écrit|escribió|написал\S*)\s*[-=_\s]{2,}$",
];

static ENDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(&format!(r"(?i)(?:^|[\s>,;\])(])(?:{WROTE})\s*:\s*-*\s*$")));
static IS_DATED: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(DATED));
static IS_PLACED: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(PLACED));
static LOOKS_LIKE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(BEGINS));
static FORMS: LazyLock<Option<RegexSet>> = LazyLock::new(|| set(STRONG_FORMS));
static SHARED: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(SHARED_LINE));

fn is(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// Does the text (one line, or wrapped lines joined) say who wrote what follows, and how sure is it?
pub(super) fn attribution(text: &str) -> Option<Sure> {
    let text = text.trim().trim_matches('*');
    // Cheap first: attributions end with a colon, a stroke or an address, and few other lines do.
    if text.len() < 8 || text.len() > 500 || !text.ends_with([':', '-', '>', '_', '=']) {
        return None;
    }
    if FORMS.as_ref().is_some_and(|forms| forms.is_match(text)) {
        return Some(Sure::Strong);
    }
    if !is(&ENDS, text) || !is(&IS_DATED, text) {
        return None;
    }
    Some(if is(&IS_PLACED, text) && begins(text) { Sure::Strong } else { Sure::Weak })
}

/// Could a wrapped attribution begin with this line?
pub(super) fn begins(line: &str) -> bool {
    line.len() < 200 && (line.contains('@') || is(&LOOKS_LIKE, line))
}

/// Letters run into the attribution: `Thanks--- On Wed, Apr 4, 2012 at 3:59 PM, a@x.example wrote:`.
pub(crate) const SHARED_LINE: &str = r"(?i)^(.*\S.*?)\s*-{2,}\s*(on\s.{6,160}\bwrote:)$";

/// Splits a line in which the person's words run into an attribution.
pub(super) fn shared(line: &str) -> Option<(&str, &str)> {
    if line.len() > 1000 || !line.contains("--") {
        return None;
    }
    let found = SHARED.as_ref()?.captures(line)?;
    Some((found.get(1)?.as_str(), found.get(2)?.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(ENDS.is_some() && IS_DATED.is_some() && IS_PLACED.is_some() && LOOKS_LIKE.is_some());
        assert!(FORMS.is_some() && SHARED.is_some());
    }

    #[test]
    fn what_clients_write_above_a_quote_is_known() {
        for line in [
            "On Mon, Mar 2, 2026 at 10:00 AM Opora <help@shop.example> wrote:",
            "On 02/03/2026 10:00, Opora wrote:",
            "11:00 AM, November 17, 2021, \"John - Acme\" <john@mail.example>:",
            "пн, 2 мар. 2026 г. в 10:00, Opora <help@shop.example>:",
            "2 марта 2026 г., в 10:00, Opora <help@shop.example> написал(а):",
            "02.03.2026, 10:00, \"Opora\" <help@shop.example>:",
            "02.03.2026 10:00, Opora пишет:",
            "Понедельник, 2 марта 2026, 10:00 +03:00 от Opora <help@shop.example>:",
            "понедельник, 02 марта 2026г., 10:00 +03:00 от Opora help@shop.example:",
            "10:00, 2 марта 2026 г., Opora <help@shop.example>:",
            "Am 02.03.26 um 10:00 schrieb Opora:",
            "Am 13.12.2017 21:11 schrieb \"John Doe - Shop <s@mail.example>:",
            "Le lun. 2 mars 2026 à 10:00, Opora <help@shop.example> a écrit :",
            "El lun, 2 mar 2026 a las 10:00, Opora (<help@shop.example>) escribió:",
            "Il giorno lun 2 mar 2026 alle ore 10:00 Opora <help@shop.example> ha scritto:",
            "pon., 2 mar 2026 o 10:00 Opora <help@shop.example> napisał(a):",
            "Em seg., 2 de mar. de 2026 às 10:00, Opora <help@shop.example> escreveu:",
            "Op ma 2 mrt 2026 om 10:00 schreef Opora <help@shop.example>:",
            "På 14 september 2015 på 02:23:18, Valentino Rudy (v@rudy.example) skrev:",
            "Den 24. nov. 2025 kl. 10.00 skrev Peter Petersen <peter@example.com>:",
            "Вы писали 2 марта 2026 г., 10:00:00:",
            "У пн, 2 бер. 2026 р. о 10:00 Opora <help@shop.example> пише:",
        ] {
            assert_eq!(attribution(line), Some(Sure::Strong), "{line}");
        }
    }

    #[test]
    fn a_story_is_no_strong_attribution() {
        for line in [
            "I wrote:",
            "He said the following:",
            "Мне написали в 10:00 и обещали позвонить.",
            "Заказ 2026 от 02.03:",
            "Вчера в 10:00 ваш менеджер написал:",
            "My address is anna@example.com:",
        ] {
            assert_ne!(attribution(line), Some(Sure::Strong), "{line}");
        }
    }
}
