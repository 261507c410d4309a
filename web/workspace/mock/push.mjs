// The mock's push: devices are remembered, nothing is sent.
export function pushRoutes(world) {
  const devices = new Map();
  const of = (agent) => {
    if (!devices.has(agent.id)) devices.set(agent.id, []);
    return devices.get(agent.id);
  };
  const key = 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U';
  return [
    [
      'GET',
      /^\/me\/push$/,
      ({ agent }) => ({
        public_key: key,
        subscriptions: of(agent).map(({ id, name, created_at }) => ({ id, name, created_at })),
      }),
    ],
    [
      'POST',
      /^\/me\/push$/,
      ({ agent, body }) => {
        const known = of(agent).find((one) => one.endpoint === body.endpoint);
        if (known) return { id: known.id };
        const device = { id: world.newId(), created_at: new Date().toISOString(), name: 'Browser', ...body };
        of(agent).push(device);
        return { status_code: 201, id: device.id };
      },
    ],
    [
      'DELETE',
      /^\/me\/push\/(\d+)$/,
      ({ agent }, id) => void devices.set(agent.id, of(agent).filter((one) => one.id !== Number(id))), // prettier-ignore
    ],
    ['POST', /^\/me\/push\/(\d+)\/test$/, () => ({ status_code: 202 })],
  ];
}
