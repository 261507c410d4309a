/** Times in the reader's language, following the clock: what `format/time.ts` says, bound to now. */
import { locale } from '../i18n/index.svelte';
import { knownZone } from '../later/zoned';
import * as time from './time';
import { zone } from './zone.svelte';

export const clock = $state({ now: Date.now() });
setInterval(() => (clock.now = Date.now()), 20_000);

export const ago = (iso: string) =>
  time.ago(iso, Math.max(clock.now, Date.parse(iso)), locale.current, zone.current);
export const moment = (iso: string) => time.moment(iso, clock.now, locale.current, zone.current);
export const relative = (iso: string) =>
  time.relative(iso, Math.max(clock.now, Date.parse(iso)), locale.current, zone.current);
export const day = (iso: string) => time.calendarDay(iso, clock.now, locale.current, zone.current);
export const span = (ms: number) => time.span(ms, locale.current);
export const fullTime = (iso: string) => time.fullTime(iso, locale.current, zone.current);
/** The hour alone: of something that began a little while ago. */
export const clockAt = (iso: string) => time.clockTime(iso, locale.current, zone.current);
export const ahead = (iso: string) => time.ahead(iso, locale.current, zone.current);
/** The clock on somebody else's wall, now; nothing when their zone is a word we do not know. */
export const timeThere = (there: string) =>
  knownZone(there) ? time.clockTime(new Date(clock.now).toISOString(), locale.current, there) : '';
/** "Asia/Ho_Chi_Minh" as a person says it. */
export const zonePlace = (name: string) => (name.split('/').at(-1) ?? name).replaceAll('_', ' ');
export const fileSize = (bytes: number) => time.fileSize(bytes, locale.current);
export const number = (value: number) => value.toLocaleString(locale.current);
