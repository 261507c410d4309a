//! One way to say no: `application/problem+json` (RFC 9457) with a stable code and a sentence for a person.
//!
//! A [`Problem`] is written in English at once and rewritten by [`in_their_language`] when the request prefers Russian,
//! so handlers never think about languages. What broke inside goes to the log with the request's number, never into the
//! answer.

use crate::language::Language;
use crate::request_id::RequestId;
use crate::sentences::{self, Code};
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use opora_base as base;
use opora_desk as desk;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// Why a request was not carried out.
#[derive(Clone, Debug)]
pub struct Problem {
    code: Code,
    particulars: String,
    errors: Vec<FieldProblem>,
    extra: Map<String, Value>,
    retry_after: Option<u64>,
    cause: Option<String>,
}

/// One thing wrong with one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, as it was sent.
    pub field: String,
    /// A stable code ("required", "too_long", "unknown", "taken", "malformed", "wrong_type").
    pub code: String,
    /// A sentence.
    pub detail: String,
}

/// The body of every answer that is not a success.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// `/problems/` and the code.
    pub r#type: String,
    /// A few words for a person.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    #[schema(example = "validation")]
    pub code: String,
    /// A sentence for a person.
    pub detail: String,
    /// Which fields do not fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Particulars by code: `current`, `fields`, `at`, `request_id`.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(code: Code) -> Problem {
        Problem {
            code,
            particulars: String::new(),
            errors: Vec::new(),
            extra: Map::new(),
            retry_after: None,
            cause: None,
        }
    }

    /// With the words that stand for `{0}` in its sentence.
    pub fn about(mut self, particulars: impl Into<String>) -> Problem {
        self.particulars = particulars.into();
        self
    }

    /// With one more member of the body.
    pub fn with(mut self, name: &str, value: Value) -> Problem {
        self.extra.insert(name.to_owned(), value);
        self
    }

    /// One field does not fit.
    pub fn field(field: impl Into<String>, code: &str, detail: impl Into<String>) -> Problem {
        let mut problem = Problem::new(Code::Validation);
        problem.errors.push(FieldProblem { field: field.into(), code: code.to_owned(), detail: detail.into() });
        problem
    }

    /// Something broke inside; `cause` is for the log only.
    pub fn internal(cause: impl std::fmt::Display) -> Problem {
        Problem { cause: Some(cause.to_string()), ..Problem::new(Code::Internal) }
    }

    /// What it is.
    pub fn code(&self) -> Code {
        self.code
    }

    fn body(&self, language: Language) -> ProblemBody {
        let entry = self.code.entry();
        let (title, sentence) = entry.words(language);
        let mut errors = self.errors.clone();
        if language == Language::Ru {
            for error in &mut errors {
                if let Some(detail) = sentences::field_in_russian(&error.code) {
                    error.detail = detail.to_owned();
                }
            }
        }
        ProblemBody {
            r#type: format!("/problems/{}", entry.name),
            title: title.to_owned(),
            status: entry.status.as_u16(),
            code: entry.name.to_owned(),
            detail: self.said(sentence),
            errors,
            extra: self.extra.clone(),
        }
    }

    /// A sentence with its particulars: `{0}`, and members of the body by their names.
    fn said(&self, sentence: &str) -> String {
        let said = sentence.replace("{0}", &self.particulars);
        self.extra
            .iter()
            .filter(|(_, value)| value.is_number())
            .fold(said, |said, (name, value)| said.replace(&format!("{{{name}}}"), &value.to_string()))
    }

    fn respond(&self, language: Language) -> Response {
        let mut response = (self.code.entry().status, Json(self.body(language))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == Code::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.respond(Language::En);
        response.extensions_mut().insert(self);
        response
    }
}

/// Rewrites a problem in the language of the request, gives it the request's number, and logs what broke.
pub(crate) async fn in_their_language(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    let id = request.extensions().get::<RequestId>().cloned();
    let mut response = next.run(request).await;
    let Some(mut problem) = response.extensions_mut().remove::<Problem>() else { return response };
    if problem.code.entry().status.is_server_error() {
        if let Some(cause) = &problem.cause {
            tracing::error!(code = problem.code.entry().name, cause, "request failed");
        }
        if let Some(id) = id {
            problem.extra.insert("request_id".to_owned(), json!(id.0));
        }
    }
    let mut rewritten = problem.respond(language);
    for (name, value) in response.headers() {
        if !rewritten.headers().contains_key(name) && name != header::CONTENT_LENGTH {
            rewritten.headers_mut().append(name, value.clone());
        }
    }
    rewritten
}

impl From<base::Error> for Problem {
    fn from(error: base::Error) -> Problem {
        use base::Error as E;
        match error {
            E::NotFound => Problem::new(Code::NotFound),
            E::Denied => Problem::new(Code::Forbidden),
            E::Unique { .. } => Problem::new(Code::Conflict),
            E::Busy | E::Retry(_) => Problem { retry_after: Some(1), ..Problem::new(Code::Busy) },
            E::Closed | E::Lost(_) => {
                Problem { retry_after: Some(5), cause: Some(error.to_string()), ..Problem::new(Code::Busy) }
            }
            E::Timeout(_) => Problem { cause: Some(error.to_string()), ..Problem::new(Code::Timeout) },
            E::Db(_) | E::Type(_) | E::Panic(_) | E::Migration(_) => Problem::internal(error),
        }
    }
}

