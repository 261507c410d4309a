//! The words of a digest: what somebody has not read yet, one line each, with the way there.

use opora_desk::notifications::Notification;

/// Subject and text.
pub fn words(items: &[Notification], locale: &str, name: &str, base: &str) -> (String, String) {
    let (count, russian) = (items.len(), locale == "ru");
    let subject = if russian {
        format!(
            "Опора: {count} {}",
            russian_plural(count, ["новое уведомление", "новых уведомления", "новых уведомлений"])
        )
    } else {
        format!("Opora: {count} unread notification{}", if count == 1 { "" } else { "s" })
    };
    let mut text = if russian {
        format!("Здравствуйте, {name}!\n\nВот что вы ещё не видели:\n")
    } else {
        format!("Hello {name},\n\nthis is what you have not seen yet:\n")
    };
    for one in items {
        let by = if one.actor.name.is_empty() { String::new() } else { format!(" · {}", line(&one.actor.name)) };
        text.push_str(&format!("\n• {}{by}\n", what(&one.kind, russian)));
        if let Some(id) = one.ticket_id {
            text.push_str(&format!("  #{id} {}\n", line(&one.ticket_subject)));
        }
        if !one.text.is_empty() {
            text.push_str(&format!("  {}\n", line(&one.text)));
        }
        if !base.is_empty() {
            let place = one.ticket_id.map_or_else(|| "roster".to_owned(), |id| format!("tickets/{id}"));
            text.push_str(&format!("  {base}/{place}\n"));
        }
    }
    text.push_str(if russian {
        "\nКак часто приходит эта сводка и что в ней, выбирают в настройках уведомлений.\n"
    } else {
        "\nHow often this comes and what it holds is chosen in the settings of notifications.\n"
    });
    (subject, text)
}

/// What happened, in a few words.
pub fn what(kind: &str, russian: bool) -> &'static str {
    match (kind, russian) {
        ("mention", true) => "Вас упомянули",
        ("mention", false) => "You were mentioned",
        ("assigned", true) => "Обращение назначено вам",
        ("assigned", false) => "A ticket was given to you",
        ("handed_over", true) => "Обращение передано вам",
        ("handed_over", false) => "A ticket was handed over to you",
        ("answer", true) => "Клиент ответил",
        ("answer", false) => "The customer wrote",
        ("follow", true) => "Новое в обращении, за которым вы следите",
        ("follow", false) => "News in a ticket you follow",
        ("held", true) => "Отложенный ответ задержан: клиент написал раньше",
        ("held", false) => "A scheduled answer is held: the customer wrote first",
        ("due_soon", true) => "Срок скоро истечёт",
        ("due_soon", false) => "Due soon",
        ("too_late", true) => "Срок нарушен",
        ("too_late", false) => "Too late",
        ("snooze_over", true) => "Отложенное обращение снова здесь",
        ("snooze_over", false) => "A snoozed ticket is back",
        ("failed", true) => "Ответ не ушёл",
        ("failed", false) => "An answer could not be sent",
        ("talk", true) => "Коллега пишет вам",
        ("talk", false) => "A colleague writes to you",
        ("taken_over", true) => "Ваш ответ взял на себя коллега",
        ("taken_over", false) => "A colleague took over your answer",
        ("roster", true) => "Ваши дежурства изменились",
        ("roster", false) => "Your shifts have changed",
        ("roster_asked", true) => "Коллега просит подменить",
        ("roster_asked", false) => "A colleague asks about a shift",
        ("roster_answered", true) => "Ответ на вашу просьбу о подмене",
        ("roster_answered", false) => "An answer about your shift",
        (_, true) => "Новое",
        (_, false) => "News",
    }
}

/// One line, whatever was in it.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn russian_plural(n: usize, forms: [&'static str; 3]) -> &'static str {
    match (n % 10, n % 100) {
        (1, rest) if rest != 11 => forms[0],
        (2..=4, rest) if !(12..=14).contains(&rest) => forms[1],
        _ => forms[2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opora_base::Time;
    use opora_desk::tickets::Writer;
    use opora_desk::{AgentId, TicketId};

    fn mention(text: &str) -> Notification {
        let actor = Writer { kind: "agent".into(), id: Some(2), name: "Анна".into(), address: String::new() };
        Notification {
            id: 1,
            agent_id: AgentId(1),
            kind: "mention".into(),
            ticket_id: Some(TicketId(1042)),
            ticket_subject: "Где\nзаказ?".into(),
            message_id: None,
            talk_id: None,
            actor,
            text: text.into(),
            at: Time(0),
            read: false,
        }
    }

    #[test]
    fn a_digest_says_what_by_whom_where_and_the_way_there() {
        let (subject, text) = words(&[mention("посмотри\r\nBcc: x")], "ru", "Борис", "https://help.example.com");
        assert_eq!(subject, "Опора: 1 новое уведомление");
        assert!(text.contains("• Вас упомянули · Анна\n  #1042 Где заказ?\n  посмотри Bcc: x\n  https://help.example.com/tickets/1042\n"), "{text}");
        let (subject, text) = words(&vec![mention(""); 2], "en", "Boris", "");
        assert_eq!(subject, "Opora: 2 unread notifications");
        assert!(!text.contains("http"), "no link to nowhere: {text}");
    }

    #[test]
    fn russian_counts_have_their_three_forms() {
        let forms = |n| russian_plural(n, ["уведомление", "уведомления", "уведомлений"]);
        assert_eq!(
            [1, 2, 5, 11, 12, 21, 50].map(forms),
            ["уведомление", "уведомления", "уведомлений", "уведомлений", "уведомлений", "уведомление", "уведомлений"]
        );
    }
}
