/** `passerby/auto`: what `data-auto` loads by name, for `init({ auto: [links, forms] })`. */

export type { Part } from "../types";
export { default as datalayer } from "./datalayer";
export { default as downloads } from "./downloads";
export { default as errors } from "./errors";
export { default as forms } from "./forms";
export { default as impressions } from "./impressions";
export { default as links } from "./links";
export { default as media } from "./media";
export { default as notfound } from "./notfound";
export { default as optout } from "./optout";
export { default as search } from "./search";
export { default as vitals } from "./vitals";
