//! Values on their way out of a row.
//!
//! A [`Row`] hands out [`Datum`]s, the same for both engines; a [`Col`] is a type that can be read from one, a
//! [`FromRow`] a type that can be read from a whole row, and [`row!`](crate::row) declares a struct that is both a row
//! and the list of its columns.

use crate::{Error, Result};
use postgres::types::{FromSql, Type};
use rusqlite::types::ValueRef;
use std::error::Error as StdError;

/// One value as the database gave it, before anybody decided what it means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Datum<'a> {
    /// SQL's NULL.
    Null,
    /// A whole number. A boolean too, on SQLite.
    Int(i64),
    /// A floating-point number.
    Real(f64),
    /// A boolean, on PostgreSQL.
    Bool(bool),
    /// Text or JSON.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl Datum<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Datum::Null => "NULL",
            Datum::Int(_) => "a whole number",
            Datum::Real(_) => "a real number",
            Datum::Bool(_) => "a boolean",
            Datum::Text(_) => "text",
            Datum::Bytes(_) => "bytes",
        }
    }
}

/// A type that a single column can be read into. For a newtype: `i64::from_datum(datum).map(TicketId)`.
pub trait Col: Sized {
    /// The value, or nothing if the column holds something else.
    fn from_datum(datum: Datum<'_>) -> Option<Self>;
}

impl Col for i64 {
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        if let Datum::Int(v) = datum { Some(v) } else { None }
    }
}

impl Col for f64 {
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        match datum {
            Datum::Real(v) => Some(v),
            Datum::Int(v) => Some(v as f64),
            _ => None,
        }
    }
}

impl Col for bool {
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        match datum {
            Datum::Bool(v) => Some(v),
            Datum::Int(0) => Some(false),
            Datum::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl Col for String {
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        if let Datum::Text(v) = datum { Some(v.to_owned()) } else { None }
    }
}

impl Col for Vec<u8> {
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        if let Datum::Bytes(v) = datum { Some(v.to_vec()) } else { None }
    }
}

impl Col for serde_json::Value {
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        if let Datum::Text(v) = datum { serde_json::from_str(v).ok() } else { None }
    }
}

impl<T: Col> Col for Option<T> {
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        if datum == Datum::Null { Some(None) } else { T::from_datum(datum).map(Some) }
    }
}

macro_rules! narrow_integer {
    ($($t:ty),*) => { $(
        impl Col for $t {
            fn from_datum(datum: Datum<'_>) -> Option<Self> { i64::from_datum(datum)?.try_into().ok() }
        }
    )* };
}
narrow_integer!(i32, u32, i16, u16, u8);

/// One row of a result, valid while it is looked at.
pub struct Row<'a>(Source<'a>);

enum Source<'a> {
    Lite(&'a rusqlite::Row<'a>),
    Pg(&'a postgres::Row),
}

impl<'a> Row<'a> {
    pub(super) fn lite(row: &'a rusqlite::Row<'a>) -> Self {
        Row(Source::Lite(row))
    }

    pub(super) fn pg(row: &'a postgres::Row) -> Self {
        Row(Source::Pg(row))
    }

    /// Column `index`, counted from 0. [`Error::Type`] if it does not hold a `T`.
    pub fn get<T: Col>(&self, index: usize) -> Result<T> {
        let datum = self.datum(index)?;
        T::from_datum(datum).ok_or_else(|| {
            let wanted = std::any::type_name::<T>();
            Error::Type(format!("column {} holds {}, not {wanted}", self.name(index), datum.kind()))
        })
    }

    fn datum(&self, index: usize) -> Result<Datum<'_>> {
        match self.0 {
            Source::Lite(row) => match row.get_ref(index)? {
                ValueRef::Null => Ok(Datum::Null),
                ValueRef::Integer(v) => Ok(Datum::Int(v)),
                ValueRef::Real(v) => Ok(Datum::Real(v)),
                ValueRef::Text(v) => std::str::from_utf8(v)
                    .map(Datum::Text)
                    .map_err(|e| Error::Type(format!("column {}: {e}", self.name(index)))),
                ValueRef::Blob(v) => Ok(Datum::Bytes(v)),
            },
            Source::Pg(row) => row
                .try_get::<_, Option<Datum<'_>>>(index)
                .map(|datum| datum.unwrap_or(Datum::Null))
                .map_err(|e| Error::Type(format!("column {}: {e}", self.name(index)))),
        }
    }

    fn name(&self, index: usize) -> String {
        let name = match self.0 {
            Source::Lite(row) => row.as_ref().column_name(index).ok(),
            Source::Pg(row) => row.columns().get(index).map(|c| c.name()),
        };
        format!("{index} ({})", name.unwrap_or("which is not there"))
    }
}

