// A small believable department in memory: people, inboxes, and some hundred tickets in Russian and English.
let seed = 7;
const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const pick = (list) => list[Math.floor(chance() * list.length)];
const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

export const permissions = [
  'ticket.view', 'ticket.view_all', 'ticket.reply', 'ticket.note', 'ticket.edit', 'ticket.assign', 'contact.edit',
  'quarantine.manage', 'people.manage', 'inbox.manage', 'settings.manage', 'audit.view', 'view.share',
]; // prettier-ignore

export const roles = [
  { id: 1, key: 'admin', name: 'Administrator', permissions, preset: true },
  {
    id: 2,
    key: 'lead',
    name: 'Lead',
    permissions: permissions.filter((p) => !/people|inbox|settings/.test(p)),
    preset: true,
  },
  { id: 3, key: 'agent', name: 'Agent', permissions: permissions.slice(0, 7), preset: true },
  { id: 4, key: 'observer', name: 'Observer', permissions: permissions.slice(0, 2), preset: true },
];

const person = (id, name, email, number, role_id, team_ids, online, locale = 'ru') => ({
  id, name, public_name: `Агент № ${number}`, number, email, role_id, team_ids, active: true, online, locale, theme: 'system',
}); // prettier-ignore
export const agents = [
  person(1, 'Светлана Юрьева', 'svetlana@opora.example', 101, 1, [1], true),
  person(2, 'Павел Жуков', 'pavel@opora.example', 345, 3, [1], true),
  person(3, 'Олег Титов', 'oleg@opora.example', 212, 2, [1, 2], true),
  person(4, 'Ксения Маркова', 'ksenia@opora.example', 118, 3, [2], false),
  person(5, 'Emma Clarke', 'emma@opora.example', 407, 3, [2], true, 'en'),
  person(6, 'Ivan Observer', 'ivan@opora.example', 500, 4, [], false, 'en'),
];
export const teams = [
  { id: 1, name: 'Витрина и шаблоны', member_ids: [1, 2, 3] },
  { id: 2, name: 'Забота о клиентах', member_ids: [3, 4, 5] },
];
export const brands = [
  {
    id: 1, name: 'Лавка', face: 'number',
    greeting: { ru: 'Здравствуйте, {contact}!', en: 'Hello {contact},' },
    closing: { ru: 'Всегда на связи,\n{agent}', en: 'Always here,\n{agent}' },
  },
]; // prettier-ignore
export const inboxes = [
  {
    id: 1, name: 'Поддержка', address: 'support@lavka.example', aliases: ['help@lavka.example'], brand_id: 1, team_id: 1,
    signature_html: '<p>Поддержка «Лавки»<br>lavka.example</p>', locale: 'ru',
    smtp: { url: 'smtp://127.0.0.1:25', has_password: false }, imap: null,
    state: { smtp: 'ok', smtp_detail: '', imap: 'none', imap_detail: '' },
  },
  {
    id: 2, name: 'Support (English)', address: 'hello@shop.example', aliases: [], brand_id: 1, team_id: 2,
    signature_html: '', locale: 'en',
    smtp: { url: 'smtps://hello@mail.shop.example', has_password: true },
    imap: { url: 'imaps://hello@mail.shop.example', has_password: true },
    state: { smtp: 'ok', smtp_detail: '', imap: 'failing', imap_detail: 'authentication failed' },
  },
]; // prettier-ignore
export const organizations = [
  'Дом и Сад',
  'TechnoLine',
  'Лавка чая',
  'Вело-Град',
  'Мир ткани',
  'Northwind Ltd',
].map((name, at) => ({ id: at + 1, name }));

const people = [
  ['Марина Ковалёва', 'marina@domisad.example', 0], ['Илья Рогов', 'ilya@technoline.example', 1], ['Ольга Дёмина', 'olga@chai.example', 2],
  ['Антон Белый', 'anton@velograd.example', 3], ['Елена Юдина', 'elena@tkani.example', 4], ['James Porter', 'james@northwind.example', 5],
  ['Sarah Bennett', 'sarah.bennett@mail.example', null], ['Гульнара Ахметова', 'gulnara@pochta.example', null], ['Tom Hughes', 'tom@hughes.example', null],
  ['Бухгалтерия', 'buh@technoline.example', 1], ['', 'no-name@mail.example', null],
]; // prettier-ignore
export const contacts = people.map(([name, address, org], at) => ({
  id: at + 1, name, addresses: [{ kind: 'mail', address }, ...(at === 0 ? [{ kind: 'mail', address: 'm.kovaleva@pochta.example' }] : [])],
  organization: org === null ? null : organizations[org], notes: at === 0 ? 'Пишет коротко, ждёт быстрых ответов. Акции по пятницам.' : '',
  flags: at === 6 ? [{ kind: 'complaint', at: minutesAgo(9000), detail: 'ARF' }] : at === 3 ? [{ kind: 'bounce', at: minutesAgo(4000), detail: '552 5.2.2 Mailbox full' }] : [],
  created_at: minutesAgo(60 * 24 * (90 + at * 17)), time_zone: [null, 'Asia/Yekaterinburg', 'Asia/Novosibirsk', 'Europe/Moscow'][(at + 1) % 4],
})); // prettier-ignore

