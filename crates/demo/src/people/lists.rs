//! The lists kept in the text files of this folder, read once. A line that does not fit is left out, and a test counts
//! the lines, so nothing is lost unseen.

use std::sync::LazyLock;

use crate::model::Locale;
use crate::phrase::Agreement;

/// A thing one buys.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) nominative: &'static str,
    pub(crate) genitive: &'static str,
    pub(crate) accusative: &'static str,
    pub(crate) agreement: Agreement,
    pub(crate) english: &'static str,
}

/// Where a customer lives.
#[derive(Debug)]
pub(crate) struct City {
    pub(crate) nominative: &'static str,
    pub(crate) genitive: &'static str,
    pub(crate) inside: &'static str,
    pub(crate) english: &'static str,
    /// Hours east of Greenwich of the Russian city.
    pub(crate) hours: i8,
}

/// First and last names of one language; surnames have a male and a female form.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) men: Vec<&'static str>,
    pub(crate) women: Vec<&'static str>,
    pub(crate) surnames: Vec<(&'static str, &'static str)>,
}

/// A customer's shop.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) name: &'static str,
    pub(crate) domain: &'static str,
    pub(crate) goods: &'static str,
    pub(crate) locale: Locale,
}

/// Goods of one kind: Russian and English titles.
#[derive(Debug)]
pub(crate) struct Goods {
    pub(crate) kind: &'static str,
    pub(crate) titles: Vec<[&'static str; 2]>,
}

/// Everything from the text files.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    names: [Names; 2],
    pub(crate) shops: Vec<Shop>,
    pub(crate) goods: Vec<Goods>,
    pub(crate) items: Vec<Item>,
    pub(crate) cities: Vec<City>,
}

impl Lists {
    pub(crate) fn names(&self, locale: Locale) -> &Names {
        &self.names[locale as usize]
    }

    /// The titles that a shop of this kind sells; any goods when the kind is unknown.
    pub(crate) fn titles(&self, kind: &str) -> &[[&'static str; 2]] {
        let found = self.goods.iter().find(|goods| goods.kind == kind).or(self.goods.first());
        found.map_or(&[], |goods| &goods.titles)
    }
}

/// The lists, read on first use.
pub(crate) fn lists() -> &'static Lists {
    static LISTS: LazyLock<Lists> = LazyLock::new(read);
    &LISTS
}

/// Lines with the section (`== name`) they stand in; `%` begins a comment.
fn lines(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut section = "";
    text.lines().filter_map(move |line| {
        let line = line.trim();
        if let Some(name) = line.strip_prefix("== ") {
            section = name;
            return None;
        }
        (!line.is_empty() && !line.starts_with('%')).then_some((section, line))
    })
}

fn cells<const N: usize>(line: &'static str) -> Option<[&'static str; N]> {
    let cells: Vec<&'static str> = line.split('|').map(str::trim).collect();
    cells.try_into().ok()
}

fn read() -> Lists {
    Lists {
        names: [names(include_str!("ru.txt"), true), names(include_str!("en.txt"), false)],
        shops: shops(),
        goods: goods(),
        items: items(),
        cities: cities(),
    }
}

fn names(text: &'static str, two_forms: bool) -> Names {
    let mut names = Names::default();
    for (section, line) in lines(text) {
        let (first, second) = line.split_once(' ').unwrap_or((line, line));
        match section {
            "men" => names.men.push(first),
            "women" => names.women.push(line),
            "surnames" if two_forms => names.surnames.push((first, second)),
            "surnames" => names.surnames.push((line, line)),
            _ => {}
        }
    }
    names
}

fn shops() -> Vec<Shop> {
    lines(include_str!("shops.txt"))
        .filter_map(|(section, line)| {
            let [name, domain, goods] = cells(line)?;
            Some(Shop { name, domain, goods, locale: if section == "ru" { Locale::Ru } else { Locale::En } })
        })
        .collect()
}

fn goods() -> Vec<Goods> {
    let mut all: Vec<Goods> = Vec::new();
    for (kind, line) in lines(include_str!("goods.txt")) {
        let Some(titles) = cells(line) else { continue };
        match all.last_mut().filter(|goods| goods.kind == kind) {
            Some(goods) => goods.titles.push(titles),
            None => all.push(Goods { kind, titles: vec![titles] }),
        }
    }
    all
}

fn items() -> Vec<Item> {
    lines(include_str!("items.txt"))
        .filter_map(|(_, line)| {
            let [nominative, genitive, accusative, agreement, english] = cells(line)?;
            let agreement = match agreement {
                "m" => Agreement::Masculine,
                "f" => Agreement::Feminine,
                "n" => Agreement::Neuter,
                "p" => Agreement::Plural,
                _ => return None,
            };
            Some(Item { nominative, genitive, accusative, agreement, english })
        })
        .collect()
}

fn cities() -> Vec<City> {
    lines(include_str!("cities.txt"))
        .filter_map(|(_, line)| {
            let [nominative, genitive, inside, english, hours] = cells(line)?;
            Some(City { nominative, genitive, inside, english, hours: hours.parse().ok()? })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &'static str) -> usize {
        lines(text).count()
    }

    #[test]
    fn no_line_of_a_list_is_lost() {
        let lists = lists();
        assert_eq!(lists.shops.len(), count(include_str!("shops.txt")));
        assert_eq!(lists.goods.iter().map(|goods| goods.titles.len()).sum::<usize>(), count(include_str!("goods.txt")));
        assert_eq!(lists.items.len(), count(include_str!("items.txt")));
        assert_eq!(lists.cities.len(), count(include_str!("cities.txt")));
        for locale in Locale::ALL {
            let names = lists.names(locale);
            assert!(names.men.len() > 30 && names.women.len() > 30 && names.surnames.len() > 60);
        }
    }

    #[test]
    fn every_shop_sells_goods_we_know() {
        let lists = lists();
        for shop in &lists.shops {
            assert!(lists.goods.iter().any(|goods| goods.kind == shop.goods), "{}: {}", shop.name, shop.goods);
        }
    }
}
