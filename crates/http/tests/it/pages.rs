//! What is not the API: the workspace's pages, health, figures, the page that shows the API.

use crate::house::House;
use axum::http::{Method, StatusCode};

async fn house() -> House {
    House::plain().await
}

#[tokio::test]
async fn every_address_of_the_workspace_is_its_page_under_a_strict_policy() {
    let house = house().await;
    for path in ["/", "/tickets/1042", "/settings/people"] {
        let reply = house.stranger().raw(Method::GET, path, None).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        assert_eq!(reply.header("cache-control"), "no-cache");
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("script-src 'self' 'unsafe") && policy.contains("object-src 'none'"), "{policy}");
    }
    let missing = house.stranger().raw(Method::GET, "/assets/gone-abc123.js", None).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let page = house.stranger().raw(Method::GET, "/", None).await;
    let known = house.stranger().with("if-none-match", page.header("etag"));
    assert_eq!(known.raw(Method::GET, "/", None).await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn health_tells_whether_the_work_can_be_done() {
    let house = house().await;
    let stranger = house.stranger();
    assert_eq!(stranger.raw(Method::GET, "/health/live", None).await.status, StatusCode::OK);
    let ready = stranger.raw(Method::GET, "/health/ready", None).await;
    assert_eq!((ready.status, &ready.body["database"]), (StatusCode::OK, &true.into()));
    house.store.close().await;
    let ready = stranger.raw(Method::GET, "/health/ready", None).await;
    assert_eq!((ready.status, &ready.body["database"]), (StatusCode::SERVICE_UNAVAILABLE, &false.into()));
    assert_eq!(stranger.get("/setup").await.code(), (503, "busy"));
    assert_eq!(stranger.raw(Method::GET, "/health/live", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn figures_name_routes_and_never_the_ids_in_them() {
    let house = house().await;
    let admin = house.admin().await;
    admin.get("/tickets/987654").await;
    let reply = house.stranger().raw(Method::GET, "/metrics", None).await;
    let text = String::from_utf8(reply.bytes).unwrap();
    assert!(text.contains("opora_http_request_seconds_bucket"), "{text}");
    assert!(text.contains("route=\"/api/v1/tickets/{id}\",status=\"404\""), "{text}");
    assert!(!text.contains("987654"), "{text}");
    for name in [
        "opora_store_writes_total",
        "opora_store_waiting_writes",
        "opora_live_sockets",
        "process_resident_memory_bytes",
    ] {
        assert!(text.contains(name), "{name} is missing:\n{text}");
    }
}

#[tokio::test]
async fn the_api_can_be_browsed_without_any_other_server() {
    let house = house().await;
    let page = house.stranger().raw(Method::GET, "/api/v1/docs", None).await;
    let text = String::from_utf8(page.bytes.clone()).unwrap();
    assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    for part in ["/api/v1/docs/browse.js", "/api/v1/docs/browse.css"] {
        assert!(text.contains(part));
        assert_eq!(house.stranger().raw(Method::GET, part, None).await.status, StatusCode::OK);
    }
}
