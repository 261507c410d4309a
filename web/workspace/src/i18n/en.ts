/** The English sentences, part by part. Their keys and parameters are the measure for the Russian ones. */
import { app } from './en/app';
import { dispatch } from './en/dispatch';
import { doors } from './en/doors';
import { lists } from './en/lists';
import { mass } from './en/mass';
import { ticket } from './en/ticket';
import { writing } from './en/writing';
import { answering } from './en/answering';
import { together } from './en/together';
import { telling } from './en/telling';
import { deadlines } from './en/deadlines';
import { rooms } from './en/rooms';
import { steady } from './en/steady';
import { settings } from './en/settings';

export const en = {
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
