/** How far a clock has come, now: by what the server told a while ago. Pure. */
import type { TicketClock } from '../api/types';
import { staysFor, staysUp, whole } from './words';

export type Course = 'calm' | 'late' | 'still' | 'kept' | 'missed';
export interface Measure {
  course: Course;
  /** Seconds of the policy's hours, cut as a chip would show them; may be more than the target. */
  spent: number;
  /** From 0 to 1. */
  part: number;
  changes: number;
}

/** `asOf`: when the server told it. In working hours time passes only as the server says. */
export function measure(clock: TicketClock, asOf: number, now: number): Measure {
  const { state, target_seconds: target, breached_at, working_hours } = clock;
  const runs = state === 'running';
  const passed = runs && !working_hours ? Math.max(0, now - asOf) : 0;
  const ms = clock.spent_seconds * 1000 + passed;
  const due = runs && clock.due_at ? Date.parse(clock.due_at) : Infinity;
  const late = breached_at !== null || due <= now;
  const course = state === 'over' ? (late ? 'missed' : 'kept') : late ? 'late' : runs ? 'calm' : 'still';
  const turns = runs && due > now ? [due] : [];
  const steps =
    runs && !working_hours ? [now + Math.min(staysUp(ms), staysFor(Math.abs(target * 1000 - ms)))] : [];
  return {
    course,
    spent: whole(ms),
    part: target > 0 ? Math.min(1, ms / 1000 / target) : 1,
    changes: Math.min(...turns, ...steps, Infinity),
  };
}
