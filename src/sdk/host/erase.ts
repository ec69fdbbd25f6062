/** Asks the collector to erase who was here, until it says that it has: also for those who denied all else. */

import { request } from "../natives";
import type { Settled } from "../options";
import { json } from "../snapshot";
import { posted } from "./send";
import type { Store } from "./store";

/**
 * Remembers this visitor, if one is given, and asks for all that are owed: once per open, whatever was chosen since.
 */
export const eraser =
  (store: Store, [, site, url, , ours]: Settled) =>
  async (visitor = ""): Promise<"done" | "pending" | "unsupported"> => {
  // Ids with spaces between.
  const owed = (store.owed_(url) + " " + visitor).trim();
  if (!url || !ours || !owed) return "unsupported";
  store.owed_(url, owed);
  try {
    const answer = await request(new URL("erase", url).href, posted(json({ site, visitor: owed })));
    if ((await answer.text()).includes(owed)) {
      store.owed_(url, "");
      return "done";
    }
  } catch {}
  return "pending";
};
