/** The words for the settings of deadlines; the screen that needs them imports this. */
import { sla } from './en/sla';
import { learn } from './index.svelte';
import { sla as russian } from './ru/sla';

learn(sla, russian);
