import type { ApplicationConfig, Signal } from "@angular/core";
import { injectAudience, injectVisit, PasserbySummary, providePasserby } from "passerby/angular";
import type { Audience, Visit } from "passerby";

export const config: ApplicationConfig = { providers: [providePasserby({ site: "shop" })] };
export const audience: Signal<Audience> = injectAudience();
export const visit: Visit = injectVisit();
// @ts-expect-error the audience is read
injectAudience().set("customer");
// @ts-expect-error declared in events.ts
visit.track("signup", { plan: "gold" });
export const open = (panel: PasserbySummary) => (panel.open = true);
// @ts-expect-error no such option
providePasserby({ colector: "" });
