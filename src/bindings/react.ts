/** React: a provider, hooks, and the summary as a component. */
"use client";

import { createContext, createElement, useContext, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { init, type Audience, type Options, type Visit } from "passerby";
import { show, TAG, type SummaryProps } from "./summary";

export type { SummaryProps };

export interface ProviderProps {
  /** As of the first render; the visit belongs to the page and outlives the component. */
  options?: Options;
  children?: ReactNode;
}

const Context = createContext<Visit | undefined>(undefined);

/** Opens the visit while it renders, so that children may use it at once. Rendered again it is the same one. */
export function PasserbyProvider({ options, children }: ProviderProps): ReactNode {
  const [visit] = useState(() => init(options));
  return createElement(Context.Provider, { value: visit }, children);
}

export function useVisit(): Visit {
  const visit = useContext(Context);
  if (!visit) throw Error("useVisit() needs a <PasserbyProvider> above");
  return visit;
}

/** Renders again when it changes; a server, and the render that takes over from it, say "user". */
export function useAudience(): Audience {
  const visit = useVisit();
  const [subscribe] = useState(() => (changed: () => void) => visit.on("audience", changed));
  return useSyncExternalStore(subscribe, () => visit.audience, () => "user");
}

export function PasserbySummary({ open, button }: SummaryProps): ReactNode {
  const visit = useVisit();
  const ref = useRef(null);
  useEffect(() => show(ref.current, visit, { open, button }), [visit, open, button]);
  return createElement(TAG, { ref });
}
