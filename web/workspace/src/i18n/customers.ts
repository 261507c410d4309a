/** The words for contacts and organizations; a screen that needs them imports this. */
import { customers } from './en/customers';
import { learn } from './index.svelte';
import { customers as russian } from './ru/customers';

learn(customers, russian);
