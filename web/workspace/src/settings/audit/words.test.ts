import { expect, test } from 'vitest';
import { en } from '../../i18n/en';
import { oversight } from '../../i18n/en/oversight';
import '../../i18n/oversight';
import { fieldName, valueText } from './words';

/** The fields the server writes into the log: of an inbox, an agent, a role, a view, a template, a calendar and the own fields. */
const recorded = [
  'name address aliases brand_id team_id signature_html locale smtp imap dkim plus_address state created_at',
  'smtp_password imap_password dkim_private_key email number role_id team_ids active joined member_ids',
  'week days',
  'key permissions preset query sort columns group section shortcut body_html status tags items id',
].flatMap((line) => line.split(' '));

test('every field of the audit log is called by a word and not by its key', () => {
  const words: Record<string, unknown> = { ...en, ...oversight };
  const nameless = recorded.filter((key) => !words[`audit.field.${key}`] && !words[`field.${key}`]);
  expect(nameless).toEqual([]);
});

test('what a policy of deadlines promises is told in words, and its fields by their own names', () => {
  expect(fieldName('targets.first_response.urgent', 'sla_policy')).toBe('First answer, priority Urgent');
  expect(valueText('targets.first_response.urgent', 9_600)).toBe('2 h 40 min');
  expect(fieldName('active', 'sla_policy')).not.toBe(fieldName('active', 'agent'));
});
