// The mock's customers: contacts, organizations, their fields, merging, files in and out.
const first = ['Анна', 'Борис', 'Вера', 'Глеб', 'Дарья', 'Егор', 'Жанна', 'Emily', 'Noah', 'Olivia', 'Liam'];
const last = ['Соколова', 'Лебедев', 'Кравец', 'Орлова', 'Мельник', 'Smith', 'Taylor', 'O’Brien', 'Шмидт'];

export function contactRoutes(world) {
  const { Problem, contacts, organizations, tickets, newId } = world;
  const now = () => new Date().toISOString();
  for (let at = 0; at < 640; at++) {
    const name = `${first[at % first.length]} ${last[(at * 5) % last.length]}`;
    contacts.push({ id: newId(), name, addresses: [{ kind: 'mail', address: `customer${at}@example.net` }, ...(at % 3 ? [] : [{ kind: 'phone', address: `+7 900 ${String(at).padStart(3, '0')}-00-00` }])], organization: at % 4 ? null : organizations[at % organizations.length], notes: '', flags: [], created_at: new Date(Date.now() - at * 7_200_000).toISOString() }); // prettier-ignore
  }
  const odd = ['<b>Жирный</b> & Ко', 'محمد عبد الله', '🙂🙂🙂', `Очень${'длинное'.repeat(20)}имя`];
  for (const name of odd)
    contacts.push({ id: newId(), name, addresses: [{ kind: 'mail', address: `odd${contacts.length}@example.net` }], organization: null, notes: '', flags: [], created_at: now() }); // prettier-ignore
  contacts.forEach((one, at) =>
    Object.assign(one, {
      version: 1,
      fields:
        at === 0 ? { plan: 'Бизнес', vip: true, since: '2024-03-12', old_key: 'из прежней системы' } : {},
      time_zone: at === 0 ? 'Asia/Yekaterinburg' : '',
      locale: at === 0 ? 'ru' : '',
    }),
  );
  contacts[0].addresses.push({ kind: 'phone', address: '+7 912 000-11-22' }, { kind: 'telegram', address: '@marina_k' }); // prettier-ignore
  organizations.forEach(
    (one, at) =>
    Object.assign(one, { version: 1, notes: at ? '' : 'Договор № 17, отсрочка 14 дней.', domains: at ? [] : ['domisad.example'], fields: {}, created_at: now() }), // prettier-ignore
  );
  const fields = {
    contact: [
      { key: 'plan', label: 'Тариф', kind: 'choice', choices: ['Старт', 'Бизнес', 'Корпоративный'] },
      { key: 'vip', label: 'Особый клиент', kind: 'flag', choices: [] },
      { key: 'since', label: 'Договор с', kind: 'date', choices: [] },
      { key: 'shops', label: 'Магазинов', kind: 'number', choices: [] },
    ],
    organization: [{ key: 'inn', label: 'ИНН', kind: 'text', choices: [] }],
  };
  const merges = new Map();
  const imports = new Map();

  const find = (list, id) => {
    const one = list.find((other) => other.id === Number(id));
    if (!one) throw new Problem(404, 'not_found');
    return one;
  };
  const org = (one) => one && { id: one.id, name: one.name };
  const mainOf = (one, kind) => one.addresses.find((address) => address.kind === kind)?.address ?? null;
  const row = (one) => ({ id: one.id, name: one.name, address: mainOf(one, 'mail') ?? one.addresses[0]?.address ?? '', phone: mainOf(one, 'phone'), organization: org(one.organization), created_at: one.created_at }); // prettier-ignore
  const ticketsOf = (id) => tickets.filter((ticket) => ticket.contact.id === id);
  const whole = (one) => ({ ...one, organization: org(one.organization), addresses: one.addresses.map((address) => ({ ...address, main: address.address === mainOf(one, 'mail') })), ticket_count: ticketsOf(one.id).length }); // prettier-ignore
  const orgRow = (one) => ({ id: one.id, name: one.name, contact_count: contacts.filter((c) => c.organization?.id === one.id).length }); // prettier-ignore
  const orgWhole = (one) => ({ ...one, ...orgRow(one), ticket_count: tickets.filter((t) => t.contact.organization?.id === one.id).length }); // prettier-ignore

  const page = (list, query, shape) => {
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Number(query.get('limit') ?? 50);
    return { items: list.slice(from, to).map(shape), next_cursor: to < list.length ? String(to) : null, total: list.length }; // prettier-ignore
  };
  const invalid = (field, code, detail, more = {}) =>
    new Problem(422, 'validation', detail, { errors: [{ field, code, detail, ...more }], ...more });
  const checked = (body, self) => {
    for (const { address } of body.addresses ?? []) {
      const owner = contacts.find((c) => c.id !== self && c.addresses.some((a) => a.address === address));
      if (owner)
        throw invalid('addresses', 'taken', `${address} belongs to contact ${owner.id}`); // prettier-ignore
    }
    if (body.organization === undefined) return body;
    const named = organizations.find((one) => one.name === body.organization);
    if (!named && body.organization)
      organizations.push({ id: newId(), name: body.organization, notes: '', domains: [], fields: {}, version: 1, created_at: now() }); // prettier-ignore
    return { ...body, organization: (named ?? (body.organization && organizations.at(-1))) || null };
  };
  const changed = (one, { version, ...body }) => {
    if (version !== undefined && version !== one.version) throw new Problem(409, 'ticket_changed');
    const kept = { ...one.fields, ...body.fields };
    return Object.assign(one, body, { fields: kept, version: one.version + 1 });
  };
  const merging = (keep, merge) => {
    const kept = find(contacts, keep);
    const gone = find(contacts, merge);
    const addresses = [...kept.addresses, ...gone.addresses];
    const differences = [];
    const after = { ...kept, addresses, fields: { ...gone.fields, ...kept.fields } };
    for (const field of ['name', 'organization', 'notes', 'time_zone', 'locale']) {
      const [one, other] = [kept[field] || null, gone[field] || null];
      if (!one) after[field] = other ?? (field === 'notes' ? '' : null);
      else if (other && JSON.stringify(one) !== JSON.stringify(other)) differences.push({ field, kept: one.name ?? one, dropped: other.name ?? other }); // prettier-ignore
    }
    return { kept, gone, after, differences };
  };
  const csv = (lines) =>
    `\ufeff${lines.map((line) => line.map((cell) => `"${String(cell ?? '').replaceAll('"', '""')}"`).join(',')).join('\r\n')}\r\n`;

  return [
    ['GET', /^\/contacts$/, ({ query }) => {
      const q = (query.get('q') ?? '').toLowerCase();
      const sort = query.get('sort') ?? '';
      const [key, turn] = sort.startsWith('-') ? [sort.slice(1), -1] : [sort, 1];
      const list = contacts
        .filter((c) => !query.get('organization') || c.organization?.id === Number(query.get('organization')))
        .filter((c) => (c.name + c.addresses.map((a) => a.address).join(' ')).toLowerCase().includes(q))
        .sort((one, other) => turn * (key !== 'name' ? one.created_at.localeCompare(other.created_at) : (one.name || 'яя').localeCompare(other.name || 'яя', 'ru')));
      return page(list, query, row);
    }],
    ['POST', /^\/contacts$/, ({ body }) => {
      const one = { id: newId(), name: '', addresses: [], organization: null, notes: '', fields: {}, time_zone: '', locale: '', flags: [], version: 1, created_at: now(), ...checked(body) };
      contacts.push(one);
      return { ...whole(one), status_code: 201 };
    }],
    ['GET', /^\/contacts\/(\d+)$/, (_, id) => whole(find(contacts, id))],
    ['PATCH', /^\/contacts\/(\d+)$/, ({ body }, id) => whole(changed(find(contacts, id), checked(body, Number(id))))],
    ['POST', /^\/contacts\/merge\/preview$/, ({ body }) => {
      const { after, gone, differences } = merging(body.keep, body.merge);
      const moving = ticketsOf(gone.id);
      return { contact: whole(after), tickets: moving.length, messages: moving.reduce((sum, t) => sum + t.messages.length, 0), differences };
    }],
    ['POST', /^\/contacts\/merge$/, ({ body }) => {
      const { kept, gone, after } = merging(body.keep, body.merge);
      const id = newId();
      const moved = ticketsOf(gone.id);
      merges.set(id, { before: { ...kept }, kept, gone, moved: moved.map((t) => [t, t.contact]) });
      Object.assign(kept, after, { version: kept.version + 1 });
      for (const ticket of moved) ticket.contact = { ...ticket.contact, id: kept.id, name: kept.name };
      contacts.splice(contacts.indexOf(gone), 1);
      return { id, contact: whole(kept), undo_until: new Date(Date.now() + 10 * 60_000).toISOString() };
    }],
    ['POST', /^\/contacts\/merges\/(\d+)\/undo$/, (_, id) => {
      const merge = merges.get(Number(id));
      if (!merge) throw new Problem(404, 'not_found');
      Object.assign(merge.kept, merge.before, { version: merge.kept.version + 1 });
      contacts.push(merge.gone);
      for (const [ticket, contact] of merge.moved) ticket.contact = contact;
      merges.delete(Number(id));
      return { contact: whole(merge.gone) };
    }],
    ['GET', /^\/organizations$/, ({ query }) => {
      const q = (query.get('q') ?? '').toLowerCase();
      const list = organizations.filter((one) => one.name.toLowerCase().includes(q)).sort((one, other) => one.name.localeCompare(other.name, 'ru'));
      return page(list, query, orgRow);
    }],
    ['POST', /^\/organizations$/, ({ body }) => {
      if (!body.name?.trim()) throw invalid('name', 'required', 'Нужно название.');
      const one = { id: newId(), notes: '', domains: [], fields: {}, version: 1, created_at: now(), ...body };
      organizations.push(one);
      return { ...orgWhole(one), status_code: 201 };
    }],
    ['GET', /^\/organizations\/(\d+)$/, (_, id) => orgWhole(find(organizations, id))],
    ['PATCH', /^\/organizations\/(\d+)$/, ({ body }, id) => orgWhole(changed(find(organizations, id), body))],
    ['GET', /^\/fields$/, ({ query }) => ({ items: fields[query.get('of')] ?? [] })],
    ['PUT', /^\/fields$/, ({ query, body }) => ({ items: (fields[query.get('of')] = body.items) })],
    ['GET', /^\/contacts\/export$/, ({ send }) => send(200, csv([['name', 'mail', 'phone', 'organization'], ...contacts.map((one) => [one.name, mainOf(one, 'mail'), mainOf(one, 'phone'), one.organization?.name])]), { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="contacts.csv"' })],
    ['POST', /^\/contacts\/import\/preview$/, ({ body }) => {
      const [, text = ''] = /\r\n\r\n([\s\S]*?)\r\n--/.exec(body.toString()) ?? [];
      const delimiter = text.split('\n')[0].includes(';') ? ';' : ',';
      const lines = text.replace(/^\ufeff/, '').split(/\r?\n/).filter(Boolean).map((line) => line.split(delimiter));
      const [columns = [], ...rows] = lines;
      const words = { name: /name|имя|фио/i, mail: /mail|почта/i, phone: /phone|тел/i, organization: /org|компания|организация/i, 'field:plan': /тариф|plan/i };
      const guess = Object.fromEntries(columns.map((column) => [column, Object.keys(words).find((key) => words[key].test(column)) ?? null]));
      return { upload: 'a'.repeat(64), columns, sample: rows.slice(0, 5), guess, rows: rows.length, encoding: 'UTF-8', delimiter };
    }],
    ['POST', /^\/contacts\/import$/, () => {
      const one = { id: newId(), state: 'running', total: 400, created: 0, updated: 0, skipped: 0, bad: 0 };
      imports.set(one.id, one);
      return { ...one, status_code: 202 };
    }],
    ['GET', /^\/contacts\/imports\/(\d+)$/, (_, id) => {
      const one = imports.get(Number(id));
      if (!one) throw new Problem(404, 'not_found');
      if (one.state === 'running') {
        Object.assign(one, { created: one.created + 90, updated: one.updated + 8, bad: one.bad + 2 });
        if (one.created >= 360) one.state = 'done';
      }
      return one;
    }],
    ['POST', /^\/contacts\/imports\/(\d+)\/cancel$/, (_, id) => Object.assign(imports.get(Number(id)), { state: 'cancelled' })],
    ['GET', /^\/contacts\/imports\/(\d+)\/bad$/, ({ send }) => send(200, csv([['line', 'name', 'mail', 'reason'], [17, 'Анна', 'anna@', 'Это не почтовый адрес.']]), { 'Content-Type': 'text/csv; charset=utf-8' })],
  ]; // prettier-ignore
}
