// The mock's people and places: setup, session, profile, agents, teams, roles, brands, inboxes.
import { randomBytes } from 'node:crypto';

export function departmentRoutes(world) {
  const { Problem, agents, roles, teams, brands, inboxes, sessions } = world;
  const tokens = [
    {
      id: 1,
      name: 'backup script',
      scopes: ['all'],
      created_at: new Date().toISOString(),
      last_used_at: null,
    },
  ];
  let loginSessions = [
    { id: 1, created_at: new Date().toISOString(), last_seen_at: new Date().toISOString(), ip: '127.0.0.1', user_agent: 'Chromium 140, Linux', current: true },
    { id: 2, created_at: '2026-11-02T08:00:00.000Z', last_seen_at: '2026-11-20T17:12:00.000Z', ip: '10.0.0.8', user_agent: 'Firefox 132, Windows', current: false },
  ]; // prettier-ignore
  let next = 1000;

  const me = (agent) => {
    const role = roles.find((one) => one.id === agent.role_id);
    const { id, email, name, public_name, number, locale, theme, team_ids, preferences = {}, time_zone = '' } = agent;
    return { id, email, name, public_name, number, locale, theme, team_ids, role: { id: role.id, key: role.key, name: role.name }, permissions: role.permissions, undo_seconds: 10, demo: true, preferences, time_zone };
  }; // prettier-ignore
  const signIn = (agent, { send }) => {
    const id = randomBytes(12).toString('hex');
    sessions.set(id, agent);
    send(200, me(agent), { 'Set-Cookie': `opora_session=${id}; Path=/; HttpOnly; SameSite=Lax` });
  };
  const crud = (path, list) => [
    ['GET', new RegExp(`^/${path}$`), () => ({ items: list })],
    ['POST', new RegExp(`^/${path}$`), ({ body }) => add(list, body)],
    ['PATCH', new RegExp(`^/${path}/(\\d+)$`), ({ body }, id) => Object.assign(find(list, id), shaped(body))],
  ];
  const add = (list, body) => {
    const item = {
      id: next++,
      key: `custom-${next}`,
      preset: false,
      state: { smtp: 'none', imap: 'none' },
      smtp: null,
      imap: null,
      ...shaped(body),
    };
    list.push(item);
    return item;
  };
  const shaped = ({ smtp_url, imap_url, smtp_password, imap_password, ...rest }) => ({
    ...rest,
    ...(smtp_url !== undefined && {
      smtp: smtp_url ? { url: smtp_url, has_password: Boolean(smtp_password) } : null,
    }),
    ...(imap_url !== undefined && {
      imap: imap_url ? { url: imap_url, has_password: Boolean(imap_password) } : null,
    }),
  });
  const find = (list, id) => {
    const item = list.find((one) => one.id === Number(id));
    if (!item) throw new Problem(404, 'not_found');
    return item;
  };

  return [
    ['GET', /^\/setup$/, () => ({ needed: world.setupNeeded, demo: true, version: '0.1.0' }), true],
    ['POST', /^\/setup$/, (input) => {
      world.setupNeeded = false;
      Object.assign(agents[0], { name: input.body.name, email: input.body.email, locale: input.body.locale });
      signIn(agents[0], input);
    }, true],
    ['POST', /^\/session$/, (input) => {
      const agent = agents.find((one) => one.email === input.body.email);
      if (!agent || input.body.password !== 'demo') throw new Problem(401, 'wrong_login');
      signIn(agent, input);
    }, true],
    ['GET', /^\/session$/, ({ agent }) => me(agent)],
    ['DELETE', /^\/session$/, ({ request }) => {
      sessions.delete(/opora_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1]);
    }],
    ['PATCH', /^\/me$/, ({ agent, body }) => {
      if (body.password && body.password.old !== 'demo') {
        throw new Problem(422, 'validation', '', { errors: [{ field: 'password.old', code: 'wrong', detail: 'Текущий пароль неверен.' }] });
      }
      const { password: _, preferences = {}, ...rest } = body;
      const merged = Object.entries({ ...agent.preferences, ...preferences }).filter(([, value]) => value !== null);
      return me(Object.assign(agent, rest, { preferences: Object.fromEntries(merged) }));
    }],
    ['GET', /^\/me\/sessions$/, () => ({ items: loginSessions })],
    ['DELETE', /^\/me\/sessions\/(\d+)$/, (_, id) => void (loginSessions = loginSessions.filter((one) => one.id !== Number(id)))],
    ['GET', /^\/me\/tokens$/, () => ({ items: tokens })],
    ['POST', /^\/me\/tokens$/, ({ body }) => {
      const token = { id: next++, ...body, created_at: new Date().toISOString(), last_used_at: null };
      tokens.push(token);
      return { ...token, token: `opora_${randomBytes(16).toString('hex')}` };
    }],
    ['DELETE', /^\/me\/tokens\/(\d+)$/, (_, id) => void tokens.splice(tokens.findIndex((one) => one.id === Number(id)), 1)],
    ['POST', /^\/password-resets$/, () => undefined, true],
    ['GET', /^\/password-resets\/(\w+)$/, (_, token) => {
      if (token === 'dead') throw new Problem(404, 'link_expired');
      return { email: agents[1].email };
    }, true],
    ['POST', /^\/password-resets\/(\w+)$/, (input) => signIn(agents[1], input), true],
    ['GET', /^\/invitations\/(\w+)$/, (_, token) => {
      if (token === 'dead') throw new Problem(404, 'link_expired');
      return { email: 'new@opora.example', name: 'Алина Сомова' };
    }, true],
    ['POST', /^\/invitations\/(\w+)$/, (input) => signIn(agents[1], input), true],
    ['POST', /^\/invitations$/, ({ body }) => {
      agents.push({ id: next, public_name: body.name, number: next, active: true, online: false, locale: 'ru', theme: 'system', ...body });
      return { id: next++, email: body.email, link: `http://127.0.0.1:8080/invitations/${randomBytes(8).toString('hex')}` };
    }],
    ...crud('agents', agents),
    ...crud('teams', teams),
    ...crud('roles', roles),
    ...crud('brands', brands),
    ...crud('inboxes', inboxes),
  ]; // prettier-ignore
}
