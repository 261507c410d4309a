//! The people and companies of the demo: names, shops, goods, cities, and how a contact is made of an index. A contact is
//! a pure function of its number, so a million tickets need no list of contacts in memory. All addresses are under
//! `.example`, which RFC 2606 keeps free of real owners.

mod lists;
mod names;

pub(crate) use lists::{City, Item, Lists, Shop, lists};
pub(crate) use names::{Kind, contact};
