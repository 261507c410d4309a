//! Bytes to text: the declared charset when it can be true, a detected one when it cannot.
//!
//! Promises an answer for any bytes, without NUL characters. Does not know headers or MIME; the caller says what was
//! declared and, when known, the top-level domain of the sender, which helps to tell Cyrillic charsets apart.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, WINDOWS_1252};

/// Text with the charset that was really used for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, NUL-free.
    pub text: String,
    /// Name of the charset used, as the WHATWG Encoding Standard spells it.
    pub charset: &'static str,
    /// True when nothing or something impossible was declared and the charset is a guess.
    pub guessed: bool,
}

/// Decodes `bytes`. `declared` is the charset parameter as written, `tld` the sender's top-level domain (`"ru"`).
#[must_use]
pub fn decode(bytes: &[u8], declared: Option<&str>, tld: Option<&str>) -> Decoded {
    let declared = declared.map(clean_label).filter(|label| !label.is_empty());
    if let Some(text) = declared.as_deref().and_then(|label| decode_utf7_or_16(bytes, label)) {
        return finish(text, "UTF-16", false);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let known = declared.as_deref().and_then(encoding_of);
    if looks_iso_2022_jp(bytes) {
        let (text, _) = ISO_2022_JP.decode_without_bom_handling(bytes);
        return finish(text.into_owned(), ISO_2022_JP.name(), known != Some(ISO_2022_JP));
    }
    let has_escape = bytes.contains(&0x1B);
    if bytes.is_ascii() && !has_escape {
        // Only 7-bit bytes: every charset but the escaping ones reads them alike.
        return finish(String::from_utf8_lossy(bytes).into_owned(), known.map_or("UTF-8", Encoding::name), false);
    }
    if let Some(encoding) = known.filter(|encoding| plausible(bytes, encoding)) {
        let (text, malformed) = encoding.decode_without_bom_handling(bytes);
        if !malformed && !suspicious(&text, encoding) {
            return finish(text.into_owned(), encoding.name(), false);
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !has_escape
    {
        return finish(text.to_owned(), "UTF-8", declared.is_some());
    }
    // UTF-8 with a few broken characters stays UTF-8: a cut letter must not turn the whole mail into mojibake.
    if mostly_utf8(bytes) {
        return finish(String::from_utf8_lossy(bytes).into_owned(), "UTF-8", known != Some(UTF_8));
    }
    let guess = detect(bytes, tld);
    let encoding = match known {
        Some(encoding) if encoding != UTF_8 && guess == WINDOWS_1252 && !declared_ascii(declared.as_deref()) => {
            encoding
        }
        _ => guess,
    };
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    finish(text.into_owned(), encoding.name(), Some(encoding) != known)
}

/// The detector's opinion about bytes of unknown charset (never UTF-16).
fn detect(bytes: &[u8], tld: Option<&str>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let sample = &bytes[..bytes.len().min(256 << 10)];
    detector.feed(sample, true);
    let tld = tld.filter(|tld| tld.is_ascii() && !tld.is_empty()).map(str::to_ascii_lowercase);
    let tld = tld.as_deref().filter(|tld| !tld.contains('.')).map(str::as_bytes);
    detector.guess(tld, Utf8Detection::Allow)
}

/// Charset labels as mail writes them, down to the ones the Encoding Standard knows.
fn encoding_of(label: &str) -> Option<&'static Encoding> {
    if let Some(encoding) = Encoding::for_label(label.as_bytes()) {
        return Some(encoding);
    }
    let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let alias = match plain.as_str() {
        "utf8" | "utf8mb4" | "unicode11utf8" | "xunknown" | "unknown8bit" | "8bit" | "binary" => "utf-8",
        "cp1250" | "win1250" => "windows-1250",
        "cp1251" | "win1251" | "windows1251" | "xcp1251" | "ansi1251" => "windows-1251",
        "cp1252" | "win1252" | "windows1252" | "ansi" => "windows-1252",
        "cp1253" => "windows-1253",
        "cp1254" => "windows-1254",
        "cp1255" => "windows-1255",
        "cp1256" => "windows-1256",
        "cp1257" => "windows-1257",
        "cp1258" => "windows-1258",
        "cp866" | "ibm866" | "866" | "dos866" => "ibm866",
        "koi8" | "koi8r" | "cskoi8r" | "koi8ru" => "koi8-r",
        "koi8u" => "koi8-u",
        "iso2022jp" | "iso2022jp1" | "iso2022jp2" | "iso2022jp3" | "iso2022jpms" | "cp50220" | "cp50221" => {
            "iso-2022-jp"
        }
        "cp932" | "ms932" | "sjis" | "xsjis" | "windows31j" => "shift_jis",
        "cp936" | "ms936" | "gb2312" | "gbk" | "xgbk" => "gbk",
        "cp949" | "ksc56011987" | "ms949" | "uhc" => "euc-kr",
        "cp950" | "big5hkscs" => "big5",
        "macroman" | "macintosh" => "macintosh",
        "maccyrillic" | "xmaccyrillic" => "x-mac-cyrillic",
        "tis620" | "cp874" => "windows-874",
        "iso88598i" | "iso88598e" => "iso-8859-8",
        other => {
            let number = other.strip_prefix("iso8859").or_else(|| other.strip_prefix("8859"))?;
            return Encoding::for_label(format!("iso-8859-{}", number.get(..number.len().min(2))?).as_bytes());
        }
    };
    Encoding::for_label(alias.as_bytes())
}

fn clean_label(label: &str) -> String {
    let label = label.trim().trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace());
    // RFC 2231 language suffix, and `charset=utf-8;foo` glued together by broken senders.
    let end = label.find(['*', ';', ' ', '"']).unwrap_or(label.len());
    label[..end].trim_start_matches("charset=").to_ascii_lowercase()
}

fn declared_ascii(label: Option<&str>) -> bool {
    matches!(label, Some("us-ascii" | "ascii" | "iso-8859-1" | "latin1" | "windows-1252"))
}

/// Could these bytes be in this charset at all? Eight-bit bytes cannot be ISO-2022-JP, an escape cannot be Latin-1.
fn plausible(bytes: &[u8], encoding: &'static Encoding) -> bool {
    if encoding == UTF_8 {
        return std::str::from_utf8(bytes).is_ok() && !looks_iso_2022_jp(bytes);
    }
    if encoding == ISO_2022_JP {
        return bytes.is_ascii();
    }
    // A text with eight-bit bytes that is valid UTF-8 is UTF-8, whatever was declared, unless it is very short.
    let eight_bit = bytes.iter().filter(|byte| **byte >= 0x80).count();
    let mislabelled_utf8 = eight_bit >= 4 && encoding.is_single_byte() && std::str::from_utf8(bytes).is_ok();
    !mislabelled_utf8
}

fn looks_iso_2022_jp(bytes: &[u8]) -> bool {
    bytes.is_ascii() && bytes.windows(3).any(|w| matches!(w, [0x1B, b'$', b'@' | b'B'] | [0x1B, b'(', b'J' | b'I']))
}

/// Declared Latin-1 (or Windows-1252) that decodes into C1 controls or a wall of accented capitals is really something else.
fn suspicious(text: &str, encoding: &'static Encoding) -> bool {
    if text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c)) {
        return true;
    }
    if encoding != WINDOWS_1252 {
        return false;
    }
    // Russian in CP1251/KOI8-R read as Latin-1 gives runs of accented letters without ASCII between them.
    let mut run = 0_usize;
    let mut in_runs = 0_usize;
    let mut high = 0_usize;
    for c in text.chars() {
        if ('\u{c0}'..='\u{ff}').contains(&c) {
            run += 1;
            high += 1;
        } else {
            if run >= 3 {
                in_runs += run;
            }
            run = 0;
        }
    }
    if run >= 3 {
        in_runs += run;
    }
    in_runs * 2 > high && in_runs >= 3
}

