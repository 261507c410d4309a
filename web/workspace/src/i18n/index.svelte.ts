/**
 * The words of the workspace in the reader's language. `t('list.new', { n: 3 })` picks the sentence and the plural form;
 * keys and parameters are typed from the English catalogue, and the Russian one must have the same keys, so a missing word fails the build.
 */
import type { Locale } from '../api/types';
import { en } from './en';
import type { calendars } from './en/calendars';
import type { customers } from './en/customers';
import type { entitlement } from './en/entitlement';
import type { keys } from './en/keys';
import type { oversight } from './en/oversight';
import type { roster } from './en/roster';
import type { routing } from './en/routing';
import type { sla } from './en/sla';
import type { wall } from './en/wall';
import { ru } from './ru';
import type { Like } from './sentence';

type Words = typeof en &
  typeof calendars &
  typeof customers &
  typeof entitlement &
  typeof keys &
  typeof oversight &
  typeof roster &
  typeof routing &
  typeof sla &
  typeof wall;
export type MessageKey = keyof Words;

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Texts<M> = M extends string ? M : M extends { other: infer Other } ? Other : never;
type Parameters<K extends MessageKey> = Names<Texts<Words[K]>>;
type Values<K extends MessageKey> = [Parameters<K>] extends [never]
  ? []
  : [values: Record<Parameters<K>, string | number>];

const catalogues: Record<Locale, Partial<Like<Words>>> = { en: { ...en }, ru: { ...ru } };
const rules: Record<Locale, Intl.PluralRules> = {
  en: new Intl.PluralRules('en'),
  ru: new Intl.PluralRules('ru'),
};

/** Words that only some screens need come with those screens, so that the first one does not wait for them. */
export function learn<Part extends Partial<Words>>(more: Part, russian: Like<Part>): void {
  Object.assign(catalogues.en, more);
  Object.assign(catalogues.ru, russian);
}

export const locale = $state<{ current: Locale }>({ current: preferred() });

function preferred(): Locale {
  const kept = globalThis.localStorage?.getItem('opora.locale');
  if (kept === 'ru' || kept === 'en') return kept;
  return (globalThis.navigator?.language ?? 'en').toLowerCase().startsWith('ru') ? 'ru' : 'en';
}

export function setLocale(next: Locale): void {
  locale.current = next;
  localStorage.setItem('opora.locale', next);
  document.documentElement.lang = next;
  // The installed app is called and begins in the reader's language.
  document
    .querySelector('link[rel=manifest]')
    ?.setAttribute('href', `/manifest${next === 'ru' ? '.ru' : ''}.webmanifest`);
}

/** The sentence for a key in one language; numbers are written the way that language writes them. */
export function sentence(
  language: Locale,
  key: MessageKey,
  values: Record<string, string | number> = {},
): string {
  const found = catalogues[language][key] ?? key;
  const text = typeof found === 'string' ? found : (found[rule(language, values.n)] ?? found.other);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? value.toLocaleString(language) : value;
  });
}

function rule(language: Locale, n: string | number | undefined): Intl.LDMLPluralRule {
  return rules[language].select(Number(n ?? 0));
}

export function t<K extends MessageKey>(key: K, ...values: Values<K>): string {
  return sentence(locale.current, key, values[0] ?? {});
}

/** For keys that come from the server (`views.mine`, error codes): the sentence, or undefined when we have none. */
export function lookUp(key: string, values: Record<string, string | number> = {}): string | undefined {
  return key in catalogues.en ? sentence(locale.current, key as MessageKey, values) : undefined;
}
