//! RFC 2047 encoded words, as real senders write them.
//!
//! The standard says that each word stands alone; senders split a letter between two words, label CP1251 as KOI8-R,
//! glue words to text and put them between quotes. So neighbouring words of one charset are joined as bytes first and
//! decoded together. Raw eight-bit bytes between them are detected. Does not know which header it reads.

use crate::{charset, transfer};
use base64::Engine as _;

/// One piece of a header value: literal bytes, or a run of encoded words decoded to text.
enum Piece<'a> {
    Literal(&'a [u8]),
    Words(String),
}

/// The value for a person: every encoded word decoded, raw eight-bit bytes detected, white space kept single.
pub(crate) fn to_text(value: &[u8], tld: Option<&str>) -> String {
    let mut text = String::with_capacity(value.len());
    for piece in pieces(value, tld) {
        match piece {
            Piece::Literal(bytes) => text.push_str(&literal(bytes, tld)),
            Piece::Words(words) => text.push_str(&words),
        }
    }
    text
}

/// The value for a structured parser: valid UTF-8, and each run of encoded words rewritten as one UTF-8 base64 word,
/// so that commas, quotes and brackets inside a name cannot be taken for syntax.
pub(crate) fn to_structured(value: &[u8], tld: Option<&str>) -> String {
    let mut text = String::with_capacity(value.len());
    for piece in pieces(value, tld) {
        match piece {
            Piece::Literal(bytes) => text.push_str(&literal(bytes, tld)),
            Piece::Words(words) => {
                let clean: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                text.push_str("=?utf-8?B?");
                base64::engine::general_purpose::STANDARD.encode_string(clean, &mut text);
                text.push_str("?=");
            }
        }
    }
    text
}

fn literal(bytes: &[u8], tld: Option<&str>) -> String {
    charset::decode(bytes, None, tld).text
}

struct Word<'a> {
    charset: &'a [u8],
    base64: bool,
    data: &'a [u8],
    end: usize,
}

fn pieces<'a>(value: &'a [u8], tld: Option<&str>) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut run: Vec<Word<'a>> = Vec::new();
    let mut at = 0;
    let mut literal_from = 0;
    for start in memchr::memmem::find_iter(value, b"=?") {
        if start < at {
            continue;
        }
        let Some(word) = word_at(value, start) else { continue };
        let between = &value[literal_from..start];
        // White space between two encoded words is not part of the text (RFC 2047, 6.2).
        if run.is_empty() || !between.iter().all(u8::is_ascii_whitespace) {
            flush(&mut pieces, &mut run, tld);
            if !between.is_empty() {
                pieces.push(Piece::Literal(between));
            }
        }
        at = word.end;
        literal_from = word.end;
        run.push(word);
    }
    flush(&mut pieces, &mut run, tld);
    if literal_from < value.len() {
        pieces.push(Piece::Literal(&value[literal_from..]));
    }
    pieces
}

/// Reads `=?charset?B|Q?data?=` at `start`.
fn word_at(value: &[u8], start: usize) -> Option<Word<'_>> {
    let charset_at = start + 2;
    let charset_len = memchr::memchr(b'?', value.get(charset_at..(charset_at + 64).min(value.len()))?)?;
    let charset = &value[charset_at..charset_at + charset_len];
    if charset.is_empty() || charset.iter().any(|b| b.is_ascii_whitespace() || *b == b'=') {
        return None;
    }
    let kind_at = charset_at + charset_len + 1;
    let base64 = match value.get(kind_at)? {
        b'b' | b'B' => true,
        b'q' | b'Q' => false,
        _ => return None,
    };
    if value.get(kind_at + 1)? != &b'?' {
        return None;
    }
    let data_at = kind_at + 2;
    let data_len = memchr::memmem::find(value.get(data_at..)?, b"?=")?;
    let data = &value[data_at..data_at + data_len];
    Some(Word { charset, base64, data, end: data_at + data_len + 2 })
}

fn flush(pieces: &mut Vec<Piece<'_>>, run: &mut Vec<Word<'_>>, tld: Option<&str>) {
    if run.is_empty() {
        return;
    }
    let mut text = String::new();
    for group in run.chunk_by(|a, b| a.charset.eq_ignore_ascii_case(b.charset)) {
        let mut bytes = Vec::new();
        let mut pending = Vec::new();
        for word in group {
            if word.base64 {
                pending.extend(word.data.iter().copied().filter(|b| !b.is_ascii_whitespace()));
                if pending.len() % 4 == 0 || pending.ends_with(b"=") {
                    bytes.extend(transfer::base64(&pending));
                    pending.clear();
                }
            } else {
                bytes.extend(transfer::base64(&pending));
                pending.clear();
                bytes.extend(transfer::quoted_word(word.data));
            }
        }
        bytes.extend(transfer::base64(&pending));
        let label = group.first().map(|word| String::from_utf8_lossy(word.charset)).unwrap_or_default();
        text.push_str(&charset::decode(&bytes, Some(&label), tld).text);
    }
    run.clear();
    pieces.push(Piece::Words(text));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn text(value: &str) -> String {
        to_text(value.as_bytes(), Some("ru"))
    }

    #[test]
    fn words_of_both_kinds_are_decoded() {
        assert_eq!(text("=?utf-8?B?0J/RgNC40LLQtdGC?= Anna"), "Привет Anna");
        assert_eq!(text("=?KOI8-R?Q?=F0=D2=C9=D7=C5=D4?="), "Привет");
        assert_eq!(text("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2,_=EC=E8=F0?="), "Привет, мир");
        assert_eq!(text("Re: =?iso-8859-1*de?q?Gr=FC=DFe?="), "Re: Grüße");
    }

    #[test]
    fn a_letter_split_between_two_words_is_joined() {
        assert_eq!(text("=?utf-8?Q?=D0=9F=D1=80=D0?= =?utf-8?Q?=B8=D0=B2=D0=B5=D1=82?="), "Привет");
        assert_eq!(text("=?utf-8?B?0J/RgNC4?=\t=?UTF-8?B?0LLQtdGC?="), "Привет");
    }

    #[test]
    fn raw_eight_bit_bytes_are_detected() {
        let bytes = encoding_rs::WINDOWS_1251.encode("Где мой заказ и когда его привезут").0;
        assert_eq!(to_text(&bytes, Some("ru")), "Где мой заказ и когда его привезут");
    }

    #[test]
    fn broken_words_stay_as_written() {
        assert_eq!(text("=?utf-8?X?abc?= and =?utf-8?B?"), "=?utf-8?X?abc?= and =?utf-8?B?");
        assert_eq!(text("1 =? 2 ?="), "1 =? 2 ?=");
    }

    #[test]
    fn a_comma_inside_a_word_is_no_syntax() {
        let value = to_structured("=?utf-8?Q?Petrov,_Ivan_<x>?= <ivan@example.com>".as_bytes(), None);
        assert!(!value.contains(','), "{value}");
        assert!(value.ends_with(" <ivan@example.com>"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_readable(bytes: Vec<u8>) {
            let _ = to_text(&bytes, None);
            let _ = to_structured(&bytes, None);
        }
    }
}
