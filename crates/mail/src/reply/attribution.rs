//! The line a mail client writes above a quote: who wrote, and when. In the languages and forms of real clients.

use crate::patterns::pattern;
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

/// Words that end an attribution, or stand in it, before its colon.
pub(crate) const WROTE: &str = r"wrote|writes|said|schrieb(?:\s+(?:am|um)\b.{0,80})?|a écrit|à écrit|escribió|escribio|escrib(?:e|ió)|ha scritto|scrisse|scrive|écrit|escreveu|schreef(?:\s+het\s+volgende)?|geschreven|napisał(?:\(?a\)?|a)?|pisze|skrev|kirjoitti|napsal(?:\(?a\)?)?|napísal(?:\(?a\)?)?|írta|a scris|yazdı|έγραψε|написал(?:\(?а\)?|а)?|пише(?:т|ш)?|писал(?:\(?а\)?|а)?|написав(?:\(ла\))?|напісаў|написа|пишет";

static ONE_LINE: LazyLock<Option<RegexSet>> =
    LazyLock::new(|| crate::patterns::set(ONE_LINE_PATTERNS.iter().map(String::as_str)));
static ENDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(&format!(r"(?i)(?:^|[\s>,;\])(])(?:{WROTE})\s*(?::|\s*-{{2,}}|:\s*-+)\s*$")));
static DATED: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(DATED_PATTERN));

/// Something that looks like a date, an hour or an address.
pub(crate) const DATED_PATTERN: &str =
    r"(?i)\d{1,2}[:.hч]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|[\w.+\-]+@[\w\-]+\.[\w.\-]+";

/// Whole attributions that need no closing verb.
pub(crate) static ONE_LINE_PATTERNS: LazyLock<Vec<String>> = LazyLock::new(|| {
    vec![
        // Gmail of old, dates first: `2013/7/20 sam via Discourse <info@x>`
        r"^\d{4}[/\-.]\d{1,2}[/\-.]\d{1,2},? .{0,120}<\S+@\S+>:?$".to_owned(),
        // Yandex and Mail.ru: `02.03.2026, 10:00, "Opora" <help@shop.example>:`
        r#"^(?:\p{L}+,\s*)?\d{1,2}[. ](?:\d{1,2}|\p{L}+)[. ,]\s*\d{4}(?: ?г\.?)?,?\s*(?:(?:в|at|um|à|alle|o)\s*)?\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*[+\-]\d{2}:?\d{2})?\s*(?:\([^)]*\))?,?\s*(?:от\s+)?.{0,150}<?\S+@[^>\s]+>?\s*:?$"#.to_owned(),
        // The Bat!: `Вы писали 2 марта 2026 г., 10:00:00:`
        r"^(?:вы писали|вы написали|you wrote|sie schrieben|vous écriviez|здравствуйте,? .{0,60}вы писали)\b.{0,80}:$".to_owned(),
    ]
});

/// Does the line, alone or as the end of wrapped lines, say who wrote what follows?
pub(super) fn is_attribution(text: &str) -> bool {
    let text = text.trim();
    if text.len() > 400 || text.is_empty() {
        return false;
    }
    if ONE_LINE.as_ref().is_some_and(|set| set.is_match(text)) {
        return true;
    }
    ends_with_wrote(text) && DATED.as_ref().is_some_and(|re| re.is_match(text))
}

/// Does the line end as attributions end?
pub(super) fn ends_with_wrote(text: &str) -> bool {
    ENDS.as_ref().is_some_and(|re| re.is_match(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(ONE_LINE.is_some() && ENDS.is_some() && DATED.is_some());
    }

    #[test]
    fn what_clients_write_above_a_quote_is_known() {
        for line in [
            "On Mon, Mar 2, 2026 at 10:00 AM Opora <help@shop.example> wrote:",
            "пн, 2 мар. 2026 г. в 10:00, Opora <help@shop.example>:",
            "2 марта 2026 г., в 10:00, Opora <help@shop.example> написал(а):",
            "02.03.2026, 10:00, \"Opora\" <help@shop.example>:",
            "Am 02.03.26 um 10:00 schrieb Opora:",
            "Le lun. 2 mars 2026 à 10:00, Opora <help@shop.example> a écrit :",
            "El lun, 2 mar 2026 a las 10:00, Opora (<help@shop.example>) escribió:",
            "Il giorno lun 2 mar 2026 alle ore 10:00 Opora <help@shop.example> ha scritto:",
            "pon., 2 mar 2026 o 10:00 Opora <help@shop.example> napisał(a):",
            "Вы писали 2 марта 2026 г., 10:00:00:",
        ] {
            assert!(is_attribution(line), "{line}");
        }
        for line in
            ["I wrote:", "He said the following:", "Мне написали в 10:00 и обещали позвонить.", "Заказ 2026 от 02.03:"]
        {
            assert!(!is_attribution(line), "{line}");
        }
    }
}
