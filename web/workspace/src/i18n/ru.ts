/** The Russian sentences: the same keys, Russian plural forms. A missing key fails the build. */
import type { en } from './en';
import { app } from './ru/app';
import { dispatch } from './ru/dispatch';
import { doors } from './ru/doors';
import { lists } from './ru/lists';
import { mass } from './ru/mass';
import { ticket } from './ru/ticket';
import { writing } from './ru/writing';
import { answering } from './ru/answering';
import { together } from './ru/together';
import { telling } from './ru/telling';
import { deadlines } from './ru/deadlines';
import { rooms } from './ru/rooms';
import { steady } from './ru/steady';
import { settings } from './ru/settings';
import type { Like } from './sentence';

export const ru: Like<typeof en> = {
  ...app,
  ...dispatch,
  ...doors,
  ...lists,
  ...mass,
  ...ticket,
  ...writing,
  ...answering,
  ...together,
  ...telling,
  ...deadlines,
  ...rooms,
  ...settings,
  ...steady,
};
