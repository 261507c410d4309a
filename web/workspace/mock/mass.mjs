// The mock's mass actions: counted first, a few tickets at a time, stopped, taken back for a minute.
import { matches } from './query.mjs';

export function massRoutes(world) {
  const { Problem, tickets, event, message, settle, agentAuthor } = world;
  const jobs = [];
  let next = 1;

  const chosen = ({ ids, q }, agent) => {
    if (ids) return tickets.filter((ticket) => ids.includes(ticket.id));
    const terms = world.filter.parse(q ?? '');
    return tickets.filter((ticket) => matches(ticket, terms, agent, world));
  };
  const plain = ['status', 'assignee_id', 'team_id', 'priority'];
  const after = (ticket, action) => {
    const tags = new Set([...ticket.tags, ...(action.add_tags ?? [])]);
    for (const tag of action.remove_tags ?? []) tags.delete(tag);
    const wanted = plain.filter((name) => name in action).map((name) => [name, action[name]]);
    return { ...Object.fromEntries(wanted), tags: [...tags] };
  };
  const changes = (ticket, action) =>
    Boolean(action.reply || action.note) ||
    Object.entries(after(ticket, action)).some(
      ([name, to]) => JSON.stringify(ticket[name]) !== JSON.stringify(to),
    );
  const find = (id, agent) => {
    const job = jobs.find((one) => one.id === Number(id) && one.agent_id === agent.id);
    if (!job) throw new Problem(404, 'not_found');
    return job;
  };
  const shown = ({ rest: _, before: __, agent: ___, ...job }) => job;
  const tell = (job) =>
    world.broadcast({ type: 'mass', item: shown(job) }, (agent) => agent.id === job.agent_id);
  const finish = (job, state) => {
    job.state = state;
    job.undo_until = state === 'undone' ? null : new Date(Date.now() + 60_000).toISOString();
    tell(job);
  };

  function write(ticket, agent, action) {
    const now = new Date().toISOString();
    if (action.note) ticket.messages.push(message(ticket, 'note', agentAuthor(agent), action.note, now));
    if (action.reply) ticket.messages.push(message(ticket, 'reply', agentAuthor(agent), action.reply.body_html?.replace(/<[^>]+>/g, ' ').trim() ?? 'Шаблон', now)); // prettier-ignore
  }

  function step(job) {
    if (job.state === 'running') {
      for (const ticket of job.rest.splice(0, 3)) {
        if (!changes(ticket, job.action)) {
          job.skipped += 1;
          continue;
        }
        const to = after(ticket, job.action);
        const was = Object.fromEntries(Object.keys(to).map((name) => [name, ticket[name]]));
        job.before.push([ticket, was, [...ticket.messages]]);
        Object.assign(ticket, to);
        ticket.events.push(event('ticket.status', job.agent, new Date().toISOString(), { from: was.status, to: ticket.status })); // prettier-ignore
        write(ticket, job.agent, job.action);
        ticket.version += 1;
        settle(ticket);
        world.changed(ticket);
        job.done += 1;
      }
      if (job.rest.length === 0) return finish(job, 'done');
    } else if (job.state === 'undoing') {
      for (const [ticket, was, messages] of job.before.splice(0, 3)) {
        Object.assign(ticket, was, { messages, version: ticket.version + 1 });
        settle(ticket);
        world.changed(ticket);
        job.done -= 1;
      }
      if (job.before.length === 0) return finish(job, 'undone');
    } else return;
    tell(job);
    setTimeout(() => step(job), 250).unref();
  }

  return [
    ['POST', /^\/tickets\/mass\/preview$/, ({ agent, body }) => {
      const all = chosen(body, agent);
      const touched = all.filter((ticket) => changes(ticket, body.action));
      return { count: all.length, touched: touched.length, sample: touched.slice(0, 5).map((ticket) => ticket.number) };
    }],
    ['GET', /^\/mass-actions$/, ({ agent }) => ({ items: jobs.filter((job) => job.agent_id === agent.id).map(shown) })],
    ['POST', /^\/mass-actions$/, ({ agent, body }) => {
      const rest = chosen(body, agent);
      if (body.expected !== undefined && body.expected !== rest.length) {
        throw new Problem(422, 'validation', '', { errors: [{ field: 'expected', code: 'changed', detail: `${rest.length}` }] });
      }
      const job = { id: next++, agent_id: agent.id, agent, action: body.action, state: 'running', total: rest.length, done: 0, failed: 0, skipped: 0, undo_until: null, created_at: new Date().toISOString(), rest, before: [] };
      jobs.unshift(job);
      setTimeout(() => step(job), 250).unref();
      return { status_code: 202, ...shown(job) };
    }],
    ['GET', /^\/mass-actions\/(\d+)$/, ({ agent }, id) => shown(find(id, agent))],
    ['POST', /^\/mass-actions\/(\d+)\/cancel$/, ({ agent }, id) => {
      const job = find(id, agent);
      if (job.state === 'running') finish(job, 'cancelled');
      return shown(job);
    }],
    ['POST', /^\/mass-actions\/(\d+)\/undo$/, ({ agent }, id) => {
      const job = find(id, agent);
      if (!job.undo_until || Date.parse(job.undo_until) < Date.now()) throw new Problem(409, 'already_sent');
      Object.assign(job, { state: 'undoing', undo_until: null });
      setTimeout(() => step(job), 250).unref();
      return shown(job);
    }],
  ]; // prettier-ignore
}
