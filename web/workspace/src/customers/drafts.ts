/** What of a card can be typed, taken out of the card, and the way back to what the server wants. */
import type {
  Contact,
  ContactAddress,
  ContactForm,
  FieldValues,
  Locale,
  Organization,
  OrganizationCard,
  OrganizationForm,
  OrganizationKey,
  StrangerPolicy,
} from '../api/types';
import { changesIn } from './editing';
import { cleanAddress } from './addresses';
import { readZone } from './zones';

export interface ContactDraft {
  name: string;
  addresses: ContactAddress[];
  organization: Organization | null;
  notes: string;
  fields: FieldValues;
  time_zone: string;
  locale: Locale | '';
}

export const blankContact: ContactDraft = {
  name: '',
  addresses: [],
  organization: null,
  notes: '',
  fields: {},
  time_zone: '',
  locale: '',
};

export function contactDraft(contact: Contact): ContactDraft {
  const organization = contact.organization && {
    id: contact.organization.id,
    name: contact.organization.name,
  };
  return {
    name: contact.name,
    addresses: contact.addresses.map(({ kind, address }) => ({ kind, address })),
    organization,
    notes: contact.notes,
    fields: { ...contact.fields },
    time_zone: contact.time_zone,
    locale: contact.locale,
  };
}

/** `before` is what the fields were: only those that differ are sent, for the server knows nothing of a field that is gone. */
export function contactForm(draft: Partial<ContactDraft>, before: FieldValues = {}): Partial<ContactForm> {
  const { addresses, organization, time_zone, name, fields, ...rest } = draft;
  return {
    ...rest,
    ...(name !== undefined && { name: name.trim() }),
    ...(addresses && {
      addresses: addresses.map(({ kind, address }) => ({ kind, address: cleanAddress(kind, address) })),
    }),
    ...(organization !== undefined && { organization: organization?.name ?? '' }),
    ...(fields && { fields: changesIn(before, fields) }),
    ...(time_zone !== undefined && { time_zone: readZone(time_zone) ?? time_zone }),
  };
}

export interface OrganizationDraft {
  name: string;
  notes: string;
  /** As typed, apart by spaces or commas. */
  domains: string;
  fields: FieldValues;
  brand_id: number | null;
  plan_id: number | null;
  account_manager_id: number | null;
  vip: boolean;
  /** As typed, apart by commas. */
  modules: string;
  keys: OrganizationKey[];
  /** Days as the browser writes them; empty when open. */
  contract_since: string;
  contract_until: string;
  stranger_policy: StrangerPolicy | '';
}

export type NewOrganization = Pick<OrganizationDraft, 'name' | 'notes' | 'domains' | 'fields'>;
export const blankOrganization: NewOrganization = { name: '', notes: '', domains: '', fields: {} };

export function organizationDraft(card: OrganizationCard): OrganizationDraft {
  return {
    name: card.name,
    notes: card.notes,
    domains: card.domains.join(', '),
    fields: { ...card.fields },
    brand_id: card.brand_id,
    plan_id: card.plan_id,
    account_manager_id: card.account_manager_id,
    vip: card.vip,
    modules: (card.modules ?? []).join(', '),
    keys: (card.keys ?? []).map((key) => ({ ...key })),
    contract_since: card.contract_since ?? '',
    contract_until: card.contract_until ?? '',
    stranger_policy: card.stranger_policy ?? '',
  };
}

export function organizationForm(
  draft: Partial<OrganizationDraft>,
  before: FieldValues = {},
): Partial<OrganizationForm> {
  const { domains, name, fields, modules, keys, contract_since, contract_until, stranger_policy, ...rest } =
    draft;
  return {
    ...rest,
    ...(name !== undefined && { name: name.trim() }),
    ...(modules !== undefined && { modules: readModules(modules) }),
    ...(keys && { keys: keys.filter((key) => key.name.trim() || key.value.trim()) }),
    ...(contract_since !== undefined && { contract_since: contract_since || null }),
    ...(contract_until !== undefined && { contract_until: contract_until || null }),
    ...(stranger_policy !== undefined && { stranger_policy: stranger_policy || null }),
    ...(fields && { fields: changesIn(before, fields) }),
    ...(domains !== undefined && { domains: readDomains(domains) }),
  };
}

/** Names of modules may hold spaces. */
export function readModules(text: string): string[] {
  return text
    .split(/[,;\n]+/)
    .map((one) => one.trim())
    .filter(Boolean);
}

/** `@acme.example, https://acme.example/` and the like. */
export function readDomains(text: string): string[] {
  const found = text
    .split(/[\s,;]+/)
    .map((one) =>
      one
        .replace(/^https?:\/\//i, '')
        .replace(/^.*@/, '')
        .replace(/\/.*$/, '')
        .toLowerCase(),
    )
    .filter(Boolean);
  return [...new Set(found)];
}

/** The first word that cannot be the domain of an address. */
export function wrongDomain(text: string): string | undefined {
  return readDomains(text).find((domain) => !/^[^\s.@]+(\.[^\s.@]+)+$/.test(domain));
}
