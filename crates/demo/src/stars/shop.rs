//! Stars of the shop «Лукошко»: a lost parcel, a payment that fails, a refund that bounced, a double charge.

use super::script::Script;
use super::who::{ANTON, DANIEL, KSENIA, OLGA, PRIYA};
use crate::department::{inbox, team};
use crate::files;
use crate::model::{Department, Priority, Status};

pub(super) fn scripts(department: &Department) -> Vec<Script<'_>> {
    vec![
        lost_parcel(department),
        payment_ru(department),
        refund_bounced(department),
        late_present(department),
        charged_twice(department),
        payment_en(department),
    ]
}

fn lost_parcel(department: &Department) -> Script<'_> {
    Script::new(department, "delivery-ru", inbox::SHOP_RU, 0, "Где мой заказ 481207? Посылка стоит в Казани")
        .tags(&["доставка", "потеря"])
        .customer(0, "Здравствуйте!¶Девять дней назад заказала у вас чайник и плед, заказ 481207. Обещали доставить за три дня, \
            а посылка LK4810027736 уже неделю «покинула сортировочный центр» в Казани. Чайник в подарок маме, день рождения в субботу.¶\
            Подскажите, пожалуйста, где она и успеет ли?¶Ольга Лапина")
        .take(24, OLGA)
        .reply(18, OLGA, "Здравствуйте, Ольга!¶Понимаю ваше беспокойство, подарок должен успеть. Отправила запрос в службу доставки: \
            по накладной нет отметки о выезде из Казани. Ответ обещали до 16:00 сегодня, напишу вам в любом случае.", Status::Waiting)
        .note(150, OLGA, "Служба доставки ищет коробку: на складе в Казани её не видят. Если до шести не найдут, отправляем новый заказ \
            курьером за наш счёт. Антон, согласуешь?")
        .note(12, ANTON, "Согласовано. Сразу ставь на экспресс, суббота близко.")
        .customer(95, "Уже 17:30, а ответа нет. Мне правда важно знать, покупать ли другой подарок.")
        .reply(9, OLGA, "Ольга, посылку признали потерянной, и ждать мы больше не будем. Сегодня вечером отправляем вам тот же заказ \
            экспрессом: чайник и плед приедут в четверг с 10 до 14, ничего доплачивать не нужно. Если старая посылка найдётся, просто откажитесь от неё.¶\
            Извините, что пришлось волноваться. Проверю в четверг, что всё доехало.", Status::Waiting)
        .customer(2_640, "Приехало, всё целое, и чайник даже красивее, чем на фото! Спасибо, что не бросили. Маме понравится.")
        .reply(35, OLGA, "Очень рада! Поздравляем вашу маму, и пусть плед греет.", Status::Solved)
        .ended(190)
}

fn payment_ru(department: &Department) -> Script<'_> {
    Script::new(department, "payment-ru", inbox::SHOP_RU, 2, "Ошибка 422 при оплате заказа 502318")
        .tags(&["оплата"])
        .customer(0, "Добрый день. Четвёртый раз пытаюсь оплатить заказ 502318 на 12 480 ₽, после ввода кода сайт показывает ошибку 422. \
            Банк говорит, что запроса не видел. Снимок экрана приложил. Самокат в резерве только до вечера.¶Сергей Титов")
        .file(files::screenshot("ошибка оплаты.png", "ERROR 422", 0))
        .take(16, KSENIA)
        .hand_over(KSENIA, team::BILLING)
        .priority(KSENIA, Priority::High)
        .note(14, KSENIA, "В журнале платежей ответ 422 от шлюза у всех, кто платит с телефона через встроенный браузер. С 11:20 таких 37. \
            Написала партнёру, жду.")
        .reply(4, KSENIA, "Здравствуйте, Сергей!¶Спасибо за снимок, он помог сразу найти причину: платёжный сервис не принимает оплату из встроенного \
            браузера приложения. Резерв продлила до завтрашнего вечера. Попробуйте, пожалуйста, открыть ссылку на оплату в обычном браузере \
            и напишите, получилось ли.", Status::Waiting)
        .customer(31, "В обычном браузере та же ошибка, только теперь деньги на карте заморозились! 12 480 ₽. Что происходит?")
        .ended(11)
}

