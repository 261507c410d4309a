/** The server's clock, by which it says until when something can be taken back: this device may believe in another time. */

/** Answers tell the time in whole seconds, and travel: so much difference is none. */
const alike = 2_000;

let ahead = 0;

/** What the head of an answer says about the time. */
export function timeHeard(date: string | null): void {
  const difference = Date.parse(date ?? '') + 500 - Date.now();
  if (Math.abs(difference) <= alike) ahead = 0;
  else if (Math.abs(difference - ahead) > alike) ahead = difference;
}

export const serverNow = (): number => Date.now() + ahead;
