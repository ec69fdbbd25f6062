// How long a fault lasts, or when it strikes: part of the scenario. Whether something has come true is never
// found out by waiting so long.

export { setTimeout as lasting } from "node:timers/promises";
