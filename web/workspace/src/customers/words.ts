/** How customers and what is known about them is said. */
import type { AddressKind, Field, FieldValue } from '../api/types';
import type { IconName } from '@opora/ui';
import { locale, lookUp, t } from '../i18n/index.svelte';
import { directory } from '../state/directory.svelte';

export const kindIcon: Record<AddressKind, IconName> = {
  mail: 'mail',
  phone: 'phone',
  telegram: 'send',
  whatsapp: 'chat',
  viber: 'chat',
  vk: 'at',
  other: 'link',
};

/** A link that reaches the customer there, where the device knows one. */
export function linkTo(kind: AddressKind, address: string): string | undefined {
  if (kind === 'mail') return `mailto:${address}`;
  if (kind === 'phone') return `tel:${address.replace(/[^\d+]/g, '')}`;
  if (kind === 'telegram' && /^@?[a-z]\w+$/i.test(address)) return `https://t.me/${address.replace('@', '')}`;
  if (kind === 'vk' && /^[a-z0-9_.]+$/i.test(address)) return `https://vk.com/${address}`;
  return undefined;
}

/** What a field of ours holds, in words. */
export function fieldText(field: Field | undefined, value: FieldValue | undefined): string {
  if (value === null || value === undefined || value === '') return t('contacts.nothing');
  if (typeof value === 'boolean') return value ? t('contacts.yes') : t('contacts.no');
  if (typeof value === 'number') return value.toLocaleString(locale.current);
  if (field?.kind === 'date') {
    const date = new Date(`${value}T12:00:00`);
    if (!Number.isNaN(date.getTime()))
      return date.toLocaleDateString(locale.current === 'en' ? 'en-GB' : 'ru', { dateStyle: 'medium' });
  }
  return value;
}

/** Any part of a card as text, to put two versions of it beside each other. */
export function draftText(key: string, value: unknown, fields: Field[]): string {
  if (value === null || value === undefined || value === '') return t('contacts.nothing');
  if (Array.isArray(value)) {
    const texts = value.map((one: unknown) =>
      isRecord(one) ? String(one.address ?? one.name) : String(one),
    );
    return texts.join(', ') || t('contacts.nothing');
  }
  if (key === 'account_manager_id' && typeof value === 'number') return directory.agentName(value);
  if (key === 'brand_id') return directory.brands.find((one) => one.id === value)?.name ?? String(value);
  if (key === 'vip') return value ? t('contacts.yes') : t('contacts.no');
  if (key === 'stranger_policy') return lookUp(`policy.${String(value)}`) ?? String(value);
  if (key === 'locale' && (value === 'ru' || value === 'en')) return t(`language.${value}`);
  if (isRecord(value)) {
    if (typeof value.name === 'string') return value.name;
    return Object.entries(value)
      .filter(([, one]) => one !== null && one !== '')
      .map(([name, one]) => {
        const field = fields.find((known) => known.key === name);
        return t('contacts.pair', { name: field?.label ?? name, value: fieldText(field, one as FieldValue) });
      })
      .join('\n');
  }
  return String(value);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
