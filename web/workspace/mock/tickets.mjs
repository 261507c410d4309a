// The mock's tickets: views, list, conversation, edits with versions, sending with undo, drafts, search, quarantine.
import { picture } from './picture.mjs';
import { matches, sorted } from './query.mjs';

export function ticketRoutes(world) {
  const { Problem, tickets, agents, contacts, quarantine, message, event, settle, newId, agentAuthor } =
    world;
  const undoable = new Map();
  const files = new Map();

  world.found = (q, agent) => {
    const terms = world.filter.parse(q);
    return tickets.filter((ticket) => matches(ticket, terms, agent, world));
  };
  world.count = (q, agent) => world.found(q, agent).length;

  const find = (id) => {
    const ticket = tickets.find((one) => one.id === Number(id));
    if (!ticket) throw new Problem(404, 'not_found');
    return ticket;
  };
  const row = ({
    messages: _,
    events: __,
    drafts: ___,
    cc: ____,
    follower_ids: _____,
    previous_ticket_id: ______,
    ...rest
  }) => rest;
  const whole = (ticket, agent, before, limit = 50) => {
    const all = before ? ticket.messages.filter((m) => m.id < before) : ticket.messages;
    const messages = all.slice(-limit);
    const older = all.length > messages.length ? messages[0].id : null;
    const from = older ? messages[0].created_at : '';
    const until = before ? (messages.at(-1)?.created_at ?? '') : '9';
    const { drafts, ...rest } = ticket;
    return {
      ...rest,
      messages,
      older,
      events: ticket.events.filter((e) => e.at >= from && e.at <= until),
      drafts: Object.values(drafts[agent.id] ?? {}),
      answering: world.answering(ticket),
      talks: world.talkCounts(ticket, agent),
    };
  };
  const touch = (ticket, kinds) => {
    ticket.version += 1;
    settle(ticket);
    world.changed(ticket, kinds);
  };
  world.customerWrites = (ticket, words) => {
    const { id, name, address } = ticket.contact;
    ticket.messages.push(
      message(ticket, 'customer', { type: 'contact', id, name, address }, words, new Date().toISOString()),
    );
    if (ticket.status !== 'new') ticket.status = 'open';
    if (ticket.snoozed) setSnooze(ticket, null, null);
    for (const held of ticket.messages.filter((m) => m.state === 'scheduled')) {
      Object.assign(held, { state: 'held', state_reason: 'Клиент написал раньше, чем ответ ушёл.' });
      world.tell?.(held.author.id, 'held', ticket);
    }
    ticket.unread = true;
    touch(ticket, ['message.received']);
  };
  const plain = (html) =>
    html
      .replace(/<\/p>|<br>/g, '\n')
      .replace(/<[^>]+>/g, '')
      .replaceAll('&nbsp;', ' ')
      .trim();

  // Asleep until a time or (null) until the customer writes; a due one wakes by itself.
  const setSnooze = (ticket, agent, snooze) => {
    clearTimeout(ticket.alarm);
    Object.defineProperty(ticket, 'alarm', { value: undefined, writable: true, enumerable: false });
    ticket.snoozed = snooze !== null;
    ticket.snoozed_until = snooze?.until ?? null;
    ticket.status = snooze === null ? 'open' : 'on_hold';
    const at = new Date().toISOString();
    ticket.events.push(
      event(snooze ? 'ticket.snoozed' : 'ticket.woke', agent, at, { until: ticket.snoozed_until }),
    );
    const wait = Date.parse(ticket.snoozed_until ?? '') - Date.now();
    if (wait < 2 ** 31) {
      ticket.alarm = setTimeout(() => {
        setSnooze(ticket, null, null);
        touch(ticket, ['ticket.woke']);
        if (agent) world.tell?.(agent.id, 'snooze_over', ticket);
      }, wait).unref();
    }
  };
  const change = ({ agent, body }, id) => {
    const ticket = find(id);
    const { version, hand_over_note, snooze, ...fields } = body;
    if (version && version < ticket.version && ticket.changedBy && ticket.changedBy !== agent.id) {
      throw new Problem(409, 'ticket_changed', '', { current: whole(ticket, agent) });
    }
    const now = new Date().toISOString();
    if (snooze !== undefined) setSnooze(ticket, agent, snooze);
    for (const [name, to] of Object.entries(fields)) {
      if (JSON.stringify(ticket[name]) === JSON.stringify(to)) continue;
      const kind = { assignee_id: hand_over_note ? 'ticket.handed_over' : 'ticket.assigned', status: 'ticket.status', team_id: 'ticket.team', priority: 'ticket.priority', tags: 'ticket.tags', subject: 'ticket.subject', follower_ids: 'ticket.followers', cc: 'ticket.cc' }[name]; // prettier-ignore
      ticket.events.push(event(kind, agent, now, { from: ticket[name], to, note: hand_over_note ?? null }));
      ticket[name] = to;
    }
    ticket.changedBy = agent.id;
    touch(ticket);
    return whole(ticket, agent);
  };

  const write = ({ agent, body }, id) => {
    const ticket = find(id);
    if (
      body.kind === 'reply' &&
      body.seen_message_id &&
      ticket.messages.some((m) => m.kind === 'customer' && m.id > body.seen_message_id)
    ) {
      throw new Problem(409, 'new_message');
    }
    if (body.kind === 'reply') world.mayAnswer(ticket, agent, body.take_over);
    if (body.kind === 'reply' && /data-variable=/.test(body.body_html ?? ''))
      throw new Problem(422, 'unresolved_variable');
    const words = body.body_text ?? plain(body.body_html);
    const now = new Date();
    const before = { status: ticket.status };
    const sent = message(ticket, body.kind, agentAuthor(agent), words, now.toISOString(), {
      html: body.body_html ?? null,
      to: body.to ?? [], cc: body.cc ?? [], bcc: body.bcc ?? [],
      attachments: (body.attachments ?? []).map((file) => files.get(file)).filter(Boolean),
      state: body.kind !== 'reply' ? 'received' : body.send_at ? 'scheduled' : 'queued',
      undo_until: body.kind !== 'reply' ? null : (body.send_at ?? new Date(+now + 10_000).toISOString()),
      mentions: agents.filter((a) => words.includes(`@${a.name}`)).map((a) => a.id),
    }); // prettier-ignore
    ticket.messages.push(sent);
    if (body.status) ticket.status = body.status;
    if (body.snooze) setSnooze(ticket, agent, body.snooze);
    if (body.draft_clear) delete ticket.drafts[agent.id]?.[body.kind];
    if (body.kind === 'reply') world.unclaim(ticket, agent);
    if (body.kind === 'reply') {
      undoable.set(sent.id, { ticket, before });
      const wait = body.send_at ? Math.min(2 ** 31 - 1, Date.parse(body.send_at) - now) : 10_000;
      setTimeout(() => {
        if (sent.state === 'held' || !undoable.delete(sent.id)) return;
        sent.state = 'sent';
        sent.undo_until = null;
        touch(ticket, ['message.sent']);
      }, wait).unref();
    }
    touch(ticket, ['message.reply']);
    return { status_code: 201, message: sent, ticket: whole(ticket, agent) };
  };

  const keep = (ticket, agent, draft) => {
    ticket.drafts[agent.id] = { ...ticket.drafts[agent.id], [draft.kind]: draft };
    return draft;
  };

  const undo = ({ agent }, id) => {
    const known = undoable.get(Number(id));
    if (!known) throw new Problem(409, 'already_sent');
    undoable.delete(Number(id));
    const { ticket, before } = known;
    const at = ticket.messages.findIndex((m) => m.id === Number(id));
    const [taken] = ticket.messages.splice(at, 1);
    ticket.status = before.status;
    touch(ticket, ['message.undone']);
    const draft = { kind: 'reply', body_html: taken.html, to: taken.to, cc: taken.cc, bcc: taken.bcc, attachments: taken.attachments, updated_at: new Date().toISOString() };
    const begun = ticket.drafts[agent.id]?.reply;
    keep(ticket, agent, begun ? { ...draft, body_html: draft.body_html + begun.body_html, attachments: [...draft.attachments, ...begun.attachments] } : draft);
    return draft;
  }; // prettier-ignore

  const frame = ({ agent }, id) => {
    const ticket = find(id);
    const language = /[а-яё]/i.test(ticket.subject) ? 'ru' : 'en';
    const fill = (words) => `<p>${words.replace('{contact}', ticket.contact.name).replace('{agent}', language === 'ru' ? `Агент № ${agent.number}` : `Agent #${agent.number}`).replace('\n', '<br>')}</p>`;
    const brand = world.brands[0];
    return { to: [{ name: ticket.contact.name, address: ticket.contact.address }], cc: ticket.cc, greeting_html: fill(brand.greeting[language]), closing_html: fill(brand.closing[language]), signature_html: '' };
  }; // prettier-ignore

  const list = ({ agent, query }) => {
    const limit = Number(query.get('limit') ?? 50);
    const from = Number(query.get('cursor') ?? query.get('skip') ?? 0);
    const found = sorted(world.found(query.get('q') ?? '', agent), query.get('sort') ?? 'updated');
    return { items: found.slice(from, from + limit).map(row), next_cursor: from + limit < found.length ? String(from + limit) : null, total: found.length };
  }; // prettier-ignore

  const pile = (name) => {
    const items = quarantine.filter((one) => (one.pile ?? 'quarantined') === name);
    return { items: items.map(({ raw: _, pile: __, ...item }) => item), total: items.length };
  };
  const search = ({ agent, query }) => {
    const q = query.get('q') ?? '';
    const word = q.replace(/\S+:\S+/g, '').trim().split(/\s+/)[0]?.toLowerCase() ?? '';
    const stem = word.slice(0, Math.max(4, word.length - 1));
    const found = sorted(world.found(q, agent));
    const safe = (s) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const snippet = (ticket) => {
      const source = ticket.messages.find((m) => m.text.toLowerCase().includes(stem))?.text ?? ticket.preview;
      const at = Math.max(0, source.toLowerCase().indexOf(stem));
      const end = at + (source.slice(at).match(/^[\p{L}\d]+/u)?.[0].length ?? 0);
      return safe(source.slice(Math.max(0, at - 50), at)) + `<mark>${safe(source.slice(at, end))}</mark>` + safe(source.slice(end, end + 90));
    };
    return { items: found.slice(0, 50).map((t) => ({ ticket: row(t), message_id: t.messages[0].id, snippet_html: snippet(t) })), total: found.length };
  }; // prettier-ignore

  const create = ({ agent, body }) => {
    const known = contacts.find((c) => c.addresses.some((a) => a.address === body.contact.address));
    const contact = { id: known?.id ?? newId(), organization: known?.organization ?? null, ...body.contact };
    if (!known) contacts.push({ id: contact.id, name: contact.name, addresses: [{ kind: 'mail', address: contact.address }], organization: null, notes: '', flags: [], created_at: new Date().toISOString() });
    const ticket = { id: newId(), number: 2043 + tickets.length - 400, subject: body.subject, status: 'open', priority: body.priority ?? 'normal', channel: 'mail', contact, inbox_id: body.inbox_id, brand_id: 1, team_id: 1, assignee_id: body.assignee_id ?? null, tags: body.tags ?? [], cc: [], follower_ids: [], previous_ticket_id: null, read_message_id: 0, version: 1, unread: false, messages: [], events: [event('ticket.created', agent, new Date().toISOString(), {})], drafts: {}, created_at: new Date().toISOString() };
    tickets.unshift(ticket);
    if (body.from_customer) world.customerWrites(ticket, body.body_text);
    else write({ agent, body: { ...body, to: [body.contact] } }, ticket.id);
    return { status_code: 201, ...whole(ticket, agent) };
  }; // prettier-ignore
  world.createTicket = create;

  return [
    ['GET', /^\/tags$/, () => ({ items: [...new Set(tickets.flatMap((t) => t.tags))].map((name) => ({ name, count: 1 })) })],
    ['GET', /^\/tickets$/, list],
    ['POST', /^\/tickets$/, create],
    ['GET', /^\/tickets\/(\d+)$/, ({ agent, query }, id) => whole(find(id), agent, Number(query.get('before')) || 0, Number(query.get('limit')) || 50)],
    ['PATCH', /^\/tickets\/(\d+)$/, change],
    ['POST', /^\/tickets\/(\d+)\/messages$/, write],
    ['PUT', /^\/tickets\/(\d+)\/read$/, (_, id) => void (find(id).unread = false)],
    ['GET', /^\/tickets\/(\d+)\/reply-frame$/, frame],
    ['PUT', /^\/tickets\/(\d+)\/draft$/, ({ agent, body }, id) => {
      const ticket = find(id);
      const { over, ...draft } = body;
      const there = ticket.drafts[agent.id]?.[body.kind];
      if (there && over !== undefined && over !== there.updated_at && there.body_html !== body.body_html)
        throw new Problem(409, 'draft_changed', '', { draft: there });
      const kept = keep(ticket, agent, { ...draft, updated_at: new Date().toISOString() });
      const answering = body.kind === 'reply' ? world.claim(ticket, agent) : world.answering(ticket);
      return { ...kept, answering };
    }],
    ['DELETE', /^\/tickets\/(\d+)\/draft$/, ({ agent, query }, id) => {
      delete find(id).drafts[agent.id]?.[query.get('kind')];
      if (query.get('kind') === 'reply') world.unclaim(find(id), agent);
    }],
    ['POST', /^\/messages\/(\d+)\/undo$/, undo],
    ['POST', /^\/messages\/(\d+)\/retry$/, (_, id) => {
      const ticket = tickets.find((t) => t.messages.some((m) => m.id === Number(id)));
      undoable.delete(Number(id));
      return Object.assign(ticket.messages.find((m) => m.id === Number(id)), { state: 'queued', state_reason: null });
    }],
    ['GET', /^\/messages\/(\d+)\/raw$/, (_, id) => `Message-ID: <${id}@mock.example>\nFrom: marina@domisad.example\nTo: support@lavka.example\nContent-Type: text/plain; charset=utf-8\n\n…`],
    ['POST', /^\/attachments$/, ({ body }) => {
      const head = body.subarray(0, 400).toString();
      const id = newId();
      const file = { id, filename: /filename="([^"]*)"/.exec(head)?.[1] ?? 'file', content_type: /Content-Type: (\S+)/i.exec(head)?.[1] ?? 'application/octet-stream', size: body.length, inline: false, url: `/api/v1/attachments/${id}` };
      files.set(id, file);
      return file;
    }],
    ['GET', /^\/attachments\/(\d+)$/, ({ send }, id) => send(200, picture(640, 400, Number(id)), { 'Content-Type': 'image/png' })],
    ['GET', /^\/search$/, search],
    ['GET', /^\/quarantine$/, ({ query }) => pile(query.get('pile') ?? 'quarantined')],
    ['GET', /^\/quarantine\/(\d+)\/raw$/, (_, id) => quarantine.find((q) => q.id === Number(id)).raw],
    ['POST', /^\/quarantine\/(\d+)\/retry$/, () => undefined],
    ['POST', /^\/quarantine\/(\d+)\/ticket$/, (_, id) => {
      quarantine.splice(quarantine.findIndex((q) => q.id === Number(id)), 1);
      return { ticket_id: tickets[0].id };
    }],
    ['DELETE', /^\/quarantine\/(\d+)$/, (_, id) => void quarantine.splice(quarantine.findIndex((q) => q.id === Number(id)), 1)],
  ]; // prettier-ignore
}
