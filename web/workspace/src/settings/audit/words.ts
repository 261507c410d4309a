/** How an entry of the audit log is read out: nouns, verbs, names of fields, values. */
import { locale, lookUp, t } from '../../i18n/index.svelte';
import { length } from '../../sla/words';
import { directory } from '../../state/directory.svelte';

export const auditNouns = [
  'inbox',
  'team',
  'agent',
  'role',
  'brand',
  'plan',
  'organization',
  'authorised_contact',
  'template',
  'view',
  'calendar',
  'question_class',
  'rotation',
  'roster',
  'sla_policy',
  'route',
  'work',
  'fields',
] as const;

/** `inbox.changed`: what happened, without the noun. */
export function verbOf(kind: string): string {
  const verb = kind.split('.').at(-1) ?? kind;
  return lookUp(`audit.verb.${verb}`) ?? verb;
}

export const nounOf = (noun: string): string => lookUp(`audit.noun.${noun}`) ?? noun;

/** A field of one noun may be called otherwise than the same field of others. */
export function fieldName(path: string, noun = ''): string {
  const own = lookUp(`audit.field.${noun}.${path}`);
  if (own) return own;
  const [, metric, priority] = /^targets\.(\w+)\.(\w+)$/.exec(path) ?? [];
  if (metric && priority) {
    return t('audit.target', {
      metric: lookUp(`sla.metric.${metric}`) ?? metric,
      priority: lookUp(`priority.${priority}`) ?? priority,
    });
  }
  const known = lookUp(`audit.field.${path}`) ?? lookUp(`field.${path}`);
  if (known) return known;
  const [first = '', ...rest] = path.split('.');
  const parent = lookUp(`audit.field.${first}`) ?? lookUp(`field.${first}`);
  return parent && rest.length > 0 ? t('audit.part', { whole: parent, part: rest.join('.') }) : path;
}

/** A single value; numbers that stand for somebody or something become names. */
export function valueText(path: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return t('audit.nothing');
  if (typeof value === 'boolean') return value ? t('audit.yes') : t('audit.no');
  if (typeof value === 'number' && path.startsWith('targets.')) return length(value, locale.current);
  if (typeof value === 'number') return nameOf(path, value) ?? String(value);
  if (typeof value === 'string') {
    if (path === 'permissions') return lookUp(`permission.${value}`) ?? value;
    if (path === 'pauses') return lookUp(`status.${value}`) ?? value;
    if (path === 'escalation.priority') return lookUp(`priority.${value}`) ?? value;
    if (path === 'entitlement') return lookUp(`entitlement.${value}`) ?? value;
    if (path === 'locale') return lookUp(`language.${value}`) ?? value;
    return value;
  }
  if (Array.isArray(value)) return value.map((one) => valueText(path, one)).join(', ');
  return JSON.stringify(value);
}

function nameOf(path: string, id: number): string | undefined {
  const last = (path.split('.').at(-1) ?? path).replace(/_ids?$/, '');
  if (last === 'team') return directory.teams.find((one) => one.id === id)?.name;
  if (last === 'brand') return directory.brands.find((one) => one.id === id)?.name;
  if (last === 'inbox') return directory.inboxes.find((one) => one.id === id)?.name;
  if (last === 'role') {
    const role = directory.roles.find((one) => one.id === id);
    return role && (lookUp(`role.${role.key}`) ?? role.name);
  }
  if (['agent', 'member', 'assignee', 'owner', 'account_manager'].includes(last))
    return directory.agent(id)?.name;
  return undefined;
}
