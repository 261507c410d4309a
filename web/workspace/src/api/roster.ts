/** The verbs of the roster. */
import { http, query } from './client';
import type * as T from './types';

export const roster = {
  show: (from: string, until: string, signal?: AbortSignal) =>
    http.get<T.Roster>(`/roster${query({ from, until })}`, signal ? { signal } : {}),
  onDuty: () => http.get<T.OnDuty>('/roster/on-duty', { quiet: true }),
  problems: (days = 28) => http.get<T.Items<T.RosterProblem>>(`/roster/problems${query({ days })}`),
  putRules: (rules: T.RosterRules) => http.put<T.RosterRules>('/roster/rules', rules),
  addClass: (form: Partial<T.QuestionClass>) => http.post<T.QuestionClass>('/question-classes', form),
  changeClass: (id: number, form: Partial<T.QuestionClass>) =>
    http.patch<T.QuestionClass>(`/question-classes/${id}`, form),
  addShift: (form: T.ShiftForm, key: string) =>
    http.post<{ shift: T.Shift; warnings: T.RosterProblem[] }>('/roster/shifts', form, { key }),
  changeShift: (id: number, form: T.ShiftForm) =>
    http.patch<{ shift: T.Shift; warnings: T.RosterProblem[] }>(`/roster/shifts/${id}`, form),
  removeShift: (id: number) => http.delete(`/roster/shifts/${id}`),
  publish: (from: string, until: string) =>
    http.post<{ published: number; told: number[] }>('/roster/publish', { from, until }),
  copyWeek: (from: string, to: string, zone: string) =>
    http.post<{ made: number; kept: number; left_out: { shift_id: number; reason: string }[] }>(
      '/roster/copy-week',
      { from, to, zone },
    ),
  addAbsence: (form: {
    agent_id: number;
    kind: T.AbsenceKind;
    first_day: string;
    last_day: string;
    note: string;
  }) => http.post<T.Absence>('/roster/absences', form),
  removeAbsence: (id: number) => http.delete(`/roster/absences/${id}`),
  rotations: () => http.get<T.Items<T.Rotation>>('/roster/rotations'),
  addRotation: (form: Omit<T.Rotation, 'id'>) => http.post<T.Rotation>('/roster/rotations', form),
  changeRotation: (id: number, form: Omit<T.Rotation, 'id'>) =>
    http.put<T.Rotation>(`/roster/rotations/${id}`, form),
  spread: (id: number, from: string, until: string) =>
    http.post<{ made: number; kept: number; empty: { from: string; until: string }[] }>(
      `/roster/rotations/${id}/spread`,
      { from, until },
    ),
  ask: (form: {
    shift_id: number;
    other_shift_id?: number | null;
    to_agent_id?: number | null;
    note: string;
  }) => http.post<T.RosterRequest>('/roster/requests', form),
  answer: (id: number, accept: boolean) =>
    http.post<{ request: T.RosterRequest; warnings: T.RosterProblem[] }>(`/roster/requests/${id}/answer`, {
      accept,
    }),
  withdraw: (id: number) => http.delete(`/roster/requests/${id}`),
  handovers: () => http.get<T.Items<T.Handover>>('/roster/handovers'),
  matters: () => http.get<T.Items<T.OpenMatter>>('/roster/handovers/draft'),
  handOver: (form: { class_id: number | null; text: string }) =>
    http.post<T.Handover>('/roster/handovers', form),
  readHandover: (id: number) => http.put<void>(`/roster/handovers/${id}/read`, {}),
  checklist: () => http.get<T.Items<T.CheckNow>>('/roster/checklist'),
  checks: () => http.get<T.Items<T.RoutineCheck>>('/roster/checks'),
  putChecks: (items: T.RoutineCheck[]) => http.put<T.Items<T.RoutineCheck>>('/roster/checks', { items }),
  tick: (id: number, occasion: string, done: boolean) =>
    http.put<T.Items<T.CheckNow>>(`/roster/checklist/${id}`, { occasion, done }),
  feed: () => http.get<T.CalendarFeed>('/me/calendar'),
  makeFeed: () => http.post<T.CalendarFeed>('/me/calendar'),
  revokeFeed: () => http.delete('/me/calendar'),
};