/// NUMERIC (`sum`, `avg` over BIGINT) is refused on purpose: `CAST(sum(x) AS {int})` means the same on both engines.
impl<'a> FromSql<'a> for Datum<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 | Type::XID8 => Datum::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Datum::Int(i32::from_be_bytes(raw.try_into()?).into()),
            Type::INT2 => Datum::Int(i16::from_be_bytes(raw.try_into()?).into()),
            Type::OID => Datum::Int(u32::from_be_bytes(raw.try_into()?).into()),
            Type::FLOAT8 => Datum::Real(f64::from_be_bytes(raw.try_into()?)),
            Type::FLOAT4 => Datum::Real(f32::from_be_bytes(raw.try_into()?).into()),
            Type::BOOL => Datum::Bool(raw == [1]),
            Type::BYTEA => Datum::Bytes(raw),
            Type::JSONB => Datum::Text(std::str::from_utf8(raw.get(1..).unwrap_or_default())?),
            _ => Datum::Text(std::str::from_utf8(raw)?),
        })
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::XID8
                | Type::OID
                | Type::FLOAT8
                | Type::FLOAT4
                | Type::BOOL
                | Type::BYTEA
                | Type::JSONB
                | Type::JSON
                | Type::TEXT
                | Type::VARCHAR
                | Type::BPCHAR
                | Type::NAME
                | Type::UNKNOWN
        )
    }
}

/// A type that a whole row can be read into: a single column, a tuple of up to twelve, or a struct of
/// [`row!`](crate::row).
pub trait FromRow: Sized {
    /// Reads the columns from the first on.
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

impl<T: Col> FromRow for T {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        row.get(0)
    }
}

macro_rules! tuple_from_row {
    ($($name:ident $index:tt),*) => {
        impl<$($name: Col),*> FromRow for ($($name,)*) {
            fn from_row(row: &Row<'_>) -> Result<Self> { Ok(($(row.get::<$name>($index)?,)*)) }
        }
    };
}
tuple_from_row!(A 0);
tuple_from_row!(A 0, B 1);
tuple_from_row!(A 0, B 1, C 2);
tuple_from_row!(A 0, B 1, C 2, D 3);
tuple_from_row!(A 0, B 1, C 2, D 3, E 4);
tuple_from_row!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple_from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple_from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple_from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple_from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple_from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple_from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);

/// Declares a struct that is a row: its fields are columns, read in this order.
///
/// ```
/// opora_base::row! {
///     /// A contact as the list shows it.
///     #[derive(Debug, Clone)]
///     pub struct Contact {
///         /// Its number.
///         pub id: i64,
///         /// How the customer signs.
///         pub name: Option<String>,
///     }
/// }
/// assert_eq!(Contact::COLS, "id, name");
/// assert_eq!(Contact::cols_of("c"), "c.id, c.name");
/// ```
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $(#[$first_meta:meta])* $first_vis:vis $first:ident : $first_type:ty
        $(, $(#[$field_meta:meta])* $field_vis:vis $field:ident : $field_type:ty)* $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $name {
            $(#[$first_meta])* $first_vis $first: $first_type,
            $($(#[$field_meta])* $field_vis $field: $field_type,)*
        }

        #[allow(dead_code)]
        impl $name {
            /// The columns, in the order of the fields.
            pub const COLS: &'static str = concat!(stringify!($first) $(, ", ", stringify!($field))*);

            /// The same columns of the table known as `alias` in a join.
            pub fn cols_of(alias: &str) -> String {
                [stringify!($first) $(, stringify!($field))*].map(|column| format!("{alias}.{column}")).join(", ")
            }
        }

        impl $crate::FromRow for $name {
            fn from_row(row: &$crate::Row<'_>) -> $crate::Result<Self> {
                let mut columns = 0..;
                let mut next = || columns.next().unwrap_or_default();
                Ok($name { $first: row.get(next())? $(, $field: row.get(next())?)* })
            }
        }
    };
}
