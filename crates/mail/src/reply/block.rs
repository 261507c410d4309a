//! A letter cut into stretches: the person's own lines, attributions, marked quotes, history to the end.

use super::attribution::{Sure, attribution, begins};
use super::signature;
use crate::patterns;
use regex::RegexSet;
use std::ops::Range;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Own,
    Attribution,
    Quote,
    /// Unmarked history, always the last stretch.
    History,
}

#[derive(Debug, Clone)]
struct Stretch {
    what: What,
    lines: Range<usize>,
}

/// Numbers of the lines to show, and the number of lines to fold.
pub(super) struct Own {
    pub kept: Vec<usize>,
    pub folded: usize,
    /// Nothing here is the person's own.
    pub none: bool,
}

/// How many times lines are joined to see whether they are a wrapped attribution: one letter has few.
const MAX_JOINS: usize = 500;

static DIVIDER: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(DIVIDERS));
static FORWARD: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(FORWARDS));
static FIELD: LazyLock<Option<RegexSet>> = LazyLock::new(|| patterns::set(FIELDS));

/// Lines that say that the original message follows.
pub(crate) const DIVIDERS: [&str; 3] = [
    r"^[\s*]*[-_=]{2,}\s*(?:original (?:message|appointment|email|e-mail)|originalnachricht|ursprüngliche (?:nachricht|e-mail)|message d'origine|message original|message initial|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|oorspronkelijke bericht|oprindelig (?:besked|meddelelse)|ursprungligt meddelande|originalmeddelande|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original|mesajul original|özgün ileti|orijinal mesaj|исходное (?:сообщение|письмо)|оригинальное (?:сообщение|письмо)|первоначальное сообщение|початкове повідомлення|оригінальне повідомлення|quoted message|reply message|元のメッセージ|原始邮件|原始郵件)\s*[-_=]{2,}.*$",
    r"^\W{0,6}(?:please (?:type|write|enter) your reply above|(?:please )?reply above this line|write a reply above|напишите ответ выше|пишите (?:ваш )?ответ выше|ответ(?:ьте|ить)? (?:выше|над) этой (?:строк|черт|лини)|bitte (?:antworten sie )?oberhalb dieser linie).{0,60}$",
    r"^\W{0,6}(?:in reply to|в ответ на (?:сообщение|письмо)) .{0,80}:$",
];

/// Lines that say that a forwarded message follows: that is what the person wants us to read.
pub(crate) const FORWARDS: [&str; 2] = [
    r"^[\s>*]*[-_=]{2,}\s*(?:forwarded (?:message|by .{0,60})|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht|przekazana wiadomość|wiadomość przekazana|přeposlaná zpráva|videresendt melding|vidarebefordrat meddelande|пересылаемое (?:сообщение|письмо)|пересланное (?:сообщение|письмо)|перенаправленное (?:сообщение|письмо)|переслане повідомлення|начало (?:переадресованного|пересланного|пересылаемого) сообщения)\s*[-_=]{2,}.*$",
    r"^[\s>*]*(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié|inizio messaggio inoltrato|inicio del mensaje reenviado|начало переадресованного сообщения|начало пересылаемого сообщения)\s*:\s*$",
];

/// Header fields a client copies above what it quotes: who, when, to whom, about what.
pub(crate) const FIELDS: [&str; 4] = [
    r"^[\s*]*(?:from|von|de|da|van|fra|från|lähettäjä|od|от|отправитель|от кого|від|кімнад|gönderen|kimden|feladó|expéditeur|remitente|mittente)\s*:[\s*]*\S",
    r"^[\s*]*(?:sent|date|date d'envoi|gesendet|datum|envoyé|envoyé le|message du|enviado(?: el| em)?|enviada(?: em)?|fecha|inviato|data|verzonden|sendt|dato|skickat|lähetetty|päivämäärä|wysłano|odesláno|odoslané|дата|отправлено|отправлен|дата отправки|когда|надіслано|gönderildi|tarih|küldve|dátum)\s*:[\s*]*\S",
    r"^[\s*]*(?:to|an|à|a|para|aan|til|till|vastaanottaja|do|komu|кому|получатель|кому|kime|címzett|destinataire|destinatario|cc|kopie|kopia|copie à|копия)\s*:[\s*]*",
    r"^[\s*]*(?:subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|emne|ämne|aihe|temat|předmět|predmet|тема|konu|tárgy)\s*:(?:\s|\*|$)",
];

