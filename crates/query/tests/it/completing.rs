//! What stands at the cursor of an unfinished text.

use opora_query::{Key, Piece, Spot, spot};

/// The text with `|` for the cursor: what stands there, and what a completion would replace.
fn at(marked: &str) -> (Spot, String) {
    let cursor = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    let spot = spot(&text, cursor);
    let replaced = match &spot {
        Spot::Key(piece) | Spot::Value(_, piece) => text[piece.from..piece.to].to_owned(),
        Spot::Nothing => String::new(),
    };
    (spot, replaced)
}

fn written(spot: Spot) -> (Option<Key>, String) {
    match spot {
        Spot::Key(Piece { written, .. }) => (None, written),
        Spot::Value(key, Piece { written, .. }) => (Some(key), written),
        Spot::Nothing => (None, "nothing".to_owned()),
    }
}

#[test]
fn a_word_may_become_a_key() {
    for (marked, before, replaced) in [
        ("sta|", "sta", "sta"),
        ("|", "", ""),
        ("status:new |", "", ""),
        ("status:new -ass|", "ass", "ass"),
        ("st|atus:new", "st", "status:"),
        ("возврат пос|ылка tag:x", "пос", "посылка"),
    ] {
        let (spot, whole) = at(marked);
        assert_eq!((written(spot), whole.as_str()), ((None, before.to_owned()), replaced), "{marked}");
    }
}

#[test]
fn a_value_is_completed_where_it_begins() {
    for (marked, key, before, replaced) in [
        ("status:|", Key::Status, "", ""),
        ("status:new,o|", Key::Status, "o", "o"),
        ("status:o|pen,new", Key::Status, "o", "open"),
        ("-team:\"Вто|", Key::Team, "Вто", "\"Вто"),
        ("team:\"Вторая ли|ния\" x", Key::Team, "Вторая ли", "\"Вторая линия\""),
        ("org:\"A, B\",«Рог|", Key::Organization, "Рог", "«Рог"),
        ("created:>2|", Key::Created, ">2", ">2"),
    ] {
        let (spot, whole) = at(marked);
        assert_eq!((written(spot), whole.as_str()), ((Some(key), before.to_owned()), replaced), "{marked}");
    }
}

#[test]
fn words_in_quotes_and_unknown_keys_are_left_alone() {
    for marked in ["\"не при|", "\"status:|", "colour:r|", "https://exa|mple.org"] {
        assert_eq!(at(marked).0, Spot::Nothing, "{marked}");
    }
}

#[test]
fn a_place_within_a_character_or_beyond_the_end_is_no_trouble() {
    let text = "тег «ё";
    for at in 0..=text.len() + 9 {
        let _ = spot(text, at);
    }
}
