/** A colleague who was invited and has come: in front of a screen of their own, or as a script. */
import { signedIn } from './server.mjs';

const password = 'a long enough password';

export async function colleague(desk, name, email, role = 'agent') {
  const { items: roles } = await desk.api('GET', '/roles');
  const role_id = roles.find(({ key }) => key === role).id;
  const { items: teams } = await desk.api('GET', '/teams');
  const team_ids = teams.map(({ id }) => id);
  const { link } = await desk.api('POST', '/invitations', { email, name, role_id, team_ids });
  const token = link.split('/').at(-1);
  const answer = await fetch(`${desk.base}/api/v1/invitations/${token}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  if (!answer.ok) throw new Error(`${name} may not come in: ${answer.status}`);
  const { id } = await answer.json();
  const login = { email, password };
  return {
    id,
    name,
    login,
    api: await signedIn(desk.base, login),
    /** At a screen, in Russian unless said. */
    async come(path, options = {}) {
      const one = await desk.stranger(options);
      await one.enter(login, { locale: options.locale ?? 'ru', theme: 'light' });
      await one.page.goto(path);
      return one;
    },
  };
}
