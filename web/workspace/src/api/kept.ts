/**
 * What this device remembers of the server's answers, for reading without a connection: in IndexedDB, for one person at
 * a time, bounded, and silent when the browser forbids it. Writing waits until the browser has nothing else to do.
 */
import { whenIdle } from '../state/idle';
import { tooMuch, type Kept, type Place, type Shelf } from './places';

const answers = 'answers';
const people = 'people';
const tidyAfter = 40;

interface Answer {
  key: string;
  shelf: Shelf;
  at: number;
  size: number;
  text: string;
}
/** Who works here, and what their department is. */
export interface Owner<Me, Setup> {
  id: number;
  me: Me;
  setup: Setup;
  at: number;
}

let door: Promise<IDBDatabase> | undefined;
let mine = false;
/** Grows when somebody goes: an answer to what they asked comes too late to be kept. */
let round = 0;
let waiting = new Map<string, Answer>();
let planned = false;
let written = 0;

function open(): Promise<IDBDatabase> {
  door ??= new Promise<IDBDatabase>((done, failed) => {
    const request = indexedDB.open('opora.kept', 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(answers, { keyPath: 'key' });
      // All that tidying needs stands in the index: no answer is read for it.
      store.createIndex('age', ['at', 'shelf', 'size']);
      request.result.createObjectStore(people);
    };
    request.onsuccess = () => {
      const base = request.result;
      base.onversionchange = () => base.close();
      base.onclose = () => (door = undefined);
      done(base);
    };
    request.onerror = () => failed(request.error);
  });
  return door;
}

/** Runs in one transaction and waits for its end; whatever goes wrong, nothing is known. */
async function within<T>(
  mode: IDBTransactionMode,
  work: (stores: { answers: IDBObjectStore; people: IDBObjectStore }) => IDBRequest<T> | void,
): Promise<T | undefined> {
  try {
    const base = await open();
    return await new Promise<T | undefined>((done, failed) => {
      const turn = base.transaction([answers, people], mode);
      const asked = work({ answers: turn.objectStore(answers), people: turn.objectStore(people) });
      turn.oncomplete = () => done(asked ? asked.result : undefined);
      turn.onerror = turn.onabort = () => failed(turn.error);
    });
  } catch {
    return undefined;
  }
}

/** This person works here now. What was kept for somebody else goes first. */
export async function welcome<Me extends { id: number }, Setup>(me: Me, setup: Setup): Promise<void> {
  if (!mine) waiting = new Map();
  const before = await owner<Me, Setup>();
  if (before && before.id !== me.id) await empty();
  const record: Owner<Me, Setup> = { id: me.id, me, setup, at: Date.now() };
  // Plain data only: what comes from a screen's state may be more than that.
  const plain = JSON.parse(JSON.stringify(record)) as typeof record;
  await within('readwrite', (stores) => stores.people.put(plain, 'me') as IDBRequest<IDBValidKey>);
  mine = true;
  plan();
}

export function owner<Me, Setup>(): Promise<Owner<Me, Setup> | undefined> {
  return within('readonly', (stores) => stores.people.get('me') as IDBRequest<Owner<Me, Setup> | undefined>);
}

/** Nobody works here any more: nothing stays. */
export async function forget(): Promise<void> {
  mine = false;
  round += 1;
  await empty();
}

async function empty(): Promise<void> {
  waiting = new Map();
  await within('readwrite', (stores) => {
    stores.answers.clear();
    stores.people.clear();
  });
}

/** To be called when something is asked; what comes back keeps the answer. */
export function keeping({ key, shelf }: Place): (text: string) => void {
  const asked = round;
  return (text) => {
    if (asked === round) keep(key, shelf, text);
  };
}

function keep(key: string, shelf: Shelf, text: string): void {
  waiting.set(key, { key, shelf, at: Date.now(), size: 2 * text.length + 200, text });
  plan();
}

/** The server says that this is not for us, or is no more. */
export function drop(key: string): void {
  waiting.delete(key);
  void within('readwrite', (stores) => {
    stores.answers.delete(key);
    for (const sign of ['?', '/']) {
      stores.answers.delete(IDBKeyRange.bound(key + sign, `${key}${sign}\uffff`));
    }
  });
}

export async function find(key: string): Promise<{ text: string; at: number } | undefined> {
  return (
    waiting.get(key) ??
    within('readonly', (stores) => stores.answers.get(key) as IDBRequest<Answer | undefined>)
  );
}

function plan(): void {
  if (!mine || planned || waiting.size === 0) return;
  planned = true;
  whenIdle(() => void write(), 2_000);
}

async function write(): Promise<void> {
  planned = false;
  if (!mine) return;
  const batch = [...waiting.values()];
  await within('readwrite', (stores) => {
    for (const answer of batch) stores.answers.put(answer);
  });
  for (const answer of batch) if (waiting.get(answer.key) === answer) waiting.delete(answer.key);
  written += batch.length;
  if (written >= tidyAfter) {
    written = 0;
    await tidy();
  }
  plan();
}

async function tidy(): Promise<void> {
  const found: Kept[] = [];
  await within('readwrite', (stores) => {
    const walk = stores.answers.index('age').openKeyCursor(null, 'prev');
    walk.onsuccess = () => {
      const at = walk.result;
      if (at) {
        const [, shelf, size] = at.key as [number, Shelf, number];
        found.push({ key: String(at.primaryKey), shelf, size });
        at.continue();
      } else for (const key of tooMuch(found)) stores.answers.delete(key);
    };
  });
}