/// True when at least nine of ten eight-bit sequences are well-formed UTF-8.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 0 && good >= bad * 9
}

fn decode_utf7_or_16(bytes: &[u8], label: &str) -> Option<String> {
    match label {
        "utf-16" | "utf16" | "utf-16le" | "utf-16be" | "ucs-2" | "unicode" => {
            let encoding = match (bytes, label) {
                ([0xFE, 0xFF, ..], _) => encoding_rs::UTF_16BE,
                ([0xFF, 0xFE, ..], _) => encoding_rs::UTF_16LE,
                (_, "utf-16le") => encoding_rs::UTF_16LE,
                (_, "utf-16be") => encoding_rs::UTF_16BE,
                _ if bytes.iter().step_by(2).filter(|b| **b == 0).count() * 4 > bytes.len() => encoding_rs::UTF_16BE,
                _ if bytes.iter().skip(1).step_by(2).filter(|b| **b == 0).count() * 8 > bytes.len() => {
                    encoding_rs::UTF_16LE
                }
                _ => return None,
            };
            Some(encoding.decode(bytes).0.into_owned())
        }
        "utf-7" | "utf7" | "unicode-1-1-utf-7" => {
            mail_parser::decoders::charsets::map::charset_decoder(b"utf-7").map(|decode| decode(bytes))
        }
        _ => None,
    }
}

