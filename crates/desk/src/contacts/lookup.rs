//! Contacts by what somebody remembers of them: part of a name, part of any address, or a telephone number as it was jotted
//! down. It reads every name and every address once, which takes as long for a common part as for a rare one.

use crate::pattern::holding;
use opora_base::Sql;

/// What separates the digits of a telephone number when people write one.
const BETWEEN_DIGITS: [&str; 6] = [" ", "-", "(", ")", ".", "\u{a0}"];

/// Appends the condition that contact `c` fits this text; nothing for an empty one.
pub(super) fn fits(sql: &mut Sql, text: &str) {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return;
    }
    let pattern = holding(&text);
    sql.push(" AND (c.search_key LIKE ").bind(pattern.clone()).push(r" ESCAPE '\'");
    // The key of any but a mail address begins with its kind, which nobody looks for; few keys come to the second look.
    sql.push(" OR c.id IN (SELECT a.contact_id FROM contact_address a WHERE (a.address_key LIKE ");
    sql.bind(pattern.clone()).push(r" ESCAPE '\'");
    sql.push(" AND substr(a.address_key, CASE a.kind WHEN 'mail' THEN 1 ELSE length(a.kind) + 2 END) LIKE ");
    sql.bind(pattern).push(r" ESCAPE '\')");
    for digits in numbers(&text) {
        sql.push(" OR (a.kind = 'phone' AND a.address_key LIKE ").bind(holding(&digits)).push(")");
        sql.push(&format!(" OR (a.kind IN ('whatsapp', 'viber') AND {} LIKE ", without_signs("a.address_key")));
        sql.bind(holding(&digits)).push(")");
    }
    sql.push("))");
}

fn without_signs(column: &str) -> String {
    BETWEEN_DIGITS.iter().fold(column.to_owned(), |inner, sign| format!("replace({inner}, '{sign}', '')"))
}

/// The digits to look for when this may be part of a telephone number. Within Russia a number begins with 8, from abroad
/// with 7, and some write it without either.
fn numbers(text: &str) -> Vec<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let others = text.chars().filter(|c| !c.is_ascii_digit());
    if digits.len() < 3 || !others.into_iter().all(|c| c == '+' || BETWEEN_DIGITS.contains(&c.to_string().as_str())) {
        return Vec::new();
    }
    let at_home = digits.strip_prefix(['7', '8']);
    match at_home {
        Some(rest) if rest.len() == 10 => vec![rest.to_owned()],
        Some(rest) if rest.len() >= 3 => vec![format!("7{rest}"), format!("8{rest}")],
        _ => vec![digits],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_digits_with_or_without_the_countrys() {
        assert_eq!(numbers("8 (912) 345-67-89"), ["9123456789"]);
        assert_eq!(numbers("+7 912"), ["7912", "8912"]);
        assert_eq!(numbers("345.67"), ["34567"]);
        assert!(numbers("12").is_empty() && numbers("room 345").is_empty());
    }
}
