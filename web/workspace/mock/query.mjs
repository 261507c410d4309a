// The filter language of `q=`, enough of it for developing: fields, negation, comma lists, and words searched in the text.
const openStates = ['new', 'open'];

export function matches(ticket, q, me) {
  const parts = (q ?? '').match(/-?[a-z_]+:"[^"]*"|"[^"]*"|\S+/gi) ?? [];
  return parts.every((part) => {
    const field = /^(-?)([a-z_]+):(.*)$/i.exec(part);
    if (!field)
      return text(ticket).includes(
        part
          .replaceAll('"', '')
          .toLowerCase()
          .slice(0, Math.max(4, part.length - 1)),
      );
    const [, not, name, value] = field;
    return test(ticket, name, value.replaceAll('"', ''), me) !== (not === '-');
  });
}

function test(ticket, name, value, me) {
  const any = value.split(',');
  if (name === 'status') return any.includes(ticket.status);
  if (name === 'priority') return any.includes(ticket.priority);
  if (name === 'tag') return any.some((tag) => ticket.tags.includes(tag));
  if (name === 'channel') return ticket.channel === value;
  if (name === 'inbox') return ticket.inbox_id === Number(value);
  if (name === 'contact') return ticket.contact.id === Number(value);
  if (name === 'team')
    return value === 'mine' ? me.team_ids.includes(ticket.team_id) : ticket.team_id === Number(value);
  if (name === 'assignee') {
    return value === 'me'
      ? ticket.assignee_id === me.id
      : value === 'none'
        ? ticket.assignee_id === null
        : ticket.assignee_id === Number(value);
  }
  if (name === 'is')
    return value === 'open' ? openStates.includes(ticket.status) : value === 'unread' ? ticket.unread : false;
  return true;
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
  const result = [...list].sort((a, b) => value(a) - value(b) || b.id - a.id);
  return reverse ? result.reverse() : result;
}
