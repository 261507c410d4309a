import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { arriving, leaving, pausing, Presence, type Doing, type Person } from './presence';

const person = (agent_id: number, state: Doing = 'viewing'): Person => ({
  agent_id,
  name: `P${agent_id}`,
  state,
});

/** What was shown, one line for every time the screen changed. */
function screen() {
  const lines: string[] = [];
  const presence = new Presence((people) =>
    lines.push(people.map(({ name, state }) => `${name} ${state}`).join(', ') || 'nobody'),
  );
  return { lines, presence };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('who is at a ticket', () => {
  it('is known at once when it is opened', () => {
    const { lines, presence } = screen();
    presence.hear([person(1), person(2, 'typing')]);
    expect(lines).toEqual(['P1 viewing, P2 typing']);
  });

  it('does not blink when somebody leaves and is back within seconds', () => {
    const { lines, presence } = screen();
    presence.hear([person(1)]);
    for (let times = 0; times < 5; times++) {
      presence.hear([]);
      vi.advanceTimersByTime(leaving - 100);
      presence.hear([person(1)]);
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual(['P1 viewing']);
  });

  it('shows nobody any more when they stay away, however often that is told', () => {
    const { lines, presence } = screen();
    presence.hear([person(1)]);
    presence.hear([]);
    vi.advanceTimersByTime(leaving - 1);
    presence.hear([]);
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(lines).toEqual(['P1 viewing', 'nobody']);
  });

  it('leaves out who only walks through the list', () => {
    const { lines, presence } = screen();
    presence.hear([]);
    presence.hear([person(1)]);
    vi.advanceTimersByTime(arriving - 1);
    presence.hear([]);
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual([]);
  });

  it('shows who came to stay, also when the news is told again meanwhile', () => {
    const { lines, presence } = screen();
    presence.hear([]);
    presence.hear([person(1)]);
    vi.advanceTimersByTime(arriving - 1);
    presence.hear([person(1)]);
    vi.advanceTimersByTime(1);
    expect(lines).toEqual(['P1 viewing']);
  });

  it('says "typing" at once and through the pauses between words', () => {
    const { lines, presence } = screen();
    presence.hear([person(1)]);
    presence.hear([person(1, 'typing')]);
    for (let words = 0; words < 4; words++) {
      presence.hear([person(1)]);
      vi.advanceTimersByTime(pausing - 1);
      presence.hear([person(1, 'typing')]);
    }
    expect(lines).toEqual(['P1 viewing', 'P1 typing']);
    presence.hear([person(1)]);
    vi.advanceTimersByTime(pausing);
    expect(lines).toEqual(['P1 viewing', 'P1 typing', 'P1 viewing']);
  });

  it('survives a break of the connection', () => {
    const { lines, presence } = screen();
    presence.hear([person(1), person(2)]);
    presence.lose();
    vi.advanceTimersByTime(1_500);
    presence.hear([person(1), person(2)]);
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual(['P1 viewing, P2 viewing']);
  });

  it('tells nothing after it was stopped', () => {
    const { lines, presence } = screen();
    presence.hear([person(1)]);
    presence.hear([]);
    presence.stop();
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual(['P1 viewing']);
  });
});
