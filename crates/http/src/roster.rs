//! The roster: who is there when, who answers for which class of question, wishes among colleagues, hand-over, checklist, and
//! one's own calendar address.

use crate::auth::Caller;
use crate::form::{Asked, At, Form};
use crate::items::Items;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use opora_base::Time;
use opora_desk::roster::absences::{self, Absence, AbsenceForm};
use opora_desk::roster::check::Problem as RosterProblem;
use opora_desk::roster::checklist::{self, CheckNow, RoutineCheck, TickForm};
use opora_desk::roster::classes::{self, QuestionClass, QuestionClassForm};
use opora_desk::roster::feed::{self, CalendarFeed};
use opora_desk::roster::handover::{self, Handover, HandoverForm, OpenMatter};
use opora_desk::roster::requests::{self, Answered, RosterAnswerForm, RosterRequest, RosterRequestForm};
use opora_desk::roster::rotations::{self, Rotation, RotationForm, Spread, SpreadForm};
use opora_desk::roster::{self, Copied, CopyForm, OnDuty, PublishForm, Published, Roster, Rules, Saved, ShiftForm};
use opora_desk::{AbsenceId, QuestionClassId, RosterRequestId, RotationId, ShiftId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(show_roster))
        .routes(routes!(on_duty))
        .routes(routes!(list_problems))
        .routes(routes!(show_rules, put_rules))
        .routes(routes!(list_classes, make_class))
        .routes(routes!(change_class))
        .routes(routes!(make_shift))
        .routes(routes!(change_shift, remove_shift))
        .routes(routes!(publish_roster))
        .routes(routes!(copy_week))
        .routes(routes!(make_absence))
        .routes(routes!(remove_absence))
        .routes(routes!(list_rotations, make_rotation))
        .routes(routes!(change_rotation))
        .routes(routes!(spread_rotation))
        .routes(routes!(ask_request))
        .routes(routes!(answer_request))
        .routes(routes!(withdraw_request))
        .routes(routes!(list_handovers, write_handover))
        .routes(routes!(show_handover_draft))
        .routes(routes!(read_handover))
        .routes(routes!(show_checklist))
        .routes(routes!(list_checks, put_checks))
        .routes(routes!(tick_check))
        .routes(routes!(show_feed, make_feed, revoke_feed))
}

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RangeParams {
    /// From, RFC 3339.
    #[param(value_type = String, format = DateTime)]
    from: Time,
    /// Until, at most 100 days later.
    #[param(value_type = String, format = DateTime)]
    until: Time,
}

/// At which moment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MomentParams {
    /// RFC 3339; now when absent.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Time>,
}

/// How far ahead.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AheadParams {
    /// How many days, 28 unless said, at most 90.
    days: Option<u32>,
}

/// All checks.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
struct RoutineChecks {
    /// In their order.
    items: Vec<RoutineCheck>,
}

/// The roster of a range, with what is wrong with it. Drafts are shown to those who plan.
#[utoipa::path(get, path = "/roster", tag = "roster", params(RangeParams),
    responses((status = OK, body = Roster), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn show_roster(
    State(state): State<AppState>,
    caller: Caller,
    Asked(range): Asked<RangeParams>,
) -> Answer<Json<Roster>> {
    let shown = state.read(&caller, move |tx, actor, now| roster::show(tx, actor, range.from, range.until, now));
    Ok(Json(shown.await?))
}

/// Who is on duty, class by class, and who comes next. Whoever is away or switched off is left out, and named.
#[utoipa::path(get, path = "/roster/on-duty", tag = "roster", params(MomentParams), responses((status = OK, body = OnDuty)))]
async fn on_duty(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<MomentParams>,
) -> Answer<Json<OnDuty>> {
    let today = state.read(&caller, move |tx, actor, now| roster::today(tx, actor, params.at.unwrap_or(now)));
    Ok(Json(today.await?))
}

/// What is wrong in the weeks to come: gaps, overlaps, tired people, people who are away.
#[utoipa::path(get, path = "/roster/problems", tag = "roster", params(AheadParams),
    responses((status = OK, body = Items<RosterProblem>)))]
