//! The audit log: who changed which setting, what it was and what it is, and no secret in it.

use crate::house::House;
use opora_base::Store;
use opora_base::secret::MasterKey;
use opora_desk::audit::{self, Ask, Entry};
use opora_desk::department::inboxes::{self, InboxForm};
use opora_desk::department::teams::{self, TeamForm};
use opora_desk::people::agents::{self, AgentChange};
use opora_desk::{Actor, Result};
use opora_testkit::engines;

async fn entries(house: &House, actor: &Actor, text: &str) -> Result<Vec<Entry>> {
    let (actor, ask) = (actor.clone(), Ask { text: text.into(), limit: 50, ..Ask::default() });
    house.store.read(move |tx| audit::list(tx, &actor, &ask)).await.map(|page| page.items)
}

engines! {
    async fn a_change_is_told_with_before_and_after_and_only_what_differs(store: Store) {
        let house = House::new(store).await;
        let (admin, team, now) = (house.admin.clone(), house.team, house.now);
        let form = TeamForm { name: "Вторая линия".into(), member_ids: None };
        house.write(move |tx| teams::change(tx, &admin, team, &form, now)).await.unwrap();
        let last = entries(&house, &house.admin, "").await.unwrap().remove(0);
        assert_eq!((last.kind.as_str(), last.object.name.as_str(), last.actor.name.as_str()), ("team.changed", "Вторая линия", "Вера Главная"));
        assert_eq!(last.before, Some(serde_json::json!({ "name": "Первая линия" })));
        assert_eq!(last.after, Some(serde_json::json!({ "name": "Вторая линия" })));
        let before = entries(&house, &house.admin, "").await.unwrap().len();
        let (admin, form) = (house.admin.clone(), TeamForm { name: "Вторая линия".into(), member_ids: None });
        house.write(move |tx| teams::change(tx, &admin, team, &form, now)).await.unwrap();
        assert_eq!(entries(&house, &house.admin, "").await.unwrap().len(), before, "what changes nothing is no change");
        assert_eq!(entries(&house, &house.anna, "").await.unwrap_err().code(), "forbidden");
    }

    async fn what_is_for_others_is_told_and_what_is_ones_own_is_not(store: Store) {
        let house = House::new(store).await;
        for section in ["own", "shared"] {
            let (admin, now) = (house.admin.clone(), house.now);
            let view = opora_desk::tickets::views::ViewForm {
                name: Some(format!("Вид {section}")),
                section: Some(section.into()),
                ..Default::default()
            };
            let template = opora_desk::templates::TemplateForm {
                name: Some(format!("Шаблон {section}")),
                body_html: Some("<p>Да</p>".into()),
                section: Some(section.into()),
                ..Default::default()
            };
            house
                .write(move |tx| {
                    opora_desk::tickets::views::create(tx, &admin, &view, now)?;
                    opora_desk::templates::create(tx, &admin, &template, now)
                })
                .await
                .unwrap();
        }
        let told: Vec<String> =
            entries(&house, &house.admin, "created").await.unwrap().into_iter().map(|e| e.object.name).collect();
        assert!(told.contains(&"Вид shared".to_owned()) && told.contains(&"Шаблон shared".to_owned()), "{told:?}");
        assert!(!told.iter().any(|name| name.ends_with("own")), "{told:?}");
    }

    async fn no_secret_is_told(store: Store) {
        let house = House::new(store).await;
        let (admin, inbox, now) = (house.admin.clone(), house.inbox, house.now);
        let form = InboxForm {
            smtp_url: Some("smtps://robot@mail.shop.test".into()),
            smtp_password: Some("hunter2-very-secret".into()),
            ..InboxForm::default()
        };
        let key = MasterKey::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        house.write(move |tx| inboxes::change(tx, &admin, inbox, &form, &key, now)).await.unwrap();
        let last = entries(&house, &house.admin, "inbox").await.unwrap().remove(0);
        let told = serde_json::to_string(&last).unwrap();
        assert!(told.contains("smtps://robot@mail.shop.test") && told.contains("smtp_password"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }

    async fn the_log_is_searched_and_paged(store: Store) {
        let house = House::new(store).await;
        let boris = house.boris.agent.unwrap();
        for i in 0..5 {
            let (admin, now) = (house.admin.clone(), house.now);
            let change = AgentChange { name: Some(format!("Борис {i}")), ..AgentChange::default() };
            house.write(move |tx| agents::change(tx, &admin, boris, &change, now)).await.unwrap();
        }
        assert_eq!(entries(&house, &house.admin, "Борис 3").await.unwrap().len(), 1);
        assert_eq!(entries(&house, &house.admin, "agent.changed").await.unwrap().len(), 5);
        let (mut seen, mut cursor) = (0, String::new());
        loop {
            let (actor, ask) = (house.admin.clone(), Ask { text: "changed".into(), cursor: cursor.clone(), limit: 2 });
            let page = house.store.read(move |tx| audit::list(tx, &actor, &ask)).await.unwrap();
            seen += page.items.len();
            match page.next_cursor {
                Some(next) => cursor = next,
                None => break,
            }
        }
        assert_eq!(seen, 5);
    }

    async fn the_log_is_searched_in_any_case_and_by_exactly_what_is_written(store: Store) {
        let house = House::new(store).await;
        for name in ["Отдел Счетов", "Billing_1", "BillingX1"] {
            let (admin, now, form) = (house.admin.clone(), house.now, TeamForm { name: name.into(), member_ids: None });
            house.write(move |tx| teams::create(tx, &admin, &form, now)).await.unwrap();
        }
        for (text, found) in [("billing", 2), ("BILLING", 2), ("отдел счетов", 1), ("ОТДЕЛ", 1), ("g_1", 1), ("%", 0), ("TEAM.created", 3), ("вера главная", 3)] {
            let found_now = entries(&house, &house.admin, text).await.unwrap();
            let of_teams = found_now.iter().filter(|entry| entry.actor.name == "Вера Главная").count();
            assert_eq!(of_teams, found, "{text}");
        }
    }

    async fn an_old_entry_of_the_log_is_found_like_a_new_one(store: Store) {
        let house = House::new(store).await;
        let name = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ Billing ё";
        let (admin, now, form) = (house.admin.clone(), house.now, TeamForm { name: name.into(), member_ids: None });
        house.write(move |tx| teams::create(tx, &admin, &form, now)).await.unwrap();
        let step = include_str!("../../../../migrations/0018_found_again.sql");
        let fill = &step[step.find("UPDATE audit").unwrap()..];
        let fill = fill.trim_end().trim_end_matches(';');
        let keys: Vec<String> = house
            .write(move |tx| {
                tx.exec("UPDATE audit SET name_key = ''", &[])?;
                tx.exec(fill, &[])?;
                Ok(tx.query("SELECT name_key FROM audit ORDER BY id DESC LIMIT 1", &[])?)
            })
            .await
            .unwrap();
        assert_eq!(keys, [name.to_lowercase()]);
    }

    async fn an_inbox_is_taken_off_its_team_by_null_and_left_there_by_silence(store: Store) {
        let house = House::new(store).await;
        let team = |text: &'static str| {
            let (admin, inbox, now) = (house.admin.clone(), house.inbox, house.now);
            let key = MasterKey::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
            let form: InboxForm = serde_json::from_str(text).unwrap();
            house.write(move |tx| inboxes::change(tx, &admin, inbox, &form, &key, now).map(|inbox| inbox.team_id))
        };
        assert_eq!(team(r#"{ "name": "Help" }"#).await.unwrap(), Some(house.team));
        assert_eq!(team(r#"{ "team_id": null }"#).await.unwrap(), None);
        assert_eq!(team(r#"{ "team_id": 999999 }"#).await.unwrap_err().code(), "validation");
    }
}
