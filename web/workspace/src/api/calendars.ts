/** The verbs of calendars. */
import { http } from './client';
import type * as T from './types';

interface Laying {
  spec: T.CalendarSpec;
  file?: string;
  preset?: string;
  year?: number;
  locale: T.Locale;
}

export const calendars = {
  list: () => http.get<T.Items<T.Calendar>>('/calendars'),
  add: (body: { name: string; spec: T.CalendarSpec }) => http.post<T.Calendar>('/calendars', body),
  change: (id: number, body: { version: number; name: string; spec: T.CalendarSpec }) =>
    http.patch<T.Calendar>(`/calendars/${id}`, body),
  remove: (id: number) => http.delete(`/calendars/${id}`),
  presets: () => http.get<T.Items<T.CalendarPreset>>('/calendars/presets'),
  /** What it would mean; saves nothing. */
  preview: (spec: T.CalendarSpec, days: number) =>
    http.post<T.CalendarPreview>('/calendars/preview', { spec, days }, { quiet: true }),
  /** The calendar with days from a file or a preset, and what that changes; saves nothing. */
  layIn: (body: Laying) => http.post<T.LoadedDays>('/calendars/days', body),
};
