// The mock's demo mode: ready logins, and the customer's mailbox.
export function demoRoutes(world) {
  const { agents, roles, tickets, contacts, inboxes } = world;
  const roleKey = (agent) => roles.find((role) => role.id === agent.role_id).key;

  const mailbox = ({ query }) => {
    const customers = contacts.slice(0, 9).map((c) => ({ name: c.name, address: c.addresses[0].address }));
    const who = query.get('customer') ?? customers[0].address;
    const items = tickets
      .filter((ticket) => ticket.contact.address === who)
      .flatMap((ticket) => ticket.messages.map((m) => ({ m, ticket })))
      .filter(({ m }) => m.kind === 'customer' || (m.kind === 'reply' && m.state === 'sent'))
      .map(({ m, ticket }) => ({
        id: m.id,
        subject: ticket.subject,
        text: m.text,
        html: m.html,
        at: m.created_at,
        direction: m.kind === 'reply' ? 'out' : 'in',
        from: { name: m.author.name, address: m.author.address },
        to: { name: '', address: inboxes[0].address },
      })) // prettier-ignore
      .sort((a, b) => b.at.localeCompare(a.at))
      .slice(0, 60);
    return { customers, inboxes: inboxes.map(({ name, address }) => ({ name, address })), items };
  };

  const write = ({ body }) => {
    const answered =
      body.in_reply_to && tickets.find((t) => t.messages.some((m) => m.id === body.in_reply_to));
    if (answered) world.customerWrites(answered, body.text);
    else {
      const inbox = inboxes.find((one) => one.address === body.to) ?? inboxes[0];
      world.createTicket({
        agent: agents[0],
        body: {
          inbox_id: inbox.id,
          contact: body.from,
          subject: body.subject,
          body_text: body.text,
          from_customer: true,
        },
      });
    }
    return { status_code: 202 };
  };

  return [
    ['GET', /^\/demo\/logins$/, () => ({ items: agents.slice(0, 6).map((a) => ({ email: a.email, password: 'demo', name: a.name, role: roleKey(a) })) }), true],
    ['GET', /^\/demo\/mailbox$/, mailbox],
    ['POST', /^\/demo\/mailbox$/, write],
  ]; // prettier-ignore
}
