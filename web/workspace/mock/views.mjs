// The mock's stored views: seven of its own, and those people make, in everybody's own order.
const standard = [
  ['mine', 'assignee:me is:open', 'waiting', 'own'],
  ['unassigned', 'assignee:none is:open', 'waiting', 'own'],
  ['team', 'team:mine is:open', 'waiting', 'own'],
  ['waiting', 'status:waiting', 'updated', 'own'],
  ['all_open', 'is:open', 'updated', 'shared'],
  ['solved', 'status:solved', 'updated', 'shared'],
  ['all', '', 'updated', 'shared'],
];

export function viewRoutes(world) {
  const { Problem } = world;
  const make = (more) => ({ id: null, name_key: null, name: null, sort: 'updated', section: 'own', team_id: null, columns: [], group: 'none', owner: null, version: 1, ...more }); // prettier-ignore
  const stored = [
    ...standard.map(([key, query, sort, section]) => make({ key, name_key: `views.${key}`, query, sort, section })),
    make({ key: 'v1', id: 1, name: 'Срочное по доставке', query: 'is:open tag:доставка,delivery', section: 'team', team_id: 1 }),
    make({ key: 'v2', id: 2, name: 'Сводка недели', query: 'updated:7d', section: 'shared', columns: ['number', 'requester', 'subject', 'status', 'priority', 'assignee', 'tags', 'waiting', 'updated'], group: 'status' }),
  ]; // prettier-ignore
  const orders = new Map();
  let next = 3;

  const mayShare = (agent) => ['admin', 'lead'].includes(world.roles.find((r) => r.id === agent.role_id).key);
  const sees = (view, agent) =>
    view.section === 'own'
      ? view.owner === null || view.owner === agent.id
      : view.section !== 'team' || agent.team_ids.includes(view.team_id) || mayShare(agent);
  const shown = ({ owner, ...view }, agent) => ({
    ...view,
    count: world.count(view.query, agent),
    editable: view.id !== null && (owner === agent.id || mayShare(agent)),
    hidden: orders.get(agent.id)?.hidden.includes(view.key) ?? false,
  });
  const mine = (agent) => {
    const order = orders.get(agent.id)?.keys ?? [];
    const place = (view) =>
      order.includes(view.key) ? order.indexOf(view.key) : 1000 + stored.indexOf(view);
    return stored.filter((view) => sees(view, agent)).sort((a, b) => place(a) - place(b));
  };
  const find = (key, agent) => {
    const view = stored.find((one) => one.key === key && sees(one, agent));
    if (!view) throw new Problem(404, 'not_found');
    if (view.id === null || (view.owner !== agent.id && !mayShare(agent)))
      throw new Problem(403, 'forbidden');
    return view;
  };
  const check = ({ name, query, section }, agent) => {
    if (name !== undefined && !name?.trim())
      throw new Problem(422, 'validation', '', { errors: [{ field: 'name', code: 'empty', detail: 'Назовите вид.' }] }); // prettier-ignore
    if (query !== undefined) world.filter.parse(query);
    if (section && section !== 'own' && !mayShare(agent)) throw new Problem(403, 'forbidden');
  };
  world.counts = (agent) => mine(agent).map(({ key, query }) => ({ key, count: world.count(query, agent) }));

  return [
    ['GET', /^\/views$/, ({ agent }) => ({ items: mine(agent).map((view) => shown(view, agent)) })],
    ['POST', /^\/views$/, ({ agent, body }) => {
      check({ name: '', query: '', ...body }, agent);
      const view = make({ ...body, id: next, key: `v${next++}`, owner: agent.id });
      stored.push(view);
      world.broadcast({ type: 'views_changed' });
      return { status_code: 201, ...shown(view, agent) };
    }],
    ['PUT', /^\/views\/order$/, ({ agent, body }) => {
      orders.set(agent.id, { keys: body.keys, hidden: body.hidden });
      world.broadcast({ type: 'views_changed' });
    }],
    ['PATCH', /^\/views\/(\w+)$/, ({ agent, body }, key) => {
      const view = find(key, agent);
      const { version, ...fields } = body;
      if (version && version !== view.version) throw new Problem(409, 'view_changed', 'Вид только что изменили.', { current: shown(view, agent) });
      check(fields, agent);
      Object.assign(view, fields, { version: view.version + 1 });
      world.broadcast({ type: 'views_changed' });
      return shown(view, agent);
    }],
    ['DELETE', /^\/views\/(\w+)$/, ({ agent }, key) => {
      stored.splice(stored.indexOf(find(key, agent)), 1);
      world.broadcast({ type: 'views_changed' });
    }],
  ]; // prettier-ignore
}
