/** Russian: notifications and how a person wants to be told. */
import type { telling as english } from '../en/telling';
import type { Like } from '../sentence';

export const telling: Like<typeof english> = {};
