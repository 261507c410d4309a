//! The page behind the links of a letter to an organization's owner: may this person ask for you?
//!
//! It is for customers: plain HTML in their language, no script, no cookie, nothing of the workspace. Opening it changes
//! nothing, because mail scanners open links; a button sends the answer by POST.

use crate::language::Language;
use crate::problem::Problem;
use crate::sentences::Code;
use crate::state::AppState;
use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use opora_desk::Error;
use opora_desk::entitlement::hold::{self, Asked};
use serde::Deserialize;

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const STYLE: &str = "body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f6f7f9;color:#1c2129;\
font:16px/1.5 system-ui,sans-serif}main{box-sizing:border-box;width:min(34rem,100%);padding:2rem;background:#fff;\
border:1px solid #d9dde3;border-radius:12px}h1{font-size:1.35rem;line-height:1.3;margin:0 0 1rem}dl{margin:0 0 1.5rem}\
dt{color:#5b6472;font-size:.875rem}dd{margin:0 0 .75rem;overflow-wrap:anywhere}form{display:flex;flex-wrap:wrap;gap:.75rem}\
button{font:inherit;font-weight:600;padding:.7rem 1.25rem;border-radius:8px;border:1px solid #8b94a3;background:#fff;\
color:#1c2129;cursor:pointer}button.first{background:#1d5fd1;border-color:#1d5fd1;color:#fff}\
button:focus-visible{outline:3px solid #1d5fd1;outline-offset:2px}p{margin:0}.small{margin-top:1.5rem;color:#5b6472;\
font-size:.875rem}@media(prefers-color-scheme:dark){body{background:#14171c;color:#e6e9ee}main{background:#1c2027;\
border-color:#343b46}dt,.small{color:#a3acba}button{background:#1c2027;color:#e6e9ee}\
button.first{background:#6ea2ff;border-color:#6ea2ff;color:#10141a}}";

/// Outside of the API: a customer's browser comes here.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/confirm/{token}", get(ask).post(answer))
}

#[derive(Debug, Default, Deserialize)]
struct Answered {
    #[serde(default)]
    answer: String,
}

async fn ask(
    State(state): State<AppState>,
    Path(token): Path<String>,
    Query(meant): Query<Answered>,
    headers: HeaderMap,
) -> Response {
    let now = state.now();
    match state.store.read(move |tx| hold::asked(tx, &token, now)).await {
        Ok(asked) => page(StatusCode::OK, language(&asked), &question(&asked, meant.answer == "no")),
        Err(error) => failed(error, &headers),
    }
}

async fn answer(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Answered>, FormRejection>,
) -> Response {
    let yes = match form.as_ref().map(|form| form.answer.as_str()) {
        Ok("yes") => true,
        Ok("no") => false,
        _ => return Problem::field("answer", "unknown", "yes or no").into_response(),
    };
    let now = state.now();
    match state.store.write(move |tx| hold::decide(tx, &token, yes, now)).await {
        Ok(asked) => page(StatusCode::OK, language(&asked), &thanks(&asked, yes)),
        Err(error) => failed(error, &headers),
    }
}

fn language(asked: &Asked) -> Language {
    if asked.locale == "ru" { Language::Ru } else { Language::En }
}

fn failed(error: Error, headers: &HeaderMap) -> Response {
    if !matches!(error, Error::LinkExpired) {
        return Problem::from(error).into_response();
    }
    let language = Language::of(headers);
    let (title, sentence) = match language {
        Language::Ru => (
            "Эта ссылка больше не действует",
            "На вопрос уже ответили, или время для ответа прошло. Если это важно, напишите в поддержку.",
        ),
        Language::En => (
            "This link is no longer valid",
            "The question has been answered, or the time for an answer is over. If it matters, write to the support.",
        ),
    };
    let status = Code::LinkExpired.entry().status;
    page(status, language, &format!("<h1>{title}</h1><p>{sentence}</p>"))
}

/// What the owner is asked. The answer their link named comes first.
fn question(asked: &Asked, no_first: bool) -> String {
    let organization = escaped(&asked.organization);
    let (title, who, about, yes, no, small) = match language(asked) {
        Language::Ru => (
            format!("Может ли этот человек обращаться от имени «{organization}»?"),
            "Кто",
            "О чём",
            "Да, может",
            "Нет, не может",
            "Ответ действует для этого обращения. Оно ждёт вашего решения.",
        ),
        Language::En => (
            format!("May this person ask on behalf of {organization}?"),
            "Who",
            "About",
            "Yes, they may",
            "No, they may not",
            "Your answer counts for this request. It waits for your decision.",
        ),
    };
    let button = |value: &str, text: &str, first: bool| {
        let class = if first { " class=\"first\"" } else { "" };
        format!("<button name=\"answer\" value=\"{value}\"{class}>{text}</button>")
    };
    let buttons = match no_first {
        true => [button("no", no, true), button("yes", yes, false)],
        false => [button("yes", yes, true), button("no", no, false)],
    };
    format!(
        "<h1>{title}</h1><dl><dt>{who}</dt><dd>{} &lt;{}&gt;</dd><dt>{about}</dt><dd>{}</dd></dl>\
         <form method=\"post\">{}</form><p class=\"small\">{small}</p>",
        escaped(&asked.stranger),
        escaped(&asked.address),
        escaped(&asked.subject),
        buttons.concat()
    )
}

fn thanks(asked: &Asked, yes: bool) -> String {
    let (title, sentence) = match (language(asked), yes) {
        (Language::Ru, true) => ("Спасибо, подтверждено", "Обращение передано в работу."),
        (Language::Ru, false) => {
            ("Спасибо, отклонено", "Поддержка знает, что этот человек не может обращаться от вашего имени.")
        }
        (Language::En, true) => ("Thank you, confirmed", "The request goes on."),
        (Language::En, false) => {
            ("Thank you, refused", "The support knows that this person may not ask on your behalf.")
        }
    };
    format!("<h1>{title}</h1><p>{sentence}</p>")
}

fn page(status: StatusCode, language: Language, body: &str) -> Response {
    let tag = language.tag();
    let title = match language {
        Language::Ru => "Подтверждение",
        Language::En => "Confirmation",
    };
    let html = format!(
        "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(tag)),
    ];
    (status, headers, html).into_response()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_name_is_words_and_never_markup() {
        let asked = Asked {
            organization: "A & B".into(),
            stranger: "<script>alert(1)</script>".into(),
            address: "\"x\"@y.test".into(),
            subject: "<b>".into(),
            locale: "en".into(),
        };
        let html = question(&asked, true);
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(html.contains("A &amp; B") && html.find("value=\"no\"") < html.find("value=\"yes\""), "{html}");
    }
}