const topics = [
  ['Импорт прайса: не загружаются 47 товаров', 'Загружаю прайс в админке, пишет «готово», но 47 товаров нет на сайте. Вчера всё работало. Файл тот же, только цены новые.', ['импорт']],
  ['Не приходит код для входа', 'Пробовал три раза, телефон тот же. Код не приходит ни по почте, ни в СМС.', ['вход']],
  ['Заявка на доработку: фильтр по бренду', 'Нам нужен фильтр по бренду в каталоге. Покупатели спрашивают каждый день.', ['пожелание']],
  ['Подключить оплату через СБП', 'Договор подписан, ключи в приложении. Что нужно ещё от нас?', []],
  ['Страницы выпали из поиска', 'После переезда на новый домен страницы выпали из поиска. А что писать хостингу?', ['seo']],
  ['Где моя посылка? Заказ 88213', 'Заказ 88213 должен был прийти в пятницу, трекер молчит третий день. Подскажите, где посылка.', ['доставка', 'срочно']],
  ['Счёт за ноябрь', 'Нужны акты за октябрь и ноябрь, и счёт без НДС.', ['документы']],
  ['Как создать структуру разделов', 'Не понимаю, как сделать подразделы в каталоге. Статью читала, всё равно непонятно.', ['новичок']],
  ['Where is my refund?', 'You promised the refund within five days. It has been nine. This is the third time I write.', ['refund', 'angry']],
  ['Two batteries arrived instead of four', 'I ordered four AA packs (order 77120) and only two batteries arrived. Please send the rest.', ['delivery']],
  ['Discount code does not work', 'The code AUTUMN10 says "expired" although your mail from yesterday offered it.', ['promo']],
  ['Change of delivery address', 'Please change the address of order 77345 to 12 High Street, Leeds.', []],
]; // prettier-ignore
const answersRu = [
  'Видим загрузку в 9:58. Подскажите, какая строка первой не попала на сайт? Проверяем на тестовом магазине и вернёмся с ответом до 12:00.',
  'Спасибо, передали разработчикам. Ответим до пятницы.',
  'Исправили, проверьте, пожалуйста.',
];
const answersEn = [
  'Sorry for the trouble. I have checked with the warehouse and will be back with an answer by noon.',
  'Done. Please have a look and tell us if anything is still wrong.',
];
const customerRu = [
  'Прикрепила файл ещё раз, первая строка 214. Очень ждём, акция начинается в полдень!',
  'Ничего не изменилось.',
  'Спасибо, теперь всё работает!',
];
const customerEn = ['Still nothing. Can somebody look at this today?', 'Thank you, that solved it.'];

let nextId = 1;
export const newId = () => nextId++;
const attachment = (filename, content_type, size, inline = false) => {
  const id = newId();
  return { id, filename, content_type, size, inline, url: `/api/v1/attachments/${id}` };
};

export function message(ticket, kind, author, text, at, more = {}) {
  return {
    id: newId(), kind, author, to: kind === 'note' ? [] : [{ name: '', address: kind === 'customer' ? 'support@lavka.example' : ticket.contact.address }],
    cc: [], bcc: [], subject: ticket.subject, text, visible: text, quoted_lines: 0, html: null, remote_images: 0, attachments: [],
    state: kind === 'reply' ? 'sent' : 'received', state_reason: null, undo_until: null, mentions: [], created_at: at, ...more,
  }; // prettier-ignore
}
export const agentAuthor = (agent) => ({
  type: 'agent',
  id: agent.id,
  name: agent.name,
  address: 'support@lavka.example',
});
const customerAuthor = (ticket) => ({
  type: 'contact',
  id: ticket.contact.id,
  name: ticket.contact.name,
  address: ticket.contact.address,
});
export const event = (kind, agent, at, data) => ({
  id: newId(), kind, actor: agent ? { type: 'agent', id: agent.id, name: agent.name } : { type: 'system', id: null, name: '' }, at, data,
}); // prettier-ignore

