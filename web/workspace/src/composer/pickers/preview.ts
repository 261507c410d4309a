/** A template's HTML made fit to be looked at: structure only, its open variables marked and named. */
import { lookUp } from '../../i18n/index.svelte';
import { clean } from '../paste/clean';
import { asWritten, variables } from '../variables';

export function preview(html: string): string {
  return clean(asWritten(html)).replace(/\{\{\s*([a-z_.]+)\s*\}\}/g, (whole, name: string) =>
    (variables as readonly string[]).includes(name)
      ? `<mark>${lookUp(`variable.${name}`) ?? name}</mark>`
      : whole,
  );
}
