// The filter language for developing: reads it, says where it is broken, writes it back, completes it, lists its keys.
const keyTable = {
  status: ['choice', 'Состояние', 'Status', [['new', 'Новое', 'New'], ['open', 'Открыто', 'Open'], ['waiting', 'Ждём клиента', 'Waiting for customer'], ['on_hold', 'Отложено', 'On hold'], ['solved', 'Решено', 'Solved'], ['closed', 'Закрыто', 'Closed']]],
  assignee: ['person', 'Исполнитель', 'Assignee'],
  team: ['team', 'Команда', 'Team'],
  tag: ['tag', 'Метка', 'Tag'],
  is: ['choice', 'Признак', 'Mark', [['open', 'Открыто', 'Open'], ['unread', 'Не прочитано', 'Unread'], ['snoozed', 'Отложено до срока', 'Snoozed'], ['mine', 'Моё', 'Mine']]],
  has: ['choice', 'Содержит', 'Has', [['attachment', 'Вложение', 'Attachment'], ['draft', 'Мой черновик', 'My draft']]],
  priority: ['choice', 'Важность', 'Priority', [['low', 'Низкая', 'Low'], ['normal', 'Обычная', 'Normal'], ['high', 'Высокая', 'High'], ['urgent', 'Срочно', 'Urgent']]],
  org: ['organization', 'Организация', 'Organization'],
  contact: ['contact', 'Клиент', 'Contact'],
  inbox: ['inbox', 'Ящик', 'Inbox'],
  brand: ['brand', 'Бренд', 'Brand'],
  channel: ['choice', 'Канал', 'Channel', [['mail', 'Почта', 'Mail']]],
  created: ['when', 'Создано', 'Created'],
  updated: ['when', 'Изменено', 'Changed'],
  waiting: ['length', 'Ждёт', 'Waiting'],
  follower: ['person', 'Следит', 'Follower'],
  mentions: ['person', 'Упомянут', 'Mentions'],
}; // prettier-ignore

const bytes = (text) => Buffer.byteLength(text);

