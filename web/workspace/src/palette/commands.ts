/** Everything the palette can do, as a flat list that is filtered by words. */
import type { IconName } from '@opora/ui';
import {
  assignToMe,
  copyLink,
  copyNumber,
  forwardLast,
  solveAndNext,
  toggleFollowing,
  wake,
} from '../conversation/commands';
import { openTicket } from '../conversation/ticket.svelte';
import { priorities, priorityName, statuses, statusName } from '../conversation/words';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import '../i18n/keys';
import { perform, possible } from '../keys/actions.svelte';
import { hint } from '../keys/keyboard.svelte';
import { selection } from '../list/selection.svelte';
import { apply } from '../mass/asking.svelte';
import { takeNext } from '../shell/next.svelte';
import { panes, type PaletteMode } from '../shell/panes.svelte';
import { directory } from '../state/directory.svelte';
import { settingsSections } from '../state/routes';
import { router } from '../state/router.svelte';
import { session } from '../state/session.svelte';
import { toasts } from '../state/toasts.svelte';
import { views } from '../state/views.svelte';
import { viewName } from '../views/words';
import { chosenCommands, chosenTagCommands, listCommands } from './listCommands';

export interface Command {
  id: string;
  icon: IconName;
  label: string;
  hint?: string;
  /** It is made of the words typed, so they always fit. */
  ofWords?: boolean;
  run: () => void;
}

/** What the palette offers for the words typed. */
export function offered(mode: PaletteMode, words: string): Command[] {
  return commandsFor(mode, words).filter(({ ofWords, label }) => ofWords || fits(label, words));
}

/** The commands for a mode; `words` lets a new tag or a search be made from what was typed. */
function commandsFor(mode: PaletteMode, words: string): Command[] {
  if (mode === 'assign') return assignees();
  if (mode === 'status') return statusCommands();
  if (mode === 'priority') return priorityCommands();
  if (mode === 'team') return teamCommands();
  if (mode === 'tag') return tagCommands(words);
  return [
    ...chosenCommands(),
    ...ticketCommands(),
    ...listCommands(),
    ...places(),
    ...general(),
    ...searches(words),
  ];
}

