//! What exists only in a demonstration: the logins on the door, and the customer's mailbox that shows the other half of
//! the circle. The mailbox itself is the binary's; this room only opens it.

use crate::auth::Caller;
use crate::form::{Asked, Form};
use crate::items::Items;
use crate::problem::{Answer, Problem};
use crate::sentences::Code;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures::future::BoxFuture;
use opora_base::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(demo_logins)).routes(routes!(open_mailbox, write_as_customer))
}

/// The other side of a demonstration.
pub trait DemoMailbox: Send + Sync + 'static {
    /// Who can sign in, with passwords: a demonstration has no secrets.
    fn logins(&self) -> Vec<DemoLogin>;
    /// What customers see: their mail both ways, the latest first; one customer's, or everybody's.
    fn open(&self, customer: Option<String>) -> BoxFuture<'_, Result<DemoMail, opora_desk::Error>>;
    /// A customer writes.
    fn write(&self, mail: DemoLetter) -> BoxFuture<'_, Result<(), opora_desk::Error>>;
}

/// A login of the demonstration.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DemoLogin {
    /// The address.
    pub email: String,
    /// The password, in plain words.
    pub password: String,
    /// The name.
    pub name: String,
    /// The role's key.
    pub role: String,
}

/// Somebody with an address.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DemoPerson {
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The address.
    pub address: String,
}

/// The customers' mailbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DemoMail {
    /// Customers to write as.
    pub customers: Vec<DemoPerson>,
    /// Inboxes to write to.
    pub inboxes: Vec<DemoPerson>,
    /// The mail, the latest first.
    pub items: Vec<DemoMessage>,
}

/// A mail as its customer sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DemoMessage {
    /// Its number.
    pub id: i64,
    /// From whom.
    pub from: DemoPerson,
    /// To whom.
    pub to: DemoPerson,
    /// Its subject.
    pub subject: String,
    /// As text.
    pub text: String,
    /// As safe HTML.
    pub html: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// "in": to us; "out": to the customer.
    pub direction: String,
}

/// A mail a customer writes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct DemoLetter {
    /// As whom.
    pub from: DemoPerson,
    /// To which inbox's address.
    pub to: String,
    /// Its subject.
    #[serde(default)]
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The mail it answers.
    #[serde(default)]
    pub in_reply_to: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct MailboxAsk {
    customer: Option<String>,
}

fn mailbox(state: &AppState) -> Answer<Arc<dyn DemoMailbox>> {
    state.demo.clone().filter(|_| state.config.demo).ok_or_else(|| Problem::new(Code::NotFound))
}

/// The logins of the demonstration.
#[utoipa::path(get, path = "/demo/logins", tag = "demo", security(()), responses((status = OK, body = Items<DemoLogin>)))]
async fn demo_logins(State(state): State<AppState>) -> Answer<Json<Items<DemoLogin>>> {
    Ok(Json(mailbox(&state)?.logins().into()))
}

/// The customer's mailbox.
#[utoipa::path(get, path = "/demo/mailbox", tag = "demo", params(("customer" = Option<String>, Query)),
    responses((status = OK, body = DemoMail)))]
async fn open_mailbox(
    State(state): State<AppState>,
    _: Caller,
    Asked(ask): Asked<MailboxAsk>,
) -> Answer<Json<DemoMail>> {
    Ok(Json(mailbox(&state)?.open(ask.customer).await?))
}

/// Write as a customer.
#[utoipa::path(post, path = "/demo/mailbox", tag = "demo", request_body = DemoLetter, responses((status = ACCEPTED)))]
async fn write_as_customer(State(state): State<AppState>, _: Caller, form: Form<DemoLetter>) -> Answer<StatusCode> {
    mailbox(&state)?.write(form.value).await?;
    Ok(StatusCode::ACCEPTED)
}
