/** Who is signed in, what they may do, and whether the department is set up at all. */
import { api, ApiError, whenSignedOut } from '../api';
import type { Locale, Me, SetupState, Theme } from '../api/types';
import { setZone } from '../format/zone.svelte';
import { locale, setLocale } from '../i18n/index.svelte';
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
    whenSignedOut(() => (this.me = null));
    this.failed = null;
    try {
      const [setup, me] = await Promise.all([api.setup.state(), this.whoAmI()]);
      this.setup = setup;
      if (me) this.enter(me);
      this.ready = true;
    } catch (error) {
      this.failed = error;
    }
  }

  enter(me: Me): void {
    this.me = me;
    this.setup.needed = false;
    if (me.locale) setLocale(me.locale);
    if (me.theme) this.showTheme(me.theme);
    if (me.time_zone) setZone(me.time_zone);
  }

  async leave(): Promise<void> {
    await api.session.logout().catch(() => undefined);
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

export const session = new Session();
