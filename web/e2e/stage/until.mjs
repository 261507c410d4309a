/** Patience: asking again and again until there is an answer. Nothing here waits for a fixed time. */
import { setTimeout as pause } from 'node:timers/promises';

const between = 25;

/** Asks until the answer is truthy and returns it; an error counts as "not yet" and is told when time runs out. */
export async function until(what, ask, ms = 10_000) {
  const deadline = Date.now() + ms;
  let trouble;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms for ${what}`, trouble && { cause: trouble });
    await pause(between);
  }
}
