/** The site's `beforeSend`: what it makes of an event, as the engine reads it. */

import type { Review } from "./engine";
import { parse, safely } from "./natives";
import { json } from "./snapshot";
import type { Options } from "./types";

/** Whatever is no answer drops the event. A tag names a global function, which may come later than the tag. */
export const reviewer = ({ beforeSend }: Options): Review =>
  safely((text) => {
    const event = parse(text);
    const said = ((window as any)[beforeSend as string] || beforeSend)(event);
    // Nothing said: changed in place.
    const answer = said === undefined ? event : said;
    const { page = {}, props = {} } = answer || {};
    return [json(answer) && json(props), page.url, page.referrer, page.title].join("\0");
  }, `beforeSend ${(beforeSend as any)?.name || beforeSend}`);
