// Waiting for facts, never for a time.

import { setInterval } from "node:timers/promises";

const EVERY_MS = 25;

/** What `read` answers once it is neither falsy nor an exception; its last exception after `seconds`. */
export async function until(what, read, { seconds = 15, onFailure = () => "" } = {}) {
  const started = performance.now();
  let last;
  for await (const _ of setInterval(EVERY_MS)) {
    try {
      const value = await read();
      if (value) return value;
      last = new Error("it did not come true");
    } catch (error) {
      last = error;
    }
    if (performance.now() - started > seconds * 1000) break;
  }
  const report = await onFailure();
  throw new Error(`waited ${seconds} s until ${what}: ${last.message}\n${report}`, { cause: last });
}

/** True once `read` has answered the same for `ms`: whatever was going on has ended. */
export function settledFor(ms, read) {
  let since = performance.now();
  let before;
  return async () => {
    const now = JSON.stringify(await read());
    if (now !== before) since = performance.now();
    before = now;
    return performance.now() - since >= ms;
  };
}
