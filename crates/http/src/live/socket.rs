//! One screen's socket, from the handshake to the farewell.

use super::follower;
use super::hub::{Farewell, Joined};
use super::wire::{Heard, Said};
use crate::auth::{Caller, Credentials};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sentences::Code;
use crate::state::AppState;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use opora_desk::TicketId;
use opora_desk::people::agents;
use opora_desk::tickets;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The longest thing a client has to say.
const LONGEST: usize = 4 * 1024;
/// How often we ask whether somebody is still there.
const ASKING: Duration = Duration::from_secs(25);
/// How long silence is taken for presence.
const SILENCE: Duration = Duration::from_secs(70);
/// How long a message may take to leave.
const SENDING: Duration = Duration::from_secs(10);

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live))
}

/// The live socket (WebSocket).
///
/// The server says `hello`, `ticket` (something changed: ask for it), `views` (counts), `presence` (who looks, who types),
/// `notify` (for you alone) and `pong`. The client says `{"type":"view","ticket_id":1042}` (or null),
/// `{"type":"typing","ticket_id":1042,"on":true}` and `{"type":"ping"}`. Closed with 4001: sign in again; 4008: it did not
/// keep up; 1012: the program restarts. Whoever reconnects loads afresh.
#[utoipa::path(get, path = "/live", tag = "live", responses(
    (status = SWITCHING_PROTOCOLS, description = "The socket is open."),
    (status = FORBIDDEN, body = ProblemBody, description = "`cross_site`")))]
async fn live(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Answer<Response> {
    let Ok(upgrade) = upgrade else { return Err(Problem::new(Code::BadParameter).about("this is a WebSocket")) };
    if !same_site(&headers, &state) {
        return Err(Problem::new(Code::CrossSite));
    }
    let credentials = Credentials::of(&headers).ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    if state.hub.len() >= state.config.sockets {
        return Err(Problem::new(Code::Busy));
    }
    let agent = caller.agent()?;
    let name = state.read(&caller, move |tx, _, _| Ok(agents::get(tx, agent)?.name)).await?;
    follower::start(&state).await?;
    let upgrade = upgrade.max_message_size(LONGEST).max_frame_size(LONGEST);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let joined = state.hub.join(credentials, caller.actor, name);
        let id = joined.id;
        let farewell = converse(&state, joined, socket).await;
        state.hub.leave(id);
        tracing::debug!(socket = id, ?farewell, "live socket closed");
    }))
}

/// A page of another site may open sockets to us with its visitor's cookie; browsers tell us from where.
fn same_site(headers: &HeaderMap, state: &AppState) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let Some(origin) = text(header::ORIGIN.as_str()) else { return true };
    let host = text("x-forwarded-host").filter(|_| state.config.trust_forwarded).or_else(|| text("host"));
    let origin = origin.split_once("://").map_or(origin, |(_, host)| host);
    let own = state.config.public_url.as_deref().and_then(|url| url.split_once("://")).map(|(_, host)| host);
    host.is_some_and(|host| host.eq_ignore_ascii_case(origin))
        || own.is_some_and(|own| own.trim_end_matches('/').eq_ignore_ascii_case(origin))
}

async fn converse(state: &AppState, mut joined: Joined, mut socket: WebSocket) -> Option<Farewell> {
    let seq = state.hub.position.load(Ordering::Acquire);
    let mut last_heard = Instant::now();
    let mut asking = tokio::time::interval(ASKING);
    asking.reset();
    if !send(&mut socket, Message::Text(Said::Hello { seq }.text())).await {
        return None;
    }
    loop {
        tokio::select! {
            text = joined.mailbox.recv() => match text {
                Some(text) => if !send(&mut socket, Message::Text(text)).await { return Some(Farewell::TooSlow) },
                None => return goodbye(socket, joined.farewell.get().copied()).await,
            },
            heard = socket.recv() => match heard {
                Some(Ok(message)) => {
                    last_heard = Instant::now();
                    if let Message::Text(text) = message {
                        listen(state, &joined, &text).await;
                    }
                }
                Some(Err(_)) | None => return None,
            },
            _ = asking.tick() => {
                if last_heard.elapsed() > SILENCE || !send(&mut socket, Message::Ping(Default::default())).await {
                    return None;
                }
            }
            () = state.stopping.cancelled() => return goodbye(socket, Some(Farewell::Stopping)).await,
        }
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> bool {
    tokio::time::timeout(SENDING, socket.send(message)).await.is_ok_and(|sent| sent.is_ok())
}

async fn goodbye(mut socket: WebSocket, farewell: Option<Farewell>) -> Option<Farewell> {
    let (code, reason) = match farewell {
        Some(Farewell::TooSlow | Farewell::SeesOtherwise) => (4008, "reload"),
        Some(Farewell::SignedOut) => (4001, "signed out"),
        Some(Farewell::Stopping) | None => (1012, "restarting"),
    };
    send(&mut socket, Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }))).await;
    farewell
}

async fn listen(state: &AppState, joined: &Joined, text: &str) {
    match serde_json::from_str(text) {
        Ok(Heard::View { ticket_id: None }) => state.hub.sit(joined.id, None),
        Ok(Heard::View { ticket_id: Some(ticket) }) => {
            // Who may not see a ticket may not see who works on it either.
            let seat = sees(state, joined, ticket).await.then_some(ticket);
            state.hub.sit(joined.id, seat);
        }
        Ok(Heard::Typing { ticket_id, on }) => state.hub.types(joined.id, ticket_id, on),
        Ok(Heard::Ping) => state.hub.tell(joined.id, Said::Pong.text()),
        Err(_) => {}
    }
}

async fn sees(state: &AppState, joined: &Joined, ticket: TicketId) -> bool {
    let Some(actor) = state.hub.actor(joined.id) else { return false };
    state.store.read(move |tx| tickets::row(tx, &actor, ticket)).await.is_ok()
}
