//! The filter language over a department: names, followers, drafts, what could come next, terms for a form.

use crate::house::{House, mail};
use opora_base::Store;
use opora_desk::tickets::filter::{self, FilterTerm, Matches};
use opora_desk::tickets::{self, Change, ListAsk};
use opora_desk::{TicketId, contacts};
use opora_query::Language;
use opora_testkit::engines;

/// Three tickets: Olga's from Acme that Anna has, Pavel's that Boris has, Rita's that nobody has.
async fn three(house: &House) -> [TicketId; 3] {
    for (who, id) in [("olga", "1"), ("pavel", "2"), ("rita", "3")] {
        house.mail(&mail(&format!("{who}@customer.test"), &format!("{id}@c.test"), "Вопрос", "", "Текст")).await;
    }
    let ids: Vec<TicketId> = house.page(&house.admin, "", "id", "", 10).await.items.iter().map(|t| t.id).collect();
    let ids: [TicketId; 3] = ids.try_into().unwrap();
    house
        .change(&house.admin, ids[0], Change { assignee_id: Some(house.anna.agent), ..Change::default() })
        .await
        .unwrap();
    house
        .change(&house.admin, ids[1], Change { assignee_id: Some(house.boris.agent), ..Change::default() })
        .await
        .unwrap();
    let (contact, now) = (house.open(ids[0]).await.row.contact.id, house.now);
    house.write(move |tx| contacts::join_organization(tx, contact, "Acme, Inc.", now)).await.unwrap();
    ids
}

async fn found(house: &House, q: &str) -> Vec<TicketId> {
    let page = house.page(&house.anna, q, "id", "", 10).await;
    assert_eq!(page.total, page.items.len() as i64, "{q}: the number is exact");
    page.items.iter().map(|t| t.id).collect()
}

async fn completions(house: &House, marked: &str, language: Language) -> Vec<String> {
    let (at, q) = (marked.find('|').unwrap(), marked.replacen('|', "", 1));
    let actor = house.anna.clone();
    let offered = house.store.read(move |tx| filter::complete(tx, &actor, &q, at, language)).await.unwrap();
    offered.items.into_iter().map(|item| item.insert).collect()
}

