//! Who a contact is: the person of a number, always the same for the same seed.

use crate::chance::Chance;
use crate::department::NAMED;
use crate::model::{Contact, Gender, Locale};
use crate::people::lists;

/// The part of chance that makes people.
const PEOPLE: u64 = 3;

/// Where the private customers of the demo have their mail.
const MAIL_HOSTS: [[&str; 5]; 2] = [
    ["pochta.example", "yashchik.example", "mail.example", "konvert.example", "golub.example"],
    ["post.example", "mailbox.example", "letters.example", "inbox.example", "pigeon.example"],
];

/// Private buyers, or people who keep a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Buyer,
    Shopkeeper,
}

/// The `number`th contact of this kind and language.
pub(crate) fn contact(seed: u64, locale: Locale, kind: Kind, number: usize) -> Contact {
    let class = locale as usize * 2 + kind as usize;
    let index = NAMED + number * 4 + class;
    let mut chance = Chance::of(seed, PEOPLE, index as u64);
    let names = lists().names(locale);
    let female = chance.percent(56);
    let gender = if female { Gender::Female } else { Gender::Male };
    let first = *chance.pick(if female { &names.women } else { &names.men });
    let surname = chance.pick(&names.surnames);
    let surname = if female { surname.1 } else { surname.0 };
    let name = format!("{first} {surname}");
    let (address, organization) = match kind {
        Kind::Buyer => {
            let host = chance.pick(&MAIL_HOSTS[locale as usize]);
            let separator = chance.pick(&[".", "_", "-"]);
            (format!("{}{separator}{}{number}@{host}", latin(first), latin(surname)), None)
        }
        Kind::Shopkeeper => shop_address(locale, number, first, surname),
    };
    Contact { index, name, address, organization, locale, gender }
}

fn shop_address(locale: Locale, number: usize, first: &str, surname: &str) -> (String, Option<usize>) {
    let shops = &lists().shops;
    let ours = || shops.iter().enumerate().filter(|(_, shop)| shop.locale == locale);
    let count = ours().count().max(1);
    let round = number / count;
    let Some((organization, shop)) = ours().nth(number % count) else {
        return (format!("{}{number}@shop.example", latin(first)), None);
    };
    let domain = shop.domain;
    let address = match round {
        0 => format!("{}@{domain}.example", latin(first)),
        1 => format!("{}.{}@{domain}.example", latin(first), latin(surname)),
        _ => format!("{}.{}{round}@{domain}.example", latin(first), latin(surname)),
    };
    (address, Some(organization))
}

/// A name as it is written in an address: Latin letters only.
pub(crate) fn latin(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        out.push_str(match letter {
            'a'..='z' | '0'..='9' => {
                out.push(letter);
                continue;
            }
            'а' | 'á' | 'à' | 'â' | 'ã' => "a",
            'б' => "b",
            'в' => "v",
            'г' => "g",
            'д' => "d",
            'е' | 'э' | 'é' | 'è' | 'ê' | 'ë' => "e",
            'ё' => "yo",
            'ж' => "zh",
            'з' => "z",
            'и' | 'í' | 'ï' => "i",
            'й' | 'ы' => "y",
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' | 'ñ' => "n",
            'о' | 'ó' | 'ô' | 'ø' => "o",
            'ö' => "oe",
            'п' => "p",
            'р' => "r",
            'с' | 'ç' => "s",
            'т' => "t",
            'у' | 'ú' => "u",
            'ü' => "ue",
            'ф' => "f",
            'х' => "h",
            'ц' => "ts",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "sch",
            'ю' => "yu",
            'я' => "ya",
            'ä' | 'å' => "a",
            'ß' => "ss",
            _ => "",
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_contacts_share_an_address() {
        let mut seen = std::collections::HashSet::new();
        for number in 0..2_000 {
            for locale in Locale::ALL {
                for kind in [Kind::Buyer, Kind::Shopkeeper] {
                    let contact = contact(1, locale, kind, number);
                    assert!(seen.insert(contact.address.clone()), "{contact:?}");
                }
            }
        }
    }

    #[test]
    fn names_become_latin_letters() {
        assert_eq!(latin("Щербакова"), "scherbakova");
        assert_eq!(latin("van der Berg"), "vanderberg");
        assert_eq!(latin("Müller"), "mueller");
    }
}