fn refund_bounced(department: &Department) -> Script<'_> {
    Script::new(department, "refund-ru", inbox::SHOP_RU, 12, "Верните деньги за кофеварку, прошло две недели")
        .tags(&["возврат", "оплата"])
        .customer(0, "Здравствуйте. Кофеварку по заказу 467990 сдала две недели назад в пункт выдачи в Твери, квитанция 3318. \
            Денег, 8 990 ₽, на карте нет до сих пор. По телефону отвечают, что всё отправили. Банк не видит. Мне 67 лет, \
            и по кабинетам ходить трудно, помогите по-человечески.¶Людмила Савельева")
        .take(41, KSENIA)
        .hand_over(KSENIA, team::BILLING)
        .note(22, KSENIA, "Возврат ушёл на карту, закрытую в прошлом году. Деньги вернулись к нам, их никто не разобрал. Нужны новые реквизиты.")
        .reply(6, KSENIA, "Здравствуйте, Людмила!¶Я нашла ваши деньги: банк вернул их нам, потому что старая карта закрыта. Простите, что не заметили сами. \
            Пришлите, пожалуйста, номер счёта в ответ на это письмо, и я отправлю 8 990 ₽ в тот же день. Ходить никуда не нужно.", Status::Waiting)
        .bounce("Письмо не доставлено: ящик l.savelyeva@pochta.example переполнен. Код ответа сервера: 552 5.2.2.")
        .note(15, KSENIA, "Письмо вернулось, ящик переполнен. Позвонила по телефону из заказа: попросила освободить место, сын поможет вечером. \
            Повторить отправку завтра утром.")
        .stand(KSENIA, Status::OnHold)
        .ended(55)
}

fn late_present(department: &Department) -> Script<'_> {
    Script::new(department, "delivery-en", inbox::SHOP_EN, 1, "Birthday present has not arrived, order 493055")
        .tags(&["доставка"])
        .customer(0, "Hi there,¶I ordered a wooden Farm block set for my nephew, order 493055, and paid extra for delivery by yesterday. \
            It is still \"in transit\" and his party is on Saturday. Can you tell me where it is?¶Thanks,\nEmma Clarke")
        .take(33, DANIEL)
        .reply(12, DANIEL, "Hi Emma,¶Thank you for writing. I have asked the depot: your parcel was loaded this morning and the driver has you \
            down for today between 3 and 5 pm. I have refunded the express fee, as we broke that promise. I will check at five that it \
            really arrived.", Status::Waiting)
        .customer(190, "URGENT: it is 4.45 and nobody has come! I have to leave at five, please do something!")
        .customer(14, "Never mind! The driver has just rung the bell. Sorry for the panic, and thank you for the refund.")
        .ended(23)
}

fn charged_twice(department: &Department) -> Script<'_> {
    let invoice = [
        "INVOICE No. 7741".to_owned(),
        "Seller: Lukoshko Shop (demo)".into(),
        "Buyer: Jonas Weber".into(),
        "Armchair, grey: EUR 219.00".into(),
        "Paid by card ending 4471".into(),
    ];
    Script::new(department, "refund-en", inbox::SHOP_EN, 3, "Charged twice for order 488120, please refund 219.00")
        .tags(&["возврат", "оплата"])
        .customer(0, "Hello,¶my card was charged twice for order 488120, EUR 219.00 each time, one minute apart. I only have one invoice, attached. \
            Please refund the second payment.¶Best regards,\nJonas Weber")
        .file(files::invoice("invoice-7741.pdf", &invoice))
        .take(52, PRIYA)
        .hand_over(PRIYA, team::BILLING)
        .reply(16, PRIYA, "Hello Jonas,¶You are right, I can see both payments. Could you tell me whether the second one is shown as \"pending\" or \
            \"booked\" in your bank's app? A pending one disappears by itself, a booked one I will refund today.", Status::Waiting)
        .customer(68, "It has been booked since this morning.\n\nJonas")
        .note(11, PRIYA, "Both booked. Refund 219.00 requested, reference RF-20417. Waiting for the gateway to confirm.")
        .reply(3, PRIYA, "Thank you, Jonas. I have refunded EUR 219.00 just now, reference RF-20417. Banks take one to three days to show it. \
            I will check on Thursday that it has arrived, you need not do anything.", Status::Waiting)
        .ended(84)
}

fn payment_en(department: &Department) -> Script<'_> {
    Script::new(department, "payment-en", inbox::SHOP_EN, 13, "Payment declined three times, my bank says it is you")
        .tags(&["оплата"])
        .customer(0, "Good evening,¶I have been trying to buy the 3-person tent for an hour. Every card says \"Payment declined\". My bank says the \
            request never reached them. Screenshot attached. Are you having problems?¶Kwame Okafor")
        .file(files::screenshot("declined.png", "PAYMENT DECLINED", 2))
        .ended(7)
}
