// A page without a framework: a router of three lines, and everything else the package offers.

import { init } from "passerby";
import { links } from "passerby/auto";
import { open } from "passerby/widget";
import { mark } from "./mark.js";

const visit = init({ collector: window.collectorUrl, site: "app", auto: [links] });
const show = () => {
  const home = location.pathname === "/";
  document.title = document.querySelector("h1").textContent = home ? "Home" : "Next";
};
const audience = () => (document.getElementById("audience").textContent = visit.audience);

document.getElementById("next").onclick = (event) => {
  event.preventDefault();
  history.pushState({}, "", "/next");
  show();
};
document.getElementById("buy").onclick = () => visit.purchase({ transaction_id: "T-1", value: 5, currency: "EUR" });
document.getElementById("out").onclick = (event) => event.preventDefault();
addEventListener("popstate", show);
visit.on("audience", audience);
audience();
show();
mark();
// What tests reach for; a site has no need of it.
Object.assign(window, { visit, openSummary: () => open(visit) });

// The whole module again, in the same page.
import.meta.hot?.accept();
