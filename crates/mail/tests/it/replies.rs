//! The visible reply, client by client: what each really writes above a quote, with and without marks.

use crate::read;
use opora_mail::visible_reply;

const OWN: &str = "Здравствуйте!\n\nПосылка пришла, но коробка помята. Что делать?";

/// The person's words with a client's history below them.
fn with(history: &str) -> String {
    format!("{OWN}\n\n{history}")
}

#[track_caller]
fn only_own_words_are_shown(client: &str, history: &str) {
    let visible = visible_reply(&with(history));
    assert_eq!(visible.text, OWN, "{client}");
    assert!(visible.quoted_lines > 0, "{client}");
}

const QUOTE: &str = "> Добрый день!\n> Пришла ли посылка?\n>\n> С уважением, Опора\n";
const PLAIN: &str = "Добрый день!\nПришла ли посылка?\n\nС уважением, Опора\n";

#[test]
fn russian_clients_with_marked_quotes() {
    for (client, line) in [
        ("Gmail", "пн, 2 мар. 2026 г. в 10:00, Поддержка Опора <help@shop.example>:\n\n"),
        ("Gmail, wrapped", "пн, 2 мар. 2026 г. в 10:00, Поддержка Опора магазина на диване <\nhelp@shop.example>:\n\n"),
        ("Gmail of old", "2 марта 2026 г., 10:00 пользователь Опора <help@shop.example> написал:\n\n"),
        ("Yandex", "02.03.2026, 10:00, \"Опора\" <help@shop.example>:\n"),
        ("Yandex app", "10:00, 2 марта 2026 г., Опора <help@shop.example>:\n"),
        ("Mail.ru", "Понедельник, 2 марта 2026, 10:00 +03:00 от Опора <help@shop.example>:\n\n"),
        ("Mail.ru app", "понедельник, 02 марта 2026г., 10:00 +03:00 от Опора help@shop.example:\n\n"),
        ("Apple Mail", "2 марта 2026 г., в 10:00, Опора <help@shop.example> написал(а):\n\n"),
        ("iPhone", "Отправлено с iPhone\n\n2 марта 2026 г., в 10:00, Опора <help@shop.example> написал(а):\n\n"),
        ("Thunderbird", "02.03.2026 10:00, Опора пишет:\n"),
        ("Thunderbird, with address", "02.03.2026 10:00, Опора <help@shop.example> пишет:\n"),
        ("The Bat!", "Вы писали 2 марта 2026 г., 10:00:00:\n\n"),
        ("Evolution", "В Пн, 02/03/2026 в 10:00 +0300, Опора пишет:\n"),
    ] {
        only_own_words_are_shown(client, &format!("{line}{QUOTE}"));
    }
}

#[test]
fn russian_clients_without_marks() {
    for (client, head) in [
        (
            "Outlook",
            "From: Опора <help@shop.example>\nSent: Monday, March 2, 2026 10:00 AM\nTo: Анна <anna@example.com>\nSubject: Посылка\n\n",
        ),
        (
            "Outlook in Russian",
            "От: Опора <help@shop.example>\nОтправлено: понедельник, 2 марта 2026 г. 10:00\nКому: Анна <anna@example.com>\nТема: Посылка\n\n",
        ),
        (
            "Outlook with a line",
            "________________________________\nОт: Опора <help@shop.example>\nОтправлено: 2 марта 2026 г. 10:00\nКому: Анна\nТема: Посылка\n\n",
        ),
        (
            "Outlook in bold",
            "*От:* Опора <help@shop.example>\n*Отправлено:* 2 марта 2026 г. 10:00\n*Кому:* Анна\n*Тема:* Посылка\n\n",
        ),
        (
            "Samsung",
            "-------- Исходное сообщение --------\nОт: Опора <help@shop.example>\nДата: 02.03.2026 10:00 (GMT+03:00)\nКому: anna@example.com\nТема: Посылка\n\n",
        ),
        (
            "Mail.ru",
            "Отправлено из мобильной Почты Mail.ru\n\nПонедельник, 2 марта 2026, 10:00 +03:00 от Опора <help@shop.example>:\n\n",
        ),
        (
            "Yandex app",
            "Отправлено из мобильного приложения Яндекс Почты\n\n10:00, 2 марта 2026 г., Опора <help@shop.example>:\n\n",
        ),
        ("Gmail", "пн, 2 мар. 2026 г. в 10:00, Опора <help@shop.example>:\n\n"),
        ("Outlook original", "-----Исходное сообщение-----\nFrom: Опора\nSent: Monday, March 2, 2026 10:00 AM\n\n"),
    ] {
        only_own_words_are_shown(client, &format!("{head}{PLAIN}"));
    }
}