export function filterLanguage(world) {
  const { Problem } = world;
  const broken = (at, reason, detail) => new Problem(400, 'bad_query', detail, { at, reason });

  function values(key) {
    const kind = keyTable[key]?.[0];
    if (kind === 'person')
      return [['me', 'я', 'me'], ['none', 'никто', 'nobody'], ...world.agents.map((a) => [a.name, a.name, a.name])]; // prettier-ignore
    if (kind === 'team')
      return [
        ['mine', 'мои', 'mine'],
        ['none', 'нет', 'none'],
        ...world.teams.map((a) => [a.name, a.name, a.name]),
      ];
    if (kind === 'inbox') return world.inboxes.map((a) => [a.name, a.name, a.name]);
    if (kind === 'brand') return world.brands.map((a) => [a.name, a.name, a.name]);
    if (kind === 'organization')
      return [
        ...new Set(world.contacts.map((c) => c.organization?.name).filter(Boolean)),
      ].map((name) => [name, name, name]); // prettier-ignore
    if (kind === 'tag')
      return [...new Set(world.tickets.flatMap((t) => t.tags))].map((name) => [name, name, name]);
    return keyTable[key]?.[3] ?? [];
  }

  function check(key, value, at) {
    const [kind] = keyTable[key];
    if (value === '') throw broken(at, 'unknown_value', `После «${key}:» не хватает значения.`);
    if (kind === 'choice' && key !== 'channel' && !values(key).some(([one]) => one === value.toLowerCase()))
      throw broken(at, 'unknown_value', `Значение «${value}» не подходит для «${key}:». Подходит: ${values(key).map(([one]) => one).join(', ')}.`); // prettier-ignore
    if (kind === 'when' && !/^(\d{4}-\d\d-\d\d|\d+[mhdw])$/.test(value))
      throw broken(at, 'bad_date', `«${value}» — не дата. Пишите, например, 2026-01-31 или 2d (дней назад).`);
    if (kind === 'length' && !/^\d+[mhdw]$/.test(value))
      throw broken(at, 'bad_duration', `«${value}» — не промежуток времени. Пишите, например, 30m, 4h, 2d.`);
    const named = ['person', 'team', 'inbox', 'brand', 'organization'].includes(kind);
    if (named && !/^\d+$/.test(value) && !values(key).some(([one]) => one.toLowerCase() === value.toLowerCase()))
      throw broken(at, 'unknown_name', `«${value}»: такого имени для «${key}:» нет.`); // prettier-ignore
  }

  function parse(q) {
    const terms = [];
    const shape =
      /(-?)(?:([\p{L}_]+):(<=|>=|<|>|=)?((?:"[^"]*"?|[^\s",])*(?:,(?:"[^"]*"?|[^\s",])*)*)|("[^"]*"?)|(\S+))/gu;
    for (const found of q.matchAll(shape)) {
      const [text, minus, rawKey, comparison, list, phrase, word] = found;
      const at = bytes(q.slice(0, found.index));
      if ((text.match(/"/g) ?? []).length % 2)
        throw broken(
          bytes(q.slice(0, found.index + text.indexOf('"'))),
          'unclosed_quote',
          'Кавычка не закрыта.',
        );
      if (rawKey) {
        const key = rawKey.toLowerCase();
        if (!keyTable[key]) throw broken(at + bytes(minus), 'unknown_key', `Условия «${rawKey}:» нет. Есть: ${Object.keys(keyTable).join(', ')}.`); // prettier-ignore
        let from = at + bytes(`${minus}${rawKey}:${comparison ?? ''}`);
        const taken = (list.match(/(?:"[^"]*"|[^",])+|(?<=,|^)(?=,|$)/g) ?? ['']).map((one) => {
          const value = one.replaceAll('"', '');
          check(key, value, from);
          from += bytes(one) + 1;
          return value;
        });
        terms.push({ key, values: taken, negated: minus === '-', comparison: comparison ?? null, text });
      } else {
        const value = (phrase ?? word).replaceAll('"', '');
        terms.push({ key: 'text', values: [value], negated: minus === '-', comparison: null, text });
      }
    }
    return terms;
  }

  const quoted = (value) => (/[\s",:]/.test(value) ? `"${value.replaceAll('"', '')}"` : value);
  const written = ({ key, values, negated, comparison }) =>
    (negated ? '-' : '') + (key === 'text' ? quoted(values[0] ?? '') : `${key}:${comparison ?? ''}${values.map(quoted).join(',')}`); // prettier-ignore
  const canonical = (terms) => terms.map(written).join(' ');

  const russian = (request) => (request.headers['accept-language'] ?? 'ru').startsWith('ru');

  function complete(q, at, ru) {
    const text = Buffer.from(q).subarray(0, at).toString();
    const rest = Buffer.from(q).subarray(at).toString();
    const piece = /-?(?:[\p{L}_]+:(?:"[^"]*"|[^\s"]|"[^"]*$)*|[^\s]*)$/u.exec(text)[0];
    const tail = /^[^\s,]*/.exec(rest)[0];
    const colon = piece.indexOf(':');
    if (colon === -1) {
      const word = piece.replace(/^-/, '').toLowerCase();
      const items = Object.entries(keyTable)
        .filter(([key, [, inRu]]) => key.startsWith(word) || (word && inRu.toLowerCase().startsWith(word)))
        .map(([key, [, inRu, inEn]]) => ({ insert: `${key}:`, label: `${key}:`, detail: ru ? inRu : inEn, kind: 'key' })); // prettier-ignore
      return { from: at - bytes(word), to: at + bytes(tail), items: items.slice(0, 12) };
    }
    const key = piece.slice(0, colon).replace(/^-/, '').toLowerCase();
    const value = piece.slice(colon + 1).replace(/^[<>=]+/, '').split(',').at(-1); // prettier-ignore
    const bare = value.replaceAll('"', '').toLowerCase();
    const kind = keyTable[key]?.[0];
    const source =
      kind === 'when' ? [['1d', 'за сутки', 'last day'], ['7d', 'за неделю', 'last week']] : kind === 'length' ? [['1h', 'дольше часа', 'over an hour'], ['4h', 'дольше 4 часов', 'over 4 hours']] : values(key); // prettier-ignore
    const items = source
      .filter(([one, inRu, inEn]) => [one, inRu, inEn].some((name) => name.toLowerCase().startsWith(bare)))
      .map(([one, inRu, inEn]) => ({ insert: quoted(one), label: one, detail: one === inRu ? '' : ru ? inRu : inEn, kind: 'value' })); // prettier-ignore
    return { from: at - bytes(value), to: at + bytes(tail), items: items.slice(0, 12) };
  }

  const routes = [
    ['GET', /^\/filter$/, ({ query }) => {
      const terms = parse(query.get('q') ?? '');
      return { q: canonical(terms), terms };
    }],
    ['POST', /^\/filter$/, ({ body }) => {
      for (const { key, values: taken } of body.terms) {
        if (key === 'text') continue;
        try {
          if (!keyTable[key]) throw broken(0, 'unknown_key', `Условия «${key}:» нет.`);
          if (taken.length === 0) check(key, '', 0);
          for (const value of taken) check(key, value, 0);
        } catch (error) {
          throw new Problem(422, 'validation', error.message, { errors: [{ field: 'terms', code: error.more.reason, detail: error.message }] });
        }
      }
      return { q: canonical(body.terms) };
    }],
    ['GET', /^\/filter\/completions$/, ({ query, request }) => complete(query.get('q') ?? '', Number(query.get('at') ?? 0), russian(request))],
    ['GET', /^\/filter\/keys$/, ({ request }) => ({
      items: Object.entries(keyTable).map(([key, [kind, ru, en]]) => ({ key, label: russian(request) ? ru : en, kind, values: values(key).map(([value, inRu, inEn]) => ({ value, label: russian(request) ? inRu : inEn })) })),
    })],
  ]; // prettier-ignore
  return { parse, canonical, routes };
}
