//! The demonstration: logins on the door, the customer's mailbox, and neither where there is no demonstration.

use crate::house::House;
use axum::http::StatusCode;
use futures::FutureExt;
use futures::future::BoxFuture;
use opora_base::Time;
use opora_http::{DemoLetter, DemoLogin, DemoMail, DemoMailbox, DemoMessage, DemoPerson, EdgeConfig};
use serde_json::json;
use std::sync::{Arc, Mutex};

/// A mailbox that remembers what customers wrote.
#[derive(Default)]
struct Remembered(Mutex<Vec<DemoLetter>>);

impl DemoMailbox for Remembered {
    fn logins(&self) -> Vec<DemoLogin> {
        let (email, password) = ("anna@demo.example".to_owned(), "demo".to_owned());
        vec![DemoLogin { email, password, name: "Anna".to_owned(), role: "agent".to_owned() }]
    }

    fn open(&self, customer: Option<String>) -> BoxFuture<'_, Result<DemoMail, opora_desk::Error>> {
        let wanted = |letter: &&DemoLetter| customer.as_ref().is_none_or(|c| *c == letter.from.address);
        let letters = self.0.lock().unwrap();
        let items = letters.iter().filter(wanted).map(|letter| DemoMessage {
            id: 1,
            from: letter.from.clone(),
            to: DemoPerson { name: String::new(), address: letter.to.clone() },
            subject: letter.subject.clone(),
            text: letter.text.clone(),
            html: None,
            at: Time(0),
            direction: "in".to_owned(),
        });
        let mail = DemoMail { customers: Vec::new(), inboxes: Vec::new(), items: items.collect() };
        async move { Ok(mail) }.boxed()
    }

    fn write(&self, mail: DemoLetter) -> BoxFuture<'_, Result<(), opora_desk::Error>> {
        self.0.lock().unwrap().push(mail);
        async { Ok(()) }.boxed()
    }
}

#[tokio::test]
async fn in_a_demonstration_a_newcomer_finds_the_logins_and_writes_as_a_customer() {
    let config = EdgeConfig { demo: true, ..EdgeConfig::default() };
    let house = House::on_sqlite(config, |state| state.with_demo(Arc::new(Remembered::default()))).await;
    assert_eq!(house.stranger().get("/setup").await.body["demo"], true);
    assert_eq!(house.stranger().get("/demo/logins").await.body["items"][0]["password"], "demo");
    let admin = house.admin().await;
    let letter = json!({ "from": { "address": "c@example.org" }, "to": "support@example.com", "subject": "Hi", "text": "Words" });
    assert_eq!(admin.post("/demo/mailbox", letter).await.status, StatusCode::ACCEPTED);
    let mail = admin.get("/demo/mailbox?customer=c@example.org").await.body;
    assert_eq!(
        (&mail["items"][0]["text"], &mail["items"][0]["at"]),
        (&json!("Words"), &json!("1970-01-01T00:00:00.000Z"))
    );
    assert_eq!(admin.get("/demo/mailbox?customer=other@example.org").await.body["items"], json!([]));
    assert_eq!(house.stranger().get("/demo/mailbox").await.code(), (401, "unauthenticated"));
}

#[tokio::test]
async fn without_a_demonstration_there_is_nothing_to_find() {
    let house = House::on_sqlite(EdgeConfig::default(), |state| state.with_demo(Arc::new(Remembered::default()))).await;
    assert_eq!(house.stranger().get("/demo/logins").await.code(), (404, "not_found"));
    assert_eq!(house.admin().await.get("/demo/mailbox").await.code(), (404, "not_found"));
}
