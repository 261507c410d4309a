//! Which lines are the person's own, and which are history.

use super::attribution::{ends_with_wrote, is_attribution};
use crate::patterns;
use regex::RegexSet;
use std::sync::LazyLock;

/// Numbers of the lines to show and of those to fold.
pub(super) struct Own {
    pub kept: Vec<usize>,
    pub folded: Vec<usize>,
}

static DIVIDER: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(DIVIDER_PATTERNS));
static FIELD: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(FIELD_PATTERNS));

/// Lines that say that the original message follows.
pub(crate) const DIVIDER_PATTERNS: [&str; 3] = [
    r"^[\s>*]*[-_=]{2,}\s*(?:original (?:message|appointment)|originalnachricht|ursprüngliche nachricht|urspr\S* nachricht|weitergeleitete nachricht|message d'origine|message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig (?:besked|meddelelse)|ursprungligt meddelande|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|eredeti üzenet|özgün ileti|исходное сообщение|оригинальное сообщение|исходное письмо|пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|конец пересылаемого сообщения|початкове повідомлення|forwarded message|reply (?:message|above)|reply to message|quoted message)\s*[-_=]{2,}.*$",
    r"^[\s>*]*begin forwarded message:\s*$",
    r"^[\s>*]*-{4,}\s*.{0,160}(?:wrote|написал\S*|пишет|schrieb|a écrit)\s*-{4,}\s*$",
];

/// Header fields a client copies above what it quotes.
pub(crate) const FIELD_PATTERNS: [&str; 4] = [
    r"^[\s>*]*\**(?:from|von|de|da|van|fra|från|lähettäjä|od|от|отправитель|от кого|від|gönderen|feladó|expéditeur|remitente|mittente)\s*:\**\s*\S",
    r"^[\s>*]*\**(?:sent|date|gesendet|datum|envoyé|date d'envoi|enviado(?: el)?|enviada(?: em)?|fecha|inviato|data|verzonden|sendt|dato|skickat|lähetetty|päivämäärä|wysłano|data|odesláno|odoslané|дата|отправлено|отправлен|когда|надіслано|gönderildi|tarih|küldve|dátum)\s*:\**\s*\S",
    r"^[\s>*]*\**(?:to|an|à|a|para|aan|til|till|vastaanottaja|do|komu|кому|получатель|kime|címzett|destinataire|cc|kopie|копия)\s*:\**\s*\S",
    r"^[\s>*]*\**(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp|emne|ämne|aihe|temat|předmět|predmet|тема|konu|tárgy)\s*:\**(?:\s|$)",
];

pub(super) fn own_lines(lines: &[&str]) -> Own {
    let mut kept = Vec::new();
    let mut folded = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if let Some(length) = attribution_at(lines, at) {
            let next = first_text(lines, at + length);
            folded.extend(at..at + length);
            at += length;
            let marked = next.is_some_and(|n| is_quote(lines[n]));
            if !marked {
                // Nothing marks the quote, so it goes to the end.
                folded.extend(at..lines.len());
                break;
            }
            continue;
        }
        if starts_history(lines, at) {
            folded.extend(at..lines.len());
            break;
        }
        if is_quote(lines[at]) {
            folded.push(at)
        } else {
            kept.push(at)
        }
        at += 1;
    }
    Own { kept, folded }
}

fn first_text(lines: &[&str], from: usize) -> Option<usize> {
    (from..lines.len()).find(|at| !lines[*at].trim().is_empty())
}

pub(super) fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with(['>', '|']) && !line.trim_start().starts_with("||")
}

/// How many lines the attribution that starts here has.
fn attribution_at(lines: &[&str], at: usize) -> Option<usize> {
    if lines[at].trim().is_empty() || is_quote(lines[at]) {
        return None;
    }
    let mut text = String::new();
    for (count, line) in lines[at..].iter().take(6).enumerate() {
        if count > 0 && line.trim().is_empty() && !text.trim_end().ends_with(['<', ',']) {
            return None;
        }
        text.push_str(line.trim());
        text.push(' ');
        if is_attribution(&text) && (count == 0 || starts_like_one(lines[at]) || ends_with_wrote(&text)) {
            return Some(count + 1);
        }
    }
    None
}

fn starts_like_one(line: &str) -> bool {
    line.chars().any(|c| c.is_ascii_digit())
}

fn starts_history(lines: &[&str], at: usize) -> bool {
    let line = lines[at];
    if DIVIDER.as_ref().is_some_and(|set| set.is_match(line)) {
        return true;
    }
    // Two or more different header fields in a row.
    let Some(set) = FIELD.as_ref() else { return false };
    if !set.is_match(line) || is_quote(line) {
        return false;
    }
    let mut kinds = [false; 4];
    for line in lines[at..].iter().filter(|line| !line.trim().is_empty()).take(6) {
        for kind in &set.matches(line) {
            kinds[kind] = true;
        }
    }
    kinds.iter().filter(|k| **k).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(DIVIDER.is_some() && FIELD.is_some());
    }
}
