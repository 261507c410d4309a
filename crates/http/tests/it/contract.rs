//! The description of the API against its contract.

use crate::house::House;
use axum::http::Method;
use serde_json::Value;

/// Every operation of the contract.
const OPERATIONS: &[&str] = &[
    "GET /setup",
    "POST /setup",
    "POST /session",
    "GET /session",
    "DELETE /session",
    "GET /start",
    "PATCH /me",
    "GET /me/sessions",
    "DELETE /me/sessions/{id}",
    "GET /me/tokens",
    "POST /me/tokens",
    "DELETE /me/tokens/{id}",
    "POST /password-resets",
    "GET /password-resets/{token}",
    "POST /password-resets/{token}",
    "POST /invitations",
    "GET /invitations/{token}",
    "POST /invitations/{token}",
    "GET /agents",
    "PATCH /agents/{id}",
    "GET /teams",
    "POST /teams",
    "PATCH /teams/{id}",
    "GET /roles",
    "POST /roles",
    "PATCH /roles/{id}",
    "GET /brands",
    "POST /brands",
    "PATCH /brands/{id}",
    "GET /calendars",
    "POST /calendars",
    "GET /calendars/presets",
    "POST /calendars/preview",
    "POST /calendars/days",
    "GET /calendars/{id}",
    "PATCH /calendars/{id}",
    "DELETE /calendars/{id}",
    "GET /inboxes",
    "POST /inboxes",
    "PATCH /inboxes/{id}",
    "POST /inboxes/{id}/mail",
    "GET /views",
    "POST /views",
    "PATCH /views/{key}",
    "DELETE /views/{key}",
    "PUT /views/order",
    "GET /sla/policies",
    "POST /sla/policies",
    "PUT /sla/policies/order",
    "GET /sla/policies/{id}",
    "PUT /sla/policies/{id}",
    "DELETE /sla/policies/{id}",
    "GET /tickets/{id}/sla",
    "PUT /tickets/{id}/promise",
    "DELETE /tickets/{id}/promise",
    "GET /sla/report",
    "POST /tickets/next",
    "GET /tickets/free",
    "GET /wall",
    "GET /routes",
    "POST /routes",
    "PUT /routes/order",
    "GET /routes/{id}",
    "PUT /routes/{id}",
    "DELETE /routes/{id}",
    "GET /routing/people",
    "PUT /routing/people/{id}",
    "PUT /me/away",
    "PUT /me/limits",
    "GET /templates",
    "POST /templates",
    "GET /templates/{id}",
    "PATCH /templates/{id}",
    "DELETE /templates/{id}",
    "GET /templates/{id}/filled",
    "POST /templates/{id}/uses",
    "POST /tickets/mass/preview",
    "GET /mass-actions",
    "POST /mass-actions",
    "GET /mass-actions/{id}",
    "POST /mass-actions/{id}/cancel",
    "POST /mass-actions/{id}/undo",
    "GET /notifications",
    "POST /notifications/read",
    "GET /me/notification-settings",
    "PUT /me/notification-settings",
    "GET /me/push",
    "POST /me/push",
    "DELETE /me/push/{id}",
    "POST /me/push/{id}/test",
    "GET /audit",
    "POST /inboxes/test",
    "POST /inboxes/{id}/test",
    "POST /contacts/import/preview",
    "POST /contacts/import",
    "GET /contacts/imports/{id}",
    "POST /contacts/imports/{id}/cancel",
    "GET /contacts/imports/{id}/bad",
    "GET /contacts/export",
    "GET /first-run",
    "POST /first-run/dismiss",
    "POST /first-run/show",
    "GET /tickets/{id}/talks",
    "POST /tickets/{id}/talks",
    "GET /talks/{id}",
    "PATCH /talks/{id}",
    "POST /talks/{id}/messages",
    "POST /tickets/{id}/answering",
    "DELETE /tickets/{id}/answering",
    "GET /filter",
    "POST /filter",
    "GET /filter/keys",
    "GET /filter/completions",
    "GET /tags",
    "GET /tickets",
    "POST /tickets",
    "GET /tickets/{id}",
    "PATCH /tickets/{id}",
    "POST /tickets/{id}/messages",
    "POST /tickets/{id}/split",
    "POST /messages/{id}/undo",
    "POST /messages/{id}/retry",
    "GET /messages/{id}/raw",
    "PUT /tickets/{id}/read",
    "GET /tickets/{id}/draft",
    "PUT /tickets/{id}/draft",
    "DELETE /tickets/{id}/draft",
    "GET /tickets/{id}/reply-frame",
    "POST /attachments",
    "GET /attachments/{id}",
    "GET /contacts",
    "GET /contacts/{id}",
    "PATCH /contacts/{id}",
    "POST /contacts",
    "POST /contacts/merge/preview",
    "POST /contacts/merge",
    "POST /contacts/merges/{id}/undo",
    "GET /organizations",
    "POST /organizations",
    "GET /organizations/{id}",
    "PATCH /organizations/{id}",
    "GET /plans",
    "POST /plans",
    "PATCH /plans/{id}",
    "DELETE /plans/{id}",
    "GET /onboarding-templates",
    "POST /onboarding-templates",
    "PATCH /onboarding-templates/{id}",
    "DELETE /onboarding-templates/{id}",
    "GET /organizations/{id}/onboarding",
    "POST /organizations/{id}/onboarding",
    "GET /onboarding-steps",
    "PATCH /onboarding-steps/{id}",
    "DELETE /onboarding-steps/{id}",
    "GET /organizations/{id}/authorised",
    "POST /organizations/{id}/authorised",
    "PATCH /authorised/{id}",
    "DELETE /authorised/{id}",
    "GET /organizations/{id}/locations",
    "POST /organizations/{id}/locations",
    "PATCH /locations/{id}",
    "DELETE /locations/{id}",
    "GET /organizations/{id}/training",
    "POST /organizations/{id}/training",
    "GET /tickets/{id}/entitlement",
    "POST /tickets/{id}/entitlement",
    "GET /stranger-rule",
    "PUT /stranger-rule",
    "GET /fields",
    "PUT /fields",
    "GET /roster",
    "GET /roster/on-duty",
    "GET /roster/problems",
    "GET /roster/rules",
    "PUT /roster/rules",
    "GET /question-classes",
    "POST /question-classes",
    "PATCH /question-classes/{id}",
    "POST /roster/shifts",
    "PATCH /roster/shifts/{id}",
    "DELETE /roster/shifts/{id}",
    "POST /roster/publish",
    "POST /roster/copy-week",
    "POST /roster/absences",
    "DELETE /roster/absences/{id}",
    "GET /roster/rotations",
    "POST /roster/rotations",
    "PUT /roster/rotations/{id}",
    "POST /roster/rotations/{id}/spread",
    "POST /roster/requests",
    "POST /roster/requests/{id}/answer",
    "DELETE /roster/requests/{id}",
    "GET /roster/handovers",
    "GET /roster/handovers/draft",
    "POST /roster/handovers",
    "PUT /roster/handovers/{id}/read",
    "GET /roster/checklist",
    "GET /roster/checks",
    "PUT /roster/checks",
    "PUT /roster/checklist/{id}",
    "GET /me/calendar",
    "POST /me/calendar",
    "DELETE /me/calendar",
    "GET /search",
    "GET /quarantine",
    "GET /quarantine/{id}/raw",
    "POST /quarantine/{id}/retry",
    "POST /quarantine/{id}/ticket",
    "DELETE /quarantine/{id}",
    "GET /live",
    "GET /demo/logins",
    "GET /demo/mailbox",
    "POST /demo/mailbox",
];

