// A stand-in for the server while developing screens: /api/v1 in memory, live socket included. `npm run mock`, port 8080.
// Not bundled, not shipped. MOCK_SETUP=1 starts before the setup page was filled in; MOCK_BUSTLE=1 lets customers write by themselves.
// MOCK_FIRST_RUN=1 shows the first steps.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { contactRoutes } from './contacts.mjs';
import * as data from './data.mjs';
import { demoRoutes } from './demo.mjs';
import { departmentRoutes } from './department.mjs';
import { filterLanguage } from './filter.mjs';
import { notificationRoutes } from './notifications.mjs';
import { oversightRoutes } from './oversight.mjs';
import { pushRoutes } from './push.mjs';
import { templateRoutes } from './templates.mjs';
import { massRoutes } from './mass.mjs';
import { ticketRoutes } from './tickets.mjs';
import { togetherRoutes } from './together.mjs';
import { viewRoutes } from './views.mjs';

const port = Number(process.env.PORT ?? 8080);
const sessions = new Map();
const sockets = new Map();

export class Problem extends Error {
  constructor(status, code, detail = '', more = {}) {
    super(detail);
    Object.assign(this, { status, code, more });
  }
}

const world = {
  ...data,
  setupNeeded: process.env.MOCK_SETUP === '1',
  failNext: null,
  Problem,
  sessions,
  sockets,
  counts: () => [],
  broadcast(message, to = () => true) {
    for (const [socket, agent] of sockets) if (to(agent)) socket.send(JSON.stringify(message));
  },
  changed(ticket, kinds = ['ticket.changed']) {
    for (const [socket, agent] of sockets) {
      socket.send(JSON.stringify({ type: 'ticket', id: ticket.id, version: ticket.version, kinds }));
      socket.send(JSON.stringify({ type: 'views', items: world.counts(agent) }));
    }
  },
  notify(agentId, text_key, ticket_id, values) {
    for (const [socket, agent] of sockets) {
      if (agent.id === agentId)
        socket.send(JSON.stringify({ type: 'notify', text_key, ticket_id, data: values }));
    }
  },
};

world.filter = filterLanguage(world);
const routes = [
  ...departmentRoutes(world),
  ...togetherRoutes(world),
  ...ticketRoutes(world),
  ...viewRoutes(world),
  ...massRoutes(world),
  ...world.filter.routes,
  ...templateRoutes(world),
  ...notificationRoutes(world),
  ...pushRoutes(world),
  ...contactRoutes(world),
  ...oversightRoutes(world),
  ...demoRoutes(world),
];

function agentOf(request) {
  const id = /opora_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
  return sessions.get(id) ?? null;
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (!(request.headers['content-type'] ?? '').includes('json')) return bytes;
  return bytes.length ? JSON.parse(bytes.toString()) : {};
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock');
  const path = url.pathname.replace(/^\/api\/v1/, '');
  const send = (status, body, headers = {}) => {
    const problem = status >= 400 ? 'application/problem+json' : 'application/json';
    const binary = Buffer.isBuffer(body) || typeof body === 'string';
    response.writeHead(status, {
      'Content-Type': binary ? 'text/plain; charset=utf-8' : problem,
      ...headers,
    });
    response.end(body === undefined ? undefined : binary ? body : JSON.stringify(body));
  };
  try {
    for (const [method, pattern, handle, open] of routes) {
      const found = method === request.method && pattern.exec(path);
      if (!found) continue;
      const agent = agentOf(request);
      if (!agent && !open) throw new Problem(401, 'unauthenticated', 'Sign in first.');
      const input = { agent, query: url.searchParams, body: await bodyOf(request), request, response, send };
      const result = await handle(input, ...found.slice(1));
      if (!response.writableEnded) send(result === undefined ? 204 : (result?.status_code ?? 200), result);
      return;
    }
    throw new Problem(404, 'not_found', path);
  } catch (error) {
    if (!(error instanceof Problem)) console.error(error);
    const { status = 500, code = 'internal', message = '', more = {} } = error;
    send(status, { type: `/problems/${code}`, title: code, status, code, detail: message, ...more });
  }
});

const live = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
  const agent = agentOf(request);
  if (!agent) return socket.destroy();
  live.handleUpgrade(request, socket, head, (ws) => {
    sockets.set(ws, agent);
    let viewing = null;
    ws.send(JSON.stringify({ type: 'hello', seq: 1 }));
    ws.on('message', (text) => {
      const message = JSON.parse(text);
      if (message.type === 'ping') ws.send(JSON.stringify({ type: 'pong' }));
      if (message.type === 'view') viewing = message.ticket_id;
      if (message.type === 'view' || message.type === 'typing')
        announce(viewing, agent, message.type === 'typing' && message.on);
    });
    ws.on('close', () => sockets.delete(ws));
  });
});

function announce(ticket_id, agent, typing) {
  const colleague = { agent_id: 3, name: 'Олег Титов', state: 'viewing' };
  const people = [{ agent_id: agent.id, name: agent.name, state: typing ? 'typing' : 'viewing' }];
  if (ticket_id === data.tickets[0]?.id) people.push(colleague);
  for (const [socket] of sockets) socket.send(JSON.stringify({ type: 'presence', ticket_id, people }));
}

if (process.env.MOCK_BUSTLE === '1') {
  setInterval(() => {
    const ticket = data.tickets[Math.floor(Math.random() * 8)];
    world.customerWrites(ticket, 'Есть новости?');
  }, 9000).unref();
}

server.listen(port, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${port}`));
