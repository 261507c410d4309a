//! Signatures: what stands below the letter and is not part of it. A closing («С уважением, Анна») is part of it.

use crate::patterns;
use regex::RegexSet;
use std::sync::LazyLock;

static DEVICE: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(DEVICES));

/// Lines phones and programs add.
pub(crate) const DEVICES: [&str; 7] = [
    r"^\W*(?:sent|posted) (?:from|with|via|using) (?:my |a |the )?[^\s,]+(?: [^\s,]+){0,7}$",
    r"^\W*отправлено (?:с|со|из|через|от|при помощи|с помощью|мобильн\S+|новым) [^\s,]+(?: [^\s,]+){0,7}$",
    r"^\W*(?:gesendet (?:von|mit|über|aus)|von meinem .{0,30}gesendet|diese nachricht wurde von .{0,60}gesendet)\b.{0,80}$",
    r"^\W*(?:envoyé (?:depuis|de|à partir)|enviado (?:desde|do|de|mediante|a partir)|inviato (?:da|dal|con)|wysłan[eoy] z|verzonden (?:vanaf|met|vanuit|via)|verstuurd vanaf|skickat från|lähetetty|sendt fra|odesláno z|odoslané z|надіслано з|адпраўлена з)\b.{0,80}$",
    r"^\W*(?:outlook (?:für|for|pour|para|per|voor|для) (?:android|ios)|(?:get|télécharger|obtener|scarica|hol dir) outlook .{0,60}|загрузить outlook .{0,60}|получить outlook .{0,60})$",
    r"^\W*iphone'?dan gönderildi|^\W*(?:iphoneから送信|从我的iphone发送)",
    r"^\W*(?:this (?:email|e-mail|message) (?:has been|was) (?:checked|scanned) (?:for viruses )?by|virus-free\.|без вирусов\.|это (?:сообщение|письмо) проверено на вирусы).{0,100}$",
];

/// A signature below `-- ` has at most so many lines with text.
const LONGEST: usize = 20;
/// Below looser dividers it has at most so many.
const LONGEST_LOOSE: usize = 10;

/// Body and signature of lines that are the person's own.
pub(super) fn split<'a>(lines: &[&'a str]) -> (Vec<&'a str>, Option<String>) {
    let end = lines.iter().rposition(|line| !is_ornament(line)).map_or(0, |at| at + 1);
    // No signature is longer than this, blank lines included.
    match (end.saturating_sub(60)..end).find(|at| begins(&lines[*at..end])) {
        Some(start) => {
            let before = lines[..start].iter().rposition(|line| !is_ornament(line)).map_or(0, |at| at + 1);
            (lines[..before].to_vec(), Some(lines[start..end].join("\n")))
        }
        None => (lines[..end].to_vec(), None),
    }
}

/// Nothing here but blank lines, ornaments and a signature?
pub(super) fn is_all(lines: &[&str]) -> bool {
    let (body, _) = split(lines);
    body.iter().all(|line| is_ornament(line))
}

/// Does a signature begin with the first of these lines, and are the others all of it?
fn begins(lines: &[&str]) -> bool {
    let Some(first) = lines.first() else { return false };
    let rest: Vec<&str> = lines[1..].iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
    let bare = first.trim();
    if *first == "-- " {
        return rest.len() <= LONGEST;
    }
    if matches!(bare, "--" | "—" | "–" | "- -" | "-- -") {
        return rest.len() <= LONGEST && !asks(&rest);
    }
    let line_of = |c: u8, least: usize| bare.len() >= least && bare.bytes().all(|b| b == c);
    if line_of(b'-', 3) || line_of(b'_', 2) || line_of(b'=', 4) || line_of(b'*', 4) {
        return rest.len() <= LONGEST_LOOSE && !asks(&rest) && rest.iter().all(|l| l.len() < 120);
    }
    is_device(first) && rest.len() <= 4 && !asks(&rest)
}

/// Somebody who asks is not signing.
fn asks(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.contains('?') && !line.contains("://") && line.chars().any(char::is_alphabetic))
}

/// Blank, or a line of strokes and the marks that tracking tools leave.
fn is_ornament(line: &str) -> bool {
    let bare = line.trim();
    bare.is_empty()
        || bare == "\u{1427}"
        || bare.chars().count() >= 2 && bare.chars().all(|c| "-_=*#~+\u{2014}\u{2013}".contains(c))
}

fn is_device(line: &str) -> bool {
    line.len() < 160 && DEVICE.as_ref().is_some_and(|set| set.is_match(line.trim_end_matches(['.', '!', ' ', '>'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(DEVICE.is_some());
    }

    #[test]
    fn what_phones_add_is_known_and_sentences_are_not() {
        for line in [
            "Sent from my iPhone",
            "Отправлено с iPhone",
            "Отправлено из мобильной Почты Mail.ru",
            "Отправлено из мобильного приложения Яндекс Почты",
            "Von meinem iPhone gesendet",
            "Envoyé de mon iPhone",
            "Get Outlook for Android",
        ] {
            assert!(is_device(line), "{line}");
        }
        for line in [
            "Sent from my desk, is much easier than my mobile phone.",
            "Отправлено вчера, но не пришло",
            "Отправлено с Москвы, а посылка до сих пор не пришла",
        ] {
            assert!(!is_device(line), "{line}");
        }
    }
}
