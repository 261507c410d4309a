/**
 * What the workspace needs first comes in one answer, asked for by the page itself while the programs are on their way
 * (index.html). Whatever is missing in it the screens ask for as they always do.
 */
import { cameAlong } from './client';
import { firstRows, listPath } from './lists';
import type { Me, Page, SetupState, TicketRow } from './types';

interface Answer {
  seq: number | null;
  answers: Record<string, object>;
  list: { query: string; sort: string; page: Page<TicketRow> } | null;
}

export interface Start {
  setup: SetupState | undefined;
  me: Me | undefined;
  /** The place in the log before all of this. */
  seq: number | null;
  /** To be called when it is known who works here: the rest is there for whoever asks. */
  unpack: () => void;
}

declare global {
  interface Window {
    opening?: Promise<Response>;
  }
}

/** Once: what is asked for later is asked anew. */
export async function start(): Promise<Start | null> {
  const { opening } = window;
  delete window.opening;
  try {
    const response = await opening;
    if (!response?.ok) return null;
    const { seq, answers, list } = (await response.json()) as Answer;
    const { '/setup': setup, '/session': me, ...others } = answers;
    return {
      setup: setup as SetupState | undefined,
      me: me as Me | undefined,
      seq,
      unpack: () => {
        for (const [path, answer] of Object.entries(others)) cameAlong(path, answer, null);
        if (list) cameAlong(listPath({ q: list.query, sort: list.sort, limit: firstRows }), list.page, null);
      },
    };
  } catch {
    return null;
  }
}
