/**
 * The words the server and the workspace share: the shapes of `/api/v1`, room by room.
 * Times are RFC 3339 strings in UTC, ids are integers.
 */
export type * from './types/base';
export type * from './types/calendars';
export type * from './types/contacts';
export type * from './types/customers';
export type * from './types/department';
export type * from './types/entitlement';
export type * from './types/notifications';
export type * from './types/oversight';
export type * from './types/people';
export type * from './types/lists';
export type * from './types/roster';
export type * from './types/routing';
export type * from './types/sla';
export type * from './types/talks';
export type * from './types/templates';
export type * from './types/tickets';
export type * from './types/wall';
export type * from './types/writing';
