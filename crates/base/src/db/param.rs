//! Values on their way into a statement: typed, nulls included, so that PostgreSQL never has to guess.
//!
//! NUL characters are left out of text and JSON on the way in: PostgreSQL refuses them, SQLite would keep them, and no
//! customer means them.

use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// One parameter. Everything a command has at hand converts into it; see [`params!`](crate::params).
#[derive(Clone, Debug, PartialEq)]
pub enum P<'a> {
    /// A whole number, an id, a time.
    Int(Option<i64>),
    /// A floating-point number.
    Real(Option<f64>),
    /// Yes or no.
    Bool(Option<bool>),
    /// Text.
    Text(Option<Cow<'a, str>>),
    /// Bytes.
    Bytes(Option<Cow<'a, [u8]>>),
    /// JSON, serialised.
    Json(Option<Cow<'a, str>>),
    /// Any number of whole numbers as one value, for [`Sql::among`](crate::Sql::among).
    Ints(Arc<[i64]>),
}

/// JSON that is already text, for a `{json}` column.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a>(
    /// The serialised document.
    pub &'a str,
);

impl<'a> P<'a> {
    /// The same value, owning what it holds.
    pub fn into_owned(self) -> P<'static> {
        match self {
            P::Int(v) => P::Int(v),
            P::Real(v) => P::Real(v),
            P::Bool(v) => P::Bool(v),
            P::Text(v) => P::Text(v.map(|s| Cow::Owned(s.into_owned()))),
            P::Bytes(v) => P::Bytes(v.map(|b| Cow::Owned(b.into_owned()))),
            P::Json(v) => P::Json(v.map(|s| Cow::Owned(s.into_owned()))),
            P::Ints(list) => P::Ints(list),
        }
    }
}

macro_rules! into_parameter {
    ($($from:ty => $variant:ident $convert:expr;)*) => { $(
        impl<'a> From<$from> for P<'a> {
            fn from(value: $from) -> Self { P::$variant(Some($convert(value))) }
        }
        impl<'a> From<Option<$from>> for P<'a> {
            fn from(value: Option<$from>) -> Self { P::$variant(value.map($convert)) }
        }
    )* };
}

into_parameter! {
    i64 => Int |v| v;
    i32 => Int i64::from;
    i16 => Int i64::from;
    u32 => Int i64::from;
    u16 => Int i64::from;
    u8 => Int i64::from;
    &'a i64 => Int |v: &i64| *v;
    f64 => Real |v| v;
    bool => Bool |v| v;
    &'a str => Text without_nul;
    &'a String => Text |v: &'a String| without_nul(v);
    String => Text |v: String| owned_without_nul(v);
    Cow<'a, str> => Text |v: Cow<'a, str>| match v { Cow::Borrowed(s) => without_nul(s), Cow::Owned(s) => owned_without_nul(s) };
    &'a [u8] => Bytes Cow::Borrowed;
    &'a Vec<u8> => Bytes |v: &'a Vec<u8>| Cow::Borrowed(v.as_slice());
    Vec<u8> => Bytes Cow::Owned;
    Json<'a> => Json |v: Json<'a>| json_without_nul(Cow::Borrowed(v.0));
    &'a Value => Json |v: &Value| json_without_nul(Cow::Owned(v.to_string()));
    Value => Json |v: Value| json_without_nul(Cow::Owned(v.to_string()));
}

/// A number with a type of its own: implemented by the rooms above for their ids, which then are parameters too.
pub trait Id: Copy {
    /// The number itself.
    fn number(self) -> i64;
}

impl<'a, I: Id> From<I> for P<'a> {
    fn from(id: I) -> Self {
        P::Int(Some(id.number()))
    }
}

impl<'a, I: Id> From<Option<I>> for P<'a> {
    fn from(id: Option<I>) -> Self {
        P::Int(id.map(I::number))
    }
}

impl From<&Arc<[i64]>> for P<'_> {
    fn from(list: &Arc<[i64]>) -> Self {
        P::Ints(list.clone())
    }
}

impl<'a> From<&'a Option<String>> for P<'a> {
    fn from(value: &'a Option<String>) -> Self {
        P::from(value.as_deref())
    }
}

impl<'a> From<&'a Option<Vec<u8>>> for P<'a> {
    fn from(value: &'a Option<Vec<u8>>) -> Self {
        P::from(value.as_deref())
    }
}

impl<'a> From<&'a Option<Value>> for P<'a> {
    fn from(value: &'a Option<Value>) -> Self {
        P::from(value.as_ref())
    }
}

fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

fn owned_without_nul<'a>(text: String) -> Cow<'a, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Owned(text) }
}

/// Inside JSON a NUL is written `\u0000`; an escaped backslash before `u0000` is not one, hence the real parser.
fn json_without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains("\\u0000") && !text.contains('\0') {
        return text;
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(mut document) => {
            strip(&mut document);
            Cow::Owned(document.to_string())
        }
        Err(_) => text,
    }
}

fn strip(value: &mut Value) {
    match value {
        Value::String(text) => text.retain(|c| c != '\0'),
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Object(fields) => {
            *fields = std::mem::take(fields)
                .into_iter()
                .map(|(key, mut field)| {
                    strip(&mut field);
                    (key.replace('\0', ""), field)
                })
                .collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The parameters of a statement, in the order of their numbers: `params![ticket.id, &ticket.subject, None::<i64>]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::P::from($value)),*] as &[$crate::P<'_>] };
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nul_characters_are_left_out_of_text_and_json() {
        assert_eq!(P::from("a\0b"), P::Text(Some("ab".into())));
        assert_eq!(P::from(String::from("\0")), P::Text(Some("".into())));
        assert_eq!(P::from(&json!({"k\0": ["x\0y"]})), P::Json(Some(r#"{"k":["xy"]}"#.into())));
    }

    #[test]
    fn an_escaped_backslash_before_u0000_is_kept() {
        let document = json!({"path": "C:\\u0000"});
        assert_eq!(P::from(&document), P::Json(Some(document.to_string().into())));
    }
}