#[test]
fn other_languages() {
    for line in [
        "On Mon, Mar 2, 2026 at 10:00 AM Opora <help@shop.example> wrote:\n\n",
        "On Mon, Mar 2, 2026 at 10:00 AM Opora Support Department Of The Shop <\nhelp@shop.example> wrote:\n\n",
        "On 3/2/2026 10:00 AM, Opora wrote:\n",
        "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Opora <help@shop.example>:\n\n",
        "Am 02.03.26 um 10:00 schrieb Opora:\n",
        "Le lun. 2 mars 2026 à 10:00, Opora <help@shop.example> a écrit :\n\n",
        "Le 02/03/2026 à 10:00, Opora a écrit :\n",
        "El lun, 2 mar 2026 a las 10:00, Opora (<help@shop.example>) escribió:\n\n",
        "Il giorno lun 2 mar 2026 alle ore 10:00 Opora <help@shop.example> ha scritto:\n\n",
        "pon., 2 mar 2026 o 10:00 Opora <help@shop.example> napisał(a):\n\n",
        "W dniu 02.03.2026 o 10:00, Opora pisze:\n",
        "Em seg., 2 de mar. de 2026 às 10:00, Opora <help@shop.example> escreveu:\n\n",
        "Op ma 2 mrt 2026 om 10:00 schreef Opora <help@shop.example>:\n\n",
        "пн, 2 бер. 2026 р. о 10:00 Opora <help@shop.example> пише:\n\n",
        "Den mån 2 mars 2026 kl 10:00 skrev Opora <help@shop.example>:\n\n",
        "po 2. 3. 2026 v 10:00 odesílatel Opora <help@shop.example> napsal:\n\n",
    ] {
        only_own_words_are_shown(line, &format!("{line}{QUOTE}"));
        only_own_words_are_shown(line, &format!("{line}\n{PLAIN}"));
    }
}

#[test]
fn the_bat_marks_quotes_with_initials() {
    only_own_words_are_shown(
        "The Bat!",
        "Понедельник, 2 марта 2026 г., 10:00:00, вы писали:\n\nОП> Добрый день!\nОП> Пришла ли посылка?\n",
    );
}

#[test]
fn what_stands_between_quotes_is_kept_with_its_question() {
    let text = "Отвечаю ниже.\n\n02.03.2026, 10:00, \"Опора\" <help@shop.example>:\n> Номер заказа?\n\n1042\n\n> Адрес?\n\nМосква\n\n> С уважением\n";
    let visible = visible_reply(text);
    assert_eq!(visible.text, "Отвечаю ниже.\n\n> Номер заказа?\n\n1042\n\n> Адрес?\n\nМосква");
}

#[test]
fn an_answer_below_the_quote_is_shown_without_it() {
    let visible = visible_reply("02.03.2026 10:00, Опора пишет:\n> Пришла?\n\nДа, спасибо!\n");
    assert_eq!(visible.text, "Да, спасибо!");
}

