//! Slots: the values that a phrase leaves open, the same in all messages of one ticket: an order number stays that order
//! number. Russian values come in the cases that phrases need, written by hand in the lists.

use std::fmt::Write;

use crate::calendar;
use crate::chance::Chance;
use crate::model::Locale;
use crate::people::{City, Item, Lists};

macro_rules! slots {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// An open place in a phrase.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Slot { $($variant),* }
        impl Slot {
            /// The slot a phrase means by `<name>`.
            pub(crate) fn named(name: &str) -> Option<Slot> {
                match name { $($name => Some(Slot::$variant),)* _ => None }
            }
        }
    };
}

slots! {
    Order = "order",
    Product = "product",
    Item = "item",
    ItemOf = "item.of",
    ItemAcc = "item.acc",
    Amount = "amount",
    City = "city",
    CityOf = "city.of",
    InCity = "in.city",
    Earlier = "earlier",
    Later = "later",
    Hour = "hour",
    Track = "track",
    Carrier = "carrier",
    Shop = "shop",
    Domain = "domain",
    Version = "version",
    Policy = "policy",
    Key = "key",
    Card = "card",
    Code = "code",
    Promo = "promo",
    Invoice = "invoice",
    Task = "task",
    Many = "many",
    Few = "few",
    Name = "name",
    FullName = "full.name",
    Agent = "agent",
    Brand = "brand",
}

/// The values of one ticket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) locale: Locale,
    pub(crate) name: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) brand: &'a str,
    pub(crate) shop: &'a str,
    pub(crate) domain: &'a str,
    pub(crate) item: &'static Item,
    pub(crate) city: &'static City,
    product: &'static str,
    at: i64,
    dice: u64,
    few: i64,
    many: i64,
}

const CARRIERS: [[&str; 4]; 2] = [
    ["«Стриж-Экспресс»", "«Почтальон Плюс»", "«Белый фургон»", "«Пункт 24»"],
    ["Swift Parcel", "Blue Van", "Postbird", "Corner Collect"],
];
const PROMOS: [&str; 8] = ["AUTUMN15", "HELLO10", "WINTER20", "CLUB7", "SPRING12", "BIRTHDAY", "COMEBACK", "FREESHIP"];
const CODES: [&str; 8] = ["E-1042", "E-2207", "422", "503", "E-3310", "409", "E-7001", "413"];
const MONTHS_OF: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl<'a> Values<'a> {
    /// Draws the values of a ticket that begins at `at` (seconds). `goods` are the titles its shop sells; the three
    /// lists must not be empty.
    pub(crate) fn draw(
        locale: Locale,
        at: i64,
        lists: &'static Lists,
        goods: &'static [[&'static str; 2]],
        chance: &mut Chance,
    ) -> Self {
        Values {
            locale,
            name: "",
            agent: "",
            brand: "",
            shop: "",
            domain: "",
            item: chance.pick(&lists.items),
            city: chance.pick(&lists.cities),
            product: chance.pick(goods)[locale as usize],
            at,
            dice: chance.bits(),
            few: chance.between(2, 4),
            many: chance.between(1, 47) * 10 + chance.between(5, 9),
        }
    }

    /// A number of this ticket: the same for the same `salt`.
    fn number(&self, salt: u64, low: u64, high: u64) -> u64 {
        low + self.dice.rotate_left(salt as u32 * 7).wrapping_mul(0x9e37_79b9_7f4a_7c15 | 1) % (high - low + 1)
    }

    fn date(&self, days: i64, out: &mut String) {
        let date = calendar::local(self.at + days * 86_400, 3).date();
        let month = date.month() as usize - 1;
        let name = if self.locale == Locale::Ru { MONTHS_OF[month] } else { MONTHS[month] };
        let _ = write!(out, "{} {name}", date.day());
    }

    /// Writes the value of a slot.
    pub(crate) fn write(&self, slot: Slot, out: &mut String) {
        let russian = self.locale == Locale::Ru;
        let locale = self.locale as usize;
        match slot {
            Slot::Product => out.push_str(self.product),
            Slot::Item if !russian => out.push_str(self.item.english),
            Slot::ItemOf if !russian => out.push_str(self.item.english),
            Slot::ItemAcc if !russian => out.push_str(self.item.english),
            Slot::Item => out.push_str(self.item.nominative),
            Slot::ItemOf => out.push_str(self.item.genitive),
            Slot::ItemAcc => out.push_str(self.item.accusative),
            Slot::City | Slot::CityOf if !russian => out.push_str(self.city.english),
            Slot::City => out.push_str(self.city.nominative),
            Slot::CityOf => out.push_str(self.city.genitive),
            Slot::InCity if russian => out.push_str(self.city.inside),
            Slot::Earlier => self.date(-(self.number(1, 2, 9) as i64), out),
            Slot::Later => self.date(self.number(2, 3, 8) as i64, out),
            Slot::Carrier => out.push_str(CARRIERS[locale][self.number(3, 0, 3) as usize]),
            Slot::Promo => out.push_str(PROMOS[self.number(4, 0, 7) as usize]),
            Slot::Code => out.push_str(CODES[self.number(5, 0, 7) as usize]),
            Slot::Shop => out.push_str(self.shop),
            Slot::Domain => out.push_str(self.domain),
            Slot::Name => out.push_str(self.name.split(' ').next().unwrap_or(self.name)),
            Slot::FullName => out.push_str(self.name),
            Slot::Agent => out.push_str(self.agent),
            Slot::Brand => out.push_str(self.brand),
            _ => self.write_number(slot, out),
        }
    }

    fn write_number(&self, slot: Slot, out: &mut String) {
        let _ = match slot {
            Slot::InCity => write!(out, "in {}", self.city.english),
            Slot::Order => write!(out, "{}", self.number(6, 100_000, 999_999)),
            Slot::Amount if self.locale == Locale::Ru => {
                let (thousands, rest) = (self.number(7, 1, 38), self.number(8, 0, 99) * 10);
                write!(out, "{thousands}\u{a0}{rest:03}\u{a0}₽")
            }
            Slot::Amount => write!(out, "€{}.{:02}", self.number(7, 12, 380), self.number(8, 0, 9) * 10),
            Slot::Hour => write!(out, "{}:{:02}", self.number(9, 8, 21), self.number(10, 0, 11) * 5),
            Slot::Track => write!(out, "LK{:010}", self.number(11, 1_000_000_000, 9_999_999_999)),
            Slot::Version => write!(out, "{}.{}", self.number(12, 6, 9), self.number(13, 0, 14)),
            Slot::Policy => write!(out, "TG-{:07}", self.number(14, 1_000_000, 9_999_999)),
            Slot::Key => write!(out, "vk_{:08x}", self.number(15, 0x1000_0000, 0xffff_ffff)),
            Slot::Card => write!(out, "{:04}", self.number(16, 0, 9_999)),
            Slot::Invoice => write!(out, "{}", self.number(17, 1_000, 98_999)),
            Slot::Task => write!(out, "DEV-{}", self.number(18, 400, 9_400)),
            Slot::Many => write!(out, "{}", self.many),
            Slot::Few => write!(out, "{}", self.few),
            _ => Ok(()),
        };
    }
}
