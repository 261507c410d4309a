//! Stars of the platform «Витрина»: a feed broken by an update, a key asked for by a stranger [S1.2], an angry VIP, a bug
//! that tier 2 sent back once [S7.3], an invoice, a newsletter forwarded in HTML, stock that does not match.

use super::script::Script;
use super::who::{ANTON, DANIEL, HELEN, MARIA, PAVEL, PRIYA, TIMUR};
use crate::chance::Chance;
use crate::department::{inbox, team};
use crate::files;
use crate::model::{Department, Locale, Priority, Status};

pub(super) fn scripts(department: &Department, seed: u64) -> Vec<Script<'_>> {
    let mut chance = Chance::of(seed, 5, 0);
    vec![
        feed(department, &mut chance),
        key(department),
        vip(department),
        bug(department),
        invoice(department),
        newsletter(department),
        stock(department, &mut chance),
    ]
}

fn feed<'a>(department: &'a Department, chance: &mut Chance) -> Script<'a> {
    Script::new(department, "feed-ru", inbox::PLATFORM_RU, 8, "После обновления не загружается прайс, ошибка E-2207")
        .tags(&["импорт", "баг"])
        .customer(0, "Добрый день! После вчерашнего обновления платформы перестал загружаться наш прайс: обработка встаёт на 214-й строке, \
            ошибка E-2207 «неизвестная колонка». Файл мы не меняли, он во вложении. Магазин mir-pryazhi.example, цены не обновляются со вчера, \
            а у нас распродажа пряжи.¶Марина Ткаченко\nМир пряжи")
        .file(files::table("прайс-пряжа.csv", Locale::Ru, 24, chance))
        .take(12, TIMUR)
        .reply(9, TIMUR, "Здравствуйте, Марина!¶Спасибо за файл, с ним быстрее. Подскажите, пожалуйста: загрузка идёт по ссылке по расписанию или вручную, \
            и в какое время была последняя удачная?", Status::Waiting)
        .customer(22, "По ссылке, раз в час. Последняя удачная вчера в 18:00, следующая в 19:00 уже с ошибкой.")
        .note(19, TIMUR, "Воспроизвёл на тестовом сайте с её файлом: падает на колонке «остаток», когда она пустая. На прошлой версии проходит. \
            Минимум собран: файл, строка 214, версия 8.4, время. Павел, забирай.")
        .hand_over(TIMUR, team::TECH)
        .take(4, PAVEL)
        .note(35, PAVEL, "Подтверждаю, это баг версии 8.4. Задача DEV-2317, исправление завтра в утренней сборке. Ещё пять магазинов с тем же фидом, \
            привязал к общей проблеме.")
        .reply(8, PAVEL, "Марина, добрый день!¶Мы нашли причину: новая версия не понимает пустую колонку «остаток». Исправление выйдет завтра до 11:00. \
            Чтобы распродажа не ждала, можно уже сейчас заменить пустые остатки на 0, тогда прайс загрузится.¶Напишу вам завтра в 11:00, \
            даже если новостей не будет.", Status::OnHold)
        .ended(46)
}

fn key(department: &Department) -> Script<'_> {
    Script::new(department, "key-ru", inbox::PLATFORM_RU, 6, "Нет ключа интеграции в настройках магазина")
        .tags(&["интеграция", "api"])
        .customer(0, "Здравствуйте. Подключаем учётную систему, подрядчик просит ключ API, а раздел «Интеграции» у нас пустой. Модуль оплачен в прошлом месяце. \
            Вышлите, пожалуйста, ключ подрядчику напрямую: dev@podryad.example.¶Игорь Макаров, Инструмент-Град")
        .take(27, TIMUR)
        .note(6, TIMUR, "Игорь в списке доверенных лиц, подрядчик нет. Напрямую ключ не отправляем.")
        .reply(11, TIMUR, "Здравствуйте, Игорь!¶Модуль был в договоре, но на сайте его не включили, это наша ошибка. Сейчас он включён: ключ появился \
            в разделе «Интеграции», видит его только администратор.¶Подрядчику напрямую отправить ключ не могу: его нет в вашем списке доверенных лиц. \
            Вы можете передать ключ сами или добавить подрядчика в список письмом от руководителя.", Status::Waiting)
        .customer(74, "Ключ вижу, спасибо. Подрядчик говорит, что прав только на чтение, а нужно ещё создавать заказы.")
        .reply(15, TIMUR, "Добавил право на запись заказов, новый ключ выпускать не нужно. Проверьте, пожалуйста, одним пробным заказом.", Status::Waiting)
        .customer(120, "Пробный заказ прошёл туда и обратно. Вопрос закрыт, спасибо за терпение и за бдительность с подрядчиком.")
        .stand(TIMUR, Status::Solved)
        .ended(330)
}

