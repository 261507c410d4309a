//! The sentences a person reads about trouble with a mail server: what happened and what to do, in Russian and in
//! English together, so that neither is forgotten.

use super::{Code, Problem};

/// The languages our sentences come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Russian.
    Russian,
}

impl Code {
    /// What happened and what to do, in one or two sentences for somebody who runs a department and no mail server.
    pub fn sentence(self, language: Language) -> &'static str {
        let (english, russian) = sentences(self);
        match language {
            Language::English => english,
            Language::Russian => russian,
        }
    }
}

impl Problem {
    /// [`Code::sentence`] for this problem.
    pub fn sentence(&self, language: Language) -> &'static str {
        self.code.sentence(language)
    }
}

fn sentences(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::BadSettings => (
            "The mail settings cannot be used as they are. Check the server's address and the other fields.",
            "Настройки почты нельзя использовать в таком виде. Проверьте адрес сервера и остальные поля.",
        ),
        Code::HostNotFound => (
            "There is no server by that name. Check the host name for typing mistakes.",
            "Сервера с таким именем нет. Проверьте, нет ли опечатки в имени.",
        ),
        Code::Unreachable => (
            "Nobody answers at that address and port. The server may be down, or a firewall may be in the way.",
            "По этому адресу и порту никто не отвечает. Возможно, сервер выключен или соединение закрывает межсетевой экран.",
        ),
        Code::Timeout => (
            "The mail server did not answer in time. We keep trying.",
            "Почтовый сервер не ответил вовремя. Мы пробуем снова.",
        ),
        Code::Certificate => (
            "The server's certificate cannot be trusted: it may have expired, belong to another name or come from an unknown authority.",
            "Сертификату сервера нельзя доверять: возможно, он просрочен, выдан на другое имя или неизвестным центром.",
        ),
        Code::Tls => (
            "A protected connection could not be agreed on. Check that the port and the kind of protection belong together.",
            "Не удалось установить защищённое соединение. Проверьте, что порт соответствует выбранной защите.",
        ),
        Code::NoStartTls => (
            "The server offers no protection (STARTTLS) on this port, and we do not send a password in the clear.",
            "Сервер не предлагает защиту (STARTTLS) на этом порту, а пароль открытым текстом мы не отправляем.",
        ),
        Code::WrongPassword => (
            "The server does not accept the user name or the password. Many providers need a separate application password.",
            "Сервер не принимает имя пользователя или пароль. Многие почтовые службы требуют отдельный пароль приложения.",
        ),
        Code::NoLoginMethod => (
            "The server offers no way of logging in that we know.",
            "Сервер не предлагает ни одного известного нам способа входа.",
        ),
        Code::NoToken => (
            "The sign-in with the mail provider has to be renewed: no access token could be obtained.",
            "Нужно заново подтвердить вход у почтовой службы: получить токен доступа не удалось.",
        ),
        Code::NoFolder => (
            "There is no such folder in the mailbox, or we may not open it.",
            "В почтовом ящике нет такой папки, или её нельзя открыть.",
        ),
        Code::Busy => (
            "The mail server is busy and asked us to come back later. We will.",
            "Почтовый сервер занят и просит зайти позже. Мы попробуем снова.",
        ),
        Code::Disconnected => (
            "The connection to the mail server was lost. We are connecting again.",
            "Соединение с почтовым сервером прервалось. Мы подключаемся снова.",
        ),
        Code::Protocol => (
            "The server answered something we do not understand. Check that this is the right port of a mail server.",
            "Сервер ответил что-то непонятное. Проверьте, что это нужный порт почтового сервера.",
        ),
        Code::StoreFailed => (
            "Opora could not write a message down just now. It stays in the mailbox, and we try again.",
            "Опора не смогла сейчас записать письмо. Оно осталось в ящике, мы попробуем снова.",
        ),
        Code::ConnectionRefused => (
            "The mail server does not want to talk to us. Perhaps our address is on a block list there.",
            "Почтовый сервер не хочет с нами разговаривать. Возможно, наш адрес у него в чёрном списке.",
        ),
        Code::LoginNeeded => (
            "The server takes mail only after a login. Add a user name and a password to the settings.",
            "Сервер принимает письма только после входа. Добавьте в настройки имя пользователя и пароль.",
        ),
        Code::BadAddress => {
            ("One of the addresses is not an e-mail address.", "Один из адресов не является адресом электронной почты.")
        }
        Code::AddressNotSupported => (
            "The address has letters that the mail server cannot handle.",
            "В адресе есть буквы, которые почтовый сервер не поддерживает.",
        ),
        Code::SenderRefused => (
            "The mail server does not let us send from this address. Check that the inbox's address belongs to this login.",
            "Почтовый сервер не разрешает отправлять с этого адреса. Проверьте, что адрес ящика принадлежит этому пользователю.",
        ),
        Code::RecipientsRefused => (
            "The mail server accepted none of the recipients. Check the addresses.",
            "Почтовый сервер не принял ни одного получателя. Проверьте адреса.",
        ),
        Code::MessageTooLarge => (
            "The message with its attachments is larger than the mail server takes.",
            "Письмо с вложениями больше, чем принимает почтовый сервер.",
        ),
        Code::MessageRefused => (
            "The mail server refused the message. Its words below say why.",
            "Почтовый сервер отклонил письмо. Причина указана в его ответе.",
        ),
        Code::Deferred => (
            "The mail server asked to try again later. The message is waiting and will be sent again.",
            "Почтовый сервер просит повторить позже. Письмо ждёт и будет отправлено снова.",
        ),
        Code::OutcomeUnknown => (
            "The connection broke at the last moment: the message may have arrived or not.",
            "Соединение оборвалось в последний момент: письмо могло дойти, а могло и нет.",
        ),
        Code::MessageSkipped => (
            "A message in the mailbox is larger than we read. It was left where it is: look at it in the mailbox.",
            "Письмо в ящике больше допустимого размера. Оно осталось в ящике: посмотрите его там.",
        ),
        Code::MessageUnreadable => (
            "The mail server does not give out one of the messages. It stays in the mailbox: look at it there.",
            "Почтовый сервер не отдаёт одно из писем. Оно осталось в ящике: посмотрите его там.",
        ),
        Code::MailboxRenumbered => (
            "The mail server renumbered the mailbox. We are reading it again; nothing will be doubled.",
            "Почтовый сервер перенумеровал письма в ящике. Мы читаем его заново; письма не задвоятся.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_sentence_in_both_languages() {
        for &code in Code::ALL {
            let english = code.sentence(Language::English);
            let russian = code.sentence(Language::Russian);
            assert!(english.is_ascii() && english.ends_with('.'), "{code}: {english}");
            assert!(russian.chars().any(|c| ('а'..='я').contains(&c)) && russian.ends_with('.'), "{code}: {russian}");
        }
    }
}
