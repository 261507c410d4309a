/** Who works here and how they come in: sessions, tokens, colleagues, roles, invitations. */
import type { Locale, Theme } from './base';

export interface SetupState {
  needed: boolean;
  demo: boolean;
  version: string;
}
export interface Me {
  id: number;
  email: string;
  name: string;
  public_name: string;
  number: number;
  locale: Locale;
  theme: Theme;
  role: { id: number; key: string; name: string };
  permissions: string[];
  team_ids: number[];
  undo_seconds: number;
  /** IANA name; the browser's own when absent. */
  time_zone?: string | null;
  demo: boolean;
  preferences?: Preferences;
}
/** What a person has set for their own workspace; each part is written by its own room. */
export interface Preferences {
  keys?: KeyPreferences | null;
  [part: string]: unknown;
}
/** Own keys only, by command: what is not there is the usual. `off`: single keys are switched off. */
export interface KeyPreferences {
  off?: boolean;
  bindings?: Record<string, readonly string[]>;
}
export interface Session {
  id: number | string;
  created_at: string;
  last_seen_at: string;
  ip: string | null;
  user_agent: string | null;
  current: boolean;
}
export interface Token {
  id: number;
  name: string;
  scopes: string[];
  token?: string;
  created_at?: string;
  last_used_at?: string | null;
}
export interface Agent {
  id: number;
  name: string;
  public_name: string;
  number: number;
  email: string;
  role_id: number;
  team_ids: number[];
  active: boolean;
  /** False until an invited colleague has chosen a password. */
  joined?: boolean;
  online: boolean;
}

export interface Role {
  id: number;
  key: string;
  name: string;
  permissions: string[];
  preset: boolean;
}

export interface Invitation {
  id: number;
  email: string;
  link: string;
}
