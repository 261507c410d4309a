//! `Idempotency-Key`: the same request twice is one request.

use crate::house::House;
use axum::http::StatusCode;
use opora_base::Store;
use serde_json::json;
use std::time::Duration;

opora_testkit::engines! {
    async fn the_same_key_and_request_are_carried_out_once_and_answered_twice(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await.with("idempotency-key", "order-1042");
        let first = admin.post("/teams", json!({ "name": "Night" })).await;
        let second = admin.post("/teams", json!({ "name": "Night" })).await;
        assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED), "{}", second.body);
        assert_eq!(first.body, second.body);
        assert_eq!((first.header("idempotency-replayed"), second.header("idempotency-replayed")), ("", "true"));
        assert_eq!(admin.get("/teams").await.body["items"].as_array().unwrap().len(), 1);
    }

    async fn a_key_belongs_to_one_request_of_one_person_for_a_day(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await.with("idempotency-key", "k");
        assert_eq!(admin.post("/teams", json!({ "name": "Night" })).await.status, StatusCode::CREATED);
        assert_eq!(admin.post("/teams", json!({ "name": "Day" })).await.code(), (422, "idempotency_key_reused"));
        house.colleague("second@example.com", "admin").await;
        let other = house.signed_in("second@example.com").await.with("idempotency-key", "k");
        assert_eq!(other.post("/teams", json!({ "name": "Day" })).await.status, StatusCode::CREATED);
        house.clock.advance(Duration::from_secs(25 * 3_600));
        assert_eq!(admin.post("/teams", json!({ "name": "Weekend" })).await.status, StatusCode::CREATED);
    }

    async fn a_refused_request_leaves_its_key_free(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await.with("idempotency-key", "k");
        assert_eq!(admin.post("/teams", json!({ "name": "" })).await.code(), (422, "validation"));
        assert_eq!(admin.post("/teams", json!({ "name": "Night" })).await.status, StatusCode::CREATED);
    }

    async fn many_at_once_make_one(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await.with("idempotency-key", "k");
        let inbox = house.inbox(&admin.clone().without("idempotency-key")).await;
        let form = json!({
            "inbox_id": inbox, "kind": "customer", "subject": "Once", "body_text": "Only once, please",
            "contact": { "address": "anna@example.org" },
        });
        let crowd = (0..8).map(|_| admin.post("/tickets", form.clone()));
        let replies = futures::future::join_all(crowd).await;
        let made: Vec<_> = replies.iter().filter(|r| r.status == StatusCode::CREATED).map(|r| &r.body["id"]).collect();
        assert!(!made.is_empty() && made.iter().all(|id| *id == made[0]), "{made:?}");
        assert!(replies.iter().all(|r| r.status == StatusCode::CREATED || r.code() == (409, "conflict")));
        assert_eq!(admin.get("/tickets").await.body["total"], 1);
    }

    async fn a_secret_is_given_again_and_kept_sealed(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await.with("idempotency-key", "k");
        let form = json!({ "name": "script", "scopes": ["all"] });
        let (first, second) = (admin.post("/me/tokens", form.clone()).await, admin.post("/me/tokens", form).await);
        assert_eq!(first.body, second.body);
        let token = first.body["token"].as_str().unwrap().to_owned();
        let kept: String = house
            .store
            .read(|tx| tx.one::<String>("SELECT body FROM idempotent_answer", &[]))
            .await
            .unwrap();
        assert!(!kept.contains(&token) && !kept.contains("script"), "{kept}");
    }
}

#[tokio::test]
async fn a_key_that_is_no_key_is_refused() {
    let house = House::plain().await;
    let admin = house.admin().await;
    let long = "k".repeat(201);
    for key in ["", "with space", long.as_str()] {
        let reply = admin.clone().with("idempotency-key", key).post("/teams", json!({ "name": "Night" })).await;
        assert_eq!(reply.code(), (400, "bad_idempotency_key"), "{key:?}");
    }
}