fn finish(text: String, charset: &'static str, guessed: bool) -> Decoded {
    let text = if text.contains('\0') { text.replace('\0', "") } else { text };
    Decoded { text, charset, guessed }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    const PHRASE: &str = "Здравствуйте! Посылка не пришла, подскажите, пожалуйста, где она сейчас.";

    fn in_charset(text: &str, label: &str) -> Vec<u8> {
        Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    #[test]
    fn russian_charsets_are_read_as_declared() {
        for label in ["koi8-r", "windows-1251", "utf-8", "ibm866", "iso-8859-5"] {
            let decoded = decode(&in_charset(PHRASE, label), Some(label), None);
            assert_eq!(decoded.text, PHRASE, "{label}");
            assert!(!decoded.guessed, "{label}");
        }
    }

    #[test]
    fn undeclared_russian_charsets_are_detected() {
        for label in ["koi8-r", "windows-1251", "utf-8", "ibm866"] {
            assert_eq!(decode(&in_charset(PHRASE, label), None, Some("ru")).text, PHRASE, "{label}");
        }
    }

    #[test]
    fn russian_declared_as_latin_or_ascii_or_utf8_is_detected() {
        for declared in ["us-ascii", "iso-8859-1", "utf-8", "x-nonsense"] {
            for real in ["koi8-r", "windows-1251"] {
                let decoded = decode(&in_charset(PHRASE, real), Some(declared), Some("ru"));
                assert_eq!(decoded.text, PHRASE, "{real} declared as {declared}");
                assert!(decoded.guessed);
            }
        }
    }

    #[test]
    fn utf8_declared_as_something_else_is_read_as_utf8() {
        for declared in ["windows-1251", "koi8-r", "iso-8859-1", "us-ascii"] {
            assert_eq!(decode(PHRASE.as_bytes(), Some(declared), None).text, PHRASE, "{declared}");
        }
    }

    #[test]
    fn true_latin_text_is_left_alone() {
        let german = "Schöne Grüße aus München, die Rechnung über 5 € fehlt";
        assert_eq!(decode(&in_charset(german, "windows-1252"), Some("iso-8859-1"), None).text, german);
        let french = "Où est passée ma commande ? Merci d'avance, Zoé";
        assert_eq!(decode(&in_charset(french, "windows-1252"), Some("ISO-8859-1"), None).text, french);
    }

    #[test]
    fn japanese_is_read_even_when_declared_as_ascii() {
        let text = "お問い合わせありがとうございます";
        let bytes = in_charset(text, "iso-2022-jp");
        assert_eq!(decode(&bytes, Some("ISO-2022-JP"), None).text, text);
        assert_eq!(decode(&bytes, Some("us-ascii"), None).text, text);
        assert_eq!(decode(&bytes, Some("utf-8"), None).text, text);
    }

    #[test]
    fn one_broken_letter_does_not_spoil_a_utf8_mail() {
        let mut bytes = PHRASE.as_bytes().to_vec();
        bytes.pop();
        bytes.push(0xD0);
        assert!(decode(&bytes, Some("utf-8"), None).text.starts_with("Здравствуйте! Посылка"));
    }

    #[test]
    fn nul_bytes_never_reach_the_text() {
        assert_eq!(decode(b"a\0b", None, None).text, "ab");
        assert_eq!(decode(b"a\0\xe9\0b", Some("iso-8859-1"), None).text, "aéb");
    }

    proptest! {
        #[test]
        fn any_bytes_give_nul_free_text(bytes: Vec<u8>, label in "[ -~]{0,12}", tld in "[ -~]{0,4}") {
            prop_assert!(!decode(&bytes, Some(&label), Some(&tld)).text.contains('\0'));
        }
    }
}
