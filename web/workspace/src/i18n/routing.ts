/** The words for the settings of routes; the screen that needs them imports this. */
import { routing } from './en/routing';
import { learn } from './index.svelte';
import { routing as russian } from './ru/routing';

learn(routing, russian);
