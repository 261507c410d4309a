// The mock's notifications: a few to begin with, live ones by world.tell, and how a person wants to be told.
export function notificationRoutes(world) {
  const { agents, tickets, newId, sockets } = world;
  const kept = new Map();
  const settings = new Map();
  const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  const actor = (agent) => (agent ? { type: 'agent', id: agent.id, name: agent.name } : null);
  const item = (kind, ticket, by, text, at, read = false) => ({
    id: newId(), kind, ticket_id: ticket.id, ticket_subject: ticket.subject, message_id: ticket.messages.at(-1)?.id ?? null, actor: actor(by), text, at, read,
  }); // prettier-ignore
  const own = (agent) => {
    if (!kept.has(agent.id))
      kept.set(agent.id, tickets.length < 8 ? [] : [
        item('mention', tickets[0], agents[2], '@Светлана глянь, пожалуйста', ago(4)),
        item('answer', tickets[4], null, tickets[4].preview, ago(50)),
        item('handed_over', tickets[7], agents[1], 'Осталось дождаться склада', ago(140), true),
        item('held', tickets[5], null, '', ago(300), true),
        ...tickets.slice(20, 60).map((ticket, at) => item('follow', ticket, null, ticket.preview, ago(600 + at * 90), true)),
      ]); // prettier-ignore
    return kept.get(agent.id);
  };
  const unread = (agent) => own(agent).filter((one) => !one.read).length;

  world.tell = (agentId, kind, ticket, by = null, text = '', more = {}) => {
    const agent = agents.find((one) => one.id === agentId);
    const told = { ...item(kind, ticket, by, text, new Date().toISOString()), ...more };
    own(agent).unshift(told);
    for (const [socket, listener] of sockets) {
      if (listener.id === agentId)
        socket.send(JSON.stringify({ type: 'notification', item: told, unread: unread(agent) }));
    }
  };

  return [
    [
      'GET',
      /^\/notifications$/,
      ({ agent, query }) => {
        const from = Number(query.get('cursor') ?? 0);
        const all = own(agent);
        const next_cursor = from + 20 < all.length ? String(from + 20) : null;
        return { items: all.slice(from, from + 20), unread: unread(agent), next_cursor };
      },
    ],
    [
      'POST',
      /^\/notifications\/read$/,
      ({ agent, body }) => {
        for (const one of own(agent))
          if (body.all || body.ids?.includes(one.id) || one.ticket_id === body.ticket_id) one.read = true;
      },
    ],
    [
      'GET',
      /^\/me\/notification-settings$/,
      ({ agent }) =>
        settings.get(agent.id) ?? { kinds: {}, quiet: null, digest: 'off', time_zone: 'Europe/Moscow' },
    ],
    [
      'PUT',
      /^\/me\/notification-settings$/,
      ({ agent, body }) => {
        settings.set(agent.id, body);
        return body;
      },
    ],
  ];
}
