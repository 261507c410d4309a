//! Staff and the department's arrangement through the API.

use crate::house::House;
use axum::http::StatusCode;
use opora_base::Store;
use serde_json::json;

opora_testkit::engines! {
    async fn a_team_is_made_and_changed_and_its_name_is_its_own(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let team = admin.post("/teams", json!({ "name": "Delivery" })).await.body;
        assert_eq!(admin.post("/teams", json!({ "name": "Delivery" })).await.field(), ("name", "taken"));
        let path = format!("/teams/{}", team["id"]);
        let changed = admin.patch(&path, json!({ "name": "Parcels", "member_ids": [1] })).await;
        assert_eq!(changed.body, json!({ "id": team["id"], "name": "Parcels", "member_ids": [1] }));
        assert_eq!(admin.patch("/teams/999", json!({ "name": "X" })).await.code(), (404, "not_found"));
        assert_eq!(admin.patch(&path, json!({ "name": "Parcels", "member_ids": [77] })).await.field(), ("member_ids", "unknown"));
    }

    async fn a_role_is_a_set_of_permissions_and_presets_stay_as_they_are(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let made = admin.post("/roles", json!({ "name": "Night", "permissions": ["ticket.view", "ticket.reply"] })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!(made.body["permissions"], json!(["ticket.view", "ticket.reply"]));
        let odd = admin.post("/roles", json!({ "name": "Odd", "permissions": ["ticket.explode"] })).await;
        assert_eq!(odd.field(), ("permissions[0]", "wrong_type"));
        let preset = admin.patch("/roles/1", json!({ "name": "Mine", "permissions": [] })).await;
        assert_eq!(preset.field(), ("id", "preset"));
    }

    async fn an_inbox_never_shows_its_passwords(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let form = json!({
            "name": "Support", "address": "support@example.com", "aliases": ["help@example.com"],
            "smtp_url": "smtp://mail.example.com:587", "smtp_password": "hunter2-of-smtp",
            "imap_url": "imaps://support@mail.example.com", "imap_password": "hunter2-of-imap",
        });
        let made = admin.post("/inboxes", form).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!(made.body["smtp"], json!({ "url": "smtp://mail.example.com:587", "has_password": true }));
        let listed = admin.get("/inboxes").await;
        for reply in [made, listed] {
            assert!(!String::from_utf8_lossy(&reply.bytes).contains("hunter2"), "{}", reply.body);
        }
    }

    async fn a_brand_speaks_both_languages(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let form = json!({ "name": "Лавка 2", "face": "number", "greeting": { "ru": "Привет!", "en": "Hi!" } });
        let made = admin.post("/brands", form).await;
        assert_eq!((made.status, &made.body["greeting"]["ru"]), (StatusCode::CREATED, &json!("Привет!")), "{}", made.body);
        assert_eq!(admin.get("/brands").await.body["items"].as_array().unwrap().len(), 2);
        let path = format!("/brands/{}", made.body["id"]);
        let changed = admin.patch(&path, json!({ "face": "first_name" })).await;
        assert_eq!((changed.status, &changed.body["face"]), (StatusCode::OK, &json!("first_name")), "{}", changed.body);
        assert_eq!((&changed.body["name"], &changed.body["greeting"]), (&made.body["name"], &made.body["greeting"]));
    }

    async fn a_colleague_switched_off_is_out_at_once(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let id = house.colleague("boris@example.com", "agent").await;
        let boris = house.signed_in("boris@example.com").await;
        let reply = admin.patch(&format!("/agents/{id}"), json!({ "active": false })).await;
        assert_eq!((reply.status, &reply.body["active"]), (StatusCode::OK, &json!(false)), "{}", reply.body);
        assert_eq!(boris.get("/session").await.code(), (401, "unauthenticated"));
        let last = admin.patch("/agents/1", json!({ "active": false })).await;
        assert_eq!(last.field(), ("active", "last_admin"));
    }

    async fn i_choose_my_language_and_theme(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let me = admin.patch("/me", json!({ "locale": "en", "theme": "dark", "name": "Olga" })).await.body;
        assert_eq!((&me["locale"], &me["theme"], &me["name"]), (&json!("en"), &json!("dark"), &json!("Olga")));
        assert_eq!((&me["undo_seconds"], &me["public_name"]), (&json!(10), &json!("Olga")));
        assert_eq!(admin.patch("/me", json!({ "theme": "neon" })).await.field(), ("theme", "unknown"));
        let colleague = &admin.get("/agents").await.body["items"][0];
        assert_eq!((&colleague["public_name"], &colleague["online"]), (&json!("Olga"), &json!(false)));
    }
}
