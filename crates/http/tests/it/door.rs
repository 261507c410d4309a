//! Coming in: setup, login, throttling, sessions, tokens, links.

use crate::house::{ADMIN, House, PASSWORD};
use axum::http::{Method, StatusCode};
use opora_base::Store;
use serde_json::json;
use std::time::Duration;

opora_testkit::engines! {
    async fn the_first_start_offers_a_setup_page_once(store: Store) {
        let house = House::empty(store, |state| state);
        let stranger = house.stranger();
        assert_eq!(stranger.get("/setup").await.body["needed"], true);
        let form = json!({ "department": "Shop", "name": "Olga", "email": ADMIN, "password": PASSWORD, "locale": "en" });
        let reply = stranger.post("/setup", form.clone()).await;
        assert_eq!((reply.status, reply.body["role"]["key"].as_str()), (StatusCode::OK, Some("admin")), "{}", reply.body);
        let admin = stranger.clone().with("cookie", &reply.cookie().unwrap());
        assert_eq!(admin.get("/session").await.body["email"], ADMIN);
        assert_eq!(stranger.get("/setup").await.body["needed"], false);
        assert_eq!(stranger.post("/setup", form).await.code(), (409, "already_set_up"));
    }

    async fn a_wrong_password_and_an_unknown_address_get_the_same_sentence(store: Store) {
        let house = House::new(store).await;
        let stranger = house.stranger();
        let wrong = stranger.post("/session", json!({ "email": ADMIN, "password": "guess guess" })).await;
        let unknown = stranger.post("/session", json!({ "email": "who@example.com", "password": "guess guess" })).await;
        assert_eq!(wrong.code(), (401, "wrong_login"));
        assert_eq!(wrong.body, unknown.body);
        assert!(wrong.cookie().is_none());
        let russian = stranger.with("accept-language", "ru").post("/session", json!({ "email": ADMIN, "password": "x" })).await;
        assert_eq!(russian.body["detail"], "Адрес и пароль не подходят друг к другу. Проверьте раскладку и Caps Lock.");
    }

    async fn guesses_shut_the_door_for_a_while_even_for_the_right_password(store: Store) {
        let house = House::new(store).await;
        let stranger = house.stranger();
        for _ in 0..5 {
            let reply = stranger.post("/session", json!({ "email": ADMIN, "password": "guess guess" })).await;
            assert_eq!(reply.code(), (401, "wrong_login"));
        }
        let reply = stranger.post("/session", json!({ "email": ADMIN, "password": PASSWORD })).await;
        assert_eq!(reply.code(), (429, "throttled"));
        assert_eq!(reply.header("retry-after"), "1");
        house.clock.advance(Duration::from_secs(2));
        assert_eq!(stranger.post("/session", json!({ "email": ADMIN, "password": PASSWORD })).await.status, StatusCode::OK);
    }

    async fn a_session_ended_elsewhere_is_ended(store: Store) {
        let house = House::new(store).await;
        let (here, there) = (house.admin().await, house.admin().await);
        let sessions = here.get("/me/sessions").await.body;
        let other = sessions["items"].as_array().unwrap().iter().find(|s| s["current"] == false).unwrap();
        let path = format!("/me/sessions/{}", other["id"]);
        assert_eq!(here.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(there.get("/session").await.code(), (401, "unauthenticated"));
        assert_eq!(here.get("/session").await.status, StatusCode::OK);
        assert_eq!(here.delete(&path).await.code(), (404, "not_found"));
    }

    async fn signing_out_ends_the_session_and_the_cookie(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let reply = admin.delete("/session").await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        assert!(reply.header("set-cookie").contains("Max-Age=0"));
        assert_eq!(admin.get("/session").await.code(), (401, "unauthenticated"));
    }

    async fn a_new_password_ends_other_sessions_and_needs_the_old_one(store: Store) {
        let house = House::new(store).await;
        let (here, there) = (house.admin().await, house.admin().await);
        let wrong = here.patch("/me", json!({ "password": { "old": "not it", "new": "another horse" } })).await;
        assert_eq!(wrong.field(), ("password.old", "wrong"));
        let short = here.patch("/me", json!({ "password": { "old": PASSWORD, "new": "short" } })).await;
        assert_eq!(short.field(), ("password", "too_short"));
        let right = here.patch("/me", json!({ "password": { "old": PASSWORD, "new": "another horse" } })).await;
        assert_eq!(right.status, StatusCode::OK, "{}", right.body);
        assert_eq!(here.get("/session").await.status, StatusCode::OK);
        assert_eq!(there.get("/session").await.code(), (401, "unauthenticated"));
    }

    async fn an_invited_colleague_joins_by_the_link_once(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let roles = admin.get("/roles").await.body;
        let agent_role = roles["items"].as_array().unwrap().iter().find(|r| r["key"] == "agent").unwrap()["id"].clone();
        let form = json!({ "email": "ivan@example.com", "name": "Ivan", "role_id": agent_role });
        let reply = admin.clone().with("host", "help.example.com").post("/invitations", form).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        let link = reply.body["link"].as_str().unwrap();
        let secret = link.strip_prefix("http://help.example.com/invitation/").unwrap();
        let path = format!("/invitations/{secret}");
        let stranger = house.stranger();
        assert_eq!(stranger.get(&path).await.body, json!({ "email": "ivan@example.com", "name": "Ivan" }));
        let joined = stranger.post(&path, json!({ "name": "Ivan Petrov", "password": "ivan's own" })).await;
        assert_eq!((joined.status, &joined.body["name"]), (StatusCode::OK, &json!("Ivan Petrov")), "{}", joined.body);
        assert_eq!(stranger.get(&path).await.code(), (404, "link_expired"));
        assert_eq!(stranger.post(&path, json!({ "password": "once again" })).await.code(), (404, "link_expired"));
    }
}

#[tokio::test]
async fn a_session_cookie_is_for_this_site_and_not_for_scripts() {
    let house = House::plain().await;
    let form = json!({ "email": ADMIN, "password": PASSWORD });
    let plain = house.stranger().post("/session", form.clone()).await;
    let cookie = plain.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    assert!(!cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_cookie_is_secure_and_the_visitor_is_the_proxys_word() {
    let config = opora_http::EdgeConfig { trust_forwarded: true, ..Default::default() };
    let house = House::on_sqlite(config, |state| state).await;
    let visitor = house
        .stranger()
        .with("x-forwarded-proto", "https")
        .with("x-forwarded-for", "6.6.6.6, 203.0.113.9")
        .with("host", "help.example.com");
    let reply = visitor.post("/session", json!({ "email": ADMIN, "password": PASSWORD })).await;
    assert!(reply.header("set-cookie").contains("; Secure"), "{}", reply.header("set-cookie"));
    let admin = visitor.with("cookie", &reply.cookie().unwrap());
    assert_eq!(admin.get("/me/sessions").await.body["items"][0]["ip"], "203.0.113.9");
}

#[tokio::test]
async fn a_reset_request_never_tells_who_works_here() {
    let house = House::plain().await;
    for email in [ADMIN, "who@example.com", "", "not an address"] {
        let reply = house.stranger().post("/password-resets", json!({ "email": email })).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{email:?}");
    }
    let reply = house.stranger().send(Method::GET, "/password-resets/made-up", None).await;
    assert_eq!(reply.code(), (404, "link_expired"));
}