const newsletter = `<table width="100%" bgcolor="#f4f0e8"><tr><td style="padding:16px;font-family:Georgia,serif">
<h2 style="color:#7a3b10;margin:0 0 8px">AUTUMN10: ten percent off everything</h2>
<img data-remote-src="https://news.example/banner.png" width="420" height="120" alt="Autumn sale">
<p>Use the code <b>AUTUMN10</b> until Sunday.</p><img data-remote-src="https://news.example/pixel.gif" width="1" height="1" alt=""></td></tr></table>`;

export function makeTicket(at) {
  const [subject, first, tags] = topics[at % topics.length];
  const english = /^[\x00-\x7F]+$/.test(subject);
  const contact = contacts[at === 0 ? 0 : english ? pick([5, 6, 8]) : pick([0, 1, 2, 3, 4, 7, 9, 10])];
  const age = at < 12 ? 8 + at * 55 : at * 190 + chance() * 120;
  const status =
    at < 12
      ? pick(['new', 'open', 'open'])
      : at < 60
        ? pick(['open', 'open', 'new', 'waiting', 'on_hold', 'solved'])
        : pick(['solved', 'closed', 'closed', 'waiting', 'open']);
  const ticket = {
    id: newId(), number: 1042 - at, subject, status, priority: pick(['normal', 'normal', 'low', 'high', 'urgent']), channel: 'mail',
    contact: { id: contact.id, name: contact.name, address: contact.addresses[0].address, organization: contact.organization },
    inbox_id: english ? 2 : 1, brand_id: 1, team_id: english ? 2 : 1, assignee_id: at === 0 || at % 3 === 0 ? 2 : at % 3 === 1 && status !== 'solved' ? null : pick([1, 3, 4, 5]),
    tags: [...tags], cc: [], follower_ids: at === 0 ? [3] : [], previous_ticket_id: null, read_message_id: 0, version: 3, unread: at < 6 && at % 2 === 0,
    messages: [], events: [], drafts: {}, created_at: minutesAgo(age + 60),
  }; // prettier-ignore
  ticket.number = 2042 - at;
  const agent = agents.find((a) => a.id === ticket.assignee_id) ?? agents[1];
  const say = (kind, minutes, text, more) =>
    ticket.messages.push(
      message(
        ticket,
        kind,
        kind === 'customer' ? customerAuthor(ticket) : agentAuthor(kind === 'note' ? agents[2] : agent),
        text,
        minutesAgo(minutes),
        more,
      ),
    );
  ticket.events.push(event('ticket.created', null, minutesAgo(age + 60), {}));
  say(
    'customer',
    age + 60,
    first,
    at === 0
      ? {
          attachments: [
            attachment('price_november.xlsx', 'application/vnd.ms-excel', 219_000),
            attachment('экран с ошибкой.png', 'image/png', 48_000),
            attachment('строка 214.png', 'image/png', 52_000),
          ],
        }
      : {},
  );
  if (at === 0 || chance() > 0.35) {
    if (ticket.assignee_id)
      ticket.events.push(
        event('ticket.assigned', agents[2], minutesAgo(age + 58), {
          from: null,
          to: ticket.assignee_id,
          note: null,
        }),
      );
    say(
      'reply',
      age + 41,
      (english ? 'Hello,\n\n' : 'Здравствуйте!\n\n') + pick(english ? answersEn : answersRu),
      at === 3
        ? {
            state: 'failed',
            state_reason: english
              ? 'The mailbox of the recipient is full (552 5.2.2).'
              : 'Ящик получателя переполнен (552 5.2.2).',
          }
        : {},
    );
    if (at === 0 || chance() > 0.6)
      say(
        'note',
        age + 28,
        at === 0
          ? '@Павел Жуков запятая вместо точки в «Цене», строки 214–260. У «Лавки чая» было то же, статья «Импорт: разделитель дробной части».'
          : english
            ? 'Warehouse confirms: the parcel left yesterday.'
            : 'Склад подтвердил: посылка ушла вчера.',
        { mentions: at === 0 ? [2] : [] },
      );
    if (at % 5 === 3)
      ticket.events.push(
        event('ticket.priority', agents[2], minutesAgo(age + 20), { from: 'normal', to: ticket.priority }),
        event('ticket.tags', agents[2], minutesAgo(age + 19), { from: [], to: tags }),
        event('ticket.status', agents[2], minutesAgo(age + 18), { from: 'new', to: 'open' }),
        event('ticket.team', agents[2], minutesAgo(age + 17), { from: null, to: 1 }),
      );
    if (at < 12 || chance() > 0.4) {
      const words = pick(english ? customerEn : customerRu);
      const quote = '\n\n> ' + first.replaceAll('. ', '.\n> ');
      say('customer', age, words + quote, {
        visible: at === 0 ? customerRu[0] : words,
        quoted_lines: quote.split('\n').length - 2,
      });
    }
  }
  if (at === 10)
    say('customer', age - 1, 'AUTUMN10: ten percent off', {
      html: newsletter,
      remote_images: 2,
      visible: 'AUTUMN10: ten percent off',
    });
  if (at === 4)
    ticket.messages.push(
      message(
        ticket,
        'bounce',
        { type: 'system', id: null, name: 'Mail Delivery System', address: 'mailer-daemon@velograd.example' },
        '550 5.1.1 User unknown',
        minutesAgo(age - 2),
      ),
    );
  settle(ticket);
  return ticket;
}

