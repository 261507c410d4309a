//! Which of the two languages an answer speaks: what the request asked for in `Accept-Language`, English when it asked
//! for neither.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::convert::Infallible;

/// A language the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Language {
    /// The language a request prefers among ours.
    pub fn of(headers: &HeaderMap) -> Language {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut best = (Language::En, 0.0f32);
        for choice in asked.split(',') {
            let mut parts = choice.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = parts
                .find_map(|p| p.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.parse::<f32>().ok().filter(|q| q.is_finite()).unwrap_or(0.0));
            let language = match tag.split('-').next() {
                Some("ru" | "be" | "uk" | "kk") => Language::Ru,
                Some("en") => Language::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// Its two letters.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Ru => "ru",
            Language::En => "en",
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Language, Infallible> {
        Ok(Language::of(&parts.headers))
    }
}

impl From<Language> for opora_query::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Ru => opora_query::Language::Russian,
            Language::En => opora_query::Language::English,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn preferred(asked: &str) -> Language {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(asked) {
            headers.insert(header::ACCEPT_LANGUAGE, value);
        }
        Language::of(&headers)
    }

    #[test]
    fn the_heavier_of_our_two_languages_wins_and_others_are_passed_over() {
        assert_eq!(preferred("de, ru;q=0.8, en;q=0.7"), Language::Ru);
        assert_eq!(preferred("en-GB,en;q=0.9,ru;q=0.8"), Language::En);
        assert_eq!(preferred("ru-RU"), Language::Ru);
        assert_eq!(preferred("ru;q=nan, fr"), Language::En);
        assert_eq!(preferred(""), Language::En);
    }
}
