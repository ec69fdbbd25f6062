/** Does what the engine asks for. */

import { In, Out } from "./codes";
import type { Perform } from "./engine";
import type { Sender } from "./host/send";
import type { Store } from "./host/store";
import { deferred, nextMicrotask, warn } from "./natives";

export function performer(
  store: Store,
  [send, leave]: Sender,
  wake: (at: number) => void,
  changed: (topic: string) => void,
  debug: boolean,
): Perform {
  let leaving: unknown;
  return (read, answer, code, amount, text) => {
    // At the end of the task: a thousand events are left with the browser as one, and a fetch is under way first.
    if (deferred && !leaving)
      nextMicrotask(() => {
        leaving = 0;
        leave(read(In.Frozen));
      });
    leaving = 1;
    switch (code) {
      case Out.Send:
      case Out.SendHiding:
        if (debug) console.debug("Passerby:", text);
        return send(answer, amount, text, code == Out.SendHiding);
      case Out.KeepHint:
        return store.hint_(text);
      case Out.Merge:
        // After the text page view's fetch.
        return nextMicrotask(store.merge_);
      case Out.KeepRecord:
        return store.put_("", () => text);
      case Out.Keep:
        return store.put_(text, () => read(In.RowText, text));
      case Out.Forget:
        return store.put_(text);
      case Out.Choice:
        return store.choose_(text);
      case Out.Purge:
        return store.purge_();
      case Out.WakeAt:
        return wake(amount);
      case Out.Changed:
        return changed(text);
      default:
        return warn(text);
    }
  };
}
