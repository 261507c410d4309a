//! Any JSON to any route: a clear answer, never a broken one.

use crate::house::House;
use axum::http::{Method, StatusCode};
use opora_base::Store;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How many bodies each operation gets.
const BODIES: usize = 60;

/// Field names that mean something somewhere, so that random bodies get past the first check.
const FIELDS: &[&str] = &[
    "active",
    "account_manager_id",
    "after_days",
    "contact_id",
    "contact_quota",
    "contract_since",
    "due_on",
    "form_id",
    "is_owner",
    "keys",
    "location_id",
    "minutes",
    "modules",
    "plan_id",
    "reason",
    "since",
    "start_on",
    "steps",
    "template_id",
    "title",
    "training_minutes",
    "until",
    "verdict",
    "address",
    "aliases",
    "assignee_id",
    "attachments",
    "bcc",
    "body_html",
    "body_text",
    "brand_id",
    "cc",
    "closing",
    "contact",
    "customer",
    "department",
    "draft_clear",
    "email",
    "face",
    "follower_ids",
    "frame",
    "from",
    "greeting",
    "imap_password",
    "imap_url",
    "in_reply_to",
    "inbox_id",
    "kind",
    "locale",
    "member_ids",
    "message_id",
    "name",
    "new",
    "notes",
    "old",
    "organization",
    "over",
    "password",
    "permissions",
    "priority",
    "role_id",
    "scopes",
    "seen_message_id",
    "signature_html",
    "smtp_password",
    "smtp_url",
    "status",
    "subject",
    "tags",
    "team_id",
    "team_ids",
    "text",
    "theme",
    "to",
    "version",
    "hand_over_note",
];

const WORDS: &[&str] = &[
    "",
    "reply",
    "note",
    "customer",
    "open",
    "solved",
    "high",
    "full_name",
    "number",
    "all",
    "ticket.view",
    "ru",
    "en",
    "dark",
    "anna@example.org",
    "support@example.com",
    "smtp://mail:25",
    "imaps://u@mail",
    "<p>hi</p>",
    "\u{0}",
    "a\u{0}b",
    "\u{202e}",
    "'; DROP TABLE ticket; --",
    "{for_update}",
    "$1",
    "%",
    "Ünïcödé",
    "посылка",
    "👩‍👩‍👧",
    "\\",
];

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(0i64), Just(1), Just(2), Just(-1), Just(i64::MAX), Just(i64::MIN), any::<i64>()]
            .prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        Just(Value::from("x".repeat(10_000))),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(FIELDS), inner), 0..8).prop_map(|fields| Value::Object(
                fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<Map<_, _>>()
            )),
        ]
    })
}

/// A body of the right shape with some of its values replaced by odd ones of the same kind: it gets further than a
/// random one. `dice` decides; when they run out, the rest stays right.
fn spoil(value: &mut Value, dice: &mut impl Iterator<Item = u8>) {
    const ODD: &[i64] = &[0, 1, 2, 3, 7, 99, -1, i64::MAX, i64::MIN];
    let (Some(whether), Some(which)) = (dice.next(), dice.next()) else { return };
    let spoils = whether % 3 == 0;
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|field| spoil(field, dice)),
        Value::Array(items) if spoils => *items = (0..which % 4).flat_map(|_| items.clone()).collect(),
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, dice)),
        Value::Number(_) if spoils => *value = ODD[usize::from(which) % ODD.len()].into(),
        Value::String(_) if spoils => *value = WORDS[usize::from(which) % WORDS.len()].into(),
        Value::Bool(it) if spoils => *it = !*it,
        _ => {}
    }
    if whether == 255 {
        *value = Value::Null;
    }
}

