import { createApp, h } from "vue";
import { createPasserby, PasserbySummary, useAudience, useVisit } from "passerby/vue";
import type { Audience, Visit } from "passerby";

const passerby = createPasserby({ site: "shop" });
createApp({}).use(passerby);
passerby.visit.track("signup", { plan: "free" });

export function setup() {
  const audience: Audience = useAudience().value;
  const visit: Visit = useVisit();
  // @ts-expect-error the audience is read
  useAudience().value = "customer";
  // @ts-expect-error declared in events.ts
  visit.track("signup", { plan: "gold" });
  // @ts-expect-error it is open or not
  h(PasserbySummary, { open: "yes" });
  return () => [audience, h(PasserbySummary, { open: true, button: true })];
}
// @ts-expect-error no such option
createPasserby({ colector: "" });
