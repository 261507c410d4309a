/** The words of the roster; a screen that needs them imports this. */
import { roster } from './en/roster';
import { learn } from './index.svelte';
import { roster as russian } from './ru/roster';

learn(roster, russian);
