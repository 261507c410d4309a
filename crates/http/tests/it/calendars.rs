//! Calendars over HTTP: kept, tried out, filled with days, refused with a sentence.

use crate::house::House;
use axum::http::StatusCode;
use opora_base::Store;
use serde_json::json;

opora_testkit::engines! {
    async fn a_calendar_is_made_tried_out_and_filled_over_the_api(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let first = admin.get("/calendars").await.body["items"][0].clone();
        assert_eq!((&first["default"], &first["version"]), (&json!(true), &json!(1)));
        let spec = first["spec"].clone();
        let presets = admin.get("/calendars/presets").await.body["items"].clone();
        assert_eq!(presets[0]["name"], "ru-production");
        let loaded = admin.post("/calendars/days", json!({ "spec": spec, "preset": "ru-production", "year": 2026, "locale": "en" })).await;
        assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
        assert_eq!(loaded.body["changes"].as_array().map(Vec::len), Some(18));
        let path = format!("/calendars/{}", first["id"]);
        let changed = admin.patch(&path, json!({ "version": 1, "spec": loaded.body["spec"] })).await;
        assert_eq!((changed.status, &changed.body["version"]), (StatusCode::OK, &json!(2)), "{}", changed.body);
        assert_eq!(changed.body["spec"]["days"]["2026-11-04"], json!({ "name": "National Unity Day", "hours": [] }));
        let stale = admin.patch(&path, json!({ "version": 1, "name": "Other" })).await;
        assert_eq!(stale.code(), (409, "ticket_changed"));
        let seen = admin
            .post("/calendars/preview", json!({ "spec": changed.body["spec"], "from": "2026-11-03T13:30:00Z", "minutes": 60 }))
            .await;
        assert_eq!(seen.body["done_at"], "2026-11-05T06:30:00.000Z", "the third is short, the fourth is off");
        let made = admin.post("/calendars", json!({ "name": "Nights", "spec": spec })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!(admin.delete(&format!("/calendars/{}", made.body["id"])).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.delete(&path).await.code(), (422, "validation"));
    }

    async fn what_makes_no_calendar_is_answered_with_the_reason(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let spec = |zone: &str, hours: serde_json::Value| json!({ "time_zone": zone, "week": { "mon": hours } });
        let cases = [
            (spec("Mars/Olympus", json!([["09:00", "18:00"]])), "unknown_time_zone"),
            (spec("UTC", json!([])), "no_working_time"),
            (spec("UTC", json!([["09:00", "13:00"], ["12:00", "18:00"]])), "overlapping"),
            (spec("UTC", json!([["nine", "18:00"]])), "bad_time"),
        ];
        for (spec, code) in cases {
            for (path, body) in [
                ("/calendars", json!({ "name": "x", "spec": spec })),
                ("/calendars/preview", json!({ "spec": spec })),
            ] {
                let refused = admin.post(path, body).await;
                assert_eq!(refused.code(), (422, "validation"), "{}", refused.body);
                assert_eq!(refused.body["errors"][0]["code"], code, "{}", refused.body);
            }
        }
        house.colleague("agent@example.com", "agent").await;
        let agent = house.signed_in("agent@example.com").await;
        assert_eq!(agent.get("/calendars").await.status, StatusCode::OK);
        let good = spec("UTC", json!([["09:00", "18:00"]]));
        for path in ["/calendars", "/calendars/preview", "/calendars/days"] {
            let body = json!({ "name": "x", "spec": good, "preset": "ru-production" });
            assert_eq!(agent.post(path, body).await.code(), (403, "forbidden"), "{path}");
        }
    }
}
