//! Contacts from a file and back into one: mapped, taken in steps, every line accounted for.

use crate::house::House;
use opora_base::Store;
use opora_desk::contacts::fields::{self, Field};
use opora_desk::contacts::import::{self, Import, ImportForm};
use opora_desk::contacts::sheet::{self, Sheet};
use opora_desk::contacts::{self, AddressForm, AddressKind, Contact, ContactAsk, ContactChange};
use opora_desk::people::agents::{self, AgentChange};
use opora_desk::{Actor, ContactId};
use opora_testkit::engines;
use serde_json::json;
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

/// Every contact, whole, by their names; without numbers and times.
async fn everybody(house: &House) -> Vec<serde_json::Value> {
    let anna = house.anna.clone();
    let found: Vec<Contact> = house
        .store
        .read(move |tx| {
            let ids: Vec<ContactId> = tx.query("SELECT id FROM contact ORDER BY name", &[])?;
            ids.into_iter().map(|id| contacts::get(tx, &anna, id)).collect::<opora_desk::Result<_>>()
        })
        .await
        .unwrap();
    let plain = |contact: Contact| {
        json!({ "name": contact.name, "addresses": contact.addresses, "notes": contact.notes, "fields": contact.fields,
            "organization": contact.organization.map(|o| o.name) })
    };
    found.into_iter().map(plain).collect()
}

