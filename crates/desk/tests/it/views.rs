//! Views people make: whose they are, who may change them, how they are arranged, what they hold.

use crate::house::{House, mail};
use opora_base::Store;
use opora_desk::tickets::Change;
use opora_desk::tickets::filter::Matches;
use opora_desk::tickets::views::{self, Arrangement, Counter, View, ViewForm};
use opora_desk::{Actor, Result};
use opora_testkit::engines;

fn form(name: &str, query: &str, section: &str) -> ViewForm {
    ViewForm {
        name: Some(name.into()),
        query: Some(query.into()),
        section: Some(section.into()),
        ..ViewForm::default()
    }
}

async fn make(house: &House, actor: &Actor, form: ViewForm) -> Result<View> {
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| views::create(tx, &actor, &form, now)).await
}

async fn edit(house: &House, actor: &Actor, key: &str, form: ViewForm) -> Result<View> {
    let (actor, now, key) = (actor.clone(), house.now, key.to_owned());
    house.write(move |tx| views::edit(tx, &actor, &key, &form, now)).await
}

async fn seen(house: &House, actor: &Actor) -> Vec<View> {
    let (actor, now) = (actor.clone(), house.now);
    let matches = Matches::default();
    house.store.read(move |tx| Counter::new(&matches, now).views(tx, &actor)).await.unwrap()
}

async fn keys(house: &House, actor: &Actor) -> Vec<String> {
    seen(house, actor).await.into_iter().filter(|view| !view.hidden).map(|view| view.key).collect()
}

engines! {
    async fn own_views_are_ones_own_and_shared_ones_need_leave(store: Store) {
        let house = House::new(store).await;
        let own = make(&house, &house.anna, form("Ждут давно", "Status:open waiting:>4h", "own")).await.unwrap();
        assert_eq!((own.query.as_str(), own.editable), ("status:open waiting:>4h", true));
        assert!(keys(&house, &house.anna).await.contains(&own.key));
        assert!(!keys(&house, &house.boris).await.contains(&own.key));
        assert_eq!(make(&house, &house.anna, form("Всем", "", "shared")).await.unwrap_err().code(), "forbidden");

        let shared = make(&house, &house.admin, form("VIP", "tag:vip", "shared")).await.unwrap();
        let for_anna = seen(&house, &house.anna).await.into_iter().find(|view| view.key == shared.key).unwrap();
        assert!(!for_anna.editable);
        let refused = edit(&house, &house.anna, &shared.key, form("Моё", "", "own")).await.unwrap_err();
        assert_eq!(refused.code(), "forbidden");
        // Nobody lifts a view of theirs into everybody's lists by changing it.
        assert_eq!(edit(&house, &house.anna, &own.key, form("Всем", "", "shared")).await.unwrap_err().code(), "forbidden");
        assert_eq!(edit(&house, &house.boris, &own.key, form("Чужое", "", "own")).await.unwrap_err().code(), "not_found");
    }

    async fn a_teams_view_is_for_the_team(store: Store) {
        let house = House::new(store).await;
        let team = ViewForm { team_id: Some(house.team), ..form("Линия", "team:mine", "team") };
        let view = make(&house, &house.admin, team).await.unwrap();
        assert!(keys(&house, &house.anna).await.contains(&view.key));
        assert!(!keys(&house, &house.boris).await.contains(&view.key));
        let nobodys = make(&house, &house.admin, form("Чья?", "", "team")).await.unwrap_err();
        assert_eq!(nobodys.code(), "validation");
    }

    async fn each_person_arranges_their_views(store: Store) {
        let house = House::new(store).await;
        let view = make(&house, &house.anna, form("Первое", "", "own")).await.unwrap();
        let before = keys(&house, &house.boris).await;
        let wanted = Arrangement {
            keys: vec![view.key.clone(), "all".into(), "nonsense".into()],
            hidden: vec!["solved".into()],
        };
        let anna = house.anna.clone();
        house.write(move |tx| views::arrange(tx, &anna, &wanted)).await.unwrap();
        let now = keys(&house, &house.anna).await;
        assert_eq!(&now[..3], [view.key.as_str(), "all", "mine"]);
        assert!(!now.contains(&"solved".to_owned()));
        assert_eq!(keys(&house, &house.boris).await, before);
    }

    async fn every_view_has_its_exact_number(store: Store) {
        let house = House::new(store).await;
        for i in 0..6 {
            house.mail(&mail(&format!("c{i}@customer.test"), &format!("{i}@c.test"), "Вопрос", "", "Текст")).await;
        }
        let ids: Vec<_> = house.page(&house.admin, "", "id", "", 10).await.items.iter().map(|t| t.id).collect();
        for id in &ids[..2] {
            house.change(&house.admin, *id, Change { tags: Some(vec!["vip".into()]), ..Change::default() }).await.unwrap();
        }
        house.change(&house.admin, ids[5], Change { assignee_id: Some(house.anna.agent), ..Change::default() }).await.unwrap();
        make(&house, &house.admin, form("VIP", "tag:vip", "shared")).await.unwrap();
        make(&house, &house.admin, form("Не VIP и не моё", "-tag:vip -assignee:me", "shared")).await.unwrap();
        make(&house, &house.admin, form("Ушедший", "assignee:\"Кто Угодно\"", "shared")).await.unwrap();
        let count = |views: &[View]| views.iter().filter(|v| v.id.is_some()).map(|v| v.count).collect::<Vec<_>>();
        assert_eq!(count(&seen(&house, &house.anna).await), [2, 3, 0]);
        assert_eq!(count(&seen(&house, &house.boris).await), [2, 4, 0]);
    }

    async fn a_change_unawares_is_refused_and_a_wrong_filter_pointed_at(store: Store) {
        let house = House::new(store).await;
        let view = make(&house, &house.anna, form("Моё", "assignee:me", "own")).await.unwrap();
        edit(&house, &house.anna, &view.key, ViewForm { sort: Some("waiting".into()), ..ViewForm::default() }).await.unwrap();
        let late = ViewForm { version: Some(view.version), name: Some("Поздно".into()), ..ViewForm::default() };
        assert_eq!(edit(&house, &house.anna, &view.key, late).await.unwrap_err().code(), "ticket_changed");
        for wrong in [
            ViewForm { query: Some("status:opne".into()), ..ViewForm::default() },
            ViewForm { sort: Some("beauty".into()), ..ViewForm::default() },
            ViewForm { columns: Some(vec!["weather".into()]), ..ViewForm::default() },
            ViewForm { group: Some("mood".into()), ..ViewForm::default() },
            ViewForm { name: Some(" ".into()), ..ViewForm::default() },
        ] {
            let error = edit(&house, &house.anna, &view.key, wrong.clone()).await.unwrap_err();
            assert!(["validation", "bad_query"].contains(&error.code()), "{wrong:?}: {error}");
        }
        let (anna, now, key) = (house.anna.clone(), house.now, view.key.clone());
        house.write(move |tx| views::delete(tx, &anna, &key, now)).await.unwrap();
        assert!(!keys(&house, &house.anna).await.contains(&view.key));
    }
}
