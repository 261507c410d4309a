/** Who is signed in, what they may do, and whether the department is set up at all. */
import { api, ApiError, kept, start, whenSignedOut } from '../api';
import type { Locale, Me, SetupState, Theme } from '../api/types';
import { dropBegun } from '../conversation/begun';
import { setZone } from '../format/zone.svelte';
import { locale, setLocale } from '../i18n/index.svelte';
import { keyboard } from '../keys/keyboard.svelte';
import { live } from '../live/live.svelte';
import { applyTheme, keptTheme } from './theme';

class Session {
  me = $state<Me | null>(null);
  setup = $state<SetupState>({ needed: false, demo: false, version: '' });
  ready = $state(false);
  failed = $state.raw<unknown>(null);
  theme = $state<Theme>(keptTheme());

  async start(): Promise<void> {
    applyTheme(this.theme);
    setLocale(locale.current);
    whenSignedOut(() => {
      this.me = null;
      void noPush(false);
    });
    try {
      const begun = await start();
      const [setup, me] = await Promise.all([begun?.setup ?? api.setup.state(), begun?.me ?? this.whoAmI()]);
      this.setup = setup;
      if (me) this.enter(me);
      if (begun?.me) {
        begun.unpack();
        live.knownUntil(begun.seq);
      }
      this.failed = null;
      this.ready = true;
    } catch (error) {
      if (!(error instanceof ApiError && error.offline && (await this.comeInAnyway()))) this.failed = error;
      else this.failed = null;
    }
  }

  /** Without a connection whoever worked here last may go on reading what is kept for them. */
  private async comeInAnyway(): Promise<boolean> {
    const known = await kept.owner<Me, SetupState>();
    if (!known) return false;
    this.setup = known.setup;
    this.show(known.me);
    this.ready = true;
    return true;
  }

  /** Nobody has answered for a while although we try: is it us whom they do not know any more? */
  async check(): Promise<void> {
    try {
      this.enter(await api.session.me());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.me = null;
    }
  }

  enter(me: Me): void {
    this.setup.needed = false;
    this.show(me);
    void kept.welcome(me, this.setup);
  }

  private show(me: Me): void {
    this.me = me;
    if (me.locale) setLocale(me.locale);
    if (me.theme) this.showTheme(me.theme);
    // Theirs, or that of the device: never the one of whoever sat here before.
    if (me.time_zone !== undefined) setZone(me.time_zone);
    keyboard.take(me.preferences?.keys);
  }

  /** Without a connection nobody is signed out: the session would live on. */
  async leave(): Promise<void> {
    await noPush(true);
    try {
      await api.session.logout();
    } catch (error) {
      if (error instanceof ApiError && error.offline) throw error;
    }
    await kept.forget();
    if (this.me) dropBegun(localStorage, this.me.id);
    this.me = null;
  }

  may(permission: string): boolean {
    return this.me?.permissions.includes(permission) ?? false;
  }

  async chooseLocale(next: Locale): Promise<void> {
    setLocale(next);
    if (this.me) this.me = { ...this.me, ...(await api.me.change({ locale: next })) };
  }

  async chooseTheme(next: Theme): Promise<void> {
    this.showTheme(next);
    if (this.me) this.me = { ...this.me, ...(await api.me.change({ theme: next })) };
  }

  private showTheme(theme: Theme): void {
    this.theme = theme;
    applyTheme(theme);
  }

  private async whoAmI(): Promise<Me | null> {
    try {
      return await api.session.me();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  }
}

/** Loaded only then: most people come and stay. */
async function noPush(tellServer: boolean): Promise<void> {
  if (localStorage.getItem('opora.push') === null) return;
  const { endHere } = await import('../push/push.svelte');
  await endHere(tellServer).catch(() => undefined);
}

export const session = new Session();
