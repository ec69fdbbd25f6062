// A site says once what its events carry; from then on mistakes in a call do not compile.

import { init, type Audience, type Explanation, type Options, type Summary } from "passerby";
import type { Events, Given, Properties } from "passerby";
import { open, PasserbySummary } from "passerby/widget";

declare module "passerby" {
  interface Events {
    signup: { plan: "free" | "pro" };
    shared: { by?: string };
  }
}

const options: Options = { collector: "https://collector.example/v1/batch", consent: "required" };
const visit = init(options);
visit.track("signup", { plan: "pro" });
// @ts-expect-error there is no such plan
visit.track("signup", { plan: "gold" });
// @ts-expect-error a plan is a word
visit.track("signup", { plan: 7 });
// @ts-expect-error it has a plan
visit.track("signup");
visit.track("shared");
visit.track("shared", { by: "mail" });
// @ts-expect-error a name is a word
visit.track("shared", { by: 7 });
// A site's own function around it, with or without the types.
export const plainly = (name: string, props?: Properties) => visit.track(name, props);
export const typed = <Name extends keyof Events & string>(name: Name, ...props: Given<Events[Name]>) =>
  visit.track(name, ...props);
// What nobody has declared is still an event.
visit.track("something_else", { anything: [1, 2] });
visit.track("without");
// @ts-expect-error events have names
visit.track(7);
visit.purchase({ transaction_id: "T-1", value: "12.50", currency: "EUR" });
// @ts-expect-error without its number an order would count twice
visit.purchase({ value: 1, currency: "EUR" });
// @ts-expect-error one asks or does not ask
visit.consent("perhaps");
// @ts-expect-error the audience is read
visit.audience = "customer";
// @ts-expect-error no such option
init({ colector: "https://collector.example/v1/batch" });

export const audience: Audience = visit.audience;
export const summary: Summary = visit.summary();
export const explained: Explanation[] = visit.explain();
export const left: () => void = visit.on("audience", () => {});
// @ts-expect-error nothing is told about this
visit.on("weather", () => {});

open(visit);
const element: PasserbySummary = document.createElement("passerby-summary");
element.visit = visit;
// @ts-expect-error it is open or not
element.open = "yes";
