/** Svelte: the visit in a component's context, the audience as state, and the summary as a component. */

import { getContext, setContext, type Component } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import { init, type Audience, type Options, type Visit } from "passerby";
import Summary from "./PasserbySummary.svelte";
import { show, type SummaryProps } from "./summary";

export type { SummaryProps };
/** For the component beside. */
export { show };

const KEY = Symbol.for("passerby:svelte");

/** In the root component or layout: opens the visit for all below. */
export const setVisit = (options?: Options): Visit => setContext(KEY, init(options));

export function getVisit(): Visit {
  const visit = getContext<Visit | undefined>(KEY);
  if (!visit) throw Error("getVisit() needs setVisit() in a component above");
  return visit;
}

/** `.current`: what reads it in markup or an effect follows it. */
export function useAudience(): { readonly current: Audience } {
  const visit = getVisit();
  const subscribe = createSubscriber((update) => visit.on("audience", update));
  return {
    get current() {
      subscribe();
      return visit.audience;
    },
  };
}

export const PasserbySummary: Component<SummaryProps> = Summary;
