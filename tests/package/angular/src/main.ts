import { Component, provideZoneChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { provideRouter, RouterLink, RouterOutlet } from "@angular/router";
import { injectAudience, injectVisit, PasserbySummary, providePasserby } from "passerby/angular";

@Component({ template: "<h1>Home</h1>" })
class Home {}

@Component({ template: "<h1>Next</h1>" })
class Next {}

@Component({
  selector: "app-root",
  imports: [PasserbySummary, RouterLink, RouterOutlet],
  template: `
    <router-outlet />
    <p>You are a <output id="audience">{{ audience() }}</output>.</p>
    <a id="next" routerLink="/next">Next</a>
    <button id="buy" (click)="buy()">Buy</button>
    <passerby-summary [open]="open()" />
  `,
})
class App {
  visit = injectVisit();
  audience = injectAudience();
  open = signal(false);

  constructor() {
    Object.assign(window, { visit: this.visit, openSummary: () => this.open.set(true) });
  }

  buy() {
    this.visit.purchase({ transaction_id: "T-1", value: 5, currency: "EUR" });
  }
}

const page = globalThis as { collectorUrl?: string };
const routes = [
  { path: "", title: "Home", component: Home },
  { path: "next", title: "Next", component: Next },
];
// With zone.js, which patches everything that could run code later.
bootstrapApplication(App, {
  providers: [
    provideZoneChangeDetection(),
    provideRouter(routes),
    providePasserby({ collector: page.collectorUrl, site: "app" }),
  ],
});
