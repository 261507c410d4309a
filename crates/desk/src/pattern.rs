//! What people look for, as patterns of SQL's LIKE: every letter stands for itself, `%`, `_` and `\` too. A statement that
//! binds one says `LIKE $n ESCAPE '\'`. Both sides are to be in lower case: the engines differ in what LIKE takes as the same.

/// Fits what holds this text anywhere.
pub(crate) fn holding(text: &str) -> String {
    format!("%{}%", escaped(text))
}

/// Fits what begins with this text.
pub(crate) fn beginning_with(text: &str) -> String {
    format!("{}%", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_means_something_to_sql_stands_for_itself() {
        assert_eq!(holding("ivan_p"), r"%ivan\_p%");
        assert_eq!(beginning_with(r"100%\"), r"100\%\\%");
    }
}
