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
}

export const blankOrganization: OrganizationDraft = { name: '', notes: '', domains: '', fields: {} };

export function organizationDraft(card: OrganizationCard): OrganizationDraft {
  return { name: card.name, notes: card.notes, domains: card.domains.join(', '), fields: { ...card.fields } };
}

export function organizationForm(
  draft: Partial<OrganizationDraft>,
  before: FieldValues = {},
): Partial<OrganizationForm> {
  const { domains, name, fields, ...rest } = draft;
  return {
    ...rest,
    ...(name !== undefined && { name: name.trim() }),
    ...(fields && { fields: changesIn(before, fields) }),
    ...(domains !== undefined && { domains: readDomains(domains) }),
  };
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
