//! Everything the HTTP edge says to a person, in Russian and English, beside the status it says it with.
//!
//! A [`Code`] is stable and for programs; its sentences are for people and may change. `{0}` stands for the particulars.

use crate::language::Language;
use axum::http::StatusCode;

/// What went wrong, as programs may rely on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Nobody is signed in.
    Unauthenticated,
    /// This person may not do this.
    Forbidden,
    /// A signed-in person in a browser is needed, not a token.
    SessionNeeded,
    /// The request came from another site.
    CrossSite,
    /// There is no such thing.
    NotFound,
    /// There is no such method here.
    MethodNotAllowed,
    /// Somebody else changed the ticket.
    TicketChanged,
    /// Somebody else is answering.
    BeingAnswered,
    /// My draft was written on elsewhere.
    DraftChanged,
    /// A customer's message arrived meanwhile.
    NewMessage,
    /// Variables of a template are left in the text.
    UnresolvedVariable,
    /// It has been sent.
    AlreadySent,
    /// The kept contact was merged into another one since.
    MergedOnward,
    /// The plan allows no more authorised contacts.
    QuotaReached,
    /// The department has its administrator.
    AlreadySetUp,
    /// Somebody else did the same at the same moment.
    Conflict,
    /// Some fields do not fit.
    Validation,
    /// The body is not JSON.
    MalformedJson,
    /// The body could not be read.
    MalformedBody,
    /// The body is of another type than expected.
    UnsupportedMediaType,
    /// A query parameter does not fit.
    BadParameter,
    /// The filter could not be read.
    BadQuery,
    /// The Idempotency-Key header does not fit.
    BadIdempotencyKey,
    /// The Idempotency-Key belongs to another request.
    IdempotencyKeyReused,
    /// The body is too large.
    TooLarge,
    /// Wrong address or password.
    WrongLogin,
    /// Too many attempts.
    Throttled,
    /// The link is used or expired.
    LinkExpired,
    /// Too much to do right now.
    Busy,
    /// The request took too long.
    Timeout,
    /// The place where files lie does not answer.
    StorageUnavailable,
    /// Something of ours broke.
    Internal,
}

/// A code's name, status and words.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) status: StatusCode,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
}

impl Entry {
    /// Title and sentence in that language.
    pub(crate) fn words(&self, language: Language) -> (&'static str, &'static str) {
        match language {
            Language::Ru => self.ru,
            Language::En => self.en,
        }
    }
}

const fn entry(
    name: &'static str,
    status: StatusCode,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
) -> Entry {
    Entry { name, status, ru, en }
}