async fn reasons(house: &House, id: i64) -> Vec<String> {
    let anna = house.anna.clone();
    let bad = house.store.read(move |tx| import::bad_lines(tx, &anna, id)).await.unwrap();
    sheet::read(&bad).unwrap().lines.into_iter().map(|(_, cells)| format!("{}: {}", cells[0], cells[1])).collect()
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
        assert_eq!(lines[1], ["Ольга Ким", "olga@x.test", "+79123456789", "", "", "", "", "", "", ""]);
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

    async fn a_line_the_desk_refuses_is_a_bad_line_and_the_next_ones_are_taken(store: Store) {
        let house = House::new(store).await;
        let many: String = (0..51).map(|i| format!("n{i}@x.test ")).collect();
        let long = format!("{}@x.test", "a".repeat(220));
        let text = format!(
            "ФИО;Почта;Телефон;Фирма\nДлинная фирма;;;{}\nНевидимая фирма;;;\u{1}\nМного;{many};;\n;{long};;\nБез нуля\0;;;\nОльга;olga@x.test;;Acme\n",
            "Ф".repeat(201)
        );
        let done = run(&house, &sheet::read(text.as_bytes()).unwrap(), form(MAPPING, "update")).await;
        assert_eq!((done.state.as_str(), done.created, done.bad), ("done", 2, 4));
        assert_eq!(names(&house, &house.anna).await, ["Без нуля", "Ольга"], "nothing is left of the refused lines");
        let reasons = reasons(&house, done.id).await;
        assert_eq!(reasons.iter().map(|reason| &reason[..1]).collect::<Vec<_>>(), ["2", "3", "4", "5"]);
        assert!(reasons[2].contains("50"), "{reasons:?}");
    }

    async fn addresses_beyond_fifty_together_with_known_ones_are_a_bad_line(store: Store) {
        let house = House::new(store).await;
        let line = |from: usize, to: usize| -> String { (from..to).map(|i| format!("n{i}@x.test ")).collect() };
        let first = format!("ФИО;Почта\nОльга;{}\n", line(0, 40));
        run(&house, &sheet::read(first.as_bytes()).unwrap(), form(MAPPING, "update")).await;
        let second = format!("ФИО;Почта\nОльга Ким;{}\n", line(39, 60));
        let done = run(&house, &sheet::read(second.as_bytes()).unwrap(), form(MAPPING, "update")).await;
        assert_eq!((done.state.as_str(), done.updated, done.bad), ("done", 0, 1));
        assert_eq!(names(&house, &house.anna).await, ["Ольга"]);
    }

    async fn an_import_ends_when_its_importer_may_no_longer_change_contacts(store: Store) {
        let house = House::new(store).await;
        let agent = house.anna.agent.unwrap();
        for (active, failure) in [(true, "forbidden"), (false, "importer_gone")] {
            let sheet = sheet::read(b"name\nAnn\n").unwrap();
            let (anna, now, wanted, whole) = (house.anna.clone(), house.now, form(&[("name", "name")], "update"), sheet.clone());
            let id = house.write(move |tx| import::begin(tx, &anna, &wanted, &whole, now)).await.unwrap().id;
            let admin = house.admin.clone();
            house
                .write(move |tx| {
                    if active {
                        tx.exec("UPDATE role SET permissions = $1 WHERE key = 'agent'", opora_base::params![json!(["ticket.view"])])?;
                    } else {
                        agents::change(tx, &admin, agent, &AgentChange { active: Some(false), ..AgentChange::default() }, now)?;
                    }
                    Ok(())
                })
                .await
                .unwrap();
            let more = house.write(move |tx| import::step(tx, id, &sheet, now)).await.unwrap();
            let anna = house.anna.clone();
            let ended = house.store.read(move |tx| import::show(tx, &anna, id)).await.unwrap();
            let told = serde_json::to_value(&ended).unwrap();
            assert_eq!((more, ended.state.as_str(), &told["failure"]), (false, "failed", &json!(failure)));
        }
    }

    async fn what_was_exported_comes_in_again_unchanged(store: Store) {
        let house = House::new(store).await;
        let field = |key: &str, label: &str, kind: &str, choices: &[&str]| Field {
            key: key.into(),
            label: label.into(),
            kind: kind.into(),
            choices: choices.iter().map(|c| (*c).to_owned()).collect(),
        };
        let all = vec![
            field("plan", "Тариф", "choice", &["VIP", "vip"]),
            field("seats", "Места", "number", &[]),
            field("beta", "Бета", "flag", &[]),
            field("remark", "Заметки", "text", &[]),
            field("twin", "Тариф", "text", &[]),
        ];
        let (admin, now) = (house.admin.clone(), house.now);
        house.write(move |tx| fields::put(tx, &admin, "contact", &all, now)).await.unwrap();
        let address = |kind, address: &str| AddressForm { kind, address: address.into() };
        let olga = ContactChange {
            name: Some("=Ольга \"Оля\" Ким, ООО".into()),
            addresses: Some(vec![
                address(AddressKind::Mail, "z@x.test"),
                address(AddressKind::Mail, "a@x.test"),
                address(AddressKind::Phone, "+79123456789"),
                address(AddressKind::Phone, "88005553535"),
                address(AddressKind::Telegram, "@olga"),
                address(AddressKind::Telegram, "olga, work"),
                address(AddressKind::Whatsapp, "+7 912 345-67-89"),
                address(AddressKind::Viber, "79123456789"),
                address(AddressKind::Vk, "id1"),
                address(AddressKind::Other, "'стол; 5-й этаж"),
            ]),
            notes: Some("@ первая строка\nвторая; \"в кавычках\"".into()),
            organization: Some("Acme, Inc.".into()),
            fields: Some([
                ("plan".to_owned(), json!("vip")),
                ("seats".to_owned(), json!(9_007_199_254_740_993_i64)),
                ("beta".to_owned(), json!(false)),
                ("remark".to_owned(), json!("-минус")),
                ("twin".to_owned(), json!("'=апостроф")),
            ].into()),
            ..ContactChange::default()
        };
        let petr = ContactChange { name: Some("'Пётр".into()), addresses: Some(vec![address(AddressKind::Mail, "petr@x.test")]), ..ContactChange::default() };
        let anna = house.anna.clone();
        house.write(move |tx| { contacts::create(tx, &anna, &olga, now)?; contacts::create(tx, &anna, &petr, now) }).await.unwrap();
        let before = everybody(&house).await;
        let anna = house.anna.clone();
        let lines = house.store.read(move |tx| import::export(tx, &anna, 0, 100)).await.unwrap().0;
        let sheet = sheet::read(&sheet::write(lines).unwrap()).unwrap();
        let anna = house.anna.clone();
        let whole = sheet.clone();
        let guess = house.store.read(move |tx| import::preview(tx, &anna, "", &whole)).await.unwrap().guess;
        let wanted = ImportForm { upload: "0".repeat(64), mapping: guess, existing: "update".into() };
        let again = run(&house, &sheet, wanted.clone()).await;
        assert_eq!((again.updated, again.created, again.bad), (2, 0, 0), "{:?}", reasons(&house, again.id).await);
        assert_eq!(everybody(&house).await, before, "over what is there");
        house.write(|tx| { tx.exec("DELETE FROM contact_address", &[])?; tx.exec("DELETE FROM contact", &[])?; Ok(()) }).await.unwrap();
        let anew = run(&house, &sheet, wanted).await;
        assert_eq!((anew.created, anew.bad), (2, 0), "{:?}", reasons(&house, anew.id).await);
        assert_eq!(everybody(&house).await, before, "into an empty department");
    }

    async fn cells_beyond_the_first_line_make_a_bad_line(store: Store) {
        let house = House::new(store).await;
        let sheet = sheet::read(b"name,notes\nAnn,likes tea, and coffee\nBob,fine,,\n").unwrap();
        let done = run(&house, &sheet, form(&[("name", "name"), ("notes", "notes")], "update")).await;
        assert_eq!((done.created, done.bad), (1, 1));
        let reasons = reasons(&house, done.id).await;
        assert!(reasons[0].starts_with("2: ") && reasons[0].contains('3'), "{reasons:?}");
    }
}
