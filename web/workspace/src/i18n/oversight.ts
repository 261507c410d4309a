/** The words for checks, audit log, fields, first steps; a screen that needs them imports this. */
import { oversight } from './en/oversight';
import { learn } from './index.svelte';
import { oversight as russian } from './ru/oversight';

learn(oversight, russian);