engines! {
    async fn people_teams_and_organizations_are_found_by_name(store: Store) {
        let house = House::new(store).await;
        let [olgas, pavels, ritas] = three(&house).await;
        assert_eq!(found(&house, "assignee:анна").await, [olgas]);
        assert_eq!(found(&house, "assignee:\"борис иванов\",none").await, [pavels, ritas]);
        assert_eq!(found(&house, "assignee:boris@shop.test").await, [pavels]);
        assert_eq!(found(&house, "team:\"Первая линия\" -assignee:Анна").await, [pavels, ritas]);
        assert_eq!(found(&house, "org:\"acme, inc.\"").await, [olgas]);
        assert_eq!(found(&house, "-org:\"Acme, Inc.\"").await, [pavels, ritas]);
        assert_eq!(found(&house, "contact:RITA@customer.test inbox:support").await, [ritas]);
    }

    async fn words_are_where_the_search_index_says_and_unwanted_ones_are_not(store: Store) {
        let house = House::new(store).await;
        let [olgas, pavels, ritas] = three(&house).await;
        let mut matches = Matches::default();
        // More than any page, and most of them not ours to see.
        matches.add("посылка".into(), (olgas.0..olgas.0 + 50_000).filter(|id| *id != pavels.0).collect());
        matches.add("деньги".into(), vec![ritas.0]);
        let found = async |q: &str| {
            let mut ask = ListAsk::parse(q, "id", "", None, Language::Russian).unwrap();
            ask.matches = matches.clone();
            let (actor, now) = (house.anna.clone(), house.now);
            let page = house.store.read(move |tx| tickets::list(tx, &actor, &ask, now)).await.unwrap();
            assert_eq!(page.total, page.items.len() as i64, "{q}: the number is exact");
            page.items.iter().map(|ticket| ticket.id).collect::<Vec<_>>()
        };
        assert_eq!(found("посылка").await, [olgas, ritas]);
        assert_eq!(found("-посылка").await, [pavels]);
        assert_eq!(found("посылка -деньги").await, [olgas]);
        assert_eq!(found("assignee:none деньги").await, [ritas]);
        assert_eq!(found("status:new,open -деньги -посылка").await, [pavels]);
        assert_eq!(found("абракадабра").await, []);
        assert_eq!(found("-абракадабра").await, [olgas, pavels, ritas]);
    }

    async fn a_day_begins_where_the_asker_is(store: Store) {
        let mut house = House::new(store).await;
        // START is a moment of some day; the ticket comes half an hour before that day ends in Moscow.
        let start = jiff::Timestamp::from_microsecond(house.now.0).unwrap().to_zoned(jiff::tz::TimeZone::get("Europe/Moscow").unwrap());
        let midnight = start.date().tomorrow().unwrap().to_zoned(start.time_zone().clone()).unwrap().timestamp();
        let before = (midnight.as_microsecond() - house.now.0) / 1_000_000 - 1_800;
        house.pass(u64::try_from(before).unwrap());
        let [olgas, pavels, ritas] = three(&house).await;
        let (today, tomorrow) = (start.date(), start.date().tomorrow().unwrap());
        let moscow = opora_desk::notifications::NotificationSettings { time_zone: "Europe/Moscow".into(), ..Default::default() };
        let anna = house.anna.clone();
        house.write(move |tx| opora_desk::notifications::put_settings(tx, &anna, &moscow)).await.unwrap();
        assert_eq!(found(&house, &format!("created:{today}")).await, [olgas, pavels, ritas]);
        assert_eq!(found(&house, &format!("created:>={tomorrow}")).await, []);
        let tokyo = opora_desk::notifications::NotificationSettings { time_zone: "Asia/Tokyo".into(), ..Default::default() };
        let anna = house.anna.clone();
        house.write(move |tx| opora_desk::notifications::put_settings(tx, &anna, &tokyo)).await.unwrap();
        assert_eq!(found(&house, &format!("created:{today}")).await, []);
        assert_eq!(found(&house, &format!("created:>={tomorrow}")).await, [olgas, pavels, ritas]);
    }

    async fn a_tag_is_found_however_it_is_written_and_names_leak_to_nobody(store: Store) {
        let mut house = House::new(store).await;
        let [olgas, pavels, _] = three(&house).await;
        let tags = |tags: &[&str]| Change { tags: Some(tags.iter().map(|tag| (*tag).to_owned()).collect()), ..Change::default() };
        house.change(&house.admin, olgas, tags(&["Очень важно"])).await.unwrap();
        house.change(&house.admin, pavels, tags(&["мошенник"])).await.unwrap();
        assert_eq!(found(&house, "tag:\"очень важно\"").await, [olgas]);
        assert_eq!(found(&house, "tag:очень-важно").await, [olgas]);
        // Whoever sees their own tickets only.
        house.anna.sight = opora_desk::actor::Sight::Teams(vec![], vec![]);
        let anna = house.anna.clone();
        let names = house.store.read(move |tx| tickets::tags(tx, &anna)).await.unwrap();
        assert_eq!(names.into_iter().map(|tag| (tag.name, tag.count)).collect::<Vec<_>>(), [("очень-важно".to_owned(), 1)]);
        assert_eq!(completions(&house, "tag:|", Language::Russian).await, ["очень-важно"]);
    }

    async fn a_name_that_nobody_has_is_pointed_at(store: Store) {
        let house = House::new(store).await;
        let q = "status:new team:\"вторая линия\"";
        let ask = ListAsk::parse(q, "", "", None, Language::Russian).unwrap();
        let (actor, now) = (house.anna.clone(), house.now);
        let error = house.store.read(move |tx| tickets::list(tx, &actor, &ask, now)).await.unwrap_err();
        let opora_desk::Error::BadQuery { at, reason, detail } = error else { panic!("{error:?}") };
        assert_eq!((&q[at..], reason), ("\"вторая линия\"", "unknown_name"));
        assert!(detail.contains("вторая линия"), "{detail}");
    }

    async fn followers_and_drafts_are_mine(store: Store) {
        let house = House::new(store).await;
        let [olgas, pavels, _] = three(&house).await;
        let anna = house.anna.agent.unwrap();
        house.change(&house.boris, olgas, Change { follower_ids: Some(vec![anna]), ..Change::default() }).await.unwrap();
        let (actor, now) = (house.anna.clone(), house.now);
        let form = tickets::draft::DraftForm { kind: "reply".into(), body_html: "<p>Пишу</p>".into(), ..Default::default() };
        house.write(move |tx| tickets::draft::keep(tx, &actor, pavels, &form, now)).await.unwrap();
        let (actor, note) = (house.anna.clone(), tickets::draft::DraftForm { kind: "note".into(), body_html: "<p>И коллегам</p>".into(), ..Default::default() });
        house.write(move |tx| tickets::draft::keep(tx, &actor, pavels, &note, now)).await.unwrap();
        assert_eq!(found(&house, "follower:me").await, [olgas]);
        assert_eq!(found(&house, "has:draft").await, [pavels]);
        assert_eq!(house.list(&house.anna, "has:draft").await.total, 1, "two drafts are one ticket");
        assert_eq!(house.list(&house.boris, "has:draft").await.total, 0);
        assert_eq!(found(&house, "follower:none").await.len(), 2);
    }

    async fn what_could_come_next_knows_the_department(store: Store) {
        let house = House::new(store).await;
        three(&house).await;
        assert_eq!(completions(&house, "st|", Language::English).await, ["status:"]);
        assert_eq!(completions(&house, "исп|", Language::Russian).await, ["assignee:"]);
        assert_eq!(completions(&house, "status:o|", Language::English).await, ["open", "on_hold"]);
        assert_eq!(completions(&house, "assignee:пет|", Language::Russian).await, ["\"Анна Петрова\""]);
        assert_eq!(completions(&house, "org:ac|", Language::English).await, ["\"Acme, Inc.\""]);
        assert_eq!(completions(&house, "contact:ri|", Language::English).await, ["rita@customer.test"]);
        assert_eq!(completions(&house, "team:пер|", Language::Russian).await, ["\"Первая линия\""]);
        assert_eq!(completions(&house, "tag:%|", Language::Russian).await, Vec::<String>::new());
    }

    async fn every_tag_in_use_is_offered_once(store: Store) {
        let house = House::new(store).await;
        for id in three(&house).await {
            house.change(&house.admin, id, Change { tags: Some(vec!["vip".into(), format!("t{id}")]), ..Change::default() }).await.unwrap();
        }
        assert_eq!(completions(&house, "tag:v|", Language::Russian).await, ["vip"]);
        assert_eq!(completions(&house, "tag:|", Language::Russian).await.len(), 4);
    }

    async fn plans_managers_and_those_who_come_first_are_found_and_so_are_all_others(store: Store) {
        use opora_desk::contacts::organizations::{self, OrganizationChange};
        use opora_desk::plans;
        let house = House::new(store).await;
        let [olgas, pavels, ritas] = three(&house).await;
        let (admin, now, anna) = (house.admin.clone(), house.now, house.anna.agent);
        house
            .write(move |tx| {
                let premium = plans::list(tx)?.into_iter().find(|plan| plan.name == "Премиум").unwrap().id;
                let acme = organizations::list(tx, &admin, "acme", "", 1, now)?.items[0].id;
                let form = OrganizationChange {
                    plan_id: Some(Some(premium)),
                    vip: Some(true),
                    account_manager_id: Some(anna),
                    ..OrganizationChange::default()
                };
                organizations::change(tx, &admin, acme, &form, now)
            })
            .await
            .unwrap();
        for (q, expected) in [
            ("plan:премиум", vec![olgas]),
            ("plan:Стандарт", vec![]),
            ("-plan:Премиум", vec![pavels, ritas]),
            ("vip:yes", vec![olgas]),
            ("vip:no", vec![pavels, ritas]),
            ("vip:yes,no", vec![olgas, pavels, ritas]),
            ("manager:me", vec![olgas]),
            ("manager:Анна status:new,open", vec![olgas]),
            ("manager:none", vec![pavels, ritas]),
            ("entitlement:unknown", vec![olgas, pavels, ritas]),
        ] {
            assert_eq!(found(&house, q).await, expected, "{q}");
        }
        let wrong = async |q: &str| {
            let (actor, now, q) = (house.anna.clone(), house.now, q.to_owned());
            house
                .store
                .read(move |tx| tickets::list(tx, &actor, &ListAsk::parse(&q, "", "", None, Language::English)?, now))
                .await
                .unwrap_err()
                .code()
        };
        for q in ["plan:Платина", "vip:perhaps", "manager:nobody_here", "entitlement:maybe", "plan:"] {
            assert_eq!(wrong(q).await, "bad_query", "{q}");
        }
        assert_eq!(completions(&house, "plan:пр|", Language::Russian).await, ["Премиум"]);
        assert_eq!(completions(&house, "vip:|", Language::English).await, ["yes", "no"]);
        assert_eq!(completions(&house, "entitlement:h|", Language::English).await, ["held"]);
    }

    async fn a_rare_plan_or_a_stranger_is_found_by_indexes_alone(store: Store) {
        let house = House::new(store).await;
        three(&house).await;
        // PostgreSQL chooses by statistics: what it does with three rows says nothing of a million.
        if house.store.dialect() == opora_base::Dialect::Postgres {
            return;
        }
        // What the list asks, in the shape it asks it.
        let ask = |condition: &str| format!("SELECT count(*) FROM ticket t WHERE {condition}");
        let whose = |which: &str| {
            ask(&format!(
                "t.contact_id IN (SELECT w.id FROM organization o JOIN contact w ON w.organization_id = o.id WHERE {which})"
            ))
        };
        let cases = [
            (whose("o.plan_id IN ($1)"), vec!["organization_by_plan", "contact_by_organization", "ticket_contact"]),
            (
                whose("o.account_manager_id = $1"),
                vec!["organization_by_manager", "contact_by_organization", "ticket_contact"],
            ),
            (ask("t.entitlement = $1"), vec!["ticket_by_entitlement"]),
        ];
        for (sql, indexes) in cases {
            let text = sql.contains("entitlement");
            let plan: Vec<String> = house
                .store
                .write(move |tx| -> opora_desk::Result<Vec<String>> {
                    let value: opora_base::P<'_> = if text { "stranger".into() } else { 1i64.into() };
                    let rows: Vec<(i64, i64, i64, String)> =
                        tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &[value])?;
                    Ok(rows.into_iter().map(|row| row.3).collect())
                })
                .await
                .unwrap();
            let plan = plan.join("\n");
            for index in indexes {
                assert!(plan.contains(index), "{index} in\n{plan}");
            }
        }
    }
}

