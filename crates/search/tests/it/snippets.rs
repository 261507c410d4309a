//! How a result is shown.

use opora_search::Doc;

use crate::{desk, desk_of, message, search};

fn snippet(body: &str, query: &str) -> String {
    search(&desk(&[body]), query).items.remove(0).snippet_html
}

#[test]
fn the_words_found_are_marked_in_the_form_they_stand() {
    assert_eq!(snippet("Две посылки и посылочка", "посылка"), "Две <mark>посылки</mark> и посылочка");
    assert_eq!(snippet("Верните деньги!", "денег"), "Верните <mark>деньги</mark>!");
    assert_eq!(snippet("Ваш счёт", "счет"), "Ваш <mark>счёт</mark>");
}

#[test]
fn small_words_are_not_marked() {
    assert_eq!(snippet("не на карту", "на карту"), "не на <mark>карту</mark>");
}

#[test]
fn a_phrase_and_an_address_are_marked_in_one_piece() {
    assert_eq!(snippet("деньги. Мои деньги назад!", "«деньги назад»"), "деньги. Мои <mark>деньги назад</mark>!");
    assert_eq!(
        snippet("от anna@shop.example, срочно", "anna@shop.example"),
        "от <mark>anna@shop.example</mark>, срочно"
    );
}

#[test]
fn the_word_that_was_meant_is_marked() {
    assert_eq!(snippet("Жду возврат", "возрат"), "Жду <mark>возврат</mark>");
}

#[test]
fn html_in_a_message_is_shown_and_never_run() {
    assert_eq!(
        snippet("<script>alert('посылка')</script> & \"b\" <mark>x</mark>", "посылка"),
        "&lt;script&gt;alert(&#39;<mark>посылка</mark>&#39;)&lt;/script&gt; &amp; &quot;b&quot; &lt;mark&gt;x&lt;/mark&gt;"
    );
    let subject = Doc { subject: "<b>Посылка".into(), ..message(1, "x") };
    assert_eq!(search(&desk_of(&[subject]), "посылка").items[0].subject_html, "&lt;b&gt;<mark>Посылка</mark>");
}

#[test]
fn a_long_message_is_shown_around_the_words_found() {
    let long = format!("{}Наша посылка потерялась. {}", "Начало письма. ".repeat(40), "Конец письма. ".repeat(40));
    let shown = snippet(&long, "посылка");
    assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
    assert!(shown.contains("Наша <mark>посылка</mark> потерялась."), "{shown}");
    assert!(shown.chars().count() < 240, "{shown}");
}

#[test]
fn the_passage_with_most_of_the_words_is_shown() {
    let filler = "Ничего особенного здесь нет. ".repeat(20);
    let shown = snippet(&format!("посылка {filler} возврат за посылку {filler} возврат"), "посылка возврат");
    assert!(shown.contains("<mark>возврат</mark> за <mark>посылку</mark>"), "{shown}");
}

#[test]
fn line_breaks_and_direction_marks_do_not_disturb_the_page() {
    assert_eq!(snippet("\r\n  Моя\n\n\tпосылка \u{202e}олп\0  ", "посылка"), "Моя <mark>посылка</mark> олп");
}

#[test]
fn a_message_found_by_its_subject_shows_its_beginning() {
    let doc = Doc { subject: "Возврат".into(), ..message(1, "Добрый день, жду ответа.") };
    let hit = search(&desk_of(&[doc]), "возврат").items.remove(0);
    assert_eq!(
        (hit.subject_html.as_str(), hit.snippet_html.as_str()),
        ("<mark>Возврат</mark>", "Добрый день, жду ответа.")
    );
}

#[test]
fn a_message_found_by_its_author_shows_who_it_is() {
    let doc = Doc { people: vec!["Анна Петрова".into()], ..message(1, "Добрый день") };
    assert_eq!(search(&desk_of(&[doc]), "петровой").items[0].snippet_html, "Анна <mark>Петрова</mark>");
}

#[test]
fn a_word_without_end_is_shown_in_part() {
    let shown = snippet(&format!("посылка {}", "ж".repeat(5_000)), "посылка");
    assert!(shown.chars().count() < 250, "{}", shown.chars().count());
}
