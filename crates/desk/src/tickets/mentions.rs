//! Colleagues named in a text: an @ and their whole name, in any case, both standing by themselves.

use crate::{AgentId, Result};
use opora_base::Tx;
use std::cmp::Reverse;

/// The active colleagues a text names, by their number.
pub(super) fn mentioned(tx: &mut Tx<'_>, text: &str) -> Result<Vec<AgentId>> {
    if !text.contains('@') {
        return Ok(Vec::new());
    }
    let agents: Vec<(AgentId, String)> = tx.query("SELECT id, name FROM agent WHERE active = TRUE ORDER BY id", &[])?;
    Ok(named(text, agents))
}

/// Of two names that fit at the same place the longer one is meant; colleagues with one name are all meant.
fn named(text: &str, mut agents: Vec<(AgentId, String)>) -> Vec<AgentId> {
    let text = text.to_lowercase();
    for (_, name) in &mut agents {
        *name = name.trim().to_lowercase();
    }
    agents.retain(|(_, name)| !name.is_empty());
    agents.sort_by_key(|(id, name)| (Reverse(name.len()), *id));
    let mut named = Vec::new();
    for after in called(&text) {
        let Some((_, meant)) = agents.iter().find(|(_, name)| begins_with(after, name)) else { continue };
        named.extend(agents.iter().filter(|(_, name)| name == meant).map(|(id, _)| *id));
    }
    named.sort();
    named.dedup();
    named
}

/// What follows each @ that begins a word; the one within a mail address does not.
fn called(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('@')
        .filter(|(at, _)| !text[..*at].ends_with(char::is_alphanumeric))
        .map(|(at, sign)| &text[at + sign.len()..])
}

/// Does the text begin with this name and not with a longer word?
fn begins_with(text: &str, name: &str) -> bool {
    text.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn among_colleagues(text: &str) -> Vec<i64> {
        let names = ["Anna", "Ivan", "Ivan Petrov", "Anna Maria", "Борис Иванов", "Ivan Petrov"];
        let agents = (1..).map(AgentId).zip(names.map(str::to_owned)).collect();
        named(text, agents).into_iter().map(|id| id.0).collect()
    }

    #[test]
    fn a_name_after_an_at_sign_is_called_wherever_it_stands() {
        assert_eq!(among_colleagues("@Anna"), [1]);
        assert_eq!(among_colleagues("Спасибо,\n(@борис иванов), и @ANNA."), [1, 5]);
        assert_eq!(among_colleagues("@Anna@Ivan"), [1], "an @ right after a letter belongs to the word before it");
    }

    #[test]
    fn the_longest_name_is_meant_and_all_who_have_it() {
        assert_eq!(among_colleagues("@Anna Maria, @Ivan Petrov!"), [3, 4, 6]);
    }

    #[test]
    fn a_part_of_a_word_is_nobody() {
        assert_eq!(among_colleagues("shop@anna.test, @Annabel, @Борис Ивановна, @ Anna, Anna"), [0; 0]);
        assert_eq!(among_colleagues("@Ivan Petrova"), [2], "only the name that stands by itself");
    }
}
