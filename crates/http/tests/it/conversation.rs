//! Tickets and messages through the API.

use crate::house::House;
use axum::http::{Method, StatusCode};
use opora_base::Store;
use opora_http::EdgeConfig;
use opora_search::{Doc, Index};
use serde_json::{Value, json};
use std::time::Duration;

opora_testkit::engines! {
    async fn an_answer_can_be_taken_back_and_its_words_return(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let path = format!("/tickets/{}/messages", ticket["id"]);
        let written = admin.post(&path, json!({ "kind": "reply", "body_html": "<p>It comes <b>today</b></p>", "status": "waiting" })).await;
        assert_eq!(written.status, StatusCode::CREATED, "{}", written.body);
        assert_eq!(written.body["message"]["state"], "queued");
        assert_eq!(written.body["ticket"]["status"], "waiting");
        let undo = format!("/messages/{}/undo", written.body["message"]["id"]);
        let draft = admin.post(&undo, json!({})).await;
        assert_eq!(draft.status, StatusCode::OK, "{}", draft.body);
        assert!(draft.body["body_html"].as_str().unwrap().contains("<b>today</b>"));
        let back = admin.get(&format!("/tickets/{}", ticket["id"])).await.body;
        assert_eq!(back["messages"].as_array().unwrap().len(), 1);
        assert_eq!(back["drafts"][0]["kind"], "reply");
    }

    async fn an_answer_that_has_left_is_not_taken_back(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let path = format!("/tickets/{}/messages", ticket["id"]);
        let written = admin.post(&path, json!({ "kind": "reply", "body_text": "Today" })).await;
        house.clock.advance(Duration::from_secs(11));
        let undo = format!("/messages/{}/undo", written.body["message"]["id"]);
        assert_eq!(admin.post(&undo, json!({})).await.code(), (409, "already_sent"));
    }

    async fn two_agents_change_the_same_field_and_the_second_is_told(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let (path, seen) = (format!("/tickets/{}", ticket["id"]), ticket["version"].clone());
        assert_eq!(admin.patch(&path, json!({ "version": seen, "priority": "high" })).await.status, StatusCode::OK);
        let other_field = admin.patch(&path, json!({ "version": seen, "status": "waiting" })).await;
        assert_eq!(other_field.status, StatusCode::OK, "two people may change two things: {}", other_field.body);
        let same_field = admin.patch(&path, json!({ "version": seen, "priority": "low" })).await;
        assert_eq!(same_field.code(), (409, "ticket_changed"));
        assert_eq!(same_field.body["fields"], json!(["priority"]));
        assert_eq!(same_field.body["current"]["priority"], "high");
        assert_eq!(same_field.body["current"]["status"], "waiting");
        // A large answer, compressed or not, in either language, is whole.
        let long = admin.post(&format!("{path}/messages"), json!({ "kind": "note", "body_text": "x ".repeat(9_000) })).await;
        assert_eq!(long.status, StatusCode::CREATED, "{}", long.body);
        let picky = admin.clone().with("accept-encoding", "gzip").with("accept-language", "ru");
        let packed = picky.patch(&path, json!({ "version": seen, "priority": "low" })).await;
        assert_eq!((packed.status, packed.header("content-encoding")), (StatusCode::CONFLICT, "gzip"));
        assert_eq!(&packed.bytes[..2], [0x1f, 0x8b], "what says gzip is gzip");
    }

    async fn an_answer_stops_when_the_customer_wrote_meanwhile(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let path = format!("/tickets/{}/messages", ticket["id"]);
        let form = json!({ "kind": "reply", "body_text": "Today", "seen_message_id": 0 });
        let reply = admin.post(&path, form).await;
        assert_eq!(reply.code(), (409, "new_message"));
        assert_eq!(reply.body["current"]["id"], ticket["id"]);
    }

    async fn a_workspace_begins_with_one_question_in_the_name_of_whoever_asks(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await["id"].clone();
        let begun = admin.get(&format!("/start?view=unassigned&ticket={ticket}")).await.body;
        let opened = format!("/tickets/{ticket}?beside=true");
        for path in ["/setup", "/session", "/views", "/agents", "/inboxes", "/notifications", &opened] {
            assert_eq!(begun["answers"][path], admin.get(path).await.body, "{path}");
        }
        assert_eq!(begun["answers"][&opened]["beside"]["contact"]["name"], "Anna Smith");
        assert_eq!((&begun["list"]["page"]["total"], &begun["list"]["page"]["items"][0]["id"]), (&json!(1), &ticket));
        assert!(begun["seq"].as_i64().unwrap() > 0);
        let elsewhere = admin.get("/start?view=nowhere&ticket=999999").await;
        assert_eq!((elsewhere.status, &elsewhere.body["list"]), (StatusCode::OK, &json!(null)));

        let stranger = house.stranger().get(&format!("/start?view=all&ticket={ticket}")).await.body;
        assert_eq!(stranger["answers"].as_object().unwrap().keys().collect::<Vec<_>>(), ["/setup"]);
        assert_eq!((&stranger["list"], &stranger["seq"]), (&json!(null), &json!(null)), "strangers learn nothing else");
        let role = admin.post("/roles", json!({ "name": "Own only", "permissions": ["ticket.view"] })).await.body;
        let boris = house.colleague("boris@example.com", "agent").await;
        admin.patch(&format!("/agents/{boris}"), json!({ "role_id": role["id"] })).await;
        let boris = house.signed_in("boris@example.com").await;
        let begun = boris.get(&format!("/start?view=all&ticket={ticket}")).await.body;
        assert_eq!((&begun["answers"][&opened], &begun["list"]["page"]["total"]), (&json!(null), &json!(0)));
    }

    async fn the_list_pages_and_counts_exactly(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        for n in 0..5 {
            house.ticket(&admin, inbox, &format!("Parcel {n}")).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = admin.get(&format!("/tickets?q=&limit=2&sort=id&cursor={cursor}")).await.body;
            assert_eq!(page["total"], 5);
            seen.extend(page["items"].as_array().unwrap().iter().map(|t| t["id"].as_i64().unwrap()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted(), "{seen:?}");
        let views = admin.get("/views").await.body;
        let unassigned = views["items"].as_array().unwrap().iter().find(|v| v["key"] == "unassigned").unwrap();
        assert_eq!(unassigned["count"], 5);
    }

    async fn a_draft_is_kept_and_thrown_away(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let path = format!("/tickets/{}/draft", ticket["id"]);
        let (note, reply) = (format!("{path}?kind=note"), format!("{path}?kind=reply"));
        assert_eq!(admin.get(&note).await.code(), (404, "not_found"));
        assert_eq!(admin.get(&path).await.code(), (400, "bad_parameter"), "which of the two?");
        let kept = admin.put(&path, json!({ "kind": "note", "body_html": "<p>hm" })).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
        assert_eq!(admin.get(&note).await.body["body_html"], "<p>hm");
        admin.put(&path, json!({ "kind": "reply", "body_html": "<p>Soon" })).await;
        assert_eq!(admin.delete(&note).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.get(&note).await.code(), (404, "not_found"));
        assert_eq!(admin.get(&reply).await.body["body_html"], "<p>Soon");
    }

    async fn a_draft_written_elsewhere_is_told_and_not_replaced(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let path = format!("/tickets/{}/draft", ticket["id"]);
        let first = admin.put(&path, json!({ "kind": "reply", "body_html": "<p>Desk", "over": null })).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.body);
        let at = |answer: &Value| answer["updated_at"].as_str().unwrap().to_owned();
        let phone = admin.put(&path, json!({ "kind": "reply", "body_html": "<p>Phone", "over": at(&first.body) })).await;
        assert_eq!(phone.status, StatusCode::OK, "{}", phone.body);
        for over in [json!(null), first.body["updated_at"].clone()] {
            let refused = admin.put(&path, json!({ "kind": "reply", "body_html": "<p>Desk again", "over": over })).await;
            assert_eq!(refused.code(), (409, "draft_changed"));
            assert_eq!(refused.body["draft"]["body_html"], "<p>Phone");
        }
        let gone = admin.delete(&format!("{path}?kind=reply&over={}", at(&first.body))).await;
        assert_eq!(gone.code(), (409, "draft_changed"));
        let seen = json!({ "kind": "reply", "body_html": "<p>Both", "over": at(&phone.body) });
        assert_eq!(admin.put(&path, seen).await.status, StatusCode::OK);
    }

    async fn what_was_read_is_no_longer_unread(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let path = format!("/tickets/{}", ticket["id"]);
        assert_eq!(admin.get(&path).await.body["unread"], true);
        let last = ticket["messages"][0]["id"].clone();
        assert_eq!(admin.put(&format!("{path}/read"), json!({ "message_id": last })).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.get(&path).await.body["unread"], false);
    }

    async fn the_frame_of_an_answer_greets_in_the_customers_language(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let frame = admin.get(&format!("/tickets/{}/reply-frame", ticket["id"])).await;
        assert_eq!(frame.status, StatusCode::OK, "{}", frame.body);
        assert_eq!(frame.body["locale"], "en");
        assert!(frame.body["greeting_html"].as_str().unwrap().contains("Anna Smith"), "{}", frame.body);
        assert_eq!(frame.body["to"][0]["address"], "anna@example.org");
    }

    async fn contacts_are_found_opened_and_changed(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let ticket = house.ticket(&admin, inbox, "It is late").await;
        let found = admin.get("/contacts?q=ANNA%20smi").await.body;
        assert_eq!((&found["total"], &found["items"][0]["id"]), (&json!(1), &ticket["contact"]["id"]), "{found}");
        let path = format!("/contacts/{}", ticket["contact"]["id"]);
        let changed = admin.patch(&path, json!({ "notes": "VIP", "organization": "Acme" })).await;
        assert_eq!((&changed.body["notes"], &changed.body["organization"]["name"]), (&json!("VIP"), &json!("Acme")));
        let past = admin.get(&format!("/tickets?q=contact:{}", ticket["contact"]["id"])).await.body;
        assert_eq!(past["total"], 1);
    }

    async fn a_raw_mail_is_taken_durably_before_it_is_answered(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        let path = format!("/api/v1/inboxes/{inbox}/mail");
        let mail = b"From: anna@example.org\r\nSubject: Hi\r\n\r\nWords\r\n".to_vec();
        let bare = admin.raw(Method::POST, &path, Some(("message/rfc822", mail.clone()))).await;
        assert_eq!(bare.code(), (403, "cross_site"));
        let taken = admin.clone().with("x-opora", "1").raw(Method::POST, &path, Some(("message/rfc822", mail))).await;
        assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.body);
        assert!(taken.body["inbound_id"].as_i64().unwrap() > 0);
        let nowhere = admin.with("x-opora", "1").raw(Method::POST, "/api/v1/inboxes/999/mail", Some(("message/rfc822", vec![]))).await;
        assert_eq!(nowhere.code(), (404, "not_found"));
    }
}

