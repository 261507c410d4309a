/** The words about plans, agreements and who may ask; a screen that needs them imports this. */
import { entitlement } from './en/entitlement';
import { learn } from './index.svelte';
import { entitlement as russian } from './ru/entitlement';

learn(entitlement, russian);
