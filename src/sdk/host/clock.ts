/** The two clocks, and the one timer. */

import { clearTimer, setTimer } from "../natives";
import { Limit } from "../platform";

const { performance } = globalThis;

/** Never steps; stands still while most systems sleep. */
export const mono = (): number => performance.now();

/** Steps when somebody sets it. Taken now, because tests and libraries replace `Date.now` later. */
export const wall: () => number = Date.now;
const { parse } = Date;

/** Whole seconds from now to a date as HTTP writes it; no number if it is none. */
export const secondsUntil = (date: string): number => Math.ceil((parse(date) - wall()) / Limit.SecondMs);

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