impl Code {
    #[rustfmt::skip]
    pub(crate) const fn entry(self) -> Entry {
        use StatusCode as S;
        match self {
            Code::Unauthenticated => entry("unauthenticated", S::UNAUTHORIZED,
                ("Нужно войти", "Войдите заново: сеанс закончился или ещё не начат."),
                ("Please sign in", "Sign in again: the session has ended or has not begun.")),
            Code::Forbidden => entry("forbidden", S::FORBIDDEN,
                ("Не хватает прав", "Для этого нужно право «{0}»."),
                ("Not allowed", "This needs the permission {0}.")),
            Code::SessionNeeded => entry("session_needed", S::FORBIDDEN,
                ("Нужен вход с паролем", "Это можно сделать только после входа в браузере, а не по токену."),
                ("A signed-in person is needed", "This is possible only after signing in, not with a token.")),
            Code::CrossSite => entry("cross_site", S::FORBIDDEN,
                ("Запрос с чужого сайта", "Изменения принимаются только с Content-Type: application/json или с заголовком X-Opora: 1."),
                ("Request from another site", "Changes are accepted only with Content-Type: application/json or with the header X-Opora: 1.")),
            Code::NotFound => entry("not_found", S::NOT_FOUND,
                ("Не найдено", "Такого здесь нет, или это не для вас."),
                ("Not found", "There is no such thing here, or it is not yours to see.")),
            Code::MethodNotAllowed => entry("method_not_allowed", S::METHOD_NOT_ALLOWED,
                ("Так нельзя", "По этому адресу такого действия нет."),
                ("Method not allowed", "This address does not know that method.")),
            Code::TicketChanged => entry("ticket_changed", S::CONFLICT,
                ("Обращение изменили", "Пока вы работали, другой сотрудник изменил: {0}."),
                ("The ticket was changed", "Meanwhile somebody else changed: {0}.")),
            Code::BeingAnswered => entry("being_answered", S::CONFLICT,
                ("Уже отвечает другой", "{0} уже пишет ответ. Ничего не отправлено, текст сохранён; ответ можно взять на себя."),
                ("Somebody is answering", "{0} is already writing the answer. Nothing was sent; your words are kept. You can take the answer over.")),
            Code::DraftChanged => entry("draft_changed", S::CONFLICT,
                ("Черновик изменился", "Этот черновик тем временем дописали в другом месте. Сохранены оба текста: посмотрите, какой нужен."),
                ("The draft was changed", "This draft was written on elsewhere meanwhile. Neither text is lost: look which one you want.")),
            Code::NewMessage => entry("new_message", S::CONFLICT,
                ("Пришло новое сообщение", "Пока вы писали, клиент написал ещё. Ответ не отправлен, текст сохранён."),
                ("A new message arrived", "The customer wrote again while you were writing. Nothing was sent; your words are kept.")),
            Code::UnresolvedVariable => entry("unresolved_variable", S::UNPROCESSABLE_ENTITY,
                ("Не всё заполнено", "В тексте остались незаполненные места: {0}. Ничего не отправлено."),
                ("Something is not filled in", "The text still has places to fill in: {0}. Nothing was sent.")),
            Code::AlreadySent => entry("already_sent", S::CONFLICT,
                ("Уже отправлено", "Это сообщение уже ушло, вернуть его нельзя."),
                ("Already sent", "This message has left; it cannot be taken back.")),
            Code::MergedOnward => entry("merged_onward", S::CONFLICT,
                ("Контакт объединён дальше", "После этого контакт объединили с другим. Сначала отмените то объединение."),
                ("Merged into another contact", "This contact was merged into another one since. Take that back first.")),
            Code::QuotaReached => entry("quota_reached", S::CONFLICT,
                ("Тариф не позволяет больше", "В списке уже {used}, а тариф позволяет {quota}. Уберите кого-нибудь или смените тариф."),
                ("The plan allows no more", "There are {used} contacts on the list, and the plan allows {quota}. Take somebody off, or change the plan.")),
            Code::AlreadySetUp => entry("already_set_up", S::CONFLICT,
                ("Уже настроено", "У отдела уже есть администратор. Войдите обычным образом."),
                ("Already set up", "This department has its administrator. Sign in the usual way.")),
            Code::Conflict => entry("conflict", S::CONFLICT,
                ("Кто-то успел раньше", "То же самое только что сделал кто-то другой. Обновите страницу."),
                ("Somebody was first", "Somebody else has just done the same. Reload and look.")),
            Code::Validation => entry("validation", S::UNPROCESSABLE_ENTITY,
                ("Проверьте поля", "Некоторые поля заполнены не так, как нужно."),
                ("Please check the fields", "Some fields do not fit.")),
            Code::MalformedJson => entry("malformed_json", S::BAD_REQUEST,
                ("Это не JSON", "Тело запроса не удалось разобрать: {0}."),
                ("Not JSON", "The body could not be read: {0}.")),
            Code::MalformedBody => entry("malformed_body", S::BAD_REQUEST,
                ("Тело не разобрать", "Тело запроса оборвано или составлено неверно."),
                ("Malformed body", "The body is cut off or put together wrongly.")),
            Code::UnsupportedMediaType => entry("unsupported_media_type", S::UNSUPPORTED_MEDIA_TYPE,
                ("Другой тип данных", "Здесь ожидается Content-Type: {0}."),
                ("Another content type", "Content-Type: {0} is expected here.")),
            Code::BadParameter => entry("bad_parameter", S::BAD_REQUEST,
                ("Неверный параметр", "Параметры в адресе не подходят: {0}."),
                ("Bad parameter", "The parameters in the address do not fit: {0}.")),
            Code::BadQuery => entry("bad_query", S::BAD_REQUEST,
                ("Запрос не понят", "Фильтр не удалось разобрать: {0}."),
                ("The filter is unclear", "The filter could not be read: {0}.")),
            Code::BadIdempotencyKey => entry("bad_idempotency_key", S::BAD_REQUEST,
                ("Неверный Idempotency-Key", "Ключ: от 1 до 200 видимых знаков ASCII."),
                ("Bad Idempotency-Key", "A key is 1 to 200 visible ASCII characters.")),
            Code::IdempotencyKeyReused => entry("idempotency_key_reused", S::UNPROCESSABLE_ENTITY,
                ("Ключ уже занят", "Этот Idempotency-Key уже был у другого запроса."),
                ("The key is taken", "This Idempotency-Key was used for a different request.")),
            Code::TooLarge => entry("too_large", S::PAYLOAD_TOO_LARGE,
                ("Слишком много", "Больше {0} сюда не помещается."),
                ("Too large", "No more than {0} fits here.")),
            Code::WrongLogin => entry("wrong_login", S::UNAUTHORIZED,
                ("Не получилось войти", "Адрес и пароль не подходят друг к другу. Проверьте раскладку и Caps Lock."),
                ("Could not sign in", "This address and password do not match. Check the keyboard layout and Caps Lock.")),
            Code::Throttled => entry("throttled", S::TOO_MANY_REQUESTS,
                ("Слишком много попыток", "Попробуйте ещё раз через {0} с."),
                ("Too many attempts", "Try again in {0} s.")),
            Code::LinkExpired => entry("link_expired", S::NOT_FOUND,
                ("Ссылка больше не действует", "Её уже использовали, или она устарела. Попросите новую."),
                ("This link is no longer valid", "It was used or has expired. Ask for a new one.")),
            Code::Busy => entry("busy", S::SERVICE_UNAVAILABLE,
                ("Минутку", "Сейчас слишком много дел. Ничего не потеряно, повторите через несколько секунд."),
                ("One moment", "There is too much to do right now. Nothing was lost; try again in a few seconds.")),
            Code::Timeout => entry("timeout", S::SERVICE_UNAVAILABLE,
                ("Слишком долго", "Ответ не успел подготовиться. Повторите запрос."),
                ("Took too long", "The answer was not ready in time. Try again.")),
            Code::StorageUnavailable => entry("storage_unavailable", S::SERVICE_UNAVAILABLE,
                ("Файлы недоступны", "Хранилище файлов сейчас не отвечает. Повторите через минуту; если не поможет, скажите администратору."),
                ("Files are out of reach", "The storage for files does not answer right now. Try again in a minute; if that does not help, tell your administrator.")),
            Code::Internal => entry("internal", S::INTERNAL_SERVER_ERROR,
                ("Сломалось у нас", "Ошибка записана в журнал под номером этого запроса."),
                ("Something of ours broke", "The error is in the log under this request's number.")),
        }
    }
}

