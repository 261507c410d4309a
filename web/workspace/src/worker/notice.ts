/** A push message as a notice: whatever came, something readable is shown, and a press leads nowhere but here. Pure. */
export interface Notice {
  title: string;
  options: { body: string; tag?: string; icon: string; badge: string; data: { url: string } };
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** Only paths of our own. */
export function ownPath(url: unknown): string {
  return typeof url === 'string' && /^\/(?![/\\])/.test(url) ? url : '/';
}

export function noticeOf(payload: string): Notice {
  let told: Record<string, unknown> = {};
  try {
    told = Object(JSON.parse(payload)) as Record<string, unknown>;
  } catch {
    // Not ours, or broken: the words as they came.
    told = { body: payload.slice(0, 200) };
  }
  const tag = text(told.tag);
  return {
    title: text(told.title) || 'Opora',
    options: {
      body: text(told.body),
      ...(tag !== '' && { tag }),
      icon: '/icon-192.png',
      badge: '/icon-badge.png',
      data: { url: ownPath(told.url) },
    },
  };
}