#[test]
fn a_text_and_its_terms_are_the_same_tree() {
    for q in [
        "status:new,open -tag:vip,\"два слова\" \"нет ответа\" возврат",
        "assignee:me,\"Анна Петрова\" org:\"Рога \\\"и\\\" копыта\"",
        "created:>=2026-01-01 updated:<2d waiting:>4h,<30m is:unread has:attachment",
        "created:2026-01-31",
        "\"посылка\" \"-5\" -\"status:new\"",
        "org:\"<b>Acme</b> Ltd\" tag:\"a,b\"",
        "",
    ] {
        let tree = filter::tree(q, Language::English).unwrap();
        assert_eq!(filter::written(&tree.terms, Language::English).unwrap(), tree.q, "{:?}", tree.terms);
    }
    let tree = filter::tree("waiting:>4h", Language::English).unwrap();
    assert_eq!((tree.terms[0].values[0].as_str(), tree.terms[0].comparison.as_deref()), ("4h", Some(">")));
    let text = |value: &str| FilterTerm { key: "text".into(), values: vec![value.into()], ..FilterTerm::default() };
    let typed = [text("возврат"), text("-5"), text("нет ответа"), text("\"посылка\""), text("is:open")];
    let q = filter::written(&typed, Language::English).unwrap();
    assert_eq!(q, "возврат \"-5\" \"нет ответа\" \"посылка\" \"is:open\"", "what is typed as words stays words");
    let wrong = FilterTerm { key: "status".into(), values: vec!["opne".into()], ..FilterTerm::default() };
    assert_eq!(filter::written(&[wrong], Language::English).unwrap_err().code(), "bad_query");
}