#[test]
fn a_forwarded_message_is_what_the_person_wants_read() {
    for text in [
        "Посмотрите, пожалуйста.\n\n-------- Пересылаемое сообщение --------\n02.03.2026, 10:00, \"Банк\" <bank@example.com>:\n\nПлатёж не прошёл.\n-------- Конец пересылаемого сообщения --------",
        "FYI\n\n---------- Forwarded message ---------\nFrom: Bank <bank@example.com>\nDate: Mon, Mar 2, 2026 at 10:00 AM\nSubject: x\nTo: a@example.com\n\nThe payment failed.",
    ] {
        assert_eq!(visible_reply(text).text, text);
    }
    let mail = read(
        "Subject: FW: payment\n\nsee below\n\nFrom: Bank <bank@example.com>\nSent: Monday\nTo: Anna\nSubject: payment\n\nIt failed.\n",
    );
    assert!(mail.visible_reply().text.contains("It failed."));
}

#[test]
fn a_person_s_story_is_never_cut() {
    for text in [
        "Вчера в 10:00 ваш менеджер написал:\nзавтра доставим. Не доставили!",
        "Откуда: Москва\nКуда: Казань\nДата: 12.03.2026\nВес: 3 кг",
        "From: Moscow\nTo: Kazan\nDate: 12.03.2026\nPlease calculate the price.",
        "Мои вопросы:\n-- когда доставят?\n-- сколько стоит?\n-- можно вернуть?\n\nЖду ответа",
        "Всё работает\n---\nно есть вопрос: как сменить тариф?",
        "Ошибка такая:\n\n|  код | текст |\n|  500 | сбой  |\n\nпомогите",
        "Отправлено с Москвы, а посылка до сих пор не пришла",
        "Температура > 30 градусов\nа должна быть < 5",
        "С уважением,\nАнна Петрова\n+7 900 000-00-00",
    ] {
        assert_eq!(visible_reply(text).text, text);
    }
}

#[test]
fn a_signature_is_folded_and_kept_apart() {
    let visible = visible_reply("Спасибо!\n\n-- \nАнна Петрова\nООО «Ромашка»\n+7 900 000-00-00\n");
    assert_eq!(visible.text, "Спасибо!");
    assert!(visible.signature.unwrap().contains("Ромашка"));
}

#[test]
fn a_message_of_nothing_but_quotes_is_shown_whole() {
    let text = "> Пришла ли посылка?\n> С уважением";
    let visible = visible_reply(text);
    assert!(visible.whole);
    assert_eq!(visible.text, text);
    assert_eq!(visible_reply("").text, "");
    assert_eq!(visible_reply("Отправлено с iPhone").text, "Отправлено с iPhone");
}

#[test]
fn html_only_mail_is_read_by_its_blockquotes() {
    let html = "<div dir=\"ltr\">Да, пришла!</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">пн, 2 мар. 2026 г. в 10:00, Опора &lt;<a href=\"mailto:help@shop.example\">help@shop.example</a>&gt;:<br></div><blockquote class=\"gmail_quote\">Пришла ли посылка?</blockquote></div>";
    let mail = read(format!("Content-Type: text/html; charset=utf-8\n\n{html}"));
    assert_eq!(mail.visible_reply().text, "Да, пришла!");
}

#[test]
fn outlook_html_is_read_by_its_header_block() {
    let html = "<div class=WordSection1><p class=MsoNormal>Да, пришла!</p><p class=MsoNormal>&nbsp;</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Опора &lt;help@shop.example&gt; <br><b>Sent:</b> Monday, March 2, 2026 10:00 AM<br><b>To:</b> Анна<br><b>Subject:</b> Посылка</p></div><p>Пришла ли посылка?</p></div>";
    let mail = read(format!("Content-Type: text/html; charset=utf-8\n\n{html}"));
    assert_eq!(mail.visible_reply().text, "Да, пришла!");
}

#[test]
fn a_thread_of_a_hundred_answers_is_quick() {
    let mut text = String::from("Последний ответ.\n");
    for depth in 0..100 {
        let marks = ">".repeat(depth);
        text.push_str(&format!("{marks} 02.03.2026, 10:00, \"Опора\" <help@shop.example>:\n{marks}> слова\n"));
    }
    assert!(visible_reply(&text).text.starts_with("Последний ответ."));
}
