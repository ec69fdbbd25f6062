// All the shop says to Passerby: its public calls, which the stub in each page's head keeps until the script is there.

import { happened } from "./hint.js";

const passerby = (...call) => window.passerby?.(...call);

export function tell(name, props) {
  passerby("track", name, props);
  happened(name);
}

export function sold(order) {
  passerby("purchase", order);
  happened("purchase");
}

/** By a number of ours: a name or an e-mail address is nobody else's business. */
export function known(account, name) {
  passerby("track", name, { method: "form" });
  passerby("identify", account.id, { plan: "regular" });
  happened(name);
}

export function unknown() {
  passerby("reset");
  happened("reset");
}
