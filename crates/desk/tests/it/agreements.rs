//! Plans and what is agreed with an organization: quotas, routes, keys, training, places.

use crate::house::{House, START, mail};
use opora_base::{Store, Time, timer};
use opora_desk::contacts::agreement::OrganizationKey;
use opora_desk::contacts::locations::{self, LocationForm};
use opora_desk::contacts::organizations::{self, Organization, OrganizationChange};
use opora_desk::contacts::training::{self, TrainingForm};
use opora_desk::contacts::{self, ContactChange};
use opora_desk::department::teams::{self, TeamForm};
use opora_desk::plans::{self, Plan, PlanAssignee, PlanForm};
use opora_desk::tickets::Change;
use opora_desk::{Actor, Error, OrganizationId, Result, audit};
use opora_testkit::engines;

pub(crate) async fn organization(house: &House, form: OrganizationChange) -> Organization {
    let (actor, now) = (house.anna.clone(), house.now);
    house.write(move |tx| organizations::create(tx, &actor, &form, now)).await.unwrap()
}

pub(crate) fn named(name: &str) -> OrganizationChange {
    OrganizationChange { name: Some(name.into()), ..OrganizationChange::default() }
}

pub(crate) async fn change(house: &House, id: OrganizationId, form: OrganizationChange) -> Result<Organization> {
    let (actor, now) = (house.anna.clone(), house.now);
    house.write(move |tx| organizations::change(tx, &actor, id, &form, now)).await
}

pub(crate) async fn plan(house: &House, form: PlanForm) -> Result<Plan> {
    let (actor, now) = (house.admin.clone(), house.now);
    house.write(move |tx| plans::create(tx, &actor, &form, now)).await
}

async fn all_plans(house: &House) -> Vec<Plan> {
    house.store.read(plans::list).await.unwrap()
}

async fn log(house: &House) -> Vec<audit::Entry> {
    let ask = audit::Ask { limit: 100, ..audit::Ask::default() };
    let admin = house.admin.clone();
    house.store.read(move |tx| audit::list(tx, &admin, &ask)).await.unwrap().items
}