impl From<base::blob::BlobError> for Problem {
    /// Missing or damaged bytes are ours to explain; a bucket that is away or locked may be there again soon.
    fn from(error: base::blob::BlobError) -> Problem {
        use base::blob::BlobError as E;
        match error {
            E::Unavailable(_) | E::Refused(_) | E::Io(_) => Problem {
                retry_after: Some(60),
                cause: Some(format!("{}: {error}", error.code())),
                ..Problem::new(Code::StorageUnavailable)
            },
            E::NotFound(_) | E::Damaged(_) | E::BadDigest => Problem::internal(error),
        }
    }
}

impl From<desk::Error> for Problem {
    fn from(error: desk::Error) -> Problem {
        use desk::Error as E;
        match error {
            E::Base(error) => error.into(),
            E::NotFound(what) => Problem::new(Code::NotFound).with("what", json!(what)),
            E::Forbidden(permission) => {
                Problem::new(Code::Forbidden).about(permission).with("permission", json!(permission))
            }
            E::Validation(fields) => {
                let mut problem = Problem::new(Code::Validation);
                problem.errors = fields
                    .into_iter()
                    .map(|f| FieldProblem { field: f.field.to_owned(), code: f.code.to_owned(), detail: f.detail })
                    .collect();
                problem
            }
            E::TicketChanged { fields } => {
                Problem::new(Code::TicketChanged).about(fields.join(", ")).with("fields", json!(fields))
            }
            E::BeingAnswered(by) => {
                Problem::new(Code::BeingAnswered).about(by.name.clone()).with("answering", json!(by))
            }
            E::DraftChanged(kept) => Problem::new(Code::DraftChanged).with("draft", json!(kept)),
            E::NewMessage => Problem::new(Code::NewMessage),
            E::UnresolvedVariable(names) => {
                Problem::new(Code::UnresolvedVariable).about(names.join(", ")).with("variables", json!(names))
            }
            E::AlreadySent => Problem::new(Code::AlreadySent),
            E::MergedOnward => Problem::new(Code::MergedOnward),
            E::QuotaReached { used, quota } => {
                Problem::new(Code::QuotaReached).with("used", json!(used)).with("quota", json!(quota))
            }
            E::WrongLogin => Problem::new(Code::WrongLogin),
            E::Throttled(seconds) => {
                Problem { retry_after: Some(seconds), ..Problem::new(Code::Throttled).about(seconds.to_string()) }
            }
            E::AlreadySetUp => Problem::new(Code::AlreadySetUp),
            E::LinkExpired => Problem::new(Code::LinkExpired),
            E::KeyReused => Problem::new(Code::IdempotencyKeyReused),
            E::BadQuery { at, reason, detail } => {
                Problem::new(Code::BadQuery).about(detail).with("at", json!(at)).with("reason", json!(reason))
            }
            E::Blob(error) => error.into(),
            E::Storage(cause) => Problem::internal(cause),
        }
    }
}

/// What handlers answer.
pub type Answer<T> = Result<T, Problem>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_speaks_the_language_that_was_asked_for() {
        let problem = Problem::from(desk::Error::Throttled(30));
        assert_eq!(problem.body(Language::Ru).detail, "Попробуйте ещё раз через 30 с.");
        assert_eq!(problem.body(Language::En).detail, "Try again in 30 s.");
        let problem = Problem::from(desk::Error::QuotaReached { used: 6, quota: 5 });
        assert_eq!(
            problem.body(Language::Ru).detail,
            "В списке уже 6, а тариф позволяет 5. Уберите кого-нибудь или смените тариф."
        );
        assert!(problem.body(Language::En).detail.contains("6 contacts"));
        let problem = Problem::field("email", "taken", "somebody has this address");
        assert_eq!(problem.body(Language::Ru).errors[0].detail, "уже занято");
        assert_eq!(problem.body(Language::En).errors[0].detail, "somebody has this address");
    }

    #[test]
    fn what_broke_inside_is_not_told() {
        let problem = Problem::from(base::Error::Db("no such column: secret".into()));
        let body = serde_json::to_string(&problem.body(Language::En)).unwrap_or_default();
        assert!(!body.contains("secret"), "{body}");
        assert_eq!(problem.code(), Code::Internal);
    }

    #[test]
    fn every_desk_code_is_the_code_of_its_problem() {
        let errors = [
            desk::Error::Base(base::Error::Busy),
            desk::Error::NotFound("ticket"),
            desk::Error::Forbidden("ticket.view"),
            desk::Error::field("name", "required", "must not be empty"),
            desk::Error::TicketChanged { fields: vec!["status".into()] },
            desk::Error::BeingAnswered(Box::new(desk::tickets::Answering {
                agent_id: desk::AgentId(1),
                name: "Anna".into(),
                since: base::Time(0),
                until: base::Time(1),
            })),
            desk::Error::DraftChanged(Box::new(desk::tickets::draft::Draft {
                kind: "note".into(),
                body_html: String::new(),
                recipients: desk::tickets::Recipients::default(),
                attachments: Vec::new(),
                updated_at: base::Time(0),
            })),
            desk::Error::NewMessage,
            desk::Error::UnresolvedVariable(vec!["contact.name".into()]),
            desk::Error::AlreadySent,
            desk::Error::MergedOnward,
            desk::Error::QuotaReached { used: 2, quota: 2 },
            desk::Error::WrongLogin,
            desk::Error::Throttled(1),
            desk::Error::AlreadySetUp,
            desk::Error::LinkExpired,
            desk::Error::KeyReused,
            desk::Error::BadQuery { at: 3, reason: "unknown_key", detail: "what is this".into() },
        ];
        for error in errors {
            let code = error.code();
            assert_eq!(Problem::from(error).code().entry().name, code);
        }
    }
}
