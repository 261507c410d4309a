//! A statement that is put together at run time: text and values grow together, and only this file writes `$n`.

use super::param::P;
use std::fmt::Write;
use std::sync::Arc;

/// A statement under construction.
///
/// ```
/// use opora_base::Sql;
/// let mut sql = Sql::new("SELECT id FROM ticket WHERE team = ");
/// sql.bind(7).push(" AND ").is_in("status", &["open", "pending", "hold"]);
/// assert_eq!(sql.text(), "SELECT id FROM ticket WHERE team = $1 AND status IN ($2, $3, $4, $5)");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    args: Vec<P<'static>>,
}

impl Sql {
    /// A statement that begins with `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Sql { text: text.into(), args: Vec::new() }
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values so far.
    pub fn args(&self) -> &[P<'static>] {
        &self.args
    }

    /// Adds text. Never a value: that is what [`bind`](Sql::bind) is for.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value and its `$n`.
    pub fn bind<'a>(&mut self, value: impl Into<P<'a>>) -> &mut Self {
        self.args.push(value.into().into_owned());
        let _ = write!(self.text, "${}", self.args.len());
        self
    }

    /// Adds `expression IN (…)`, or FALSE when there is nothing to choose from. The list is padded with its last value
    /// to a power of two, so that few different texts are prepared.
    pub fn is_in<'a, T: Clone + Into<P<'a>>>(&mut self, expression: &str, items: &[T]) -> &mut Self {
        if items.is_empty() {
            return self.push("FALSE");
        }
        self.push(expression).push(" IN ").choices(items)
    }

    /// Adds `expression NOT IN (…)`, or TRUE when there is nothing to exclude. Like SQL's own, it is not true for NULL.
    pub fn not_in<'a, T: Clone + Into<P<'a>>>(&mut self, expression: &str, items: &[T]) -> &mut Self {
        if items.is_empty() {
            return self.push("TRUE");
        }
        self.push(expression).push(" NOT IN ").choices(items)
    }

    /// Adds that `expression` is one of these numbers. However many there are, they travel as one value and the statement's text
    /// stays the same.
    pub fn among(&mut self, expression: &str, numbers: &Arc<[i64]>) -> &mut Self {
        self.push(expression).push(" {among} (").bind(numbers).push(")")
    }

    fn choices<'a, T: Clone + Into<P<'a>>>(&mut self, items: &[T]) -> &mut Self {
        let padded = items.iter().chain(items.last().into_iter().cycle()).take(items.len().next_power_of_two());
        for (i, item) in padded.enumerate() {
            self.push(if i == 0 { "(" } else { ", " }).bind(item.clone());
        }
        self.push(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_padded_to_a_power_of_two_with_its_last_value() {
        let mut sql = Sql::new("");
        sql.is_in("a", &[1i64, 2, 3]).push(" OR ").is_in("b", &[9i64]);
        assert_eq!(sql.text(), "a IN ($1, $2, $3, $4) OR b IN ($5)");
        assert_eq!(sql.args(), [1, 2, 3, 3, 9].map(P::from));
    }

    #[test]
    fn an_empty_list_is_false_and_its_negation_true() {
        let mut sql = Sql::new("WHERE ");
        sql.is_in::<i64>("a", &[]).push(" OR ").not_in::<&str>("b", &[]);
        assert_eq!(sql.text(), "WHERE FALSE OR TRUE");
        assert!(sql.args().is_empty());
    }
}
