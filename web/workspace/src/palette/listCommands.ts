/** What the palette can do with the list: with what is chosen in it, with the whole view, with how it looks. */
import { t } from '../i18n/index.svelte';
import { hint } from '../keys/keyboard.svelte';
import { list } from '../list/list.svelte';
import { look } from '../list/look.svelte';
import { selection } from '../list/selection.svelte';
import { asking } from '../mass/asking.svelte';
import { massDeeds } from '../mass/deeds';
import { onlyWords } from '../search/filters';
import { directory } from '../state/directory.svelte';
import { router } from '../state/router.svelte';
import { views } from '../state/views.svelte';
import { dialogs } from '../views/dialogs.svelte';
import type { Command } from './commands';

export function chosenCommands(): Command[] {
  if (!selection.any) return [];
  const n = selection.count;
  return [
    ...massDeeds().map(({ id, icon, label, hint, run }): Command => ({
      id: `mass-${id}`,
      icon,
      label: t('mass.for_chosen', { n, what: label }),
      hint,
      run,
    })),
    {
      id: 'mass-clear',
      icon: 'x',
      label: t('select.clear'),
      hint: hint('escape'),
      run: () => selection.clear(),
    },
  ];
}

/** Tags to give to or take from all that are chosen. */
export function chosenTagCommands(words: string): Command[] {
  const known = directory.tags.map((tag) => tag.name);
  const fresh = words.trim().replace(/\s+/g, '-');
  const add = (tag: string): Command => ({
    id: `add${tag}`,
    icon: 'plus',
    label: t('mass.add_tag', { tag }),
    run: () => asking.ask({ add_tags: [tag] }),
  });
  return [
    ...known.flatMap((tag): Command[] => [
      add(tag),
      {
        id: `drop${tag}`,
        icon: 'minus',
        label: t('mass.remove_tag', { tag }),
        run: () => asking.ask({ remove_tags: [tag] }),
      },
    ]),
    ...(fresh && !known.includes(fresh) ? [{ ...add(fresh), ofWords: true }] : []),
  ];
}

export function listCommands(): Command[] {
  const { current } = router;
  if (current.screen !== 'view' && (current.screen !== 'search' || onlyWords(current.q))) return [];
  const view = current.screen === 'view' ? views.find(current.key) : undefined;
  const compact = look.density === 'compact';
  return [
    {
      id: 'select-all',
      icon: 'checks',
      label: t('select.all', { n: list.model.total }),
      hint: hint('select_all'),
      run: () => selection.takeAll(),
    },
    {
      id: 'filter',
      icon: 'filter',
      label: t('filter.title'),
      hint: hint('filter'),
      run: () => (dialogs.filter = list.query),
    },
    {
      id: 'save-view',
      icon: 'star',
      label: t('view.save_as'),
      run: () => dialogs.saveAs(list.query, view?.sort ?? 'updated'),
    },
    ...(view?.editable
      ? [
          {
            id: 'edit-view',
            icon: 'pencil' as const,
            label: t('view.edit_this'),
            run: () => dialogs.edit(view),
          },
        ]
      : []),
    { id: 'arrange', icon: 'sort', label: t('view.arrange'), run: () => (dialogs.arranging = true) },
    {
      id: 'density',
      icon: 'list',
      label: compact ? t('look.roomy') : t('look.compact'),
      hint: hint('density'),
      run: () => look.setDensity(compact ? 'roomy' : 'compact'),
    },
    {
      id: 'hover',
      icon: look.hover ? 'eyeoff' : 'eye',
      label: look.hover ? t('look.hover_off') : t('look.hover_on'),
      run: () => look.setHover(!look.hover),
    },
  ];
}