async fn list_problems(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<AheadParams>,
) -> Answer<Json<Items<RosterProblem>>> {
    let days = params.days.unwrap_or(28);
    let found = state.read(&caller, move |tx, actor, now| roster::upcoming(tx, actor, days, now));
    Ok(Json(found.await?.into()))
}

/// How much is too much, and the department's own cover.
#[utoipa::path(get, path = "/roster/rules", tag = "roster", responses((status = OK, body = Rules)))]
async fn show_rules(State(state): State<AppState>, caller: Caller) -> Answer<Json<Rules>> {
    Ok(Json(state.read(&caller, |tx, _, _| roster::rules(tx)).await?))
}

/// Change the rules.
#[utoipa::path(put, path = "/roster/rules", tag = "roster", request_body = Rules,
    responses((status = OK, body = Rules), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn put_rules(State(state): State<AppState>, caller: Caller, form: Form<Rules>) -> Answer<Json<Rules>> {
    let wanted = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| roster::put_rules(tx, actor, &wanted, now)).await?))
}

/// All classes of question, those put away too.
#[utoipa::path(get, path = "/question-classes", tag = "roster", responses((status = OK, body = Items<QuestionClass>)))]
async fn list_classes(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<QuestionClass>>> {
    Ok(Json(state.read(&caller, |tx, _, _| classes::list(tx)).await?.into()))
}

/// Make a class of question.
#[utoipa::path(post, path = "/question-classes", tag = "roster", request_body = QuestionClassForm,
    responses((status = CREATED, body = QuestionClass), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_class(State(state): State<AppState>, caller: Caller, form: Form<QuestionClassForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| classes::create(tx, actor, &form, now)).await
}

/// Change a class of question; what is absent stays.
#[utoipa::path(patch, path = "/question-classes/{id}", tag = "roster", params(("id" = i64, Path)),
    request_body = QuestionClassForm, responses((status = OK, body = QuestionClass), (status = NOT_FOUND, body = ProblemBody),
    (status = CONFLICT, body = ProblemBody)))]
async fn change_class(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<QuestionClassId>,
    form: Form<QuestionClassForm>,
) -> Answer<Json<QuestionClass>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| classes::change(tx, actor, id, &form, now)).await?))
}

/// Write a shift or duty down, as a draft. Field codes: `overlap`, `absent`, `switched_off`.
#[utoipa::path(post, path = "/roster/shifts", tag = "roster", request_body = ShiftForm,
    responses((status = CREATED, body = Saved), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_shift(State(state): State<AppState>, caller: Caller, form: Form<ShiftForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| roster::create(tx, actor, &form, now)).await
}

/// Change a shift; what is absent stays. One that is published changes at once, and those it concerns are told.
#[utoipa::path(patch, path = "/roster/shifts/{id}", tag = "roster", params(("id" = i64, Path)), request_body = ShiftForm,
    responses((status = OK, body = Saved), (status = NOT_FOUND, body = ProblemBody), (status = CONFLICT, body = ProblemBody)))]
async fn change_shift(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<ShiftId>,
    form: Form<ShiftForm>,
) -> Answer<Json<Saved>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| roster::change(tx, actor, id, &form, now)).await?))
}

/// Take a shift out.
#[utoipa::path(delete, path = "/roster/shifts/{id}", tag = "roster", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn remove_shift(State(state): State<AppState>, caller: Caller, At(id): At<ShiftId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| roster::remove(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Publish the drafts of a range: all together or none.
#[utoipa::path(post, path = "/roster/publish", tag = "roster", request_body = PublishForm,
    responses((status = OK, body = Published), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn publish_roster(State(state): State<AppState>, caller: Caller, form: Form<PublishForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::OK, move |tx, actor, now| roster::publish(tx, actor, &form, now)).await
}

/// Copy a week to another, as drafts. Doing it twice changes nothing.
#[utoipa::path(post, path = "/roster/copy-week", tag = "roster", request_body = CopyForm,
    responses((status = OK, body = Copied), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn copy_week(State(state): State<AppState>, caller: Caller, form: Form<CopyForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::OK, move |tx, actor, now| roster::copy_week(tx, actor, &form, now)).await
}

