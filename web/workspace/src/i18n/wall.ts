/** The words of the wall; its screen imports this. */
import { wall } from './en/wall';
import { learn } from './index.svelte';
import { wall as russian } from './ru/wall';

learn(wall, russian);
