//! What a caller may not do: without signing in, without the permission, with a narrow token, from another site.

use crate::house::House;
use axum::http::{Method, StatusCode};
use opora_base::Store;
use serde_json::json;

opora_testkit::engines! {
    async fn everything_but_the_door_needs_somebody_signed_in(store: Store) {
        let house = House::new(store).await;
        let open = ["/setup", "/start", "/session", "/password-resets", "/invitations/", "/demo/logins", "/password-resets/"];
        let api: serde_json::Value = serde_json::to_value(opora_http::description()).unwrap();
        for (path, item) in api["paths"].as_object().unwrap() {
            if open.iter().any(|o| path == o || o.ends_with('/') && path.starts_with(o)) {
                continue;
            }
            for method in item.as_object().unwrap().keys() {
                let method: Method = method.to_uppercase().parse().unwrap();
                let reply = house.stranger().send(method.clone(), &path.replace("{id}", "1"), Some(json!({}))).await;
                assert_eq!(reply.code(), (401, "unauthenticated"), "{method} {path}");
            }
        }
    }

    async fn an_observer_looks_and_does_not_touch(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        house.colleague("observer@example.com", "observer").await;
        let observer = house.signed_in("observer@example.com").await;
        let path = format!("/tickets/{}", ticket["id"]);
        assert_eq!(observer.get(&path).await.status, StatusCode::OK);
        let refused = observer.patch(&path, json!({ "status": "solved" })).await;
        assert_eq!(refused.code(), (403, "forbidden"));
        assert_eq!(refused.body["permission"], "ticket.edit");
        let refused = observer.post(&format!("{path}/messages"), json!({ "kind": "reply", "body_text": "Hi" })).await;
        assert_eq!(refused.code(), (403, "forbidden"));
        assert_eq!(observer.get("/quarantine").await.code(), (403, "forbidden"));
        assert_eq!(observer.post("/teams", json!({ "name": "Mine" })).await.code(), (403, "forbidden"));
    }

    async fn a_token_does_what_its_scopes_say_and_makes_no_other_token(store: Store) {
        let house = House::new(store).await;
        let agent = house.colleague("robot@example.com", "admin").await;
        let narrow = house.script(agent, &["ticket.view"]).await;
        assert_eq!(narrow.get("/tickets").await.status, StatusCode::OK);
        assert_eq!(narrow.post("/teams", json!({ "name": "T" })).await.code(), (403, "forbidden"));
        let wide = house.script(agent, &["all"]).await;
        assert_eq!(wide.post("/teams", json!({ "name": "T" })).await.status, StatusCode::CREATED);
        for script in [narrow, wide] {
            let reply = script.post("/me/tokens", json!({ "name": "more", "scopes": ["all"] })).await;
            assert_eq!(reply.code(), (403, "session_needed"));
        }
        let made_up = house.stranger().with("authorization", "Bearer opora_made_up");
        assert_eq!(made_up.get("/tickets").await.code(), (401, "unauthenticated"));
    }

    async fn a_narrow_token_sees_less_than_its_owner(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let path = format!("/tickets/{}", ticket["id"]);
        let agent = house.colleague("robot@example.com", "admin").await;
        let blind = house.script(agent, &["quarantine.manage"]).await;
        assert_eq!(blind.get(&path).await.code(), (403, "forbidden"));
        assert_eq!(blind.get("/tickets").await.code(), (403, "forbidden"));
        let near_sighted = house.script(agent, &["ticket.view"]).await;
        assert_eq!(near_sighted.get(&path).await.code(), (404, "not_found"));
        assert_eq!(near_sighted.get("/tickets").await.body["total"], 0);
        let team = admin.post("/teams", json!({ "name": "Robots", "member_ids": [agent] })).await.body;
        admin.patch(&format!("/inboxes/{inbox}"), json!({ "team_id": team["id"] })).await;
        assert_eq!(near_sighted.get(&path).await.status, StatusCode::OK);
        let all = house.script(agent, &["ticket.view", "ticket.view_all"]).await;
        assert_eq!(all.get(&path).await.status, StatusCode::OK);
    }

    async fn a_token_made_in_person_works_until_it_is_revoked(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let made = admin.post("/me/tokens", json!({ "name": "script", "scopes": ["all"] })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let script = house.stranger().with("authorization", &format!("Bearer {}", made.body["token"].as_str().unwrap()));
        assert_eq!(script.get("/tickets").await.status, StatusCode::OK);
        assert!(admin.get("/me/tokens").await.body["items"][0].get("token").is_none());
        let path = format!("/me/tokens/{}", made.body["id"]);
        assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(script.get("/tickets").await.code(), (401, "unauthenticated"));
    }
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing_with_its_visitors_cookie() {
    let house = House::plain().await;
    let admin = house.admin().await;
    let team = br#"{"name":"Stolen"}"#.to_vec();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let reply = admin.raw(Method::POST, "/api/v1/teams", Some((kind, team.clone()))).await;
        assert_eq!(reply.code(), (403, "cross_site"), "{kind}");
    }
    let bare = admin.raw(Method::POST, "/api/v1/messages/1/retry", None).await;
    assert_eq!(bare.code(), (403, "cross_site"));
    let sly = admin.clone().with("sec-fetch-site", "cross-site");
    assert_eq!(sly.post("/teams", json!({ "name": "Stolen" })).await.code(), (403, "cross_site"));
    assert_eq!(admin.get("/teams").await.body["items"], json!([]));
    assert_eq!(admin.post("/teams", json!({ "name": "Ours" })).await.status, StatusCode::CREATED);
}