/// Write down days on which somebody is away. Whoever falls ill says so themselves.
#[utoipa::path(post, path = "/roster/absences", tag = "roster", request_body = AbsenceForm,
    responses((status = CREATED, body = Absence), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_absence(State(state): State<AppState>, caller: Caller, form: Form<AbsenceForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| absences::create(tx, actor, &form, now)).await
}

/// They are not away after all.
#[utoipa::path(delete, path = "/roster/absences/{id}", tag = "roster", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn remove_absence(State(state): State<AppState>, caller: Caller, At(id): At<AbsenceId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| absences::remove(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All rotations.
#[utoipa::path(get, path = "/roster/rotations", tag = "roster", responses((status = OK, body = Items<Rotation>)))]
async fn list_rotations(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Rotation>>> {
    Ok(Json(state.read(&caller, |tx, actor, _| rotations::list(tx, actor)).await?.into()))
}

/// Make a rotation: people who take turns.
#[utoipa::path(post, path = "/roster/rotations", tag = "roster", request_body = RotationForm,
    responses((status = CREATED, body = Rotation), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_rotation(State(state): State<AppState>, caller: Caller, form: Form<RotationForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| rotations::create(tx, actor, &form, now)).await
}

/// A rotation anew. What it has made already stays.
#[utoipa::path(put, path = "/roster/rotations/{id}", tag = "roster", params(("id" = i64, Path)), request_body = RotationForm,
    responses((status = OK, body = Rotation), (status = NOT_FOUND, body = ProblemBody)))]
async fn change_rotation(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<RotationId>,
    form: Form<RotationForm>,
) -> Answer<Json<Rotation>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| rotations::change(tx, actor, id, &form, now)).await?))
}

/// Make the drafts of a rotation for some days: those that are missing.
#[utoipa::path(post, path = "/roster/rotations/{id}/spread", tag = "roster", params(("id" = i64, Path)),
    request_body = SpreadForm, responses((status = OK, body = Spread), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn spread_rotation(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<RotationId>,
    form: Form<SpreadForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::OK, move |tx, actor, now| rotations::spread(tx, actor, id, &form, now)).await
}

/// Ask a colleague, or everybody, to take my shift; or to swap it for one of theirs.
#[utoipa::path(post, path = "/roster/requests", tag = "roster", request_body = RosterRequestForm,
    responses((status = CREATED, body = RosterRequest), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn ask_request(State(state): State<AppState>, caller: Caller, form: Form<RosterRequestForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| requests::ask(tx, actor, &form, now)).await
}

/// Accept or refuse. Accepting changes the roster. Field codes: `overtaken`, `answered`, `overlap`, `absent`.
#[utoipa::path(post, path = "/roster/requests/{id}/answer", tag = "roster", params(("id" = i64, Path)),
    request_body = RosterAnswerForm, responses((status = OK, body = Answered), (status = NOT_FOUND, body = ProblemBody),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn answer_request(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<RosterRequestId>,
    form: Form<RosterAnswerForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::OK, move |tx, actor, now| requests::answer(tx, actor, id, &form, now)).await
}

/// Take my wish back.
#[utoipa::path(delete, path = "/roster/requests/{id}", tag = "roster", params(("id" = i64, Path)),
    responses((status = OK, body = RosterRequest), (status = NOT_FOUND, body = ProblemBody)))]
async fn withdraw_request(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<RosterRequestId>,
) -> Answer<Json<RosterRequest>> {
    Ok(Json(state.write(&caller, move |tx, actor, now| requests::withdraw(tx, actor, id, now)).await?))
}

