//! What keys and values are called by people, in both languages.

use crate::{Entitlement, Has, Is, Key, Language, Priority, Sla, Status, YesNo};

impl Key {
    /// Its name for a person.
    pub const fn label(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Key::Status => ("Состояние", "Status"),
            Key::Priority => ("Приоритет", "Priority"),
            Key::Assignee => ("Исполнитель", "Assignee"),
            Key::Team => ("Команда", "Team"),
            Key::Inbox => ("Ящик", "Inbox"),
            Key::Brand => ("Бренд", "Brand"),
            Key::Contact => ("Клиент", "Contact"),
            Key::Organization => ("Организация", "Organization"),
            Key::Plan => ("Тариф", "Plan"),
            Key::Vip => ("VIP", "VIP"),
            Key::Manager => ("Менеджер клиента", "Account manager"),
            Key::Entitlement => ("Право обращаться", "Entitlement"),
            Key::Follower => ("Наблюдатель", "Follower"),
            Key::Tag => ("Метка", "Tag"),
            Key::Channel => ("Канал", "Channel"),
            Key::Is => ("Признак", "Is"),
            Key::Has => ("Содержит", "Has"),
            Key::Created => ("Создано", "Created"),
            Key::Updated => ("Изменено", "Updated"),
            Key::Waiting => ("Ждёт ответа", "Waiting"),
            Key::Due => ("До срока", "Due in"),
            Key::Sla => ("Сроки", "Deadlines"),
        };
        language.of(russian, english)
    }
}

impl Status {
    /// Its name for a person.
    pub const fn label(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Status::New => ("Новое", "New"),
            Status::Open => ("Открыто", "Open"),
            Status::Waiting => ("Ждём клиента", "Waiting for the customer"),
            Status::OnHold => ("Отложено", "On hold"),
            Status::Solved => ("Решено", "Solved"),
            Status::Closed => ("Закрыто", "Closed"),
        };
        language.of(russian, english)
    }
}

impl Priority {
    /// Its name for a person.
    pub const fn label(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Priority::Low => ("Низкий", "Low"),
            Priority::Normal => ("Обычный", "Normal"),
            Priority::High => ("Высокий", "High"),
            Priority::Urgent => ("Срочный", "Urgent"),
        };
        language.of(russian, english)
    }
}

impl Is {
    /// Its name for a person.
    pub const fn label(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Is::Open => ("Ещё не решено", "Not yet solved"),
            Is::Unread => ("Не прочитано мной", "Unread by me"),
            Is::Snoozed => ("Спит до срока", "Snoozed"),
        };
        language.of(russian, english)
    }
}

impl Sla {
    /// Its name for a person.
    pub const fn label(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Sla::Running => ("Идёт срок", "Running"),
            Sla::Paused => ("Срок приостановлен", "Paused"),
            Sla::Breached => ("Срок нарушен", "Breached"),
            Sla::Nothing => ("Без срока", "None"),
        };
        language.of(russian, english)
    }
}

impl YesNo {
    /// Its name for a person.
    pub const fn label(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            YesNo::Yes => ("Да", "Yes"),
            YesNo::No => ("Нет", "No"),
        };
        language.of(russian, english)
    }
}

impl Entitlement {
    /// Its name for a person.
    pub const fn label(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Entitlement::Stranger => ("Не в списке", "Not on the list"),
            Entitlement::Held => ("Ждёт подтверждения", "Waiting for the owner"),
            Entitlement::Confirmed => ("Подтверждено", "Confirmed"),
            Entitlement::Refused => ("Отклонено", "Refused"),
            Entitlement::Authorised => ("В списке", "On the list"),
            Entitlement::Unknown => ("Неизвестно", "Unknown"),
        };
        language.of(russian, english)
    }
}

impl Has {
    /// Its name for a person.
    pub const fn label(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Has::Attachment => ("Файл", "A file"),
            Has::Draft => ("Мой черновик", "My draft"),
        };
        language.of(russian, english)
    }
}

impl Language {
    const fn of(self, russian: &'static str, english: &'static str) -> &'static str {
        match self {
            Language::Russian => russian,
            Language::English => english,
        }
    }
}