async fn description() -> Value {
    let house = House::plain().await;
    house.stranger().raw(Method::GET, "/api/v1/openapi.json", None).await.body
}

fn operations(api: &Value) -> Vec<(String, &Value)> {
    let paths = api["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let item = item.as_object().unwrap();
            item.iter().map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
        })
        .collect()
}

#[tokio::test]
async fn the_description_holds_every_operation_of_the_contract_and_no_other() {
    let api = description().await;
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"), "{}", api["openapi"]);
    let mut described: Vec<String> = operations(&api).into_iter().map(|(name, _)| name).collect();
    let mut promised: Vec<String> = OPERATIONS.iter().map(|o| (*o).to_owned()).collect();
    described.sort();
    promised.sort();
    assert_eq!(described, promised);
}

#[tokio::test]
async fn every_operation_says_what_it_does_and_its_names_are_unique() {
    let api = description().await;
    let mut ids = Vec::new();
    for (name, operation) in operations(&api) {
        assert!(operation["summary"].as_str().is_some_and(|s| s.len() > 5), "{name} has no summary");
        assert!(operation["tags"].as_array().is_some_and(|t| t.len() == 1), "{name} has no tag");
        ids.push(operation["operationId"].as_str().unwrap().to_owned());
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "two operations share a name");
}

#[tokio::test]
async fn every_reference_in_the_description_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|v| references(v, found));
            }
            Value::Array(items) => items.iter().for_each(|v| references(v, found)),
            _ => {}
        }
    }
    let api = description().await;
    let mut found = Vec::new();
    references(&api, &mut found);
    assert!(found.len() > 50, "{}", found.len());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(api.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}
