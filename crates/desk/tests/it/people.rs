//! People: roles that cannot hand out more than they have, the last administrator, links that work once.

use crate::house::{House, START};
use opora_base::Store;
use opora_desk::Permission;
use opora_desk::people::{agents, links, login, roles, tokens};
use opora_testkit::engines;
use std::time::Duration;

engines! {
    async fn the_last_administrator_cannot_be_switched_off(store: Store) {
        let house = House::new(store).await;
        let (admin, id) = (house.admin.clone(), house.admin.agent.unwrap());
        let change = agents::AgentChange { active: Some(false), ..Default::default() };
        let refused = house.write(move |tx| agents::change(tx, &admin, id, &change, START)).await.unwrap_err();
        assert_eq!(refused.code(), "validation");
        let id = house.admin.agent.unwrap();
        assert!(house.store.read(move |tx| agents::get(tx, id)).await.unwrap().active, "the whole command was taken back");
    }

    async fn nobody_hands_out_more_than_they_have(store: Store) {
        let house = House::new(store).await;
        let anna = house.anna.clone();
        let form = roles::RoleForm { name: "Всё".into(), permissions: vec![Permission::SettingsManage] };
        assert_eq!(house.write(move |tx| roles::create(tx, &anna, &form, crate::house::START)).await.unwrap_err().code(), "forbidden");
    }

    async fn a_reset_link_works_once_and_ends_older_sessions(store: Store) {
        let house = House::new(store).await;
        let anna = house.anna.agent.unwrap();
        let visitor = login::Visitor::default();
        let old = { let v = visitor.clone(); house.write(move |tx| login::begin_session(tx, anna, &v, START)).await.unwrap() };
        let (_, link) = house.write(|tx| links::request_reset(tx, "anna@shop.test", START)).await.unwrap().unwrap();
        assert!(house.write(|tx| links::request_reset(tx, "anna@shop.test", START)).await.unwrap().is_none(), "one a minute");
        let (used, v) = (link.clone(), visitor.clone());
        house.write(move |tx| links::accept(tx, &used, links::Purpose::Reset, None, "new", &v, START)).await.unwrap();
        let again = house.write(move |tx| links::accept(tx, &link, links::Purpose::Reset, None, "newer", &visitor, START)).await.unwrap_err();
        assert_eq!(again.code(), "link_expired");
        assert!(house.store.read(move |tx| login::by_session(tx, &old, START)).await.unwrap().is_none());
    }

    async fn wrong_guesses_shut_the_door_for_the_account_and_not_for_ever(store: Store) {
        let house = House::new(store).await;
        let visitor = login::Visitor { ip: "192.0.2.1".into(), user_agent: String::new() };
        for _ in 0..10 {
            let v = visitor.clone();
            house.write(move |tx| login::turn_away(tx, "anna@shop.test", &v, START)).await.unwrap();
        }
        let v = visitor.clone();
        let shut = house.store.read(move |tx| login::knock(tx, "ANNA@shop.test", &v, START)).await.unwrap_err();
        assert_eq!(shut.code(), "throttled");
        let later = START.plus(Duration::from_secs(3600));
        assert!(house.store.read(move |tx| login::knock(tx, "anna@shop.test", &visitor, later)).await.unwrap().is_some());
    }

    async fn a_token_does_what_its_scope_says_and_no_more(store: Store) {
        let house = House::new(store).await;
        let anna = house.anna.clone();
        let made = house.write(move |tx| tokens::create(tx, &anna, "script", &["ticket.view".to_owned()], START)).await.unwrap();
        let secret = made.token.unwrap();
        let actor = house.store.read(move |tx| tokens::by_token(tx, &secret)).await.unwrap().unwrap().actor;
        assert!(actor.may(Permission::TicketView) && !actor.may(Permission::TicketReply));
        assert_ne!(actor.sight, opora_desk::actor::Sight::Everything, "a narrower token sees less");
    }
}
