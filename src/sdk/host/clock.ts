/** The two clocks, and the one timer. */

import { clearTimer, setTimer } from "../natives";
import { Limit } from "../platform";

// Now: a page's own variable of this name takes the place of the browser's.
const clock = performance;

/** Never steps; stands still while most systems sleep. */
export const mono = (): number => clock.now();

/** Steps when somebody sets it. Taken now, because tests and libraries replace `Date.now` later. */
export const wall: () => number = Date.now;

/** Calls back at this monotonic time, and forgets the wish before. */
export function alarm(ring: () => void): (at?: number) => void {
  let timer: number;
  const set = (at?: number) => {
    clearTimer(timer);
    if (at === undefined) return;
    // A timer may also be early, by less than a millisecond.
    timer = setTimer(() => (mono() < at ? set(at) : ring()), Math.min(at - mono(), Limit.TimerMs));
  };
  return set;
}