/// Tells the person's lines from the others. `forwarded`: the subject says that everything is a forwarded message.
pub(super) fn own_lines(lines: &[&str], forwarded: bool) -> Own {
    let mut stretches = cut(lines, forwarded);
    let all = lines.iter().filter(|line| !line.trim().is_empty()).count();
    trim_end(lines, &mut stretches);
    fold_leading_quote(lines, &mut stretches);
    let kept: Vec<usize> =
        stretches.iter().filter(|s| matches!(s.what, What::Own | What::Quote)).flat_map(|s| s.lines.clone()).collect();
    let shown = kept.iter().filter(|at| !lines[**at].trim().is_empty()).count();
    let none = !stretches.iter().any(|s| s.what == What::Own && has_text(&lines[s.lines.clone()]));
    Own { kept, folded: all - shown, none }
}

fn cut(lines: &[&str], forwarded: bool) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut push = |what: What, range: Range<usize>| match stretches.last_mut() {
        Some(last) if last.what == what => last.lines.end = range.end,
        _ => stretches.push(Stretch { what, lines: range }),
    };
    let mut at = 0;
    let mut in_quote = false;
    let mut joins = MAX_JOINS;
    while at < lines.len() {
        let line = lines[at];
        if line.trim().is_empty() {
            // A blank line belongs to what it follows.
            push(if in_quote { What::Quote } else { What::Own }, at..at + 1);
            at += 1;
            continue;
        }
        if is_match(&FORWARD, line) {
            push(What::Own, at..lines.len());
            break;
        }
        if let Some((count, sure)) = attribution_at(lines, at, &mut joins) {
            let next = next_text(lines, at + count);
            let marked = next.is_some_and(|next| is_quote(lines, next));
            if marked {
                push(What::Attribution, at..at + count);
                at += count;
                in_quote = true;
                continue;
            }
            if sure == Sure::Strong {
                push(What::History, at..lines.len());
                break;
            }
        }
        if is_match(&DIVIDER, line) || !forwarded && is_header_block(lines, at) {
            push(What::History, at..lines.len());
            break;
        }
        in_quote = is_quote(lines, at);
        push(if in_quote { What::Quote } else { What::Own }, at..at + 1);
        at += 1;
    }
    stretches
}

/// History, quotes, attributions and footers at the end go, until the person's own words are last.
fn trim_end(lines: &[&str], stretches: &mut Vec<Stretch>) {
    let has_words = stretches.iter().any(|s| s.what == What::Own && has_text(&lines[s.lines.clone()]));
    while let Some(last) = stretches.last() {
        let goes = match last.what {
            What::History | What::Attribution | What::Quote => has_words,
            // A signature alone below a quote, a list's footer.
            What::Own => stretches.len() > 1 && signature::is_all(&lines[last.lines.clone()]),
        };
        if !goes {
            break;
        }
        stretches.pop();
    }
}

/// One quote at the top with its attribution, and the answer below: the quote is history. Quotes between the person's
/// lines stay, because the answers make no sense without them; so does a quote without attribution.
fn fold_leading_quote(lines: &[&str], stretches: &mut Vec<Stretch>) {
    let quotes = stretches.iter().filter(|s| s.what == What::Quote).count();
    let first = stretches.iter().position(|s| s.what != What::Own || has_text(&lines[s.lines.clone()]));
    let Some(first) = first else { return };
    let leads =
        stretches[first].what == What::Attribution && stretches.get(first + 1).is_some_and(|s| s.what == What::Quote);
    if leads && quotes == 1 && stretches.len() > first + 2 {
        stretches.drain(first..first + 2);
    }
}

