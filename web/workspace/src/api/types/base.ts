/** What every room uses: pages of a list, languages, themes, addresses, organizations. */
export type Locale = 'ru' | 'en';
export type Theme = 'system' | 'light' | 'dark';

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
  total: number;
}
export interface Items<T> {
  items: T[];
}

export interface Address {
  /** May be empty. */
  name: string;
  address: string;
}

export interface Organization {
  id: number;
  name: string;
}
