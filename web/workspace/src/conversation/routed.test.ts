import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent, Me, OnDuty, TicketEvent } from '../api/types';
import { locale } from '../i18n/index.svelte';
import { duty } from '../roster/duty.svelte';
import { directory } from '../state/directory.svelte';
import { session } from '../state/session.svelte';
import { timeline } from './timeline';
import { eventText } from './words';

const said = (kind: string, data: Record<string, unknown>) =>
  eventText({
    ...{ id: 1, kind, at: '2026-01-01T00:00:00Z', data },
    actor: { type: 'system', id: null, name: null },
  } as TicketEvent);
const routed = (more: Record<string, unknown>) =>
  said('ticket.routed', { to: 7, name: 'Почта', why: 'load', of: 2, on_duty: false, class: null, ...more });
const plain = (text: string | null) => text?.replace(/\s/g, ' ');

beforeEach(() => {
  locale.current = 'ru';
  session.me = { id: 1 } as Me;
  directory.agents = [
    { id: 1, name: 'Нина Заречная' },
    { id: 7, name: 'Ольга Иванова' },
  ] as Agent[];
  duty.now = { classes: [{ class_id: 3, name: 'Интеграции' }] } as OnDuty;
});
afterEach(() => {
  locale.current = 'en';
  duty.now = null;
});

describe('why somebody got a ticket', () => {
  it('is told by the duty for its class, by the duty, or by the route', () => {
    expect(routed({ on_duty: true, class: 'Интеграции' })).toBe(
      'Назначено: Ольга Иванова. Дежурство по «Интеграции», меньше всех в работе из 2 коллег',
    );
    expect(routed({ on_duty: true, why: 'only', of: 1 })).toBe(
      'Назначено: Ольга Иванова. Дежурство, больше взять некому',
    );
    expect(routed({ why: 'turn', of: 21, class: 'Интеграции' })).toBe(
      'Назначено: Ольга Иванова. Маршрут «Почта», по очереди из 21 коллеги',
    );
  });

  it('speaks to the reader when it is theirs, in their language', () => {
    locale.current = 'en';
    expect(routed({ to: 1, on_duty: true, class: 'Integrations' })).toBe(
      'To you: on duty for Integrations, the least busy of 2',
    );
    expect(routed({ to: 1, why: 'last' })).toBe('To you by the route “Почта”: helped this customer last');
  });

  it('has a sentence for each reason, and is silent about one that is not known yet', () => {
    for (const language of ['ru', 'en'] as const) {
      locale.current = language;
      const sentences = [
        ...['only', 'turn', 'load', 'last'].flatMap((why) => [
          routed({ why }),
          routed({ why, on_duty: true }),
          routed({ why, on_duty: true, class: 'X' }),
        ]),
        ...['nobody_there', 'no_skill', 'no_room', 'passed'].map((why) => said('ticket.not_routed', { why })),
        ...['not_picked_up', 'gone', 'switched_off'].map((why) =>
          said('ticket.routed_back', { why, from: 7 }),
        ),
      ];
      expect(sentences.filter((one) => !one || /[{}]/.test(one))).toEqual([]);
      expect(new Set(sentences).size).toBe(sentences.length);
    }
    expect(routed({ why: 'stars' })).toBeNull();
  });
});

describe('in the conversation', () => {
  const event = (id: number, kind: string, data: Record<string, unknown>, type = 'system') =>
    ({ id, kind, at: '2026-01-01T00:00:00Z', data, actor: { type, id: 7, name: null } }) as TicketEvent;
  const kinds = (events: TicketEvent[]) =>
    timeline(
      [],
      events,
      ({ kind }) => kind,
      () => false,
    ).flatMap((one) => (one.type === 'events' ? one.events.map(({ text }) => text) : []));

  it('the reason takes the place of the bare change that follows from it', () => {
    const given = event(1, 'ticket.routed', { to: 7 });
    expect(kinds([given, event(2, 'ticket.assigned', { to: 7 })])).toEqual(['ticket.routed']);
    const back = event(3, 'ticket.routed_back', { from: 7 });
    expect(kinds([back, event(4, 'ticket.assigned', { to: null })])).toEqual(['ticket.routed_back']);
  });

  it('a change that a person made, or to somebody else, is told', () => {
    const given = event(1, 'ticket.routed', { to: 7 });
    expect(kinds([given, event(2, 'ticket.assigned', { to: 7 }, 'agent')])).toHaveLength(2);
    expect(kinds([given, event(2, 'ticket.assigned', { to: 8 })])).toHaveLength(2);
    expect(kinds([event(1, 'ticket.class', { to: 7 }), event(2, 'ticket.assigned', { to: 7 })])).toHaveLength(
      2,
    );
  });
});

describe('the class of question', () => {
  it('is told by its name', () => {
    expect(plain(said('ticket.class', { from: null, to: 3 }))).toBe('Опора: класс вопроса теперь Интеграции');
    expect(said('ticket.class', { from: 3, to: null })).toBe('Опора: класс вопроса снят');
  });
});
