// Which tickets a read filter takes, and in which order: enough of it for developing.
const openStates = ['new', 'open'];
const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

export function matches(ticket, terms, me, world) {
  return terms.every(
    (term) => term.values.some((value) => test(ticket, term, value, me, world)) !== term.negated,
  );
}

function test(ticket, { key, comparison }, raw, me, world) {
  const value = raw.toLowerCase();
  const named = (list, id) =>
    list.some((one) => one.id === id && (one.name.toLowerCase() === value || String(one.id) === value));
  const person = (ids) =>
    value === 'me'
      ? ids.includes(me.id)
      : value === 'none'
        ? ids.every((id) => id === null)
        : ids.some((id) => named(world.agents, id));
  switch (key) {
    case 'text':
      return text(ticket).includes(value.slice(0, Math.max(4, value.length - 1)));
    case 'status':
      return ticket.status === value;
    case 'priority':
      return ticket.priority === value;
    case 'tag':
      return ticket.tags.some((tag) => tag.toLowerCase() === value);
    case 'channel':
      return ticket.channel === value;
    case 'inbox':
      return named(world.inboxes, ticket.inbox_id);
    case 'brand':
      return named(world.brands, ticket.brand_id);
    case 'contact':
      return String(ticket.contact.id) === value || ticket.contact.address === value;
    case 'org':
      return (
        ticket.contact.organization !== null &&
        named([ticket.contact.organization], ticket.contact.organization.id)
      );
    case 'team':
      if (value === 'mine') return me.team_ids.includes(ticket.team_id);
      return value === 'none' ? ticket.team_id === null : named(world.teams, ticket.team_id);
    case 'assignee':
      return person([ticket.assignee_id]);
    case 'follower':
      return person(ticket.follower_ids);
    case 'mentions':
      return person(ticket.messages.flatMap((m) => m.mentions));
    case 'has':
      return value === 'draft'
        ? Object.keys(ticket.drafts[me.id] ?? {}).length > 0
        : ticket.attachment_count > 0;
    case 'is':
      if (value === 'open') return openStates.includes(ticket.status);
      if (value === 'unread') return ticket.unread;
      if (value === 'snoozed') return Boolean(ticket.snoozed);
      return ticket.assignee_id === me.id;
    default:
      return timed(ticket, key, comparison, value);
  }
}

function timed(ticket, key, comparison, value) {
  const at = { created: ticket.created_at, updated: ticket.updated_at, waiting: ticket.waiting_since }[key];
  if (!at) return false;
  const length = /^(\d+)([mhdw])$/.exec(value);
  if (!length) {
    const day = at.slice(0, 10);
    const sign = { '<': day < value, '<=': day <= value, '>': day > value, '>=': day >= value };
    return sign[comparison] ?? day === value;
  }
  const longer = Date.now() - Date.parse(at) > Number(length[1]) * units[length[2]];
  return comparison ? longer === comparison.startsWith('>') : longer === (key === 'waiting');
}

export function text(ticket) {
  return [
    ticket.subject,
    ticket.contact.name,
    ticket.contact.address,
    `#${ticket.number}`,
    ...ticket.messages.map((m) => m.text),
  ]
    .join('\n')
    .toLowerCase();
}

export function sorted(list, sort = 'updated') {
  const reverse = sort.startsWith('-');
  const key = sort.replace('-', '');
  const value = {
    updated: (t) => -Date.parse(t.updated_at),
    created: (t) => -Date.parse(t.created_at),
    id: (t) => t.id,
    waiting: (t) => (t.waiting_since ? Date.parse(t.waiting_since) : Infinity),
  }[key];
  const keyed = list.map((ticket) => [value(ticket), ticket]);
  const result = keyed
    .sort(([a, one], [b, other]) => (a === b ? other.id - one.id : a - b))
    .map(([, t]) => t);
  return reverse ? result.reverse() : result;
}
