//! Contacts from a file and back into one: mapped, taken in steps, every line accounted for.

use crate::house::House;
use opora_base::Store;
use opora_desk::Actor;
use opora_desk::contacts::import::{self, Import, ImportForm};
use opora_desk::contacts::sheet::{self, Sheet};
use opora_desk::contacts::{self, ContactAsk};
use opora_testkit::engines;
use std::collections::BTreeMap;

fn form(mapping: &[(&str, &str)], existing: &str) -> ImportForm {
    let mapping: BTreeMap<String, Option<String>> =
        mapping.iter().map(|(column, target)| ((*column).to_owned(), Some((*target).to_owned()))).collect();
    ImportForm { upload: "0".repeat(64), mapping, existing: existing.into() }
}

async fn run(house: &House, sheet: &Sheet, form: ImportForm) -> Import {
    let (anna, now, whole) = (house.anna.clone(), house.now, sheet.clone());
    let begun = house.write(move |tx| import::begin(tx, &anna, &form, &whole, now)).await.unwrap();
    let id = begun.id;
    loop {
        let sheet = sheet.clone();
        if !house.write(move |tx| import::step(tx, id, &sheet, now)).await.unwrap() {
            break;
        }
    }
    let anna = house.anna.clone();
    house.store.read(move |tx| import::show(tx, &anna, id)).await.unwrap()
}

async fn names(house: &House, actor: &Actor) -> Vec<String> {
    let (actor, ask) = (actor.clone(), ContactAsk { by_name: true, limit: 1_000, ..ContactAsk::default() });
    let page = house.store.read(move |tx| contacts::list(tx, &actor, &ask)).await.unwrap();
    page.items.into_iter().map(|row| row.name).collect()
}

const MAPPING: &[(&str, &str)] = &[("ФИО", "name"), ("Почта", "mail"), ("Телефон", "phone"), ("Фирма", "organization")];

engines! {
    async fn every_line_becomes_a_contact_or_says_why_not(store: Store) {
        let house = House::new(store).await;
        let text = "ФИО;Почта;Телефон;Фирма\nОльга Ким;olga@x.test;+7 912 345-67-89;Acme\nБез почты;;;\n;only@mail.test;;\n;;+7 912;\nОпечатка;olga(at)x.test;;\nДва адреса;a@x.test, b@x.test;;Acme\n";
        let done = run(&house, &sheet::read(text.as_bytes()).unwrap(), form(MAPPING, "update")).await;
        assert_eq!((done.state.as_str(), done.total, done.created, done.bad), ("done", 6, 4, 2));
        assert_eq!(names(&house, &house.anna).await, ["only@mail.test", "Без почты", "Два адреса", "Ольга Ким"]);
        let (anna, id) = (house.anna.clone(), done.id);
        let bad = house.store.read(move |tx| import::bad_lines(tx, &anna, id)).await.unwrap();
        let bad = sheet::read(&bad).unwrap();
        assert_eq!(bad.lines.iter().map(|(_, cells)| cells[0].as_str()).collect::<Vec<_>>(), ["5", "6"]);
        assert!(bad.lines[1].1[1].contains("olga(at)x.test"), "{bad:?}");
    }

    async fn what_is_there_already_is_updated_or_left_alone(store: Store) {
        let house = House::new(store).await;
        let first = sheet::read("ФИО;Почта\nОльга;olga@x.test\n".as_bytes()).unwrap();
        run(&house, &first, form(MAPPING, "update")).await;
        let second = sheet::read("ФИО;Почта;Телефон\nОльга Ким;OLGA@x.test;+79123456789\n".as_bytes()).unwrap();
        let left = run(&house, &second, form(MAPPING, "skip")).await;
        assert_eq!((left.skipped, left.updated, left.created), (1, 0, 0));
        let changed = run(&house, &second, form(MAPPING, "update")).await;
        assert_eq!((changed.skipped, changed.updated, changed.created), (0, 1, 0));
        assert_eq!(names(&house, &house.anna).await, ["Ольга Ким"]);
        let anna = house.anna.clone();
        let (lines, next) = house.store.read(move |tx| import::export(tx, &anna, 0, 10)).await.unwrap();
        assert_eq!(next, None);
        assert_eq!(lines[1], ["Ольга Ким", "olga@x.test", "+79123456789", "", ""]);
    }

    async fn a_long_file_goes_on_where_it_stopped_and_can_be_stopped(store: Store) {
        let house = House::new(store).await;
        let text: String = std::iter::once("name,mail\n".to_owned()).chain((0..250).map(|i| format!("N{i:03},n{i}@x.test\n"))).collect();
        let sheet = sheet::read(text.as_bytes()).unwrap();
        let wanted = form(&[("name", "name"), ("mail", "mail")], "update");
        let (anna, now, whole) = (house.anna.clone(), house.now, sheet.clone());
        let id = house.write(move |tx| import::begin(tx, &anna, &wanted, &whole, now)).await.unwrap().id;
        let whole = sheet.clone();
        assert!(house.write(move |tx| import::step(tx, id, &whole, now)).await.unwrap());
        let (boris, anna) = (house.boris.clone(), house.anna.clone());
        assert_eq!(house.store.read(move |tx| import::show(tx, &boris, id)).await.unwrap_err().code(), "not_found");
        let stopped = house.write(move |tx| import::cancel(tx, &anna, id)).await.unwrap();
        assert_eq!((stopped.state.as_str(), stopped.created), ("cancelled", 100));
        let whole = sheet.clone();
        assert!(!house.write(move |tx| import::step(tx, id, &whole, now)).await.unwrap());
        assert_eq!(names(&house, &house.anna).await.len(), 100);
    }

    async fn a_mapping_that_makes_no_contact_is_refused(store: Store) {
        let house = House::new(store).await;
        let sheet = sheet::read(b"a,b\n1,2\n").unwrap();
        for wrong in [form(&[("a", "phone")], "update"), form(&[("a", "weather")], "update"), form(&[("a", "field:nope"), ("b", "name")], "update")] {
            let (anna, now, whole) = (house.anna.clone(), house.now, sheet.clone());
            let refused = house.write(move |tx| import::begin(tx, &anna, &wrong, &whole, now)).await.unwrap_err();
            assert_eq!(refused.code(), "validation");
        }
    }
}
