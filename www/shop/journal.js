// The articles, newest first.

import { cats } from "./journal/cats.js";
import { four } from "./journal/four.js";
import { lamps } from "./journal/lamps.js";
import { sills } from "./journal/sills.js";

/** id, title, intro, minutes, the thing it is about, a figure perhaps, and paragraphs. */
export const ARTICLES = [sills, lamps, cats, four];
