/** The names of commands and the words about keys; a screen that needs them imports this. */
import { keys } from './en/keys';
import { learn } from './index.svelte';
import { keys as russian } from './ru/keys';

learn(keys, russian);
