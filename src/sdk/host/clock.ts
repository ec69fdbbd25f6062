/** The two clocks, and the one timer. */

import { clearTimer, setTimer } from "../natives";

const { performance } = globalThis;

/** Never steps; stands still while most systems sleep. */
export const mono = (): number => performance.now();

/** Steps when somebody sets it. Taken now, because tests and libraries replace `Date.now` later. */
export const wall: () => number = Date.now;

/** Browsers run a longer timeout at once: its delay is a signed 32-bit number. */
const LONGEST = 2 ** 31 - 1;

/** Calls back at this monotonic time, and forgets the wish before. */
export function alarm(ring: () => void): (at?: number) => void {
  let timer: number;
  const set = (at?: number) => {
    clearTimer(timer);
    if (at === undefined) return;
    const delay = at - mono();
    // A timer may also be early, by less than a millisecond.
    timer = setTimer(() => (mono() < at ? set(at) : ring()), Math.min(Math.max(delay, 0), LONGEST));
  };
  return set;
}
