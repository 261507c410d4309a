//! Stars of the insurer: a misspelt name before a journey, with a vacation notice, and a claim.

use super::script::Script;
use super::who::{TOM, VERA};
use crate::department::inbox;
use crate::files;
use crate::model::{Department, Priority, Status};

pub(super) fn scripts(department: &Department) -> Vec<Script<'_>> {
    vec![misspelt(department), claim(department)]
}

fn misspelt(department: &Department) -> Script<'_> {
    Script::new(department, "insurance-ru", inbox::INSURER_RU, 4, "Опечатка в полисе TG-4402918, вылет в пятницу")
        .tags(&["полис", "изменения"])
        .customer(0, "Здравствуйте! Оформила у вас полис для поездки, номер TG-4402918. В фамилии ошибка: написано «Орлава» вместо «Орлова». \
            В пятницу вылетаем, с таким полисом нас могут не принять в больнице. Исправьте, пожалуйста. Копию загранпаспорта могу прислать.¶Наталья Орлова")
        .take(19, VERA)
        .priority(VERA, Priority::High)
        .reply(7, VERA, "Здравствуйте, Наталья!¶Исправим сегодня, это бесплатно. Пришлите, пожалуйста, фото страницы загранпаспорта с именем: \
            проверим написание латиницей, чтобы больше ничего не пришлось менять.", Status::Waiting)
        .auto("Автоответ: я в отъезде и читаю почту раз в день, вечером. По срочным вопросам звоните, пожалуйста, на мобильный.")
        .note(26, VERA, "Отвечает автоответчик, а вылет в пятницу. Внутренняя заявка на правку фамилии уже отправлена, чтобы не терять день. \
            Если фото не придёт до вечера, позвоню.")
        .ended(38)
}

fn claim(department: &Department) -> Script<'_> {
    let report = [
        "MEDICAL REPORT No. 118".to_owned(),
        "Clinic: Costa Clinic (demo)".into(),
        "Patient: Liam Brooks".into(),
        "Sprained ankle, bandage, rest for ten days".into(),
        "Paid: EUR 164.00".into(),
    ];
    Script::new(department, "insurance-en", inbox::INSURER_EN, 5, "Claim under policy TG-3917745: sprained ankle abroad")
        .tags(&["выплата"])
        .customer(0, "Dear team,¶on holiday last week I sprained my ankle and paid EUR 164.00 at a clinic. My policy is TG-3917745. The doctor's report \
            is attached. What else do you need from me?¶Liam Brooks")
        .file(files::invoice("medical report.pdf", &report))
        .take(64, TOM)
        .reply(21, TOM, "Dear Liam,¶I am sorry to hear that and hope you can walk again. The report is all we need, apart from your bank details. \
            Please reply with the IBAN and I will open the case today.", Status::Waiting)
        .customer(130, "Thanks, that was quick. The IBAN follows by phone if that is all right, I would rather not mail it. I am at home all afternoon.\n\nLiam")
        .note(28, TOM, "Called, IBAN taken down in the claims system, not here. Case 55218 opened.")
        .reply(6, TOM, "Thank you, Liam. Case 55218 is open with EUR 164.00 and all documents complete. The decision takes up to ten working days; \
            you will hear from us next Friday at the latest, even if there is no news.", Status::Waiting)
        .customer(4_300, "The money arrived today. Excellent service, thank you!")
        .reply(45, TOM, "Wonderful, thank you for letting us know. Get well soon!", Status::Solved)
        .ended(260)
}
