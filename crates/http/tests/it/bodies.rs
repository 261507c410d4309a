//! Bodies, paths and parameters that do not fit: each gets a clear answer.

use crate::house::House;
use axum::http::{Method, StatusCode};
use serde_json::json;

async fn house() -> House {
    House::plain().await
}

#[tokio::test]
async fn what_is_not_json_says_where_it_breaks() {
    let house = house().await;
    let admin = house.admin().await;
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for (body, said) in [
        ("", "EOF"),
        ("{", "EOF"),
        (r#"{"name":"a"} trailing"#, "trailing"),
        (r#"{"name":"a",}"#, "trailing comma"),
        ("\u{feff}{}", "line 1"),
        ("\"\\ud800\"", "line 1"),
        (deep.as_str(), "deeper than 32"),
    ] {
        let reply = admin.raw(Method::POST, "/api/v1/teams", Some(("application/json", body.into()))).await;
        assert_eq!(reply.code(), (400, "malformed_json"), "{body:.40}");
        assert!(reply.body["detail"].as_str().unwrap().contains(said), "{} for {body:.40}", reply.body);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.body["type"], "/problems/malformed_json");
    }
    let bytes = admin.raw(Method::POST, "/api/v1/teams", Some(("application/json", vec![0xff, 0xfe, 0x00]))).await;
    assert_eq!(bytes.code(), (400, "malformed_json"));
}

#[tokio::test]
async fn a_field_of_another_type_is_named() {
    let house = house().await;
    let admin = house.admin().await;
    let reply = admin.post("/teams", json!({ "name": 7 })).await;
    assert_eq!((reply.code(), reply.field()), ((422, "validation"), ("name", "wrong_type")));
    let reply = admin.post("/teams", json!({})).await;
    assert_eq!(reply.field(), ("name", "required"));
    let reply = admin.post("/teams", json!({ "name": "   " })).await;
    assert_eq!(reply.field(), ("name", "required"));
    let reply = admin.post("/teams", json!({ "name": "A", "member_ids": [1, "x"] })).await;
    assert_eq!(reply.field(), ("member_ids[1]", "wrong_type"));
    let russian = admin.with("accept-language", "ru-RU,ru;q=0.9").post("/teams", json!({})).await;
    assert_eq!(russian.body["errors"][0]["detail"], "обязательное поле");
    assert_eq!(russian.header("content-language"), "ru");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let house = house().await;
    let admin = house.admin().await;
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(3 * 1024 * 1024)).into_bytes();
    let reply = admin.raw(Method::POST, "/api/v1/teams", Some(("application/json", large.clone()))).await;
    assert_eq!(reply.code(), (413, "too_large"));
    assert_eq!(reply.body["detail"], "No more than 2 MB fits here.");
    let announced = admin.clone().with("content-length", "99999999999999999999");
    let reply = announced.raw(Method::POST, "/api/v1/teams", Some(("application/json", large))).await;
    assert_eq!(reply.code(), (413, "too_large"));
}

#[tokio::test]
async fn another_content_type_than_json_is_named() {
    let house = house().await;
    let agent = house.colleague("robot@example.com", "admin").await;
    let script = house.script(agent, &["all"]).await;
    let reply = script.raw(Method::POST, "/api/v1/teams", Some(("text/plain", b"{}".to_vec()))).await;
    assert_eq!(reply.code(), (415, "unsupported_media_type"));
}

#[tokio::test]
async fn an_unknown_path_a_wrong_method_and_an_impossible_id_are_problems_too() {
    let house = house().await;
    let admin = house.admin().await;
    assert_eq!(admin.get("/nothing/here").await.code(), (404, "not_found"));
    assert_eq!(admin.raw(Method::GET, "/api/v2/tickets", None).await.code(), (404, "not_found"));
    assert_eq!(admin.put("/teams", json!({})).await.code(), (405, "method_not_allowed"));
    for id in ["x", "-", "1.5", "99999999999999999999", "%00", "1/../2"] {
        let reply = admin.get(&format!("/tickets/{id}")).await;
        assert_eq!(reply.code(), (404, "not_found"), "{id}");
    }
    for id in [-1, 0, i64::MAX] {
        assert_eq!(admin.get(&format!("/tickets/{id}")).await.code(), (404, "not_found"), "{id}");
    }
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_says_where_in_the_readers_language() {
    let house = house().await;
    let admin = house.admin().await;
    let reply = admin.get("/tickets?q=status:open%20status:purple").await;
    assert_eq!(reply.code(), (400, "bad_query"));
    assert!(reply.body["at"].as_u64().unwrap() >= 12, "{}", reply.body);
    let russian = admin.clone().with("accept-language", "ru").get("/tickets?q=status:purple").await;
    assert!(russian.body["detail"].as_str().unwrap().contains("Фильтр"), "{}", russian.body);
    assert_eq!(admin.get("/tickets?limit=many").await.code(), (400, "bad_parameter"));
    for bad in ["limit=0", "limit=1001", "sort=colour", "cursor=%00", "cursor=1.2.3", "limit=-1"] {
        assert_eq!(admin.get(&format!("/tickets?{bad}")).await.code(), (422, "validation"), "{bad}");
    }
}

#[tokio::test]
async fn every_answer_has_its_number_and_headers_that_keep_browsers_careful() {
    let house = house().await;
    let reply = house.stranger().with("x-request-id", "from-the-proxy.7").get("/setup").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("x-request-id"), "from-the-proxy.7");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert_eq!(reply.header("cache-control"), "no-store");
    let reply = house.stranger().with("x-request-id", "evil \"id\"").get("/setup").await;
    assert_eq!(reply.header("x-request-id").len(), 16);
}