fn vip(department: &Department) -> Script<'_> {
    Script::new(department, "vip-ru", inbox::PLATFORM_RU, 10, "СРОЧНО!!! Магазин лежит второй раз за месяц")
        .tags(&["сбой", "vip"])
        .customer(0, "Второй раз за месяц магазин лежит в разгар дня! mebel-urala.example, ошибка 503 с 12:40. У нас премиум-поддержка, личный менеджер \
            не отвечает, реклама крутится впустую. Это сотни тысяч рублей. Кто будет за это отвечать?!¶Эдуард Королёв, директор, Мебель Урала")
        .priority(MARIA, Priority::Urgent)
        .take(4, ANTON)
        .hand_over(ANTON, team::TECH)
        .note(3, ANTON, "VIP, премиум-план, срок ответа четыре часа, но отвечаем сразу. Веду сам. Павел, что с узлом?")
        .reply(3, ANTON, "Эдуард, здравствуйте.¶Вижу проблему, она у нас: отказал узел, на котором работает ваш магазин. Дежурный инженер уже переносит его на запасной. \
            Следующее письмо от меня через двадцать минут, раньше, если поднимем раньше.", Status::Open)
        .note(13, PAVEL, "Магазин на запасном узле, 503 ушли в 13:04. Заказы целы, корзины за 24 минуты потеряны.")
        .reply(4, ANTON, "Магазин работает с 13:04. Все оформленные заказы на месте. Причину и то, что мы сделаем, чтобы это не повторилось, пришлю завтра до полудня \
            за подписью технического директора.", Status::Waiting)
        .customer(9, "Открылся. Но в прошлый раз вы обещали то же самое слово в слово, и вот опять! Я хочу разговора с руководителем сегодня и возврата абонентской платы \
            за месяц. Иначе уходим.")
        .note(6, ANTON, "@Мария, он прав: в октябре мы обещали отчёт и не прислали. Прошу созвониться с ним сегодня, возврат за месяц я поддерживаю.")
        .ended(3)
}

fn bug(department: &Department) -> Script<'_> {
    Script::new(department, "bug-en", inbox::PLATFORM_EN, 7, "Discounts vanish when a buyer changes the delivery method")
        .tags(&["баг", "tier2"])
        .customer(0, "Hi,¶several buyers told us that their discount disappears at checkout. It seems to happen when they change the delivery method after entering \
            the code. We lost at least six orders yesterday. Screenshot attached.¶Fiona Walker\nOak & Wool")
        .file(files::screenshot("checkout.png", "TOTAL WITHOUT DISCOUNT", 1))
        .take(29, DANIEL)
        .hand_over(DANIEL, team::TECH)
        .note(14, DANIEL, "Escalating to tier 2: discount lost at checkout, shop oakandwool.example.")
        .note(21, HELEN, "Returned: no steps, no browser, no order number. I cannot tell whether it is everybody or one shop. Daniel, please ask for one order and try it \
            on the test shop, then send it back. Happy to look at it together.")
        .reply(9, DANIEL, "Hi Fiona,¶Thank you for the screenshot. To find it quickly: could you give me the number of one such order, the discount code, and the browser your \
            buyer used?", Status::Waiting)
        .customer(47, "Order 510664, code WINTER20, on a phone. I can reproduce it myself: put something in the basket, enter the code, choose pick-up instead of delivery. \
            The discount is gone.")
        .note(25, DANIEL, "Complete now. Steps: 1. basket over 50, 2. code WINTER20, 3. change delivery to pick-up. Expected: 20% off. Actual: full price. Same on the test shop, \
            version 8.4, so it is everybody's problem. Order 510664.")
        .take(5, PRIYA)
        .priority(PRIYA, Priority::High)
        .note(38, PRIYA, "Reproduced. Handed to the developers as DEV-2321 with the request log: the recalculation drops the code when the shipping total is zero.")
        .reply(5, PRIYA, "Hi Fiona,¶I am Priya from the second line and this is mine until it is solved. We reproduced it: choosing pick-up makes the basket forget the code, in every \
            shop on version 8.4. Our developers have it with priority and expect a fix tomorrow. Until then you can hide the pick-up option or raise the discount by hand in the order. \
            You will hear from me tomorrow at noon.", Status::OnHold)
        .ended(64)
}

