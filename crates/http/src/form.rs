//! What a request carries, read at the door: JSON bodies, path ids and query parameters, each refused with a sentence
//! instead of the framework's own words.
//!
//! A body is limited in size and depth before it is parsed; a field that does not fit is named by its path.

use crate::once::Once;
use crate::problem::Problem;
use crate::sentences::Code;
use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

/// A JSON body.
pub(crate) struct Form<T> {
    /// What it says.
    pub(crate) value: T,
    /// How to tell whether it was said before.
    pub(crate) once: Once,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Form<T>, Problem> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            return Err(Problem::new(Code::UnsupportedMediaType).about("application/json"));
        }
        let bytes = collect(&parts.headers, body, state.config.json_limit).await?;
        let once = Once::of(&parts, &bytes)?;
        Ok(Form { value: parse(&bytes, state.config.json_depth)?, once })
    }
}

/// Is the body said to be JSON?
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).and_then(|v| v.split(';').next());
    essence.is_some_and(|e| e.trim().eq_ignore_ascii_case("application/json"))
}

/// The whole body, at most `limit` bytes of it.
pub(crate) async fn collect(headers: &HeaderMap, body: axum::body::Body, limit: usize) -> Result<Bytes, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if announced.is_some_and(|length: usize| length > limit) {
        return Err(too_large(limit));
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let limited = std::error::Error::source(&error).is_some_and(|s| s.to_string().contains("limit"));
        if limited { too_large(limit) } else { Problem::new(Code::MalformedBody) }
    })
}

/// Says how much would have fitted.
pub(crate) fn too_large(limit: usize) -> Problem {
    let size = if limit >= 1024 * 1024 { format!("{} MB", limit / (1024 * 1024)) } else { format!("{limit} B") };
    Problem::new(Code::TooLarge).about(size)
}

fn parse<T: DeserializeOwned>(bytes: &[u8], depth: usize) -> Result<T, Problem> {
    if nesting(bytes) > depth {
        return Err(Problem::new(Code::MalformedJson).about(format!("nested deeper than {depth} levels")));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => unfit(&path, &inner),
            _ => malformed(&inner),
        }
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(Code::MalformedJson).about(error.to_string())
}

fn unfit(path: &str, error: &serde_json::Error) -> Problem {
    let detail = error.to_string();
    let detail = detail.rsplit_once(" at line ").map_or(detail.as_str(), |(words, _)| words);
    let missing = detail.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    match missing {
        Some(name) if path == "." => Problem::field(name, "required", "is missing"),
        Some(name) => Problem::field(format!("{path}.{name}"), "required", "is missing"),
        None => Problem::field(if path == "." { "" } else { path }, "wrong_type", detail),
    }
}

/// How deep brackets are nested, outside of strings.
fn nesting(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0usize, 0usize, false, false);
    for byte in bytes {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_string = false,
            (true, _) => {}
            (false, b'"') => in_string = true,
            (false, b'{' | b'[') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            (false, _) => {}
        }
    }
    deepest
}

/// What stands in the path. Anything that cannot be an id is simply not found.
pub(crate) struct At<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<At<T>, Problem> {
        let found = Path::<T>::from_request_parts(parts, state).await;
        found.map(|Path(value)| At(value)).map_err(|_| Problem::new(Code::NotFound))
    }
}

/// What stands after the question mark.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked<T>, Problem> {
        Query::<T>::try_from_uri(&parts.uri).map(|Query(value)| Asked(value)).map_err(|rejection| {
            let words = rejection.to_string();
            let words = words.strip_prefix("Failed to deserialize query string: ").unwrap_or(&words).to_owned();
            Problem::new(Code::BadParameter).about(words)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Letter {
        #[allow(dead_code)]
        to: Vec<Person>,
    }
    #[derive(Debug, Deserialize)]
    struct Person {
        #[allow(dead_code)]
        name: String,
    }

    fn refusal(text: &str) -> (Code, String) {
        match parse::<Letter>(text.as_bytes(), 8) {
            Ok(_) => (Code::Internal, "fits".to_owned()),
            Err(problem) => (problem.code(), format!("{problem:?}")),
        }
    }

    #[test]
    fn a_field_that_does_not_fit_is_named_by_its_path() {
        let (code, words) = refusal(r#"{"to":[{"name":"a"},{"name":7}]}"#);
        assert_eq!(code, Code::Validation);
        assert!(words.contains("to[1].name") && words.contains("wrong_type"), "{words}");
        let (_, words) = refusal(r#"{"to":[{}]}"#);
        assert!(words.contains("to[0].name") && words.contains("required"), "{words}");
        let (_, words) = refusal("{}");
        assert!(words.contains(r#"field: "to""#), "{words}");
    }

    #[test]
    fn what_is_not_json_is_malformed_wherever_it_breaks() {
        for text in ["", "{", "{\"to\":[]} x", "{\"to\":[}", "nul", "\u{feff}{}"] {
            assert_eq!(refusal(text).0, Code::MalformedJson, "{text:?}");
        }
        assert_eq!(refusal(&"[".repeat(100_000)).0, Code::MalformedJson);
    }

    #[test]
    fn brackets_inside_strings_do_not_count_as_depth() {
        assert_eq!(nesting(br#"{"a":"[[[\"[[","b":[{}]}"#), 3);
        assert_eq!(nesting(b"]]]]["), 1);
    }
}
