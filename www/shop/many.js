// The shop as many pages: each load draws the one that was asked for.

import { frame } from "./frame.js";
import { show } from "./routes.js";

const draw = () => show(new URL(location.href));

frame();
draw();
document.addEventListener("shop:redraw", draw);
// What one comes back to may be older than the cart.
addEventListener("pageshow", ({ persisted }) => persisted && draw());