/// The hand-overs of the last three days, the latest first.
#[utoipa::path(get, path = "/roster/handovers", tag = "roster", responses((status = OK, body = Items<Handover>)))]
async fn list_handovers(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Handover>>> {
    Ok(Json(state.read(&caller, handover::list).await?.into()))
}

/// What I would hand over now: my tickets that are not done.
#[utoipa::path(get, path = "/roster/handovers/draft", tag = "roster", responses((status = OK, body = Items<OpenMatter>)))]
async fn show_handover_draft(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<OpenMatter>>> {
    Ok(Json(state.read(&caller, |tx, actor, _| handover::matters(tx, actor)).await?.into()))
}

/// Hand over: my words, and my open tickets by themselves.
#[utoipa::path(post, path = "/roster/handovers", tag = "roster", request_body = HandoverForm,
    responses((status = CREATED, body = Handover), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn write_handover(State(state): State<AppState>, caller: Caller, form: Form<HandoverForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| handover::write(tx, actor, &form, now)).await
}

/// Tick that I have read a hand-over.
#[utoipa::path(put, path = "/roster/handovers/{id}/read", tag = "roster", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn read_handover(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| handover::mark_read(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What I am to look at in this shift and on this day.
#[utoipa::path(get, path = "/roster/checklist", tag = "roster", responses((status = OK, body = Items<CheckNow>)))]
async fn show_checklist(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<CheckNow>>> {
    Ok(Json(state.read(&caller, checklist::now).await?.into()))
}

/// All recurring checks.
#[utoipa::path(get, path = "/roster/checks", tag = "roster", responses((status = OK, body = Items<RoutineCheck>)))]
async fn list_checks(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<RoutineCheck>>> {
    Ok(Json(state.read(&caller, |tx, _, _| checklist::list(tx)).await?.into()))
}

/// All recurring checks anew.
#[utoipa::path(put, path = "/roster/checks", tag = "roster", request_body = RoutineChecks,
    responses((status = OK, body = Items<RoutineCheck>), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn put_checks(
    State(state): State<AppState>,
    caller: Caller,
    form: Form<RoutineChecks>,
) -> Answer<Json<Items<RoutineCheck>>> {
    let wanted = form.value.items;
    Ok(Json(state.write(&caller, move |tx, actor, now| checklist::put(tx, actor, &wanted, now)).await?.into()))
}

/// Tick a check, or take the tick back.
#[utoipa::path(put, path = "/roster/checklist/{id}", tag = "roster", params(("id" = i64, Path)), request_body = TickForm,
    responses((status = OK, body = Items<CheckNow>), (status = NOT_FOUND, body = ProblemBody)))]
async fn tick_check(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
    form: Form<TickForm>,
) -> Answer<Json<Items<CheckNow>>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| checklist::tick(tx, actor, id, &form, now)).await?.into()))
}

/// Do I have a calendar address?
#[utoipa::path(get, path = "/me/calendar", tag = "me", responses((status = OK, body = CalendarFeed)))]
async fn show_feed(State(state): State<AppState>, caller: Caller) -> Answer<Json<CalendarFeed>> {
    Ok(Json(state.read(&caller, |tx, actor, _| feed::mine(tx, actor)).await?))
}

/// Make a calendar address; it is shown once, and one made before leads nowhere from now on.
#[utoipa::path(post, path = "/me/calendar", tag = "me", responses((status = CREATED, body = CalendarFeed)))]
async fn make_feed(State(state): State<AppState>, caller: Caller) -> Answer<(StatusCode, Json<CalendarFeed>)> {
    caller.in_person()?;
    Ok((StatusCode::CREATED, Json(state.write(&caller, feed::make).await?)))
}

/// Take my calendar address back.
#[utoipa::path(delete, path = "/me/calendar", tag = "me", responses((status = NO_CONTENT)))]
async fn revoke_feed(State(state): State<AppState>, caller: Caller) -> Answer<StatusCode> {
    state.write(&caller, feed::revoke).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `/calendar/{token}.ics`, for calendars: whoever has the address may read it.
pub(crate) async fn calendar(State(state): State<AppState>, At(file): At<String>) -> Result<Response, Problem> {
    let token = file.strip_suffix(".ics").unwrap_or(&file).to_owned();
    let now = state.now();
    let asked = token.clone();
    let text = state.store.read(move |tx| feed::read(tx, &asked, now)).await?;
    // Whether it is read at all helps its owner; it must never keep them from reading.
    if let Err(error) = state.store.write(move |tx| feed::touch(tx, &token, now)).await {
        tracing::warn!(%error, "a calendar's reading could not be noted");
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    ];
    Ok((headers, text).into_response())
}
