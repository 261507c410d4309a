import { describe, expect, it } from 'vitest';
import './calendars';
import './customers';
import './entitlement';
import './keys';
import './oversight';
import './roster';
import './routing';
import './sla';
import './wall';
import { en as early } from './en';
import { calendars } from './en/calendars';
import { customers } from './en/customers';
import { entitlement } from './en/entitlement';
import { keys as keyWords } from './en/keys';
import { oversight } from './en/oversight';
import { roster } from './en/roster';
import { routing } from './en/routing';
import { sla } from './en/sla';
import { wall } from './en/wall';
import { sentence, type MessageKey } from './index.svelte';
import { ru as earlyRussian } from './ru';
import { calendars as russianCalendars } from './ru/calendars';
import { customers as russianCustomers } from './ru/customers';
import { entitlement as russianEntitlement } from './ru/entitlement';
import { keys as russianKeys } from './ru/keys';
import { oversight as russianOversight } from './ru/oversight';
import { roster as russianRoster } from './ru/roster';
import { routing as russianRouting } from './ru/routing';
import { sla as russianSla } from './ru/sla';
import { wall as russianWall } from './ru/wall';

const en = {
  ...early,
  ...calendars,
  ...customers,
  ...entitlement,
  ...keyWords,
  ...oversight,
  ...roster,
  ...routing,
  ...sla,
  ...wall,
};
const ru = {
  ...earlyRussian,
  ...russianCalendars,
  ...russianCustomers,
  ...russianEntitlement,
  ...russianKeys,
  ...russianOversight,
  ...russianRoster,
  ...russianRouting,
  ...russianSla,
  ...russianWall,
};

const keys = Object.keys(en) as MessageKey[];
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
const forms = (found: string | Record<string, string>) =>
  typeof found === 'string' ? [found] : Object.values(found);

describe('the catalogues', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(ru).sort()).toEqual([...keys].sort());
  });

  it('use the same placeholders in every form of every sentence', () => {
    for (const key of keys) {
      const wanted = placeholders(forms(en[key] as never).join(' '));
      expect(placeholders(forms(ru[key] as never).join(' ')), key).toEqual(wanted);
    }
  });

  it('have all Russian plural forms wherever English counts', () => {
    for (const key of keys) {
      if (typeof en[key] === 'string') continue;
      expect(Object.keys(ru[key] as object).sort(), key).toEqual(['few', 'many', 'one', 'other']);
    }
  });

  it('leave no Russian sentence in English and no English word list untranslated', () => {
    for (const key of keys) {
      for (const form of forms(en[key] as never)) expect(form, key).not.toMatch(/[а-яё]/i);
    }
    const same = keys.filter(
      (key) => typeof en[key] === 'string' && en[key] === ru[key] && /[a-z]{4}/i.test(en[key] as string),
    );
    expect(same.filter((key) => !/^\W*(\{\w+\}\W*)+$/.test(en[key] as string))).toEqual([]);
  });

  it('put the numbers 1, 2, 5, 11, 21 and 1204 into the right Russian form', () => {
    const say = (n: number) => sentence('ru', 'list.total', { n }).replace(/\s/g, ' ');
    expect([1, 2, 5, 11, 21, 1204].map(say)).toEqual([
      '1 обращение',
      '2 обращения',
      '5 обращений',
      '11 обращений',
      '21 обращение',
      '1 204 обращения',
    ]);
  });

  it('put one and many into the right English form', () => {
    expect(sentence('en', 'list.total', { n: 1 })).toBe('1 ticket');
    expect(sentence('en', 'list.total', { n: 1204 })).toBe('1,204 tickets');
  });

  it('leave an unknown placeholder visible instead of printing nothing', () => {
    expect(sentence('en', 'error.not_saved', {})).toContain('{reason}');
  });
});
