/** Names of views, columns and groupings in the reader's language. */
import type { Column, Group, View } from '../api/types';
import { lookUp } from '../i18n/index.svelte';

export const columns: Column[] = [
  'number',
  'requester',
  'organization',
  'subject',
  'preview',
  'status',
  'priority',
  'assignee',
  'team',
  'inbox',
  'tags',
  'waiting',
  'sla',
  'updated',
  'created',
];
export const groups: Group[] = [
  'none',
  'status',
  'priority',
  'assignee',
  'team',
  'inbox',
  'organization',
  'day',
];

export function viewName(view: View): string {
  return view.name ?? (view.name_key ? lookUp(view.name_key) : undefined) ?? view.key;
}
