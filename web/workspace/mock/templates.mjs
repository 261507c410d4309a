// The mock's templates: list, edit, and filling their variables from a ticket.
export const templates = [
  { id: 1, name: 'Приветствие и обещание срока', shortcut: 'срок', body_html: '<p>{{contact.first_name}}, спасибо, что написали!</p><p>Разберёмся с обращением <strong>{{ticket.number}}</strong> до конца дня.</p>', section: 'shared', team_id: null, locale: 'ru', status: 'waiting', tags: ['обещание'], uses: 41, version: 1 },
  { id: 2, name: 'Возврат: как оформить', shortcut: 'возврат', body_html: '<p>Чтобы оформить возврат:</p><ol><li><p>откройте заказ в личном кабинете;</p></li><li><p>нажмите «Вернуть»;</p></li><li><p>дождитесь письма от {{inbox.name}}.</p></li></ol>', section: 'shared', team_id: null, locale: 'ru', status: null, tags: [], uses: 18, version: 1 },
  { id: 3, name: 'Для юридических лиц', shortcut: 'юр', body_html: '<p>Документы для организации «{{contact.organization}}» готовы.</p>', section: 'team', team_id: 1, locale: 'ru', status: null, tags: ['документы'], uses: 6, version: 1 },
  { id: 4, name: 'We are on it', shortcut: 'onit', body_html: '<p>Thank you, {{contact.first_name}}. We are on it and will write again today.</p>', section: 'shared', team_id: null, locale: 'en', status: 'open', tags: [], uses: 12, version: 1 },
  { id: 5, name: 'Моё прощание', shortcut: '', body_html: '<p>Хорошего дня! {{agent.first_name}}, {{today}}</p>', section: 'own', team_id: null, locale: 'ru', status: null, tags: [], uses: 3, version: 1 },
]; // prettier-ignore

export function templateRoutes({ Problem, tickets, inboxes, brands }) {
  const find = (id) => {
    const template = templates.find((one) => one.id === Number(id));
    if (!template) throw new Problem(404, 'not_found');
    return template;
  };
  const shown = (agent) => (template) => ({
    ...template,
    editable: agent.role_id <= 2 || template.section === 'own',
  });
  const checked = (body, own) => {
    if (body.name !== undefined && body.name.trim() === '')
      throw new Problem(422, 'validation', '', {
        errors: [{ field: 'name', code: 'required', detail: 'Название нужно.' }],
      });
    const taken = templates.some((one) => one !== own && one.shortcut && one.shortcut === body.shortcut);
    if (taken)
      throw new Problem(422, 'validation', '', {
        errors: [{ field: 'shortcut', code: 'taken', detail: 'Такое сокращение уже есть.' }],
      });
    return body;
  };
  const values = (ticket, agent) => ({
    'contact.name': ticket.contact.name,
    'contact.first_name': ticket.contact.name.split(' ')[0],
    'contact.organization': ticket.contact.organization?.name ?? '',
    'ticket.number': `#${ticket.number}`,
    'ticket.subject': ticket.subject,
    'agent.name': agent.name,
    'agent.first_name': agent.name.split(' ')[0],
    'brand.name': brands[0].name,
    'inbox.name': inboxes.find((one) => one.id === ticket.inbox_id)?.name,
    'inbox.address': inboxes.find((one) => one.id === ticket.inbox_id)?.address,
    today: new Date().toLocaleDateString('ru'),
  });
  let next = 100;
  return [
    [
      'GET',
      /^\/templates$/,
      ({ agent, query }) => {
        const q = (query.get('q') ?? '').toLowerCase();
        const items = templates.filter((one) => (one.name + one.shortcut).toLowerCase().includes(q));
        return { items: items.sort((a, b) => b.uses - a.uses).map(shown(agent)) };
      },
    ],
    [
      'POST',
      /^\/templates$/,
      ({ agent, body }) => {
        const template = { id: next++, uses: 0, version: 1, ...checked(body, null) };
        templates.push(template);
        return { status_code: 201, ...shown(agent)(template) };
      },
    ],
    [
      'PATCH',
      /^\/templates\/(\d+)$/,
      ({ agent, body }, id) => {
        const template = find(id);
        Object.assign(template, checked(body, template), { version: template.version + 1 });
        return shown(agent)(template);
      },
    ],
    ['POST', /^\/templates\/(\d+)\/uses$/, (_, id) => void (find(id).uses += 1)],
    ['DELETE', /^\/templates\/(\d+)$/, (_, id) => void templates.splice(templates.indexOf(find(id)), 1)],
    [
      'GET',
      /^\/templates\/(\d+)\/filled$/,
      ({ agent, query }, id) => {
        const ticket = tickets.find((one) => one.id === Number(query.get('ticket')));
        const known = values(ticket, agent);
        const missing = [];
        const body_html = find(id).body_html.replace(/\{\{([a-z_.]+)\}\}/g, (_, name) => {
          if (known[name]) return known[name].replaceAll('&', '&amp;').replaceAll('<', '&lt;');
          missing.push(name);
          return `<span data-variable="${name}">{{${name}}}</span>`;
        });
        return { body_html, missing };
      },
    ],
  ];
}
