//! Contacts and organizations: every kind of address, fields, domains, two made one and two again.

use crate::house::{House, mail};
use opora_base::Store;
use opora_desk::actor::Sight;
use opora_desk::contacts::fields::{self, Field};
use opora_desk::contacts::merge::{self, Pair};
use opora_desk::contacts::organizations::{self, OrganizationChange};
use opora_desk::contacts::{self, AddressForm, AddressKind, Contact, ContactAsk, ContactChange};
use opora_desk::tickets;
use opora_desk::{ContactId, Result, TicketId};
use opora_testkit::engines;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn address(kind: AddressKind, address: &str) -> AddressForm {
    AddressForm { kind, address: address.into() }
}

fn named(name: &str, addresses: Vec<AddressForm>) -> ContactChange {
    ContactChange { name: Some(name.into()), addresses: Some(addresses), ..ContactChange::default() }
}

async fn make(house: &House, form: ContactChange) -> Result<Contact> {
    let (actor, now) = (house.anna.clone(), house.now);
    house.write(move |tx| contacts::create(tx, &actor, &form, now)).await
}

async fn change(house: &House, id: ContactId, form: ContactChange) -> Result<Contact> {
    let (actor, now) = (house.anna.clone(), house.now);
    house.write(move |tx| contacts::change(tx, &actor, id, &form, now)).await
}

async fn get(house: &House, id: ContactId) -> Result<Contact> {
    let actor = house.anna.clone();
    house.store.read(move |tx| contacts::get(tx, &actor, id)).await
}

async fn names(house: &House, ask: ContactAsk) -> Vec<String> {
    let actor = house.anna.clone();
    let page = house.store.read(move |tx| contacts::list(tx, &actor, &ask)).await.unwrap();
    page.items.into_iter().map(|row| row.name).collect()
}

async fn writes(house: &House, from: &str, id: &str) -> ContactId {
    house.mail(&mail(from, id, "Вопрос", "", "Текст")).await;
    let key = from.rsplit_once('<').map_or(from, |(_, address)| address.trim_end_matches('>'));
    house.list(&house.admin, &format!("contact:{key}")).await.items[0].contact.id
}

/// Everybody whose name, or one of whose addresses, holds this.
async fn found(house: &House, text: &str) -> Vec<String> {
    names(house, ContactAsk { text: text.into(), limit: 10, ..ContactAsk::default() }).await
}

async fn merge_two(house: &House, keep: ContactId, merge: ContactId) -> i64 {
    let (anna, now) = (house.anna.clone(), house.now);
    house.write(move |tx| merge::merge(tx, &anna, Pair { keep, merge }, now)).await.unwrap().id
}

async fn undo(house: &House, merge: i64) -> Result<Contact> {
    let (anna, now) = (house.anna.clone(), house.now);
    house.write(move |tx| merge::undo(tx, &anna, merge, now)).await
}

/// To whom an answer in this ticket goes.
async fn answered_to(house: &House, ticket: TicketId) -> Vec<String> {
    let admin = house.admin.clone();
    let frame = house.store.read(move |tx| tickets::frame(tx, &admin, ticket, None)).await.unwrap();
    frame.to.into_iter().map(|to| to.address).collect()
}

