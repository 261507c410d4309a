//! Signatures: what stands below the letter and is not part of it.

use crate::patterns;
use regex::RegexSet;
use std::sync::LazyLock;

static DEVICE: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(DEVICE_PATTERNS));

/// Lines phones and programs add.
pub(crate) const DEVICE_PATTERNS: [&str; 6] = [
    r"^\s*[-*_–—]*\s*(?:sent|posted) (?:from|with|via|using) (?:my |a |the )?\S.{0,60}$",
    r"^\s*[-*_–—]*\s*отправлено (?:с|из|через|от|при помощи) \S.{0,60}$",
    r"^\s*[-*_–—]*\s*(?:gesendet|von meinem|diese nachricht wurde von meinem) .{0,80}(?:gesendet|iphone|android|handy|outlook|mail|gmx|web\.de|ipad|samsung|smartphone)\S*.{0,60}$",
    r"^\s*[-*_–—]*\s*(?:envoyé (?:depuis|de|à partir)|enviado (?:desde|do|de|mediante)|inviato (?:da|dal)|wysłane z|verzonden (?:vanaf|met|vanuit)|verstuurd vanaf|skickat från|lähetetty|sendt fra|odesláno z|надіслано з|outlook (?:für|for|pour|para) (?:android|ios)|télécharger outlook|get outlook for) ?.{0,60}$",
    r"^\s*отправлено (?:мобильной|мобильным|новым) .{0,60}$|^\s*(?:яндекс\.?почта|mail\.ru для|почта mail\.ru).{0,40}$",
    r"^\s*iphone'?dan gönderildi|^\s*(?:iphoneから送信|从我的iphone发送)",
];

/// A signature longer than this many lines is no signature.
const MAX_LINES: usize = 25;

/// Body and signature of the lines that are the person's own.
pub(super) fn split<'a>(lines: &[&'a str]) -> (Vec<&'a str>, Option<String>) {
    let end = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |at| at + 1);
    let start = (0..end).find(|at| begins(lines, *at, end));
    match start {
        Some(start) => {
            let signature = lines[start..end].join("\n");
            (lines[..start].to_vec(), Some(signature))
        }
        None => (lines[..end].to_vec(), None),
    }
}

fn begins(lines: &[&str], at: usize, end: usize) -> bool {
    let line = lines[at];
    let few = end - at <= MAX_LINES;
    if is_delimiter(line) {
        return few;
    }
    is_device(line) && end - at <= 4
}

/// `-- ` of RFC 3676 and its relatives.
fn is_delimiter(line: &str) -> bool {
    let bare = line.trim();
    matches!(bare, "--" | "—" | "––" | "-- " | "__" | "---") || bare.len() >= 5 && bare.bytes().all(|b| b == b'_')
}

pub(super) fn is_device(line: &str) -> bool {
    line.len() < 160 && DEVICE.as_ref().is_some_and(|set| set.is_match(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(DEVICE.is_some());
    }
}
