import { describe, expect, it } from 'vitest';
import '../i18n/entitlement';
import { setLocale } from '../i18n/index.svelte';
import { readModules } from '../customers/drafts';
import { dayOf, minutes } from './words';

describe('what is agreed', () => {
  it('says minutes as hours, and debts with a sign', () => {
    setLocale('en');
    expect([0, 45, 60, 150, -90].map(minutes)).toEqual([
      '0 min',
      '45 min',
      '1 h',
      '2 h 30 min',
      '−1 h 30 min',
    ]);
  });

  it('says a day as it was written, wherever its reader is', () => {
    setLocale('en');
    expect(dayOf('2026-12-31')).toBe('31 Dec 2026');
    expect(dayOf('sometime')).toBe('sometime');
  });

  it('lets a module have a name of several words', () => {
    expect(readModules(' Cash desk, CRM;; Stock \n')).toEqual(['Cash desk', 'CRM', 'Stock']);
  });
});
