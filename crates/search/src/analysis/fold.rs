//! Evens out writing: case, ё, accents, invisible characters, and Latin letters slipped into a Cyrillic word.
//!
//! Promises that two spellings a reader does not tell apart give the same string, and that folding twice changes nothing.

/// Longest word kept, in characters; a longer one is cut, the same way when indexed and when asked for.
pub(crate) const LONGEST_WORD: usize = 64;

const LATIN: &str = "aceopxykmtbh";
const CYRILLIC: &str = "асеорхукмтвн";

/// Appends the folded form of `word` to `out`.
pub(crate) fn fold(word: &str, out: &mut String) {
    let start = out.len();
    let (mut latin, mut cyrillic, mut kept) = (false, false, 0);
    for c in word.chars() {
        if kept == LONGEST_WORD {
            break;
        }
        if c.is_ascii() {
            latin |= c.is_ascii_alphabetic();
            out.push(c.to_ascii_lowercase());
            kept += 1;
            continue;
        }
        if let 'а'..='я' | 'А'..='Я' = c {
            cyrillic = true;
            // Capitals lie 32 places before their small letters.
            out.push(if c < 'а' { char::from_u32(u32::from(c) + 32).unwrap_or(c) } else { c });
            kept += 1;
            continue;
        }
        match c {
            '\u{306}' if out[start..].ends_with('и') => {
                out.pop();
                out.push('й');
            }
            '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            _ => {
                for lower in c.to_lowercase() {
                    let plain = plain(lower);
                    cyrillic |= is_cyrillic(lower);
                    latin |= plain.chars().any(|c| c.is_ascii_alphabetic());
                    out.extend(plain.chars());
                }
                kept += 1;
            }
        }
    }
    if latin && cyrillic {
        unmask(start, out);
    }
}

/// Is `c` a Cyrillic letter?
pub(crate) fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// A lower-case letter without its accent; ё is е, й stays what it is.
fn plain(c: char) -> Plain {
    let text = match c {
        'ё' => "е",
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' | 'ŧ' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        '０'..='９' | 'ａ'..='ｚ' => {
            return Plain::One(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c));
        }
        _ => return Plain::One(c),
    };
    Plain::Text(text)
}

enum Plain {
    One(char),
    Text(&'static str),
}

impl Plain {
    fn chars(&self) -> impl Iterator<Item = char> + '_ {
        let (one, text) = match self {
            Plain::One(c) => (Some(*c), ""),
            Plain::Text(text) => (None, *text),
        };
        one.into_iter().chain(text.chars())
    }
}

/// A Cyrillic word with Latin look-alikes in it («Cпасибо» typed with a Latin C) becomes all Cyrillic; any other mixture stays.
fn unmask(start: usize, out: &mut String) {
    let mut word = String::with_capacity(out.len() - start);
    for c in out[start..].chars() {
        if !c.is_ascii_alphabetic() {
            word.push(c);
            continue;
        }
        match LATIN.chars().zip(CYRILLIC.chars()).find(|(latin, _)| *latin == c) {
            Some((_, cyrillic)) => word.push(cyrillic),
            None => return,
        }
    }
    out.truncate(start);
    out.push_str(&word);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(word: &str) -> String {
        let mut out = String::new();
        fold(word, &mut out);
        out
    }

    #[test]
    fn yo_is_ye_however_it_is_encoded() {
        assert_eq!(folded("Ёлка"), "елка");
        assert_eq!(folded("Е\u{308}лка"), "елка");
    }

    #[test]
    fn short_i_keeps_its_breve_when_it_comes_in_two_characters() {
        assert_eq!(folded("МОИ\u{306}"), folded("мой"));
        assert_eq!(folded("мой"), "мой");
    }

    #[test]
    fn accents_and_wide_letters_are_plain_letters() {
        assert_eq!(folded("Müller"), "muller");
        assert_eq!(folded("Mu\u{308}ller"), "muller");
        assert_eq!(folded("Straße"), "strasse");
        assert_eq!(folded("ＡＢ１２"), "ab12");
    }

    #[test]
    fn a_latin_letter_inside_a_russian_word_is_taken_for_the_russian_one() {
        assert_eq!(folded("Cпасибо"), "спасибо");
        assert_eq!(folded("usb-кабель"), "usb-кабель");
    }

    #[test]
    fn a_word_without_end_is_cut() {
        assert_eq!(folded(&"ж".repeat(10_000)).chars().count(), LONGEST_WORD);
    }
}
