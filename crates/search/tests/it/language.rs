//! Words meet whatever their form, spelling and small slips.

use crate::{desk, found, found_typing, sorted};

/// Asserts that every query finds the one message, and that the other message is not found.
fn each_finds(body: &str, queries: &[&str]) {
    let index = desk(&[body, "Совсем другое дело / something else entirely"]);
    for query in queries {
        assert_eq!(found(&index, query), [1], "«{query}» in «{body}»");
    }
}

#[test]
fn a_russian_word_is_found_in_any_form() {
    each_finds("Где моя посылка?", &["посылки", "посылку", "посылок", "посылками", "ПОСЫЛКА"]);
    each_finds("Верните деньги на карту", &["денег", "деньгами", "карта", "картой", "вернуть"]);
    each_finds("Мне пришёл не тот товар", &["пришел", "пришла", "пришли", "товары", "товаров"]);
    each_finds("Курьер опоздал на два часа", &["курьеры", "курьера", "опоздали", "час"]);
}

#[test]
fn an_english_word_is_found_in_any_form() {
    each_finds("The batteries were damaged", &["battery", "BATTERIES", "damage", "damaging"]);
    each_finds("I was charged twice", &["charge", "charging", "charges"]);
    each_finds("My children's order", &["child", "orders", "ordered"]);
}

#[test]
fn yo_and_ye_are_one_letter() {
    each_finds("Ещё жду счёт за самолёт", &["счет", "счёта", "самолет"]);
    each_finds("Еще жду счет", &["счёт"]);
}

#[test]
fn a_slip_of_one_letter_is_forgiven_in_longer_words() {
    let body = "Возврат за доставку, refund of the delivery";
    each_finds(body, &["возрат", "вовзрат", "доствка", "достaвка", "даставка", "refnud", "refumd", "delivry"]);
}

#[test]
fn a_slip_in_a_short_word_is_another_word() {
    let index = desk(&["код", "кот"]);
    assert_eq!(found(&index, "код"), [1]);
    assert_eq!(found(&index, "кол"), [] as [u64; 0]);
}

#[test]
fn what_was_really_written_is_not_taken_for_a_slip() {
    let mut bodies = vec!["оплата"; 60];
    bodies.extend(["расплата"; 5]);
    let index = desk(&bodies);
    assert_eq!(found(&index, "расплата").len(), 5);
}

#[test]
fn a_phrase_is_found_only_as_it_stands() {
    let index = desk(&["деньги за товар не вернули", "не вернули товар и деньги", "Вернули деньги. За товар спасибо"]);
    assert_eq!(sorted(found(&index, "«деньги за товар»")), [1, 3]);
    assert_eq!(found(&index, "\"не вернули\""), found(&index, "не «не вернули»"));
    assert_eq!(found(&index, "\"товар деньги\""), [] as [u64; 0]);
}

#[test]
fn the_last_word_may_be_unfinished_while_typing() {
    let index = desk(&["возврат посылки", "возврат денег", "посылка"]);
    assert_eq!(found_typing(&index, "возвр"), [1, 2]);
    assert_eq!(found_typing(&index, "возврат посы"), [1]);
    assert_eq!(sorted(found(&index, "посыл*")), [1, 3]);
    assert_eq!(found(&index, "посы"), [] as [u64; 0]);
}

#[test]
fn an_address_is_found_whole_by_halves_and_by_words() {
    let index = desk(&["Пишите на anna.petrova@shop.example.com", "Пишите на anna.ivanova@mail.example.com"]);
    assert_eq!(found(&index, "anna.petrova@shop.example.com"), [1]);
    assert_eq!(found(&index, "ANNA.IVANOVA@MAIL.EXAMPLE.COM"), [2]);
    assert_eq!(found(&index, "anna.petrova"), [1]);
    assert_eq!(found(&index, "mail.example.com"), [2]);
    assert_eq!(found(&index, "petrova"), [1]);
    assert_eq!(found_typing(&index, "anna.pet"), [1]);
    assert_eq!(found_typing(&index, "anna.petrova@sh"), [1]);
}

#[test]
fn an_address_does_not_find_its_neighbours() {
    let index = desk(&["anna.petrova@example.com", "oleg.petrov@example.com", "anna.petrova@other.example"]);
    assert_eq!(found(&index, "anna.petrova@example.com"), [1]);
    assert_eq!(sorted(found(&index, "example.com")), [1, 2]);
}

#[test]
fn an_order_number_is_found_however_it_is_written() {
    let index =
        desk(&["Заказ A-1234/56 не пришёл", "Заказ A-1234/57 не пришёл", "Заказ AB12345", "тел. +7 912 345-67-89"]);
    assert_eq!(found(&index, "A-1234/56"), [1]);
    assert_eq!(found(&index, "a-1234/57"), [2]);
    assert_eq!(found(&index, "AB-12345"), [3]);
    assert_eq!(found(&index, "345-67-89"), [4]);
}

#[test]
fn two_words_must_both_be_there() {
    let index = desk(&["возврат денег", "возврат товара", "денег нет"]);
    assert_eq!(found(&index, "возврат деньги"), [1]);
}

#[test]
fn a_question_that_nothing_answers_in_full_gets_the_nearest_answers() {
    let index = desk(&["Возврат денег занимает три дня", "Погода хорошая"]);
    assert_eq!(found(&index, "как скоро придёт возврат на мою карту в Казани"), [1]);
}

#[test]
fn a_question_of_small_words_only_is_taken_at_its_word() {
    let index = desk(&["как же так", "посылка"]);
    assert_eq!(found(&index, "как так"), [1]);
}
