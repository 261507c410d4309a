//! A price table as shops send them: semicolons and a byte order mark in Russia, commas elsewhere (RFC 4180).

use crate::chance::Chance;
use crate::model::Locale;
use crate::people::lists;

pub(super) fn prices(locale: Locale, rows: usize, chance: &mut Chance) -> Vec<u8> {
    let (head, separator) = match locale {
        Locale::Ru => ("\u{feff}артикул;название;цена;остаток\r\n", ';'),
        Locale::En => ("sku,title,price,stock\r\n", ','),
    };
    let mut out = String::from(head);
    for row in 0..rows {
        let goods = chance.pick(&lists().goods);
        let title = chance.pick(&goods.titles)[locale as usize].replace('"', "\"\"");
        let (price, stock) = (chance.between(90, 9_900), chance.between(0, 140));
        let sku = 10_200 + row * 7;
        out.push_str(&format!("A-{sku}{separator}\"{title}\"{separator}{price}.00{separator}{stock}\r\n"));
    }
    out.into_bytes()
}
