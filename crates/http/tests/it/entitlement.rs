//! Who may ask, over the wire: the quota in words, and the page behind an owner's link, which a mail scanner may open.

use crate::house::{House, Visitor};
use axum::body::Body;
use axum::http::{Method, Request, header};
use opora_base::Store;
use opora_desk::entitlement;
use serde_json::{Value, json};
use tower::ServiceExt;

/// A customer of an organization whose owner is Oleg; answers the ticket of a stranger.
async fn strangers_ticket(house: &House, admin: &Visitor) -> Value {
    let inbox = house.inbox(admin).await;
    let acme = admin.post("/organizations", json!({ "name": "Acme", "domains": ["acme.example"] })).await.body;
    let mail = |address: &str| json!([{ "kind": "mail", "address": address }]);
    let oleg =
        json!({ "name": "Олег", "organization": "Acme", "locale": "en", "addresses": mail("oleg@acme.example") });
    let oleg = admin.post("/contacts", oleg).await.body;
    let path = format!("/organizations/{}/authorised", acme["id"]);
    let granted = admin.post(&path, json!({ "contact_id": oleg["id"], "is_owner": true })).await;
    assert_eq!(granted.status, 201, "{}", granted.body);
    let form = json!({
        "inbox_id": inbox, "kind": "customer", "subject": "<b>Bold</b>", "body_text": "Help",
        "contact": { "name": "Pavel", "address": "pavel@acme.example" }
    });
    let made = admin.post("/tickets", form).await;
    assert_eq!((made.status.as_u16(), &made.body["entitlement"]), (201, &json!("stranger")), "{}", made.body);
    made.body
}

async fn page(house: &House, method: Method, path: &str, form: Option<&'static str>) -> (u16, String) {
    let mut request = Request::builder().method(method).uri(path);
    if form.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let request = request.body(form.map_or(Body::empty(), Body::from)).unwrap();
    let response = house.router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

opora_testkit::engines! {
    async fn opening_an_owners_link_decides_nothing_and_the_button_decides_once(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let ticket = strangers_ticket(&house, &admin).await;
        let path = format!("/tickets/{}/entitlement", ticket["id"]);
        let held = admin.post(&path, json!({ "verdict": "ask" })).await.body;
        assert_eq!((&held["entitlement"], &held["strangers"][0]["owner_name"]), (&json!("held"), &json!("Олег")), "{held}");
        let now = house.now();
        let question = house.store.write(move |tx| {
            let case: i64 = tx.one("SELECT id FROM stranger", &[])?;
            entitlement::question(tx, case, now)
        }).await.unwrap().unwrap();
        let link = format!("/confirm/{}", question.token);

        for _ in 0..2 {
            let (status, html) = page(&house, Method::GET, &format!("{link}?answer=yes"), None).await;
            assert_eq!(status, 200);
            assert!(html.contains("<html lang=\"en\">") && html.contains("Pavel &lt;pavel@acme.example&gt;"), "{html}");
            assert!(html.contains("&lt;b&gt;Bold") && !html.contains("<script"), "{html}");
        }
        assert_eq!(admin.get(&path).await.body["entitlement"], "held", "a scanner that opens links decides nothing");
        for nonsense in [None, Some(""), Some("answer=maybe"), Some("answer=%FF")] {
            assert_eq!(page(&house, Method::POST, &link, nonsense).await.0, 422);
        }
        let (status, html) = page(&house, Method::POST, &link, Some("answer=no")).await;
        assert_eq!(status, 200, "{html}");
        assert_eq!(admin.get(&path).await.body["entitlement"], "refused");
        let (status, html) = page(&house, Method::POST, &link, Some("answer=yes")).await;
        assert_eq!((status, html.contains("no longer valid")), (404, true));
        assert_eq!(page(&house, Method::GET, "/confirm/1-0123", None).await.0, 404);
        assert_eq!(admin.get(&path).await.body["entitlement"], "refused");
    }

    async fn a_full_list_says_both_numbers_in_either_language(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let plan = admin.post("/plans", json!({ "name": "Tiny", "contact_quota": 1 })).await.body;
        strangers_ticket(&house, &admin).await;
        let acme = admin.get("/organizations?q=acme").await.body["items"][0]["id"].clone();
        assert_eq!(admin.patch(&format!("/organizations/{acme}"), json!({ "plan_id": plan["id"] })).await.status, 200);
        let pavel = admin.get("/contacts?q=pavel").await.body["items"][0]["id"].clone();
        let path = format!("/organizations/{acme}/authorised");
        let full = admin.post(&path, json!({ "contact_id": pavel })).await;
        assert_eq!(full.code(), (409, "quota_reached"));
        assert_eq!((&full.body["used"], &full.body["quota"]), (&json!(1), &json!(1)));
        let russian = admin.clone().with("accept-language", "ru").post(&path, json!({ "contact_id": pavel })).await;
        assert_eq!(russian.body["detail"], "В списке уже 1, а тариф позволяет 1. Уберите кого-нибудь или смените тариф.");
    }
}