/// What is wrong with a field, in Russian; `None` when only the developer's sentence exists.
pub(crate) fn field_in_russian(code: &str) -> Option<&'static str> {
    Some(match code {
        "required" => "обязательное поле",
        "too_long" => "слишком длинно",
        "too_short" => "слишком коротко",
        "too_many" => "слишком много",
        "unknown" => "нет такого значения",
        "taken" => "уже занято",
        "malformed" => "записано неверно",
        "wrong_type" => "значение другого типа",
        "wrong" => "не подходит",
        "out_of_range" => "вне допустимых пределов",
        "longer_than_the_calendar" => "столько рабочих часов в календаре не найдётся",
        "preset" => "встроенную роль изменить нельзя, создайте другую",
        "overlap" => "у этого сотрудника уже есть смена в это время",
        "absent" => "сотрудника в это время нет: отпуск, больничный или другое отсутствие",
        "switched_off" => "этот сотрудник отключён",
        "over" => "эта смена уже закончилась",
        "overtaken" => "смену тем временем изменили",
        "answered" => "на эту просьбу уже ответили",
        "last_admin" => "отделу нужен хотя бы один действующий администратор",
        "in_use" => "этим ещё пользуются",
        "not_theirs" => "этот человек из другой организации",
        "before_since" => "конец раньше начала",
        "no_owner" => "у организации нет ответственного с почтовым адресом",
        "no_stranger" => "в этом обращении нет посторонних",
        "password_in_url" => "пароль указывается отдельно, не в адресе",
        _ => return None,
    })
}
