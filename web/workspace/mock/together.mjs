// The mock's working together: who answers a ticket, and side conversations inside it.
const hold = 5 * 60_000;

export function togetherRoutes(world) {
  const { Problem, tickets, agents, newId, sockets } = world;
  const now = () => new Date().toISOString();
  const find = (id) => {
    const ticket = tickets.find((one) => one.id === Number(id));
    if (!ticket) throw new Problem(404, 'not_found');
    return ticket;
  };

  const claims = new Map();
  world.answering = (ticket) => {
    const claim = claims.get(ticket.id);
    if (!claim || claim.until < Date.now()) return null;
    const { agent_id, name, since } = claim;
    return { agent_id, name, since };
  };
  const say = (ticket) =>
    world.broadcast({ type: 'answering', ticket_id: ticket.id, person: world.answering(ticket) });
  world.claim = (ticket, agent, takeOver = false) => {
    const held = world.answering(ticket);
    if (held && held.agent_id !== agent.id) {
      if (!takeOver) return held;
      world.tell?.(held.agent_id, 'taken_over', ticket, agent);
    }
    const mine = held?.agent_id === agent.id;
    const since = mine ? held.since : now();
    claims.set(ticket.id, { agent_id: agent.id, name: agent.name, since, until: Date.now() + hold });
    if (!mine) say(ticket);
    return world.answering(ticket);
  };
  world.unclaim = (ticket, agent) => {
    if (claims.get(ticket.id)?.agent_id !== agent.id) return;
    claims.delete(ticket.id);
    say(ticket);
  };
  world.mayAnswer = (ticket, agent, takeOver) => {
    const held = world.answering(ticket);
    if (held && held.agent_id !== agent.id && !takeOver)
      throw new Problem(409, 'being_answered', '', { answering: held });
    if (held && held.agent_id !== agent.id) world.claim(ticket, agent, true);
  };

  const talks = [];
  const person = (id) => {
    const agent = agents.find((one) => one.id === id);
    return { agent_id: id, name: agent?.name ?? '' };
  };
  const plain = (html) => html.replace(/<\/p>|<br>/g, '\n').replace(/<[^>]+>/g, '').trim(); // prettier-ignore
  const unread = (talk, agent) =>
    talk.said.filter((m) => m.id > (talk.read[agent.id] ?? 0) && m.author.agent_id !== agent.id).length;
  const shown = (talk, agent) => {
    const { said, read: _, members, ...rest } = talk;
    const last = said.at(-1);
    return {
      ...rest,
      members: members.map(person),
      messages: said.length,
      unread: members.includes(agent.id) ? unread(talk, agent) : 0,
      last: last ? { author: last.author, text: last.text, at: last.at } : null,
    };
  };
  const talkOf = (id) => {
    const talk = talks.find((one) => one.id === Number(id));
    if (!talk) throw new Problem(404, 'not_found');
    return talk;
  };
  const tell = (talk, kinds) =>
    world.broadcast({ type: 'ticket', id: talk.ticket_id, version: find(talk.ticket_id).version, kinds });
  const speak = (talk, agent, body_html, at = now()) => {
    const message = {
      id: newId(),
      author: person(agent.id),
      body_html,
      text: plain(body_html),
      attachments: [],
      at,
    };
    talk.said.push(message);
    talk.open = true;
    talk.read[agent.id] = message.id;
    return message;
  };
  const begin = (ticket, agent, { subject, members, body_html }, at) => {
    const blind = members.filter((id) => id === 6);
    if (blind.length > 0)
      throw new Problem(422, 'validation', '', {
        errors: [{ field: 'members', code: 'cannot_see', detail: '', agent_ids: blind }],
      });
    const all = [...new Set([agent.id, ...members])];
    const talk = { id: newId(), ticket_id: ticket.id, subject, open: true, members: all, said: [], read: {}, created_by: person(agent.id), created_at: at ?? now(), version: 1 }; // prettier-ignore
    speak(talk, agent, body_html, at);
    talks.push(talk);
    return talk;
  };
  const told = (talk, agent, text) => {
    for (const id of talk.members)
      if (id !== agent.id) world.tell?.(id, 'talk', find(talk.ticket_id), agent, text, { talk_id: talk.id });
  };
  const seed = () => {
    const [ticket] = tickets;
    const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
    const first = begin(ticket, agents[2], { subject: 'Импорт: пустые цены со строки 214', members: [1, 2], body_html: '<p>Светлана, у них в колонке «Цена» запятые вместо точек. <strong>Раньше мы это прощали.</strong> Чиним у нас или просим файл?</p>' }, ago(48)); // prettier-ignore
    speak(first, agents[1], '<p>В тестовом магазине воспроизвёл.</p><ul><li>строки 214–260</li><li>только новые товары</li></ul>', ago(40)); // prettier-ignore
    speak(first, agents[2], '<p>Спасибо! Тогда пишу разработчикам.</p>', ago(9));
    const old = begin(ticket, agents[0], { subject: 'Скидка на праздник', members: [3], body_html: '<p>Можно дать им 10 % до пятницы?</p>' }, ago(3000)); // prettier-ignore
    speak(old, agents[2], '<p>Да, договорились.</p>', ago(2900));
    old.read[1] = old.said.at(-1).id;
    old.open = false;
  };
  if (process.env.MOCK_TALKS !== '0') seed();

  world.talkCounts = (ticket, agent) => {
    const own = talks.filter((talk) => talk.ticket_id === ticket.id);
    return {
      open: own.filter((talk) => talk.open).length,
      unread: own.reduce((sum, talk) => sum + shown(talk, agent).unread, 0),
    };
  };

  return [
    ['GET', /^\/tickets\/(\d+)\/talks$/, ({ agent }, id) => {
      const at = (talk) => talk.said.at(-1).at;
      const own = talks.filter((talk) => talk.ticket_id === Number(id));
      own.sort((a, b) => Number(b.open) - Number(a.open) || (at(a) < at(b) ? 1 : -1));
      return { items: own.map((talk) => shown(talk, agent)) };
    }],
    ['POST', /^\/tickets\/(\d+)\/talks$/, ({ agent, body }, id) => {
      const talk = begin(find(id), agent, body);
      tell(talk, ['talk.changed']);
      told(talk, agent, talk.said[0].text);
      return { status_code: 201, talk: shown(talk, agent), items: talk.said };
    }],
    ['GET', /^\/talks\/(\d+)$/, ({ agent, query }, id) => {
      const talk = talkOf(id);
      const before = Number(query.get('cursor')) || Infinity;
      const all = talk.said.filter((m) => m.id < before);
      const items = all.slice(-30);
      const answer = { talk: shown(talk, agent), items, next_cursor: all.length > items.length ? String(items[0].id) : null };
      talk.read[agent.id] = talk.said.at(-1).id;
      return answer;
    }],
    ['POST', /^\/talks\/(\d+)\/messages$/, ({ agent, body }, id) => {
      const talk = talkOf(id);
      if (!talk.members.includes(agent.id)) talk.members.push(agent.id);
      const message = speak(talk, agent, body.body_html);
      tell(talk, ['talk.message']);
      told(talk, agent, message.text);
      return { status_code: 201, ...message };
    }],
    ['PATCH', /^\/talks\/(\d+)$/, ({ agent, body }, id) => {
      const talk = talkOf(id);
      const { add_members = [], remove_members = [], version: _, ...rest } = body;
      if (add_members.includes(6))
        throw new Problem(422, 'validation', '', { errors: [{ field: 'members', code: 'cannot_see', detail: '', agent_ids: [6] }] });
      talk.members = [...new Set([...talk.members, ...add_members])].filter((one) => !remove_members.includes(one));
      Object.assign(talk, rest, { version: talk.version + 1 });
      tell(talk, ['talk.changed']);
      return shown(talk, agent);
    }],
    ['POST', /^\/tickets\/(\d+)\/answering$/, ({ agent, body }, id) => {
      const ticket = find(id);
      world.mayAnswer(ticket, agent, body.take_over);
      return { answering: world.claim(ticket, agent, body.take_over) };
    }],
    ['DELETE', /^\/tickets\/(\d+)\/answering$/, ({ agent }, id) => world.unclaim(find(id), agent)],
  ]; // prettier-ignore
}
