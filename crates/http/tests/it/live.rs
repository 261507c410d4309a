//! The live socket, over a real connection.

use crate::house::House;
use futures::{SinkExt, StreamExt};
use opora_base::Store;
use opora_http::{EdgeConfig, serve};
use opora_search::{Doc, Index};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tokio_util::sync::CancellationToken;

/// A test that waits longer than this for a word has failed.
const PATIENCE: Duration = Duration::from_secs(20);

struct Served {
    house: House,
    address: std::net::SocketAddr,
    stopping: CancellationToken,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn served(store: Store) -> Served {
    let stopping = CancellationToken::new();
    let token = stopping.clone();
    serve_it(House::furnished(store, |state| state.stopping_with(token)).await, stopping).await
}

/// Over a SQLite file of its own.
async fn served_plainly() -> Served {
    let stopping = CancellationToken::new();
    let token = stopping.clone();
    serve_it(House::on_sqlite(EdgeConfig::default(), |state| state.stopping_with(token)).await, stopping).await
}

async fn serve_it(house: House, stopping: CancellationToken) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(serve(listener, house.router.clone(), stopping.clone().cancelled_owned()));
    Served { house, address, stopping, serving }
}

struct Screen(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Served {
    async fn screen(&self, cookie: &str, origin: Option<&str>) -> Result<Screen, Error> {
        let mut request = format!("ws://{}/api/v1/live", self.address).into_client_request()?;
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        connect_async(request).await.map(|(socket, _)| Screen(socket))
    }
}

impl Screen {
    /// The next message of this type; others are passed over.
    async fn hear(&mut self, kind: &str) -> Value {
        self.hear_that(|said| said["type"] == kind).await
    }

    async fn hear_that(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        let listening = async {
            loop {
                match self.0.next().await.expect("the socket ended").unwrap() {
                    Message::Text(text) => {
                        let said: Value = serde_json::from_str(&text).unwrap();
                        if fits(&said) {
                            return said;
                        }
                    }
                    Message::Close(frame) => panic!("closed: {frame:?}"),
                    _ => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, listening).await.expect("nothing was said")
    }

    async fn say(&mut self, words: Value) {
        self.0.send(Message::text(words.to_string())).await.unwrap();
    }

    /// How the socket ends: the code of its farewell.
    async fn end(&mut self) -> u16 {
        let ending = async {
            while let Some(Ok(message)) = self.0.next().await {
                if let Message::Close(Some(frame)) = message {
                    return frame.code.into();
                }
            }
            0
        };
        tokio::time::timeout(PATIENCE, ending).await.expect("the socket did not end")
    }
}

opora_testkit::engines! {
    async fn another_persons_work_appears_by_itself_with_exact_counts(store: Store) {
        let served = served(store).await;
        let admin = served.house.admin().await;
        let cookie = admin.header("cookie").unwrap().to_owned();
        let mut screen = served.screen(&cookie, None).await.unwrap();
        assert_eq!(screen.hear("hello").await["type"], "hello");
        let inbox = served.house.inbox(&admin).await;
        let ticket = served.house.ticket(&admin, inbox, "It is late").await;
        let said = screen.hear("ticket").await;
        assert_eq!((&said["id"], &said["version"]), (&ticket["id"], &ticket["version"]), "{said}");
        assert!(said["kinds"].as_array().unwrap().contains(&json!("ticket.created")), "{said}");
        let counted = screen.hear_that(|said| {
            said["type"] == "views"
                && said["items"].as_array().unwrap().iter().any(|v| v["key"] == "unassigned" && v["count"] == 1)
        });
        counted.await;
        served.stopping.cancel();
        assert_eq!(screen.end().await, 1012);
        served.serving.await.unwrap().unwrap();
    }

    async fn who_may_not_see_a_ticket_hears_nothing_of_it(store: Store) {
        let served = served(store).await;
        let admin = served.house.admin().await;
        let role = admin.post("/roles", json!({ "name": "Own only", "permissions": ["ticket.view"] })).await.body;
        let boris = served.house.colleague("boris@example.com", "agent").await;
        admin.patch(&format!("/agents/{boris}"), json!({ "role_id": role["id"] })).await;
        let visitor = served.house.signed_in("boris@example.com").await;
        let mut screen = served.screen(visitor.header("cookie").unwrap(), None).await.unwrap();
        screen.hear("hello").await;
        let inbox = served.house.inbox(&admin).await;
        let hidden = served.house.ticket(&admin, inbox, "Not for Boris").await;
        let given = served.house.ticket(&admin, inbox, "For Boris").await;
        admin.patch(&format!("/tickets/{}", given["id"]), json!({ "assignee_id": boris })).await;
        let said = screen.hear("ticket").await;
        assert_eq!(said["id"], given["id"], "the hidden one is {}", hidden["id"]);
        let told = screen.hear_that(|said| said["type"] == "notify" && said["text_key"] == "notify.assigned").await;
        assert_eq!(told["ticket_id"], given["id"]);
        // Named in a note of a ticket he may not see: he hears nothing, and next of his own.
        let note = json!({ "kind": "note", "body_text": "@boris посмотри" });
        admin.post(&format!("/tickets/{}/messages", hidden["id"]), note.clone()).await;
        admin.post(&format!("/tickets/{}/messages", given["id"]), note).await;
        let told = screen.hear_that(|said| said["type"] == "notify").await;
        assert_eq!((&told["ticket_id"], &told["text_key"]), (&given["id"], &json!("notify.mentioned")), "{told}");
        // Taken away again: that is the last thing Boris hears of it.
        admin.patch(&format!("/tickets/{}", given["id"]), json!({ "assignee_id": null })).await;
        assert_eq!(screen.hear("ticket").await["id"], given["id"]);
        served.stopping.cancel();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_with_words_is_counted_anew_when_the_index_has_them() {
    let (stopping, index) = (CancellationToken::new(), Index::in_memory().unwrap());
    let (token, known) = (stopping.clone(), index.clone());
    let furnish = |state: opora_http::AppState| state.stopping_with(token).with_search(known);
    let served = serve_it(House::on_sqlite(EdgeConfig::default(), furnish).await, stopping).await;
    let admin = served.house.admin().await;
    let inbox = served.house.inbox(&admin).await;
    let group = served.house.ticket(&admin, inbox, "Где посылка?").await["id"].as_u64().unwrap();
    let view = json!({ "name": "Посылки", "query": "посылка", "section": "own" });
    let key = admin.post("/views", view).await.body["key"].clone();
    let mut screen = served.screen(admin.header("cookie").unwrap(), None).await.unwrap();
    let holds = |said: &Value, count: i64| {
        said["type"] == "views"
            && said["items"].as_array().unwrap().iter().any(|view| view["key"] == key && view["count"] == count)
    };
    screen.hear_that(|said| holds(said, 0)).await;
    // Nothing happens in the department; the index is only slower than the log.
    index.put(&[Doc { key: 1, group, body: "Где посылка?".into(), ..Doc::default() }]).unwrap();
    index.commit("1").unwrap();
    screen.hear_that(|said| holds(said, 1)).await;
    served.stopping.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn colleagues_see_who_looks_and_who_types() {
    let served = served_plainly().await;
    let admin = served.house.admin().await;
    let inbox = served.house.inbox(&admin).await;
    let ticket = served.house.ticket(&admin, inbox, "It is late").await["id"].clone();
    served.house.colleague("boris@example.com", "agent").await;
    let boris = served.house.signed_in("boris@example.com").await;
    let mut hers = served.screen(admin.header("cookie").unwrap(), None).await.unwrap();
    let mut his = served.screen(boris.header("cookie").unwrap(), None).await.unwrap();
    hers.say(json!({ "type": "view", "ticket_id": ticket })).await;
    hers.hear("presence").await;
    his.say(json!({ "type": "view", "ticket_id": ticket })).await;
    let both = hers.hear_that(|s| s["type"] == "presence" && s["people"].as_array().unwrap().len() == 2).await;
    assert_eq!(both["people"][1]["name"], "boris");
    his.say(json!({ "type": "typing", "ticket_id": ticket, "on": true })).await;
    hers.hear_that(|s| s["type"] == "presence" && s["people"][1]["state"] == "typing").await;
    assert_eq!(admin.get("/agents").await.body["items"][1]["online"], true);
    his.0.close(None).await.unwrap();
    hers.hear_that(|s| s["type"] == "presence" && s["people"].as_array().unwrap().len() == 1).await;
    hers.say(json!({ "type": "ping" })).await;
    hers.hear("pong").await;
    hers.say(json!({ "type": "what is this" })).await;
    hers.say(json!({ "type": "view", "ticket_id": 999_999 })).await;
    hers.say(json!({ "type": "ping" })).await;
    hers.hear("pong").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_a_ticket_is_told_to_those_who_sit_at_it() {
    let served = served_plainly().await;
    let admin = served.house.admin().await;
    served.house.colleague("boris@shop.test", "agent").await;
    let boris = served.house.signed_in("boris@shop.test").await;
    let inbox = served.house.inbox(&admin).await;
    let ticket = served.house.ticket(&admin, inbox, "It is late").await["id"].clone();
    let mut hers = served.screen(admin.header("cookie").unwrap(), None).await.unwrap();
    hers.say(json!({ "type": "view", "ticket_id": ticket })).await;
    hers.hear("presence").await;
    let path = format!("/tickets/{ticket}/draft");
    let kept = boris.put(&path, json!({ "kind": "reply", "body_html": "<p>Soon</p>" })).await;
    assert_eq!(kept.body["answering"]["name"], "boris");
    assert_eq!(hers.hear("answering").await["person"]["name"], "boris");
    let refused =
        admin.post(&format!("/tickets/{ticket}/messages"), json!({ "kind": "reply", "body_text": "Now" })).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (409, &json!("being_answered")));
    assert_eq!(refused.body["answering"]["name"], "boris");
    admin.post(&format!("/tickets/{ticket}/answering"), json!({ "take_over": true })).await;
    hers.hear_that(|s| s["type"] == "answering" && s["person"]["name"] != "boris").await;
    admin.delete(&format!("/tickets/{ticket}/answering")).await;
    hers.hear_that(|s| s["type"] == "answering" && s["person"].is_null()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_screens_hear_of_the_same_ticket() {
    let served = served_plainly().await;
    let admin = served.house.admin().await;
    let inbox = served.house.inbox(&admin).await;
    let mut screens = Vec::new();
    for _ in 0..50 {
        let mut screen = served.screen(admin.header("cookie").unwrap(), None).await.unwrap();
        screen.hear("hello").await;
        screens.push(screen);
    }
    let ticket = served.house.ticket(&admin, inbox, "It is late").await["id"].clone();
    for screen in &mut screens {
        assert_eq!(screen.hear("ticket").await["id"], ticket);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_says_nothing_holds_up_nobody_who_stops() {
    let served = served_plainly().await;
    let silent = TcpStream::connect(served.address).await.unwrap();
    let mut half = TcpStream::connect(served.address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut half, b"GET /health/live HTT").await.unwrap();
    served.stopping.cancel();
    tokio::time::timeout(PATIENCE, served.serving).await.expect("still serving").unwrap().unwrap();
    drop((silent, half));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_whose_session_ends_is_let_go() {
    let served = served_plainly().await;
    let admin = served.house.admin().await;
    let mut screen = served.screen(admin.header("cookie").unwrap(), None).await.unwrap();
    screen.hear("hello").await;
    admin.delete("/session").await;
    assert_eq!(screen.end().await, 4001);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_pages_of_other_sites_get_no_socket() {
    let served = served_plainly().await;
    let admin = served.house.admin().await;
    let cookie = admin.header("cookie").unwrap();
    let refused = |result: Result<Screen, Error>| match result {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(other) => panic!("{other}"),
        Ok(_) => 101,
    };
    assert_eq!(refused(served.screen("opora_session=made-up", None).await), 401);
    assert_eq!(refused(served.screen(cookie, Some("https://evil.example")).await), 403);
    assert_eq!(refused(served.screen(cookie, Some("null")).await), 403);
    let own = format!("http://{}", served.address);
    assert_eq!(refused(served.screen(cookie, Some(&own)).await), 101);
    assert_eq!(admin.get("/live").await.code(), (400, "bad_parameter"));
}