#[tokio::test]
async fn search_finds_words_and_shows_only_what_the_reader_may_see() {
    let index = Index::in_memory().unwrap();
    let house = House::on_sqlite(EdgeConfig::default(), |state| state.with_search(index.clone())).await;
    let admin = house.admin().await;
    let inbox = house.inbox(&admin).await;
    let ticket = house.ticket(&admin, inbox, "Посылка так и не пришла").await;
    let (group, key) = (ticket["id"].as_u64().unwrap(), ticket["messages"][0]["id"].as_u64().unwrap());
    let doc = Doc { key, group, body: "Посылка <b>так</b> и не пришла".into(), ..Doc::default() };
    index.put(&[doc]).unwrap();
    index.commit("1").unwrap();
    let found = admin.get("/search?q=%D0%BF%D0%BE%D1%81%D1%8B%D0%BB%D0%BA%D0%B8").await.body;
    assert_eq!((&found["total"], &found["items"][0]["ticket"]["id"]), (&json!(1), &ticket["id"]), "{found}");
    let snippet = found["items"][0]["snippet_html"].as_str().unwrap();
    assert!(snippet.contains("<mark>Посылка</mark>") && !snippet.contains("<b>"), "{snippet}");
    let listed = admin.get("/tickets?q=%D0%BF%D0%BE%D1%81%D1%8B%D0%BB%D0%BA%D0%B8").await.body;
    assert_eq!(listed["total"], 1, "{listed}");
    let others = admin.get("/tickets?q=-%D0%BF%D0%BE%D1%81%D1%8B%D0%BB%D0%BA%D0%B8").await.body;
    assert_eq!(others["total"], 0, "{others}");

    let role = admin.post("/roles", json!({ "name": "Own only", "permissions": ["ticket.view"] })).await.body;
    let id = house.colleague("boris@example.com", "agent").await;
    admin.patch(&format!("/agents/{id}"), json!({ "role_id": role["id"] })).await;
    let boris = house.signed_in("boris@example.com").await;
    let found = boris.get("/search?q=%D0%BF%D0%BE%D1%81%D1%8B%D0%BB%D0%BA%D0%B8").await.body;
    assert_eq!(found, json!({ "items": [], "total": 0 }));

    // One of his own is found, however many better ones he may not see.
    let own = house.ticket(&admin, inbox, "Ещё одна посылка").await;
    admin.patch(&format!("/tickets/{}", own["id"]), json!({ "assignee_id": id })).await;
    let group = own["id"].as_u64().unwrap();
    let long = format!("посылка {}", "и много других слов о погоде ".repeat(20));
    index.put(&[Doc { key: 2, group, body: long, ..Doc::default() }]).unwrap();
    let hidden =
        (3..1_500).map(|key| Doc { key, group: 100_000 + key, body: "посылка".into(), ..Doc::default() });
    index.put(&hidden.collect::<Vec<_>>()).unwrap();
    index.commit("2").unwrap();
    for q in ["%D0%BF%D0%BE%D1%81%D1%8B%D0%BB%D0%BA%D0%B8", "%D0%BF%D0%BE%D1%81%D1%8B%D0%BB%D0%BA%D0%B0+wxyz"] {
        let found = boris.get(&format!("/search?q={q}")).await.body;
        assert_eq!((&found["total"], &found["items"][0]["ticket"]["id"]), (&json!(1), &own["id"]), "{found}");
    }
}

#[tokio::test]
async fn without_an_index_search_says_so_and_the_list_still_works() {
    let house = House::plain().await;
    let admin = house.admin().await;
    assert_eq!(admin.get("/search?q=x").await.code(), (503, "busy"));
    assert_eq!(admin.get("/tickets?q=status:open").await.status, StatusCode::OK);
}
