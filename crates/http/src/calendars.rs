//! Calendars: when the department works. Keeping them, trying them out, and laying days into them.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::CalendarId;
use opora_desk::calendars::{
    self, Calendar, CalendarChange, CalendarForm, DaysForm, Loaded, PresetInfo, Preview, PreviewForm,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_calendars, make_calendar))
        .routes(routes!(list_presets))
        .routes(routes!(preview_calendar))
        .routes(routes!(load_days))
        .routes(routes!(show_calendar, change_calendar, remove_calendar))
}

/// All calendars.
#[utoipa::path(get, path = "/calendars", tag = "calendars", responses((status = OK, body = Items<Calendar>)))]
async fn list_calendars(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Calendar>>> {
    Ok(Json(state.read(&caller, |tx, _, _| calendars::list(tx)).await?.into()))
}

/// One calendar.
#[utoipa::path(get, path = "/calendars/{id}", tag = "calendars", params(("id" = i64, Path)),
    responses((status = OK, body = Calendar), (status = NOT_FOUND, body = ProblemBody)))]
async fn show_calendar(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<CalendarId>,
) -> Answer<Json<Calendar>> {
    Ok(Json(state.read(&caller, move |tx, _, _| calendars::get(tx, id)).await?))
}

/// Make a calendar.
#[utoipa::path(post, path = "/calendars", tag = "calendars", request_body = CalendarForm,
    responses((status = CREATED, body = Calendar), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_calendar(State(state): State<AppState>, caller: Caller, form: Form<CalendarForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| calendars::create(tx, actor, &form, now)).await
}

/// Change a calendar; what is absent stays.
#[utoipa::path(patch, path = "/calendars/{id}", tag = "calendars", params(("id" = i64, Path)),
    request_body = CalendarChange, responses((status = OK, body = Calendar), (status = NOT_FOUND, body = ProblemBody),
    (status = CONFLICT, body = ProblemBody), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn change_calendar(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<CalendarId>,
    form: Form<CalendarChange>,
) -> Answer<Json<Calendar>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| calendars::change(tx, actor, id, &form, now)).await?))
}

/// Delete a calendar that nothing counts in.
#[utoipa::path(delete, path = "/calendars/{id}", tag = "calendars", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn remove_calendar(State(state): State<AppState>, caller: Caller, At(id): At<CalendarId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| calendars::delete(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The presets whose days can be laid into a calendar.
#[utoipa::path(get, path = "/calendars/presets", tag = "calendars",
    responses((status = OK, body = Items<PresetInfo>)))]
async fn list_presets(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<PresetInfo>>> {
    Ok(Json(state.read(&caller, |_, _, _| Ok(calendars::presets())).await?.into()))
}

/// What a calendar would mean: the coming days, and when so many minutes of work are done. Saves nothing.
#[utoipa::path(post, path = "/calendars/preview", tag = "calendars", request_body = PreviewForm,
    responses((status = OK, body = Preview), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn preview_calendar(
    State(state): State<AppState>,
    caller: Caller,
    form: Form<PreviewForm>,
) -> Answer<Json<Preview>> {
    let form = form.value;
    Ok(Json(state.read(&caller, move |_, actor, now| calendars::preview(actor, &form, now)).await?))
}

/// Lay days into a calendar, from a file (JSON or ICS) or from a preset, and see what would change. Saves nothing: save the
/// calendar that is answered.
#[utoipa::path(post, path = "/calendars/days", tag = "calendars", request_body = DaysForm,
    responses((status = OK, body = Loaded), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn load_days(State(state): State<AppState>, caller: Caller, form: Form<DaysForm>) -> Answer<Json<Loaded>> {
    let form = form.value;
    Ok(Json(state.read(&caller, move |_, actor, _| calendars::load_days(actor, &form)).await?))
}
