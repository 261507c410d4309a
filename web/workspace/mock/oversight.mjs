// The mock's audit log, connection checks and first steps.
const log = [
  ['inbox.changed', { kind: 'inbox', id: 2, name: 'Support (English)' }, { aliases: ['help@shop.example'], smtp: { url: 'smtp://mail.shop.example:587', has_password: true }, team_id: 1, signature_html: '<p>Always here, your shop</p>' }, { aliases: ['help@shop.example', 'care@shop.example'], smtp: { url: 'smtps://hello@mail.shop.example', has_password: true }, team_id: 2, signature_html: '<p>Always near, your shop</p>' }],
  ['role.changed', { kind: 'role', id: 7, name: 'Наставник' }, { permissions: ['ticket.view', 'ticket.reply'] }, { permissions: ['ticket.view', 'ticket.note', 'view.share'] }],
  ['team.created', { kind: 'team', id: 2, name: 'Забота о клиентах' }, null, { name: 'Забота о клиентах', member_ids: [3, 4, 5] }],
  ['brand.changed', { kind: 'brand', id: 1, name: 'Лавка' }, { greeting: { ru: 'Здравствуйте, {contact}!', en: 'Hello {contact},' } }, { greeting: { ru: 'Добрый день, {contact}!', en: 'Hello {contact},' } }],
  ['agent.changed', { kind: 'agent', id: 4, name: 'Ксения Маркова' }, { active: true, role_id: 3 }, { active: false, role_id: 3 }],
  ['contact.merged', { kind: 'contact', id: 1, name: 'Марина Ковалёва' }, { name: 'Марина К.', notes: '' }, null],
]; // prettier-ignore

export function oversightRoutes(world) {
  const { agents, inboxes } = world;
  const entries = Array.from({ length: 140 }, (_, at) => {
    const [kind, object, before, after] = log[at % log.length];
    const { id, name } = agents[(at * 2) % 3];
    return { id: 1000 - at, at: new Date(Date.now() - at * 5_400_000).toISOString(), actor: at % 11 === 10 ? null : { type: 'agent', id, name }, kind, object, before, after }; // prettier-ignore
  });
  let dismissed = process.env.MOCK_FIRST_RUN !== '1';
  const step = (name, ok, detail) => ({ step: name, ok, detail });
  const good = { ok: true, steps: [step('address', true, 'mail.shop.example — 203.0.113.9.'), step('connect', true, 'Порт 465 отвечает.'), step('tls', true, 'Сертификат действителен до 12 марта 2027 года.'), step('login', true, 'Имя и пароль приняты.'), step('ready', true, 'Сервер готов принимать письма.')] }; // prettier-ignore
  const bad = { ok: false, steps: [step('address', true, 'mail.shop.example — 203.0.113.9.'), step('connect', true, 'Порт 993 отвечает.'), step('tls', true, 'Сертификат действителен.'), step('login', false, 'Сервер не принял пароль. Если включена двухфакторная защита, создайте пароль приложения.')] }; // prettier-ignore
  const tested = ({ smtp, imap }) => ({ smtp: smtp ? good : null, imap: imap ? bad : null });
  const slow = (answer) => new Promise((go) => setTimeout(() => go(answer), 700));

  return [
    ['GET', /^\/audit$/, ({ query }) => {
      const q = (query.get('q') ?? '').toLowerCase();
      const found = entries.filter(({ kind, object, actor }) =>
        [kind, object.name, actor?.name ?? ''].some((text) => text.toLowerCase().includes(q)),
      );
      const from = Number(query.get('cursor') ?? 0);
      const to = from + Number(query.get('limit') ?? 50);
      return { items: found.slice(from, to), next_cursor: to < found.length ? String(to) : null };
    }],
    ['POST', /^\/inboxes\/(\d+)\/test$/, (_, id) => slow(tested(inboxes.find((one) => one.id === Number(id))))],
    ['POST', /^\/inboxes\/test$/, ({ body }) => slow(tested({ smtp: body.smtp_url, imap: body.imap_url }))],
    ['GET', /^\/first-run$/, () => ({ dismissed, steps: [{ key: 'mailbox', done: true }, { key: 'colleagues', done: false }, { key: 'first_ticket', done: false }] })],
    ['POST', /^\/first-run\/dismiss$/, () => void (dismissed = true)],
    ['POST', /^\/first-run\/show$/, () => void (dismissed = false)],
  ]; // prettier-ignore
}
