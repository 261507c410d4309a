//! Takes endings off: Cyrillic words by the Russian Snowball rules, Latin ones by the English ones.
//!
//! Snowball knows endings only. Three things people expect are added: vowels that come and go inside the stem (посылок is посылка's, звонка
//! is звонок's), the imperatives in -ьте (отправьте), and the closed list of irregular forms (paid, children, пришёл, денег) in [`IRREGULAR`]. Words with digits or joiners
//! stay as they are. A change here changes what the index holds: raise [`crate::document::VERSION`] with it (a new release of the
//! stemmer, `frostem`, included).

use std::collections::HashMap;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::fold::is_cyrillic;

/// Appends the stem of a folded `word` to `out`.
pub(crate) fn stem(word: &str, out: &mut String) {
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        out.push_str(&ENGLISH.stem(regular(word)));
    } else if word.chars().all(is_cyrillic) {
        let start = out.len();
        match word.strip_suffix("ьте") {
            Some(bidden) => out.push_str(&RUSSIAN.stem(regular(&format!("{bidden}ите")))),
            None => out.push_str(&RUSSIAN.stem(regular(word))),
        }
        drop_fleeting_vowel(start, out);
    } else {
        out.push_str(word);
    }
}

static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));
static RUSSIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::Russian));

/// The dictionary form of an irregular word, or the word itself.
fn regular(word: &str) -> &str {
    FORMS.get(word).copied().unwrap_or(word)
}

/// «посылок», «звонок», «карточек», «наклеек», «продавец», «пришел» lose the vowel that their other forms do not have.
fn drop_fleeting_vowel(start: usize, out: &mut String) {
    let stem = &out[start..];
    if stem.chars().count() < 4 {
        return;
    }
    let (cut, ending) = if let Some(before) = stem.strip_suffix("ок") {
        (before, "к")
    } else if let Some(before) = stem.strip_suffix("ек") {
        (before, if before.ends_with(is_vowel) { "йк" } else { "к" })
    } else if let Some(before) = stem.strip_suffix("ец") {
        (before, "ц")
    } else if let Some(before) = stem.strip_suffix("шел") {
        (before, "шл")
    } else {
        return;
    };
    if ending == "к" && cut.ends_with(is_vowel) {
        return;
    }
    let keep = start + cut.len();
    out.truncate(keep);
    out.push_str(ending);
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я')
}

static FORMS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut forms = HashMap::new();
    for line in IRREGULAR.lines() {
        if let Some((base, others)) = line.split_once(':') {
            forms.extend(others.split_whitespace().map(|form| (form, base)));
        }
    }
    forms
});

/// Dictionary form, then the forms that no ending rule leads back to it. Forms that are also another common word are left out.
const IRREGULAR: &str = include_str!("irregular.txt");

#[cfg(test)]
mod tests {
    use super::*;

    fn stemmed(word: &str) -> String {
        let mut out = String::new();
        stem(word, &mut out);
        out
    }

    fn one_stem(words: &str) {
        let stems: Vec<String> = words.split_whitespace().map(stemmed).collect();
        assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{words}: {stems:?}");
    }

    #[test]
    fn the_forms_of_a_russian_noun_are_one_word() {
        one_stem("посылка посылки посылку посылкой посылке посылок посылками");
        one_stem("звонок звонка звонки звонков");
        one_stem("карточка карточки карточек карточкой");
        one_stem("наклейка наклеек наклейками");
        one_stem("продавец продавца продавцы");
        one_stem("деньги денег деньгами");
        one_stem("письмо письма писем письмом");
    }

    #[test]
    fn the_forms_of_a_russian_verb_are_one_word() {
        one_stem("пришел пришла пришло пришли придет прийти");
        one_stem("оплатил оплатила оплатили оплатить оплачено");
        one_stem("вернуть верните вернули вернул верну вернется");
        one_stem("отправить отправьте отправили отправляете");
        one_stem("прислать пришлите прислали");
    }

    #[test]
    fn a_deed_and_its_name_are_one_word_where_support_says_both() {
        one_stem("заказ заказать заказывал закажу");
        one_stem("доставка доставить доставлено доставьте");
        one_stem("отмена отменить отмену отменили");
        one_stem("обмен обмену обменять");
        one_stem("помощь помочь помогите");
    }

    #[test]
    fn words_that_the_ending_rules_cut_too_short_are_one_word_still() {
        one_stem("проблема проблемы проблем проблему");
        one_stem("система систему систем");
        one_stem("отзыв отзыва отзывы");
        one_stem("деталь детали деталей");
    }

    #[test]
    fn the_forms_of_an_english_word_are_one_word() {
        one_stem("battery batteries");
        one_stem("pay paid pays paying");
        one_stem("withdraw withdrew withdrawn withdrawing");
        one_stem("child children");
    }

    #[test]
    fn different_words_stay_different() {
        assert_ne!(stemmed("посылка"), stemmed("письмо"));
        assert_ne!(stemmed("срок"), stemmed("сорок"));
        assert_ne!(stemmed("order"), stemmed("odour"));
    }

    #[test]
    fn numbers_and_addresses_have_no_ending() {
        for word in ["ab12345", "anna.petrova@example.com", "2024-05-17"] {
            assert_eq!(stemmed(word), word);
        }
    }

    #[test]
    fn every_irregular_form_is_listed_once_and_folded() {
        let mut seen = std::collections::HashSet::new();
        for form in
            IRREGULAR.lines().filter_map(|line| line.split_once(':')).flat_map(|(_, forms)| forms.split_whitespace())
        {
            assert!(seen.insert(form), "{form} twice");
            assert!(!form.contains('ё'), "{form} is not folded");
        }
    }
}
