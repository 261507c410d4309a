//! Files up and down.

use crate::house::{House, Reply, Visitor};
use axum::http::{Method, StatusCode};
use opora_http::EdgeConfig;

async fn upload(visitor: &Visitor, filename: &str, kind: &str, bytes: &[u8]) -> Reply {
    let mut body = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nignored\r\n\
         --XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\nContent-Type: {kind}\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--XX--\r\n");
    let visitor = visitor.clone().with("x-opora", "1");
    visitor.raw(Method::POST, "/api/v1/attachments", Some(("multipart/form-data; boundary=XX", body))).await
}

async fn house(config: EdgeConfig) -> House {
    House::on_sqlite(config, |state| state).await
}

#[tokio::test]
async fn a_page_uploaded_as_a_file_is_saved_and_never_shown() {
    let house = house(EdgeConfig::default()).await;
    let admin = house.admin().await;
    let up = upload(&admin, "счёт.html", "text/html; charset=utf-8", b"<script>alert(1)</script>").await;
    assert_eq!(up.status, StatusCode::CREATED, "{}", up.body);
    let down = admin.raw(Method::GET, up.body["url"].as_str().unwrap(), None).await;
    assert_eq!(down.bytes, b"<script>alert(1)</script>");
    assert_eq!(down.header("content-type"), "application/octet-stream");
    assert!(down.header("content-disposition").starts_with("attachment; "), "{}", down.header("content-disposition"));
    assert!(down.header("content-disposition").ends_with("filename*=UTF-8''%D1%81%D1%87%D1%91%D1%82.html"));
    assert_eq!(down.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(down.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_picture_is_shown_and_a_picture_that_can_carry_scripts_is_not() {
    let house = house(EdgeConfig::default()).await;
    let admin = house.admin().await;
    let png = upload(&admin, "a.png", "image/png", b"\x89PNG").await;
    let shown = admin.raw(Method::GET, png.body["url"].as_str().unwrap(), None).await;
    assert_eq!(shown.header("content-type"), "image/png");
    assert!(shown.header("content-disposition").starts_with("inline"));
    let again = admin.clone().with("if-none-match", shown.header("etag"));
    assert_eq!(again.raw(Method::GET, png.body["url"].as_str().unwrap(), None).await.status, StatusCode::NOT_MODIFIED);
    let svg = upload(&admin, "a.svg", "image/svg+xml", b"<svg onload='alert(1)'/>").await;
    let saved = admin.raw(Method::GET, svg.body["url"].as_str().unwrap(), None).await;
    assert_eq!(saved.header("content-type"), "application/octet-stream");
}

#[tokio::test]
async fn an_upload_is_its_owners_until_a_message_carries_it() {
    let house = house(EdgeConfig::default()).await;
    let admin = house.admin().await;
    let up = upload(&admin, "a.txt", "text/plain", b"mine").await;
    house.colleague("boris@example.com", "admin").await;
    let boris = house.signed_in("boris@example.com").await;
    let url = up.body["url"].as_str().unwrap();
    assert_eq!(boris.raw(Method::GET, url, None).await.code(), (404, "not_found"));
    assert_eq!(house.stranger().raw(Method::GET, url, None).await.code(), (401, "unauthenticated"));
}

#[tokio::test]
async fn a_file_that_is_too_large_or_no_file_at_all_gets_a_clear_answer() {
    let house = house(EdgeConfig { upload_limit: 1_000, ..EdgeConfig::default() }).await;
    let admin = house.admin().await;
    assert_eq!(upload(&admin, "a", "text/plain", &[b'x'; 1_000]).await.status, StatusCode::CREATED);
    assert_eq!(upload(&admin, "a", "text/plain", &[b'x'; 1_001]).await.code(), (413, "too_large"));
    assert_eq!(upload(&admin, "a", "text/plain", &[b'x'; 200_000]).await.code(), (413, "too_large"));
    let form = |body: &'static [u8], kind: &'static str| {
        let admin = admin.clone().with("x-opora", "1");
        async move { admin.raw(Method::POST, "/api/v1/attachments", Some((kind, body.to_vec()))).await }
    };
    assert_eq!(form(b"--XX--\r\n", "multipart/form-data; boundary=XX").await.field(), ("file", "required"));
    assert_eq!(form(b"rubbish", "multipart/form-data; boundary=XX").await.code(), (400, "malformed_body"));
    assert_eq!(form(b"rubbish", "multipart/form-data").await.code(), (415, "unsupported_media_type"));
    assert_eq!(form(b"rubbish", "application/pdf").await.code(), (415, "unsupported_media_type"));
}