/** Keeps the row's summary in step with the messages. */
export function settle(ticket) {
  const last = ticket.messages.findLast((m) => m.kind !== 'note') ?? ticket.messages.at(-1);
  ticket.preview = last.visible.replace(/\s+/g, ' ').slice(0, 140);
  ticket.last_author = last.kind === 'reply' ? 'agent' : 'customer';
  ticket.message_count = ticket.messages.length;
  ticket.attachment_count = ticket.messages.reduce((sum, m) => sum + m.attachments.length, 0);
  const open = ticket.status === 'new' || ticket.status === 'open';
  const waits = ticket.messages.findLast((m) => m.kind === 'customer' || m.kind === 'reply');
  ticket.waiting_since = open && waits?.kind === 'customer' ? waits.created_at : null;
  ticket.updated_at = ticket.messages.at(-1).created_at;
}

export const tickets = Array.from({ length: 400 }, (_, at) => makeTicket(at));
Object.assign(tickets[7], {
  status: 'on_hold',
  snoozed: true,
  snoozed_until: minutesAgo(-600),
  waiting_since: null,
});
Object.assign(tickets[9], { status: 'on_hold', snoozed: true, snoozed_until: null, waiting_since: null });
// MOCK_MANY=100000 fills the list with copies, which share the messages of the first ones.
for (let at = 400; at < Number(process.env.MOCK_MANY ?? 0); at++) {
  const id = newId();
  const shift = minutesAgo(at * 190);
  tickets.push({
    ...tickets[at % 400],
    id,
    number: 2042 + id,
    created_at: shift,
    updated_at: shift,
    drafts: {},
  });
}
// One very long conversation, for paging.
const long = tickets[2];
for (let at = 0; at < 160; at++) {
  long.messages.push(
    message(
      long,
      at % 2 ? 'reply' : 'customer',
      at % 2
        ? agentAuthor(agents[1])
        : { type: 'contact', id: long.contact.id, name: long.contact.name, address: long.contact.address },
      `Сообщение ${at + 1}: ${pick(customerRu)}`,
      minutesAgo(300 - at),
    ),
  );
}
settle(long);
// MOCK_EMPTY=1 begins without tickets.
if (process.env.MOCK_EMPTY === '1') tickets.length = 0;

export const quarantine = [
  { id: 3, pile: 'aside', inbox_id: 1, from: 'noreply@shop.example', subject: 'Скидки недели', reason: '', reason_code: 'list', received_at: minutesAgo(40), size: 20_480, raw: 'From: noreply@shop.example\nList-Id: <news>\nSubject: news\n\n…' },
  { id: 1, inbox_id: 1, from: 'robot@old-mailer.example', subject: 'Отчёт', reason: 'Письмо вложено само в себя глубже 50 уровней.', reason_code: 'too_deep', received_at: minutesAgo(90), size: 184_320, raw: 'From: robot@old-mailer.example\nSubject: =?koi8-r?B?7tTexdQ=?=\n\n…' },
  { id: 2, inbox_id: 2, from: null, subject: null, reason: 'Нет ни отправителя, ни текста.', reason_code: 'empty', received_at: minutesAgo(1400), size: 312, raw: 'Received: from nowhere\n\n' },
]; // prettier-ignore