engines! {
    async fn a_contact_is_reached_by_many_ways_and_each_way_is_one_contacts(store: Store) {
        let house = House::new(store).await;
        let olga = make(&house, named("Ольга Ким", vec![
            address(AddressKind::Phone, "+7 (912) 345-67-89"),
            address(AddressKind::Mail, "Olga@Customer.test"),
            address(AddressKind::Telegram, "@olga"),
            address(AddressKind::Mail, "ok@home.test"),
        ])).await.unwrap();
        let ways: Vec<(&str, &str, bool)> = olga.addresses.iter().map(|a| (a.kind.text(), a.address.as_str(), a.main)).collect();
        assert_eq!(ways[0], ("mail", "Olga@Customer.test", true));
        assert!(ways.contains(&("phone", "+79123456789", false)) && ways.contains(&("telegram", "@olga", false)), "{ways:?}");
        assert_eq!(writes(&house, "ok@home.test", "1@c.test").await, olga.id, "mail from any of them is hers");
        let taken = make(&house, named("Другая", vec![address(AddressKind::Mail, "OK@home.test")])).await.unwrap_err();
        assert_eq!(taken.code(), "validation");
        for (kind, wrong) in [(AddressKind::Mail, "olga"), (AddressKind::Phone, "12"), (AddressKind::Phone, "звонить вечером"), (AddressKind::Phone, "7+912"), (AddressKind::Vk, " ")] {
            assert_eq!(make(&house, named("x", vec![address(kind, wrong)])).await.unwrap_err().code(), "validation", "{wrong}");
        }
        assert_eq!(names(&house, ContactAsk { text: "ким".into(), limit: 10, ..ContactAsk::default() }).await, ["Ольга Ким"]);
    }

    async fn a_change_unawares_is_refused(store: Store) {
        let house = House::new(store).await;
        let olga = make(&house, named("Ольга", vec![])).await.unwrap();
        change(&house, olga.id, ContactChange { notes: Some("VIP".into()), version: Some(olga.version), ..ContactChange::default() }).await.unwrap();
        let late = change(&house, olga.id, ContactChange { name: Some("Поздно".into()), version: Some(olga.version), ..ContactChange::default() }).await;
        assert_eq!(late.unwrap_err().code(), "ticket_changed");
        for wrong in [
            ContactChange { time_zone: Some("Moon/Base".into()), ..ContactChange::default() },
            ContactChange { locale: Some("fr".into()), ..ContactChange::default() },
            ContactChange { name: Some(" ".into()), ..ContactChange::default() },
            ContactChange { fields: Some([("colour".to_owned(), json!("red"))].into()), ..ContactChange::default() },
        ] {
            assert_eq!(change(&house, olga.id, wrong).await.unwrap_err().code(), "validation");
        }
        let zone = ContactChange { time_zone: Some("Asia/Vladivostok".into()), locale: Some("ru".into()), ..ContactChange::default() };
        assert_eq!(change(&house, olga.id, zone).await.unwrap().time_zone, "Asia/Vladivostok");
    }

    async fn fields_hold_what_they_are_for(store: Store) {
        let house = House::new(store).await;
        let field = |key: &str, kind: &str, choices: &[&str]| Field {
            key: key.into(),
            label: key.into(),
            kind: kind.into(),
            choices: choices.iter().map(|c| (*c).to_owned()).collect(),
        };
        let all = vec![field("contract", "text", &[]), field("seats", "number", &[]), field("until", "date", &[]), field("plan", "choice", &["basic", "vip"]), field("beta", "flag", &[])];
        let (admin, anna, now) = (house.admin.clone(), house.anna.clone(), house.now);
        let wanted = all.clone();
        let refused = house.write(move |tx| fields::put(tx, &anna, "contact", &wanted, now)).await.unwrap_err();
        assert_eq!(refused.code(), "forbidden");
        let wanted = all.clone();
        assert_eq!(house.write(move |tx| fields::put(tx, &admin, "contact", &wanted, now)).await.unwrap(), all);
        let olga = make(&house, named("Ольга", vec![])).await.unwrap();
        let values = |list: &[(&str, Value)]| ContactChange { fields: Some(list.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect::<BTreeMap<_, _>>()), ..ContactChange::default() };
        let full = values(&[("contract", json!("17-Б")), ("seats", json!(5)), ("until", json!("2027-01-31")), ("plan", json!("vip")), ("beta", json!(true))]);
        assert_eq!(change(&house, olga.id, full).await.unwrap().fields.len(), 5);
        let kept = change(&house, olga.id, values(&[("plan", Value::Null)])).await.unwrap();
        assert_eq!((kept.fields.len(), kept.fields.get("seats")), (4, Some(&json!(5))));
        for wrong in [("seats", json!("five")), ("until", json!("31.01.2027")), ("plan", json!("gold")), ("beta", json!("yes")), ("contract", json!("x".repeat(2_001)))] {
            assert_eq!(change(&house, olga.id, values(&[wrong])).await.unwrap_err().code(), "validation");
        }
    }

    async fn whoever_writes_from_an_organizations_domain_belongs_to_it(store: Store) {
        let house = House::new(store).await;
        let (anna, now) = (house.anna.clone(), house.now);
        let form = OrganizationChange { name: Some("Acme".into()), domains: Some(vec!["@Acme.test".into()]), ..OrganizationChange::default() };
        let acme = house.write(move |tx| organizations::create(tx, &anna, &form, now)).await.unwrap();
        let writer = writes(&house, "boss@acme.test", "1@c.test").await;
        assert_eq!(get(&house, writer).await.unwrap().organization.unwrap().id, acme.id);
        assert_eq!(house.list(&house.admin, "org:acme").await.total, 1);
        let (anna, now) = (house.anna.clone(), house.now);
        let twin = OrganizationChange { name: Some("ACME".into()), ..OrganizationChange::default() };
        assert_eq!(house.write(move |tx| organizations::create(tx, &anna, &twin, now)).await.unwrap_err().code(), "validation");
        let (anna, now) = (house.anna.clone(), house.now);
        let other = OrganizationChange { name: Some("Other".into()), domains: Some(vec!["acme.test".into()]), ..OrganizationChange::default() };
        assert_eq!(house.write(move |tx| organizations::create(tx, &anna, &other, now)).await.unwrap_err().code(), "validation");
        let anna = house.anna.clone();
        let listed = house.store.read(move |tx| organizations::list(tx, &anna, "acm", "", 10, crate::house::START)).await.unwrap();
        assert_eq!((listed.total, listed.items[0].contact_count), (1, 1));
        assert_eq!(names(&house, ContactAsk { organization: Some(acme.id), limit: 10, ..ContactAsk::default() }).await, ["boss@acme.test"]);
    }

    async fn two_contacts_become_one_and_two_again(store: Store) {
        let house = House::new(store).await;
        let keep = writes(&house, "Ольга Ким <olga@customer.test>", "1@c.test").await;
        let other = writes(&house, "О. Ким <ok@home.test>", "2@c.test").await;
        change(&house, other, ContactChange { notes: Some("Любит кофе".into()), organization: Some("Acme".into()), ..ContactChange::default() }).await.unwrap();
        let before = (get(&house, keep).await.unwrap(), get(&house, other).await.unwrap());
        let pair = Pair { keep, merge: other };
        let anna = house.anna.clone();
        let preview = house.store.read(move |tx| merge::preview(tx, &anna, pair)).await.unwrap();
        assert_eq!((preview.tickets, preview.messages, preview.contact.ticket_count), (1, 1, 2));
        assert_eq!(preview.differences.iter().map(|d| d.field.as_str()).collect::<Vec<_>>(), ["name"]);
        let (anna, now) = (house.anna.clone(), house.now);
        let merged = house.write(move |tx| merge::merge(tx, &anna, pair, now)).await.unwrap();
        assert_eq!((merged.contact.name.as_str(), merged.contact.notes.as_str(), merged.contact.addresses.len()), ("Ольга Ким", "Любит кофе", 2));
        assert_eq!(merged.contact.organization.as_ref().unwrap().name, "Acme");
        assert_eq!(get(&house, other).await.unwrap_err().code(), "not_found");
        assert_eq!(names(&house, ContactAsk { by_name: true, limit: 10, ..ContactAsk::default() }).await, ["Ольга Ким"]);
        assert_eq!(writes(&house, "ok@home.test", "3@c.test").await, keep, "new mail finds the one they are now");
        let (anna, now, id) = (house.anna.clone(), house.now, merged.id);
        house.write(move |tx| merge::undo(tx, &anna, id, now)).await.unwrap();
        let after = (get(&house, keep).await.unwrap(), get(&house, other).await.unwrap());
        assert_eq!((after.0.addresses, after.0.notes, after.0.organization), (before.0.addresses, before.0.notes, before.0.organization));
        assert_eq!((after.1.addresses, after.1.notes, after.1.ticket_count), (before.1.addresses, before.1.notes, before.1.ticket_count));
        assert_eq!(after.0.ticket_count, 2, "what came since stays");
        let (anna, now) = (house.anna.clone(), house.now);
        assert_eq!(house.write(move |tx| merge::undo(tx, &anna, id, now)).await.unwrap_err().code(), "already_sent");
        let (anna, now) = (house.anna.clone(), house.now);
        let same = Pair { keep, merge: keep };
        assert_eq!(house.write(move |tx| merge::merge(tx, &anna, same, now)).await.unwrap_err().code(), "validation");
    }

    async fn contacts_are_paged_by_name(store: Store) {
        let house = House::new(store).await;
        for name in ["Вера", "Анна", "Борис", "Анна"] {
            make(&house, named(name, vec![])).await.unwrap();
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let (actor, ask) = (house.anna.clone(), ContactAsk { by_name: true, limit: 1, cursor: cursor.clone(), ..ContactAsk::default() });
            let page = house.store.read(move |tx| contacts::list(tx, &actor, &ask)).await.unwrap();
            assert_eq!(page.total, 4);
            seen.extend(page.items.into_iter().map(|row| row.name));
            match page.next_cursor {
                Some(next) => cursor = next,
                None => break,
            }
        }
        assert_eq!(seen, ["Анна", "Анна", "Борис", "Вера"]);
    }

    async fn an_answer_goes_where_the_customer_wrote_from_also_after_two_merges(store: Store) {
        let house = House::new(store).await;
        let a = writes(&house, "ok@home.test", "1@c.test").await;
        let question = house.list(&house.admin, "contact:ok@home.test").await.items[0].id;
        house.mail(&mail("desk@company.test", "2@c.test", "Заказ", "Reply-To: orders@company.test\n", "Текст")).await;
        let order = house.list(&house.admin, "contact:desk@company.test").await.items[0].id;
        let company = house.list(&house.admin, "contact:desk@company.test").await.items[0].contact.id;
        let b = writes(&house, "olga@customer.test", "3@c.test").await;
        let c = make(&house, named("Ольга Ким", vec![address(AddressKind::Mail, "main@x.test")])).await.unwrap().id;
        merge_two(&house, b, a).await;
        merge_two(&house, c, b).await;
        merge_two(&house, c, company).await;
        assert_eq!(answered_to(&house, question).await, ["ok@home.test"], "she asked from there");
        assert_eq!(answered_to(&house, order).await, ["orders@company.test"], "she asked to be answered there");
    }

    async fn a_merge_taken_back_keeps_what_was_written_since(store: Store) {
        let house = House::new(store).await;
        let field = |key: &str| Field { key: key.into(), label: key.into(), kind: "text".into(), choices: vec![] };
        let (admin, all, now) = (house.admin.clone(), vec![field("plan"), field("contract")], house.now);
        house.write(move |tx| fields::put(tx, &admin, "contact", &all, now)).await.unwrap();
        let keep = make(&house, named("Ольга", vec![address(AddressKind::Mail, "olga@x.test")])).await.unwrap().id;
        let other = ContactChange {
            notes: Some("Любит кофе".into()),
            organization: Some("Acme".into()),
            time_zone: Some("Asia/Omsk".into()),
            locale: Some("ru".into()),
            fields: Some([("plan".to_owned(), json!("vip")), ("contract".to_owned(), json!("17"))].into()),
            ..named("О. Ким", vec![address(AddressKind::Mail, "ok@x.test")])
        };
        let other = make(&house, other).await.unwrap().id;
        let merge = merge_two(&house, keep, other).await;
        let since = ContactChange {
            notes: Some("Любит чай".into()),
            organization: Some("Новая фирма".into()),
            locale: Some("en".into()),
            fields: Some([("contract".to_owned(), json!("18"))].into()),
            addresses: Some(vec![
                address(AddressKind::Mail, "new@x.test"),
                address(AddressKind::Mail, "olga@x.test"),
                address(AddressKind::Mail, "ok@x.test"),
            ]),
            ..ContactChange::default()
        };
        change(&house, keep, since).await.unwrap();
        let back = undo(&house, merge).await.unwrap();
        assert_eq!((back.addresses[0].address.as_str(), back.addresses[0].main), ("ok@x.test", true));
        let kept = get(&house, keep).await.unwrap();
        assert_eq!((kept.notes.as_str(), kept.locale.as_str()), ("Любит чай", "en"), "what was written since stays");
        assert_eq!(kept.organization.unwrap().name, "Новая фирма");
        assert_eq!(kept.addresses[0].address, "new@x.test");
        assert_eq!(kept.time_zone, "", "what nobody has touched goes back");
        assert_eq!(kept.fields, [("contract".to_owned(), json!("18"))].into());
    }

    async fn a_main_address_that_goes_back_leaves_another_main_one(store: Store) {
        let house = House::new(store).await;
        let keep = make(&house, named("Ольга", vec![address(AddressKind::Mail, "olga@x.test")])).await.unwrap().id;
        let other = make(&house, named("О. Ким", vec![address(AddressKind::Mail, "ok@x.test")])).await.unwrap().id;
        let merge = merge_two(&house, keep, other).await;
        let since = vec![address(AddressKind::Mail, "ok@x.test"), address(AddressKind::Mail, "olga@x.test")];
        change(&house, keep, ContactChange { addresses: Some(since), ..ContactChange::default() }).await.unwrap();
        undo(&house, merge).await.unwrap();
        let kept = get(&house, keep).await.unwrap();
        assert_eq!((kept.addresses.len(), kept.addresses[0].main), (1, true), "{:?}", kept.addresses);
    }

    async fn a_merge_waits_for_the_later_one_to_be_taken_back_first(store: Store) {
        let house = House::new(store).await;
        let a = writes(&house, "a@x.test", "1@c.test").await;
        let b = writes(&house, "b@x.test", "2@c.test").await;
        let c = writes(&house, "c@x.test", "3@c.test").await;
        let (first, second) = (merge_two(&house, b, a).await, merge_two(&house, c, b).await);
        assert_eq!(undo(&house, first).await.unwrap_err().code(), "merged_onward");
        undo(&house, second).await.unwrap();
        let back = undo(&house, first).await.unwrap();
        assert_eq!((back.addresses.len(), back.ticket_count), (1, 1));
        let left = get(&house, c).await.unwrap();
        assert_eq!((left.addresses.len(), left.ticket_count), (1, 1));
    }

    async fn a_contact_is_found_by_any_of_their_addresses(store: Store) {
        let house = House::new(store).await;
        make(&house, named("Иван", vec![
            address(AddressKind::Mail, "main@x.test"),
            address(AddressKind::Mail, "Ivan_Petrov@x.test"),
            address(AddressKind::Telegram, "@Vanya"),
        ])).await.unwrap();
        make(&house, named("Другой", vec![address(AddressKind::Mail, "ivanqpetrov@x.test")])).await.unwrap();
        make(&house, named("100% шерсть", vec![])).await.unwrap();
        assert_eq!(found(&house, "ivan_petrov@x.test").await, ["Иван"]);
        assert_eq!(found(&house, " IVAN_P").await, ["Иван"], "a part, in any case");
        assert_eq!(found(&house, "vanya").await, ["Иван"]);
        assert_eq!(found(&house, "telegram").await, [""; 0], "a kind of address is no address");
        assert_eq!(found(&house, "100%").await, ["100% шерсть"]);
        assert_eq!(found(&house, "%").await, ["100% шерсть"]);
        assert_eq!(found(&house, "\\").await, [""; 0]);
        assert_eq!(found(&house, "petrov@x").await, ["Иван", "Другой"]);
    }

    async fn a_telephone_is_found_however_it_is_written(store: Store) {
        let house = House::new(store).await;
        make(&house, named("Ольга", vec![address(AddressKind::Phone, "+7 (912) 345-67-89")])).await.unwrap();
        make(&house, named("Пётр", vec![address(AddressKind::Whatsapp, "+7 (913) 000-11-22")])).await.unwrap();
        for written in ["+79123456789", "8 (912) 345-67-89", "7 912 345 67 89", "912-345", "345.67.89", "8\u{a0}912 345-67-89"] {
            assert_eq!(found(&house, written).await, ["Ольга"], "{written}");
        }
        assert_eq!(found(&house, "8-913-000-11-22").await, ["Пётр"]);
        assert_eq!(found(&house, "+7 999").await, [""; 0]);
    }

    async fn a_filter_is_completed_with_addresses_that_hold_an_underline(store: Store) {
        let house = House::new(store).await;
        for mail in ["ivan_p@x.test", "ivanqp@x.test"] {
            make(&house, named("Иван", vec![address(AddressKind::Mail, mail)])).await.unwrap();
        }
        let admin = house.admin.clone();
        let offered = house.store.read(move |tx| tickets::filter::complete(tx, &admin, "contact:ivan_", 13, opora_query::Language::English)).await.unwrap();
        assert_eq!(offered.items.iter().map(|item| item.label.as_str()).collect::<Vec<_>>(), ["ivan_p@x.test"]);
    }

    async fn an_organization_is_found_by_a_part_with_an_underline_and_counts_nobody_twice(store: Store) {
        let house = House::new(store).await;
        let acme = |name: &str, mail: &str| ContactChange { organization: Some("Acme_1".into()), ..named(name, vec![address(AddressKind::Mail, mail)]) };
        let keep = make(&house, acme("Ольга", "olga@x.test")).await.unwrap();
        let other = make(&house, acme("О. Ким", "ok@x.test")).await.unwrap();
        merge_two(&house, keep.id, other.id).await;
        let (anna, id) = (house.anna.clone(), keep.organization.unwrap().id);
        let (listed, whole) = house
            .store
            .read(move |tx| {
                let listed = organizations::list(tx, &anna, "e_1", "", 10, crate::house::START)?;
                Ok::<_, opora_desk::Error>((listed, organizations::get(tx, &anna, id)?))
            })
            .await
            .unwrap();
        assert_eq!((listed.total, listed.items[0].contact_count, whole.contact_count), (1, 1, 1));
    }

    async fn a_preview_of_a_merge_counts_only_what_one_may_see(store: Store) {
        let house = House::new(store).await;
        let keep = writes(&house, "a@x.test", "1@c.test").await;
        let other = writes(&house, "b@x.test", "2@c.test").await;
        let mut stranger = house.anna.clone();
        stranger.sight = Sight::Teams(Vec::new(), Vec::new());
        let preview = house.store.read(move |tx| merge::preview(tx, &stranger, Pair { keep, merge: other })).await.unwrap();
        assert_eq!((preview.tickets, preview.messages, preview.contact.ticket_count), (0, 0, 0));
    }
}