/// What the route expects, the `n`th: names are taken only once.
fn right_body(path: &str, n: usize) -> Value {
    match path {
        "/tickets" => json!({
            "inbox_id": 1, "kind": "customer", "subject": "S", "body_text": "B", "contact": { "name": "A", "address": "a@example.org" },
            "attachments": [], "cc": [], "assignee_id": 1, "team_id": 1, "tags": ["x"], "priority": "high", "frame": true }),
        "/tickets/{id}" => json!({
            "version": 1, "status": "open", "assignee_id": 1, "team_id": 1, "priority": "high", "subject": "S",
            "tags": ["a"], "follower_ids": [1], "cc": [{ "name": "", "address": "b@example.org" }], "hand_over_note": "n" }),
        "/tickets/{id}/split" => json!({ "message_id": 1, "subject": "s" }),
        "/tickets/{id}/messages" => json!({
            "kind": "reply", "body_html": "<p>x</p>", "attachments": [], "to": [{ "name": "", "address": "b@example.org" }],
            "cc": [], "bcc": [], "status": "waiting", "version": 1, "seen_message_id": 9999, "frame": true, "draft_clear": true }),
        "/tickets/{id}/draft" => {
            json!({ "kind": "reply", "body_html": "x", "to": [], "cc": [], "bcc": [], "attachments": [], "over": null })
        }
        "/inboxes" | "/inboxes/{id}" => json!({
            "name": format!("N{n}"), "address": format!("n{n}@example.com"), "aliases": [format!("m{n}@example.com")], "brand_id": 1, "team_id": 1, "locale": "en",
            "signature_html": "x", "smtp_url": "smtp://h:25", "smtp_password": "p", "imap_url": "imaps://u@h", "imap_password": "p" }),
        "/invitations" => {
            json!({ "email": format!("i{n}@example.com"), "name": "I", "role_id": 3, "team_ids": [1], "locale": "en" })
        }
        "/agents/{id}" => json!({ "name": "N", "role_id": 1, "team_ids": [1], "active": true }),
        "/teams" | "/teams/{id}" => json!({ "name": format!("T{n}"), "member_ids": [1] }),
        "/roles" | "/roles/{id}" => json!({ "name": format!("R{n}"), "permissions": ["ticket.view"] }),
        "/brands" | "/brands/{id}" => {
            json!({ "name": format!("B{n}"), "face": "number", "greeting": { "ru": "", "en": "" }, "closing": {} })
        }
        "/contacts/{id}" => json!({ "name": "C", "notes": "n", "organization": "O" }),
        "/me" => json!({ "name": "M", "locale": "ru", "theme": "dark" }),
        _ => json!({ "email": "a@example.com", "name": "N", "message_id": 1, "scopes": ["all"] }),
    }
}

/// The bodies a route gets, the same every time: a failure is found again.
fn bodies(path: &str) -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let (values, dice) = (any_value(), prop::collection::vec(any::<u8>(), 80));
    let odd = |n: usize| {
        if n.is_multiple_of(4) {
            return values.new_tree(&mut runner).unwrap().current();
        }
        let mut body = right_body(path, n);
        spoil(&mut body, &mut dice.new_tree(&mut runner).unwrap().current().into_iter());
        body
    };
    (0..BODIES).map(odd).collect()
}

/// What is to be sent where: every operation that takes a body. A password guessed wrong a hundred times only shows the
/// throttle, and setup happens once: those doors have their own stories.
fn operations() -> Vec<(Method, String)> {
    let api = serde_json::to_value(opora_http::description()).unwrap();
    let paths = api["paths"].as_object().unwrap();
    let told_elsewhere =
        |path: &str| matches!(path, "/session" | "/attachments" | "/setup") || path.contains("{token}");
    paths
        .iter()
        .filter(|(path, _)| !told_elsewhere(path))
        .flat_map(|(path, item)| {
            let with_body = ["post", "patch", "put"].into_iter().filter(|method| item.get(method).is_some());
            with_body.map(|method| (method.to_uppercase().parse().unwrap(), path.clone()))
        })
        .collect()
}

opora_testkit::engines! {
    async fn any_json_to_any_route_gets_a_clear_answer(store: Store) {
        let house = House::new(store).await;
        let admin = house.admin().await;
        let inbox = house.inbox(&admin).await;
        admin.post("/teams", json!({ "name": "T" })).await;
        house.ticket(&admin, inbox, "words").await;
        let robot = house.colleague("robot@example.com", "admin").await;
        let third = house.colleague("third@example.com", "agent").await.to_string();
        let script = house.script(robot, &["all"]).await;
        let mut unclear = Vec::new();
        for (method, path) in operations() {
            let target = path.replace("{id}", if path.starts_with("/agents") { &third } else { "1" });
            let mut statuses = BTreeMap::new();
            for (n, body) in bodies(&path).into_iter().enumerate() {
                let visitor = if n.is_multiple_of(2) { &script } else { &admin };
                let reply = visitor.send(method.clone(), &target, Some(body.clone())).await;
                assert_ne!(reply.status, StatusCode::UNAUTHORIZED, "{method} {path}: nobody signed out");
                *statuses.entry(reply.status.as_u16()).or_insert(0) += 1;
                let refused = reply.header("content-type") == "application/problem+json";
                if !(reply.status.is_success() || refused && !reply.status.is_server_error()) {
                    let shown: String = body.to_string().chars().take(1_000).collect();
                    unclear.push(format!("{method} {path} {shown}: {}", reply.status));
                }
            }
            println!("{method} {path} {statuses:?}");
        }
        assert!(unclear.is_empty(), "{}", unclear.join("\n"));
    }
}
