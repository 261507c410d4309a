/** The roster on the screen: which days, what is in them, and what to do about it. Follows the live socket. */
import { api } from '../api';
import type { CheckNow, Handover, Roster, RosterProblem, Shift } from '../api/types';
import { clock } from '../format/index.svelte';
import { zone } from '../format/zone.svelte';
import { live } from '../live/live.svelte';
import { session } from '../state/session.svelte';
import { dateOf, daysFrom, later, mondayOf } from './week';

export type Mode = 'week' | 'month';
export type Rows = 'classes' | 'people';

class RosterRoom {
  mode = $state<Mode>('week');
  rows = $state<Rows>('classes');
  /** The day that is looked at. */
  date = $state('');
  /** By whose clock: mine, or the department's; not chosen yet: mine when I have said where I am. */
  clockBy = $state<'mine' | 'house' | null>(null);
  data = $state.raw<Roster | null>(null);
  ahead = $state.raw<RosterProblem[]>([]);
  handovers = $state.raw<Handover[]>([]);
  checks = $state.raw<CheckNow[]>([]);
  failed = $state.raw<unknown>(null);
  private asked = 0;

  readonly byHouse = $derived(this.clockBy === 'house' || (this.clockBy === null && !session.me?.time_zone));
  readonly zone = $derived((this.byHouse && this.data?.rules.zone) || zone.current);
  readonly today = $derived(dateOf(clock.now, this.zone));
  readonly chosen = $derived(this.date || this.today);
  readonly monday = $derived(mondayOf(this.chosen));
  readonly days = $derived(daysFrom(this.first(), this.mode === 'week' ? 7 : 42, this.zone));
  readonly drafts = $derived(this.within(this.data?.shifts ?? []).filter((one) => one.state === 'draft'));
  readonly people = $derived(new Map(this.data?.people.map((one) => [one.id, one])));
  readonly classes = $derived(this.data?.classes.filter((one) => one.active) ?? []);
  readonly mayManage = $derived(session.may('roster.manage'));

  /** Where nobody is from now on; what is over cannot be mended. */
  readonly gaps = $derived(
    this.data?.problems.filter((one) => one.kind === 'gap' && Date.parse(one.until) > clock.now) ?? [],
  );

  private first(): string {
    return this.mode === 'week' ? this.monday : mondayOf(`${this.chosen.slice(0, 7)}-01`);
  }

  private within(shifts: Shift[]): Shift[] {
    const [from, until] = [this.days[0]?.from ?? 0, this.days.at(-1)?.until ?? 0];
    return shifts.filter((one) => Date.parse(one.ends_at) > from && Date.parse(one.starts_at) < until);
  }

  name(agent: number | null): string {
    return agent === null ? '' : (this.people.get(agent)?.name ?? `#${agent}`);
  }

  className(id: number | null): string {
    return this.data?.classes.find((one) => one.id === id)?.name ?? '';
  }

  shift(id: number): Shift | undefined {
    return this.data?.shifts.find((one) => one.id === id);
  }

  /** The days on the screen, with a week more on either side so that stepping shows something at once. */
  async load(): Promise<void> {
    const asked = ++this.asked;
    const from = new Date((this.days[0]?.from ?? 0) - 7 * 86_400_000).toISOString();
    const until = new Date((this.days.at(-1)?.until ?? 0) + 7 * 86_400_000).toISOString();
    try {
      const [data, ahead, handovers, checks] = await Promise.all([
        api.roster.show(from, until),
        api.roster.problems(),
        api.roster.handovers(),
        api.roster.checklist(),
      ]);
      if (asked !== this.asked) return;
      this.data = data;
      this.ahead = ahead.items;
      this.handovers = handovers.items;
      this.checks = checks.items;
      this.failed = null;
    } catch (error) {
      if (asked === this.asked) this.failed = error;
    }
  }

  follow(): () => void {
    const again = () => void this.load();
    const stops = [live.on('roster_changed', again), live.onResume(again)];
    return () => stops.forEach((stop) => stop());
  }

  step(by: 1 | -1): string {
    if (this.mode === 'week') return later(this.chosen, 7 * by);
    return later(`${this.chosen.slice(0, 7)}-15`, 30 * by);
  }
}

export const room = new RosterRoom();