/** All the words typed must begin some word of the label, in any order. */
export function fits(label: string, words: string): boolean {
  const has = label
    .toLowerCase()
    .replaceAll('ё', 'е')
    .split(/[\s·,/()#«»"]+/);
  return words
    .toLowerCase()
    .replaceAll('ё', 'е')
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => has.some((one) => one.startsWith(word)));
}

function assignees(): Command[] {
  const me = session.me?.id;
  const to = (id: number | null) => () => apply({ assignee_id: id });
  const mine = () => (selection.any ? apply({ assignee_id: me ?? null }) : assignToMe());
  return [
    { id: 'me', icon: 'user', label: t('action.assign_me'), hint: hint('assign_me'), run: mine },
    ...directory.activeAgents
      .filter((agent) => agent.id !== me)
      .map((agent): Command => ({
        id: `a${agent.id}`,
        icon: 'user',
        label: t('palette.assign', { name: agent.name }),
        run: to(agent.id),
      })),
    { id: 'nobody', icon: 'home', label: t('palette.unassign'), run: to(null) },
  ];
}

function statusCommands(): Command[] {
  return statuses.map((status) => ({
    id: `s-${status}`,
    icon: status === 'solved' || status === 'closed' ? 'check' : status === 'waiting' ? 'snooze' : 'dot',
    label: t('palette.status', { value: statusName(status) }),
    run: () => apply({ status }),
  }));
}

function priorityCommands(): Command[] {
  return priorities.map((priority) => ({
    id: priority,
    icon: priority === 'normal' ? 'prio-mid' : `prio-${priority}`,
    label: t('palette.priority', { value: priorityName(priority) }),
    run: () => apply({ priority }),
  }));
}

function teamCommands(): Command[] {
  return directory.teams.map((team) => ({
    id: `t${team.id}`,
    icon: 'users',
    label: t('palette.team', { name: team.name }),
    run: () => apply({ team_id: team.id }),
  }));
}

function tagCommands(words: string): Command[] {
  if (selection.any) return chosenTagCommands(words);
  const has = openTicket.current?.tags ?? [];
  const toggle = (tag: string) => () =>
    void openTicket.change({ tags: has.includes(tag) ? has.filter((one) => one !== tag) : [...has, tag] });
  const known = [...new Set([...has, ...directory.tags.map((tag) => tag.name)])];
  const commands = known.map((tag): Command => ({
    id: `g${tag}`,
    icon: has.includes(tag) ? 'check' : 'tag',
    label: tag,
    run: toggle(tag),
  }));
  const fresh = words.trim().replace(/\s+/g, '-');
  if (fresh && !known.includes(fresh)) {
    commands.push({
      id: 'new_tag',
      icon: 'plus',
      label: t('palette.new_tag', { tag: fresh }),
      ofWords: true,
      run: toggle(fresh),
    });
  }
  return commands;
}

function ticketCommands(): Command[] {
  if (!openTicket.current) return [];
  const asked = (mode: PaletteMode) => () => (panes.palette = mode);
  const commands: Command[] = [];
  if (possible('reply'))
    commands.push({
      id: 'reply',
      icon: 'reply',
      label: t('keys.reply'),
      hint: hint('reply'),
      run: () => void perform('reply'),
    });
  if (possible('note'))
    commands.push({
      id: 'note',
      icon: 'lock',
      label: t('keys.note'),
      hint: hint('note'),
      run: () => void perform('note'),
    });
  commands.push({
    id: 'talks',
    icon: 'chats',
    label: t('keys.talks'),
    hint: hint('talks'),
    run: () => panes.openTalks(),
  });
  if (possible('take_over'))
    commands.push({
      id: 'take_over',
      icon: 'pencil',
      label: t('keys.take_over'),
      hint: hint('take_over'),
      run: () => void perform('take_over'),
    });
  if (session.may('ticket.assign')) {
    commands.push(
      {
        id: 'assign_me',
        icon: 'user',
        label: t('action.assign_me'),
        hint: hint('assign_me'),
        run: assignToMe,
      },
      { id: 'assign', icon: 'users', label: t('keys.assign'), hint: hint('assign'), run: asked('assign') },
      {
        id: 'hand_over',
        icon: 'handover',
        label: t('keys.hand_over'),
        hint: hint('hand_over'),
        run: () => (panes.handOver = true),
      },
    );
  }
  if (session.may('ticket.edit')) {
    commands.push(
      {
        id: 'solve',
        icon: 'check',
        label: t('keys.solve_next'),
        hint: hint('solve_next'),
        run: () => void solveAndNext(),
      },
      { id: 'status', icon: 'dot', label: t('keys.status'), hint: hint('status'), run: asked('status') },
      {
        id: 'snooze',
        icon: 'snooze',
        label: t('keys.snooze'),
        hint: hint('snooze'),
        run: () => (panes.snooze = true),
      },
      ...(openTicket.current.snoozed
        ? [{ id: 'wake', icon: 'sun' as const, label: t('snooze.wake'), run: wake }]
        : []),
      {
        id: 'priority',
        icon: 'prio-high',
        label: t('keys.priority'),
        hint: hint('priority'),
        run: asked('priority'),
      },
      { id: 'tag', icon: 'tag', label: t('keys.tag'), hint: hint('tag'), run: asked('tag') },
      { id: 'team', icon: 'users', label: t('keys.team'), hint: hint('team'), run: asked('team') },
      { id: 'follow', icon: 'eye', label: t('keys.follow'), hint: hint('follow'), run: toggleFollowing },
    );
  }
  commands.push({
    id: 'link',
    icon: 'link',
    label: t('keys.copy_link'),
    hint: hint('copy_link'),
    run: () => void copyLink(),
  });
  commands.push({
    id: 'number',
    icon: 'hash',
    label: t('keys.copy_number'),
    hint: hint('copy_number'),
    run: () => void copyNumber(),
  });
  if (possible('reply'))
    commands.push({
      id: 'forward',
      icon: 'forward',
      label: t('keys.forward'),
      hint: hint('forward'),
      run: forwardLast,
    });
  return commands;
}

function places(): Command[] {
  const go = (path: string) => () => router.go(path);
  return [
    ...views.items.map((view): Command => ({
      id: `v${view.key}`,
      icon: 'list',
      label: t('palette.go', { name: viewName(view) }),
      run: go(`/views/${view.key}`),
    })),
    {
      id: 'contacts',
      icon: 'users',
      label: t('palette.go', { name: t('nav.contacts') }),
      run: go('/contacts'),
    },
    {
      id: 'roster',
      icon: 'calendar',
      label: t('palette.go', { name: t('nav.roster') }),
      run: go('/roster'),
    },
    { id: 'wall', icon: 'wall', label: t('palette.go', { name: t('nav.wall') }), run: go('/wall') },
    ...(session.may('quarantine.manage')
      ? [
          {
            id: 'quarantine',
            icon: 'shield' as const,
            label: t('palette.go', { name: t('nav.quarantine') }),
            run: go('/quarantine'),
          },
        ]
      : []),
    ...settingsSections.map((section): Command => ({
      id: `s${section}`,
      icon: 'gear',
      label: t('palette.settings', { name: t(`settings.${section}`) }),
      run: go(`/settings/${section}`),
    })),
  ];
}

function general(): Command[] {
  return [
    ...(session.may('ticket.assign') && session.me
      ? [
          {
            id: 'hand_over_all',
            icon: 'handover' as const,
            label: t('handover.all'),
            run: () => (panes.handOverAll = session.me?.id ?? null),
          },
        ]
      : []),
    { id: 'next', icon: 'bolt', label: t('nav.next'), hint: hint('next_urgent'), run: () => void takeNext() },
    {
      id: 'new_ticket',
      icon: 'plus',
      label: t('nav.new_ticket'),
      hint: hint('new_ticket'),
      run: () => (panes.newTicket = true),
    },
    {
      id: 'light',
      icon: 'sun',
      label: t('palette.theme', { name: t('theme.light') }),
      run: () => void session.chooseTheme('light'),
    },
    {
      id: 'dark',
      icon: 'snooze',
      label: t('palette.theme', { name: t('theme.dark') }),
      run: () => void session.chooseTheme('dark'),
    },
    { id: 'ru', icon: 'globe', label: 'Русский', run: () => void session.chooseLocale('ru') },
    { id: 'en', icon: 'globe', label: 'English', run: () => void session.chooseLocale('en') },
    { id: 'keys', icon: 'key', label: t('keys.title'), hint: hint('help'), run: () => (panes.help = true) },
    {
      id: 'leave',
      icon: 'arrow',
      label: t('profile.leave'),
      run: () => void session.leave().catch((error) => toasts.show(errorText(error), 'bad')),
    },
  ];
}

function searches(words: string): Command[] {
  const q = words.trim();
  if (q === '') return [];
  return [
    {
      id: 'search',
      icon: 'search',
      label: t('palette.search', { q }),
      ofWords: true,
      run: () => router.go({ screen: 'search', q, ticket: null }),
    },
  ];
}