engines! {
    async fn a_department_begins_with_two_plans_in_its_language_and_may_do_without_them(store: Store) {
        let house = House::new(store).await;
        let plans = all_plans(&house).await;
        let facts: Vec<_> = plans.iter().map(|p| (p.name.as_str(), p.contact_quota, p.assignee, p.needs_account_manager)).collect();
        assert_eq!(facts, [
            ("Премиум", None, PlanAssignee::AccountManager, true),
            ("Стандарт", Some(5), PlanAssignee::None, false),
        ]);
        for plan in plans {
            let (admin, now) = (house.admin.clone(), house.now);
            house.write(move |tx| plans::delete(tx, &admin, plan.id, now)).await.unwrap();
        }
        house.write(|tx| opora_desk::people::setup::furnish(tx, START)).await.unwrap();
        assert!(all_plans(&house).await.is_empty(), "what was removed does not come back");
    }

    async fn a_plan_is_checked_changed_in_turn_and_kept_while_somebody_has_it(store: Store) {
        let house = House::new(store).await;
        let named = |name: &str| PlanForm { name: Some(name.into()), ..PlanForm::default() };
        for wrong in [
            named(" "),
            named("ПРЕМИУМ"),
            PlanForm { contact_quota: Some(Some(-1)), ..named("x") },
            PlanForm { discount_percent: Some(101), ..named("x") },
            PlanForm { training_minutes: Some(-5), ..named("x") },
            PlanForm { team_id: Some(Some(opora_desk::TeamId(99))), ..named("x") },
        ] {
            assert_eq!(plan(&house, wrong).await.unwrap_err().code(), "validation");
        }
        let made = plan(&house, PlanForm { contact_quota: Some(Some(0)), ..named("Бета") }).await.unwrap();
        assert_eq!(made.contact_quota, Some(0));
        let (anna, admin, now) = (house.anna.clone(), house.admin.clone(), house.now);
        let refused = house.write(move |tx| plans::change(tx, &anna, made.id, &PlanForm::default(), now)).await;
        assert_eq!(refused.unwrap_err().code(), "forbidden");
        let form = PlanForm { contact_quota: Some(None), version: Some(made.version), ..PlanForm::default() };
        let (again, first) = (form.clone(), admin.clone());
        let changed = house.write(move |tx| plans::change(tx, &first, made.id, &form, now)).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.contact_quota), ("Бета", None));
        let second = admin.clone();
        let late = house.write(move |tx| plans::change(tx, &second, made.id, &again, now)).await;
        assert_eq!(late.unwrap_err().code(), "ticket_changed");
        organization(&house, OrganizationChange { plan_id: Some(Some(made.id)), ..crate::agreements::named("Acme") }).await;
        let used = house.write(move |tx| plans::delete(tx, &admin, made.id, now)).await.unwrap_err();
        let Error::Validation(fields) = used else { panic!("{used}") };
        assert_eq!(fields[0].code, "in_use");
        let entry = log(&house).await.into_iter().find(|entry| entry.kind == "plan.changed").unwrap();
        assert_eq!(entry.before.unwrap(), serde_json::json!({ "contact_quota": 0 }));
    }

    async fn a_plan_leads_its_tickets_to_its_team_and_to_the_account_manager(store: Store) {
        let house = House::new(store).await;
        let (admin, now) = (house.admin.clone(), house.now);
        let team = house.write(move |tx| teams::create(tx, &admin, &TeamForm { name: "Премиум".into(), member_ids: None }, now)).await.unwrap();
        let gold = plan(&house, PlanForm {
            name: Some("Золото".into()),
            team_id: Some(Some(team.id)),
            assignee: Some(PlanAssignee::AccountManager),
            ..PlanForm::default()
        }).await.unwrap();
        let acme = organization(&house, OrganizationChange {
            domains: Some(vec!["acme.test".into()]),
            plan_id: Some(Some(gold.id)),
            account_manager_id: Some(house.boris.agent),
            ..named("Acme")
        }).await;
        house.mail(&mail("olga@acme.test", "1@c.test", "Первое", "", "Текст")).await;
        let ticket = house.only_ticket().await;
        assert_eq!((ticket.row.team_id, ticket.row.assignee_id), (Some(team.id), house.boris.agent));
        let told = ticket.events.iter().find(|event| event.kind == "ticket.assigned").unwrap();
        assert_eq!(told.data["by"], "plan");
        // A manager who works here no more gets nothing; a plan without a team leaves tickets where they came in.
        change(&house, acme.id, OrganizationChange { account_manager_id: Some(None), ..OrganizationChange::default() }).await.unwrap();
        house.mail(&mail("olga@acme.test", "2@c.test", "Второе", "", "Текст")).await;
        house.mail(&mail("nobody@else.test", "3@c.test", "Чужое", "", "Текст")).await;
        let items = house.page(&house.admin, "", "id", "", 10).await.items;
        assert_eq!((items[1].team_id, items[1].assignee_id), (Some(team.id), None));
        assert_eq!((items[2].team_id, items[2].assignee_id), (Some(house.team), None));
    }

    async fn an_agreement_is_checked_and_each_change_of_it_stands_in_the_log_without_its_keys(store: Store) {
        let house = House::new(store).await;
        let acme = organization(&house, named("Acme")).await;
        assert_eq!(acme.agreement.keys.as_deref(), Some(&[][..]));
        let key = OrganizationKey { name: "Касса".into(), value: "SECRET-42".into() };
        let form = OrganizationChange {
            vip: Some(true),
            modules: Some(vec!["Склад".into(), "склад".into(), " CRM ".into()]),
            keys: Some(vec![key.clone()]),
            contract_since: Some(Some("2026-01-01".into())),
            contract_until: Some(Some("2026-12-31".into())),
            ..OrganizationChange::default()
        };
        let changed = change(&house, acme.id, form).await.unwrap().agreement;
        assert_eq!((changed.vip, changed.modules), (true, vec!["Склад".to_owned(), "CRM".to_owned()]));
        assert_eq!(changed.keys, Some(vec![key]));
        for wrong in [
            OrganizationChange { contract_until: Some(Some("2025-12-31".into())), ..OrganizationChange::default() },
            OrganizationChange { contract_since: Some(Some("31.12.2025".into())), ..OrganizationChange::default() },
            OrganizationChange { plan_id: Some(Some(opora_desk::PlanId(99))), ..OrganizationChange::default() },
            OrganizationChange { brand_id: Some(Some(opora_desk::BrandId(99))), ..OrganizationChange::default() },
            OrganizationChange { account_manager_id: Some(Some(opora_desk::AgentId(99))), ..OrganizationChange::default() },
            OrganizationChange { modules: Some(vec![" ".into()]), ..OrganizationChange::default() },
        ] {
            assert_eq!(change(&house, acme.id, wrong).await.unwrap_err().code(), "validation");
        }
        let entries = log(&house).await;
        let entry = entries.iter().find(|entry| entry.kind == "organization.changed").unwrap();
        assert_eq!(entry.after.as_ref().unwrap()["keys"], serde_json::json!(["Касса"]));
        assert_eq!(entry.object.name, "Acme");
        let everything = serde_json::to_string(&entries).unwrap();
        assert!(!everything.contains("SECRET-42"), "{everything}");
        let events: Vec<serde_json::Value> = house.store.read(|tx| tx.query::<(serde_json::Value,)>("SELECT data FROM event", &[])).await
            .map_err(|e: opora_base::Error| e).unwrap().into_iter().map(|row| row.0).collect();
        assert!(!serde_json::to_string(&events).unwrap().contains("SECRET-42"));
        // Whoever only looks sees no keys.
        let observer = Actor { permissions: vec![opora_desk::Permission::TicketView], ..house.boris.clone() };
        let seen = house.store.read(move |tx| organizations::get(tx, &observer, acme.id)).await.unwrap();
        assert_eq!(seen.agreement.keys, None);
        assert!(!serde_json::to_string(&seen).unwrap().contains("keys"));
    }

    async fn training_is_given_once_a_year_used_and_never_taken_back(store: Store) {
        let mut house = House::new(store).await;
        let plan_of = async |minutes: i64, name: &str| plan(&house, PlanForm {
            name: Some(name.into()), training_minutes: Some(minutes), ..PlanForm::default()
        }).await.unwrap().id;
        let (small, large) = (plan_of(60, "Малый").await, plan_of(240, "Большой").await);
        let acme = organization(&house, OrganizationChange { plan_id: Some(Some(small)), ..named("Acme") }).await.id;
        let balance = async |house: &House| {
            let anna = house.anna.clone();
            house.store.read(move |tx| training::of(tx, &anna, acme)).await.unwrap().balance
        };
        assert_eq!(balance(&house).await, 60);
        for (plan, expected) in [(large, 240), (small, 240), (large, 240)] {
            change(&house, acme, OrganizationChange { plan_id: Some(Some(plan)), ..OrganizationChange::default() }).await.unwrap();
            assert_eq!(balance(&house).await, expected, "a year's minutes are given once");
        }
        let add = async |house: &House, minutes: i64, reason: &str| {
            let (anna, now) = (house.anna.clone(), house.now);
            let form = TrainingForm { minutes, reason: reason.into() };
            house.write(move |tx| training::add(tx, &anna, acme, &form, now)).await
        };
        let used = add(&house, -90, "Урок по складу").await.unwrap();
        assert_eq!((used.balance, used.entries[0].minutes, used.entries[0].agent_id), (150, -90, house.anna.agent));
        for (minutes, reason) in [(0, "x"), (1_000_000, "x"), (5, " ")] {
            assert_eq!(add(&house, minutes, reason).await.unwrap_err().code(), "validation");
        }
        // The new year begins.
        let due = house.store.read(timer::next_due).await.map_err(|e: opora_base::Error| e).unwrap().unwrap();
        assert!(due > house.now && due.to_rfc3339().ends_with("-01-01T00:00:00.000Z"), "{due}");
        house.now = due;
        for _ in 0..2 {
            house.write(move |tx| training::new_year(tx, acme, due)).await.unwrap();
        }
        assert_eq!(balance(&house).await, 390);
        let next = house.store.read(timer::next_due).await.map_err(|e: opora_base::Error| e).unwrap().unwrap();
        assert!(next > Time(due.0 + 364 * 86_400_000_000), "and the next one after it");
    }

    async fn a_place_is_an_organizations_own_and_what_happened_there_stays(store: Store) {
        let house = House::new(store).await;
        let acme = organization(&house, OrganizationChange { domains: Some(vec!["acme.test".into()]), ..named("Acme") }).await.id;
        let other = organization(&house, named("Other")).await.id;
        let place = async |organization, name: &str, zone: &str| {
            let (anna, now) = (house.anna.clone(), house.now);
            let form = LocationForm { name: Some(name.into()), time_zone: Some(zone.into()), ..LocationForm::default() };
            house.write(move |tx| locations::create(tx, &anna, organization, &form, now)).await
        };
        let shop = place(acme, "Магазин на Мира", "Asia/Vladivostok").await.unwrap();
        let empty = place(acme, "Склад", "").await.unwrap();
        let foreign = place(other, "Чужой", "").await.unwrap();
        assert_eq!(place(acme, "x", "Moon/Base").await.unwrap_err().code(), "validation");
        assert_eq!(place(acme, " ", "").await.unwrap_err().code(), "validation");
        house.mail(&mail("olga@acme.test", "1@c.test", "Вопрос", "", "Текст")).await;
        let ticket = house.only_ticket().await.row;
        let at = |place| Change { location_id: Some(place), ..Change::default() };
        let wrong = house.change(&house.anna, ticket.id, at(Some(foreign.id))).await.unwrap_err();
        assert_eq!(wrong.code(), "validation", "another organization's place");
        house.change(&house.anna, ticket.id, at(Some(shop.id))).await.unwrap();
        let (anna, now, contact) = (house.anna.clone(), house.now, ticket.contact.id);
        let works = ContactChange { location_id: Some(Some(shop.id)), ..ContactChange::default() };
        let olga = house.write(move |tx| contacts::change(tx, &anna, contact, &works, now)).await.unwrap();
        assert_eq!(olga.location_id, Some(shop.id));
        for id in [shop.id, empty.id] {
            let (anna, now) = (house.anna.clone(), house.now);
            house.write(move |tx| locations::delete(tx, &anna, id, now)).await.unwrap();
        }
        let anna = house.anna.clone();
        let left = house.store.read(move |tx| locations::of(tx, &anna, acme)).await.unwrap();
        assert_eq!(left.iter().map(|place| (place.id, place.closed)).collect::<Vec<_>>(), [(shop.id, true)]);
        let closed = house.change(&house.anna, ticket.id, at(None)).await.and(house.change(&house.anna, ticket.id, at(Some(shop.id))).await);
        assert_eq!(closed.unwrap_err().code(), "validation", "nobody asks about a closed one any more");
        // Who goes to another organization works there no more.
        let (anna, now) = (house.anna.clone(), house.now);
        let moves = ContactChange { organization: Some("Other".into()), ..ContactChange::default() };
        assert_eq!(house.write(move |tx| contacts::change(tx, &anna, contact, &moves, now)).await.unwrap().location_id, None);
    }
}
