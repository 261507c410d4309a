/** Time zones to choose from. */
import { knownZone } from '../later/zoned';

export function zoneNames(): string[] {
  const names = Intl.supportedValuesOf('timeZone');
  return names.includes('UTC') ? names : ['UTC', ...names];
}

/** Written in any case, with spaces: "europe/moscow", "new york"; undefined when there is no such zone. */
export function readZone(text: string): string | undefined {
  const wanted = text.trim().toLowerCase().replaceAll(' ', '_');
  if (wanted === '') return '';
  const found = zoneNames().find(
    (name) => name.toLowerCase() === wanted || name.toLowerCase().endsWith(`/${wanted}`),
  );
  return found ?? (wanted.includes('/') && knownZone(text.trim()) ? text.trim() : undefined);
}
