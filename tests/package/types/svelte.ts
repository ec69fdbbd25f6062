import { mount, type ComponentProps } from "svelte";
import { getVisit, PasserbySummary, setVisit, useAudience } from "passerby/svelte";
import type { Audience, Visit } from "passerby";

export const opened: Visit = setVisit({ site: "shop" });
export const audience: Audience = useAudience().current;
// @ts-expect-error the audience is read
useAudience().current = "customer";
// @ts-expect-error declared in events.ts
getVisit().track("signup", { plan: "gold" });
export const props: ComponentProps<typeof PasserbySummary> = { open: true };
mount(PasserbySummary, { target: document.body, props: { button: true } });
// @ts-expect-error no such option
setVisit({ colector: "" });