fn has_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.chars().any(char::is_alphanumeric))
        || lines.iter().any(|line| line.chars().any(|c| c as u32 > 0x2000))
}

fn is_match(set: &LazyLock<Option<RegexSet>>, line: &str) -> bool {
    // Dividers have strokes or a colon; asking for them first is cheaper than asking the patterns.
    line.len() < 400
        && line.contains(['-', '_', '=', ':', '#', '*', '—'])
        && set.as_ref().is_some_and(|set| set.is_match(line))
}

fn next_text(lines: &[&str], from: usize) -> Option<usize> {
    (from..lines.len()).find(|at| !lines[*at].trim().is_empty())
}

/// `> text`, `| text`, and `AP> text` of The Bat! and old newsreaders.
fn is_quote(lines: &[&str], at: usize) -> bool {
    let marked = |line: &str| {
        let line = line.trim_start();
        if line.starts_with('>') {
            return !line.starts_with(">>> >>>");
        }
        if let Some(rest) = line.strip_prefix('|') {
            return rest.is_empty() || rest.starts_with(' ') && !rest.trim_end().ends_with('|');
        }
        let initials = line.chars().take_while(|c| c.is_alphabetic()).count();
        (1..=4).contains(&initials) && {
            let mut rest = line.chars().skip(initials);
            rest.next() == Some('>')
                && matches!(rest.next(), None | Some(' ' | '>'))
                && line.chars().take(initials).all(char::is_uppercase)
        }
    };
    let line = lines[at];
    if marked(line) {
        return true;
    }
    // A link that a client threw out of the quoted line it belongs to.
    let bare = line.trim_start();
    at > 0
        && (bare.starts_with("(http") || bare.starts_with("<http"))
        && marked(lines[at - 1])
        && lines.get(at + 1).is_some_and(|next| marked(next))
}

/// How many lines the attribution that begins here has, and how sure it is.
fn attribution_at(lines: &[&str], at: usize, joins: &mut usize) -> Option<(usize, Sure)> {
    let first = lines[at].trim();
    if is_quote(lines, at) {
        return None;
    }
    if let Some(sure) = attribution(first) {
        return Some((1, sure));
    }
    if *joins == 0 || !begins(first) {
        return None;
    }
    *joins -= 1;
    let mut text = first.to_owned();
    for (count, line) in lines[at..].iter().enumerate().skip(1).take(7) {
        let line = line.trim();
        let next = lines[at + count..].iter().map(|l| l.trim()).find(|l| !l.is_empty()).unwrap_or_default();
        if line.is_empty() {
            // Some clients put the address in brackets into a paragraph of its own.
            if next.starts_with('<') && next.len() < 200 {
                continue;
            }
            return None;
        }
        // `>` alone belongs to an address that was wrapped, other marks are a quote.
        let quote = line.starts_with('>') && !text.contains('<');
        if quote
            || line.len() > 200
            || attribution(line).is_some() && !text.ends_with([',', '<', '(']) && !line.starts_with('<')
        {
            return None;
        }
        text.push(' ');
        text.push_str(line);
        if let Some(sure) = attribution(&text) {
            return Some((count + 1, sure));
        }
    }
    None
}

/// Three or more different header fields close together, one of them From, with an address or a subject.
fn is_header_block(lines: &[&str], at: usize) -> bool {
    let Some(set) = FIELD.as_ref() else { return false };
    if lines[at].len() > 1000 || !lines[at].contains(':') || !set.is_match(lines[at]) {
        return false;
    }
    let mut kinds = [false; 4];
    let mut address = false;
    for line in lines[at..].iter().filter(|line| !line.trim().is_empty()).take(8) {
        if line.len() > 1000 {
            break;
        }
        let matches = set.matches(line);
        address |= matches.matched_any() && line.contains('@');
        for kind in &matches {
            kinds[kind] = true;
        }
    }
    kinds[0] && kinds.iter().filter(|k| **k).count() >= 3 && (address || kinds[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(DIVIDER.is_some() && FIELD.is_some() && FORWARD.is_some());
    }
}
