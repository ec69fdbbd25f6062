/** Does what the engine asks for. */

import { Out, Read } from "./codes";
import type { Perform } from "./engine";
import type { Sender } from "./host/send";
import type { Store } from "./host/store";
import { nextMicrotask } from "./natives";

export const warn = (message: unknown): void => console.warn("Passerby: " + message);

export function performer(
  store: Store,
  network: Sender,
  wake: (at: number) => void,
  changed: (topic: string) => void,
  debug: boolean,
): Perform {
  return (engine, code, amount, first, second) => {
    switch (code) {
      case Out.Send:
        if (debug) console.debug("Passerby:", first);
        return network.send(engine.feed, amount, first, !!second);
      case Out.KeepHint:
        return store.hint(first);
      case Out.Merge:
        // After the first page view's fetch.
        return nextMicrotask(store.merge);
      case Out.KeepRecord:
        return store.put("", () => first);
      case Out.Keep:
        return store.put(first, () => engine.read(Read.RowText, first) || undefined);
      case Out.Claim:
        return store.put(first, () => second);
      case Out.Forget:
        return store.put(first, () => "");
      case Out.Choice:
        return store.choose(first);
      case Out.Purge:
        return store.purge();
      case Out.WakeAt:
        return wake(amount);
      case Out.Changed:
        return changed(first);
      default:
        return warn(first);
    }
  };
}
