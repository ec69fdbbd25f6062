import { PasserbyProvider, PasserbySummary, useAudience, useVisit } from "passerby/react";
import type { Audience, Visit } from "passerby";

function Inside() {
  const audience: Audience = useAudience();
  const visit: Visit = useVisit();
  // @ts-expect-error declared in events.ts
  visit.track("signup", { plan: "gold" });
  return <p onClick={() => visit.track("signup", { plan: "free" })}>{audience}</p>;
}

export const app = (
  <PasserbyProvider options={{ site: "shop" }}>
    <Inside />
    <PasserbySummary open button />
  </PasserbyProvider>
);
// @ts-expect-error options are an object of their own
export const wrong = <PasserbyProvider site="shop" />;
// @ts-expect-error it is open or not
export const neither = <PasserbySummary open="yes" />;