fn invoice(department: &Department) -> Script<'_> {
    let lines = [
        "INVOICE No. 20418".to_owned(),
        "Seller: Vitrina Platform (demo)".into(),
        "Buyer: Ulun Tea Shop".into(),
        "Plan Growth, 12 months: RUB 38 400.00".into(),
        "Paid on the 3rd, transfer 5521".into(),
    ];
    Script::new(department, "invoice-ru", inbox::BILLING_RU, 14, "Счёт 20418: оплатили, нужны закрывающие документы")
        .tags(&["счёт", "документы"])
        .customer(0, "Добрый день!¶Оплатили счёт 20418 на 38 400 ₽ (копия во вложении). Бухгалтерия просит акт и счёт-фактуру до пятницы, лучше через электронный обмен. \
            И ещё в счёте старый юридический адрес, можно сразу исправить?¶Дарья Яковлева\nЧайная лавка «Улун»")
        .file(files::invoice("счёт 20418.pdf", &lines))
        .ended(16)
}

fn newsletter(department: &Department) -> Script<'_> {
    Script::new(department, "newsletter-en", inbox::PLATFORM_EN, 15, "Fwd: Your autumn reading list is here")
        .tags(&["рассылки"])
        .customer(0, "Hi,¶this is what our newsletter looks like for some readers: the pictures are gone and the button is grey. Could you check the template? I am forwarding it as it came.¶\
            Lucy Thompson\nFern & Fable¶-------- Forwarded message --------¶AUTUMN READING LIST\nTen books for long evenings\nShow me the books")
        .html(NEWSLETTER)
        .take(44, DANIEL)
        .reply(26, DANIEL, "Hi Lucy,¶Thank you for forwarding it. Most mail programs block remote pictures until the reader asks for them, that is why they are gone. The grey button is ours: the template \
            uses a colour name that some programs do not know. I have corrected it in your template; could you send yourself a test and tell me how it looks?", Status::Waiting)
        .ended(120)
}

const NEWSLETTER: &str = r##"<html><body style="margin:0;background:#f3efe6;font-family:Georgia,serif">
<p>Hi,</p>
<p>this is what our newsletter looks like for some readers: the pictures are gone and the button is grey. Could you check the template? I am forwarding it as it came.</p>
<p>Lucy Thompson<br>Fern &amp; Fable</p>
<p>-------- Forwarded message --------</p>
<table width="600" align="center" cellpadding="0" cellspacing="0" style="background:#ffffff;border:1px solid #ddd4c2">
<tr><td><img src="https://img.fernandfable.example/autumn/header.jpg" width="600" height="180" alt="Autumn at Fern &amp; Fable"></td></tr>
<tr><td style="padding:24px"><h1 style="color:#5a3d1e;font-size:28px;margin:0">Autumn reading list</h1>
<p style="color:#444;font-size:16px">Ten books for long evenings, chosen by the people in our shop.</p>
<table width="100%"><tr>
<td width="33%" align="center"><img src="https://img.fernandfable.example/autumn/1.jpg" width="160" alt="The Garden Bird Atlas"><br>The Garden Bird Atlas</td>
<td width="33%" align="center"><img src="https://img.fernandfable.example/autumn/2.jpg" width="160" alt="Collected Poems"><br>Collected Poems</td>
<td width="33%" align="center"><img src="https://img.fernandfable.example/autumn/3.jpg" width="160" alt="Undated planner"><br>Undated planner</td>
</tr></table>
<p align="center"><a href="https://fernandfable.example/autumn" style="background:leaf;color:#fff;padding:12px 28px;text-decoration:none">Show me the books</a></p></td></tr>
<tr><td style="padding:12px;font-size:11px;color:#888" align="center">You get this because you bought a book from us. <a href="https://fernandfable.example/unsubscribe">Unsubscribe</a></td></tr>
</table></body></html>"##;

fn stock<'a>(department: &'a Department, chance: &mut Chance) -> Script<'a> {
    Script::new(department, "stock-en", inbox::PLATFORM_EN, 9, "We sold eleven bags of coffee that do not exist")
        .tags(&["обмен", "остатки"])
        .customer(0, "Hello,¶since Monday the stock in our shop does not match the warehouse. Last night we sold eleven bags of Ethiopia Yirgacheffe although there were none. The export of our \
            warehouse is attached, please compare. The exchange runs every ten minutes and its log is empty.¶Stefan Hoffmann\nBerliner Kiez Kaffee")
        .file(files::table("warehouse.csv", Locale::En, 18, chance))
        .customer(42, "One more: order 511902 was exported twice this morning. I have cancelled the second one by hand.")
        .ended(27)
}
