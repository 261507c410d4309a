/** The words for calendars; a screen that needs them imports this. */
import { calendars } from './en/calendars';
import { learn } from './index.svelte';
import { calendars as russian } from './ru/calendars';

learn(calendars, russian);
