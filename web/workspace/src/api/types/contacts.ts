/** Customers: contacts, their organizations and own fields, merging two of them, bringing many in from a file. */
import type { Locale, Organization } from './base';
import type { Agreement } from './entitlement';

export type AddressKind = 'mail' | 'phone' | 'telegram' | 'whatsapp' | 'viber' | 'vk' | 'other';
export interface ContactAddress {
  kind: AddressKind;
  address: string;
  /** The mail address that answers go to. */
  main?: boolean;
}
export type FieldValue = string | number | boolean | null;
export type FieldValues = Record<string, FieldValue>;

export interface Contact {
  id: number;
  name: string;
  version: number;
  addresses: ContactAddress[];
  organization: Organization | null;
  location_id?: number | null;
  notes: string;
  fields: FieldValues;
  /** IANA name; empty when nobody knows. */
  time_zone: string;
  locale: Locale | '';
  ticket_count: number;
  flags: { kind: string; at: string; detail: string }[];
  created_at: string;
}
export interface ContactRow {
  id: number;
  name: string;
  address: string;
  phone?: string | null;
  organization: Organization | null;
  created_at?: string;
}
export interface ContactForm {
  name: string;
  /** All of them; the first mail is the main one. */
  addresses: { kind: AddressKind; address: string }[];
  /** Its name, one that is not there yet is made; empty for none. */
  organization: string;
  notes: string;
  /** Those left out stay, null empties one. */
  fields: Partial<FieldValues>;
  time_zone: string;
  locale: Locale | '';
}

export interface OrganizationRow extends Organization {
  contact_count: number;
  plan_id?: number | null;
  vip?: boolean;
  /** Steps of taking it in that should be done by now. */
  onboarding_overdue?: number;
}
export interface OrganizationCard extends Organization, Agreement {
  contact_count: number;
  notes: string;
  /** A new contact whose mail ends so belongs here. */
  domains: string[];
  fields: FieldValues;
  ticket_count: number;
  version: number;
  created_at: string;
}
export type OrganizationForm = Pick<OrganizationCard, 'name' | 'notes' | 'domains'> &
  Agreement &
  Pick<ContactForm, 'fields'>;

export type FieldsOf = 'contact' | 'organization';
export type FieldKind = 'text' | 'number' | 'date' | 'choice' | 'flag';
export interface Field {
  key: string;
  label: string;
  kind: FieldKind;
  choices: string[];
}

export interface MergePreview {
  contact: Contact;
  tickets: number;
  messages: number;
  differences: { field: string; kept: string; dropped: string }[];
}
export interface Merge {
  id: number;
  contact: Contact;
  undo_until: string;
}

/** What a column of a file becomes; null is left out. */
export type ColumnTarget = 'name' | 'organization' | 'notes' | AddressKind | `field:${string}` | null;
export type Mapping = Record<string, ColumnTarget>;
export interface ImportPreview {
  upload: string;
  columns: string[];
  sample: string[][];
  guess: Mapping;
  rows: number;
  encoding: string;
  delimiter: string;
}
export interface Import {
  id: number;
  state: 'running' | 'done' | 'cancelled' | 'failed';
  /** Why it failed; else empty. */
  failure: '' | 'forbidden' | 'importer_gone' | 'file_gone' | 'internal';
  total: number;
  created: number;
  updated: number;
  skipped: number;
  bad: number;
}
