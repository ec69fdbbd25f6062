// The shop as a single page: the same pages, without a load between them.

import { frame, main } from "./frame.js";
import { show } from "./routes.js";
import { href, way } from "./where.js";

const draw = () => show(new URL(location.href));
const ours = (url) => url.origin === location.origin && url.pathname.startsWith(href("/"));
/** Same page, other part of it: the browser's own affair. */
const part = (url) => url.hash !== "" && url.href.split("#")[0] === location.href.split("#")[0];

/** Chromium and WebKit: the browser says that it is about to go, restores the scroll and moves the focus. */
function byNavigation() {
  navigation.addEventListener("navigate", (event) => {
    const url = new URL(event.destination.url);
    if (!event.canIntercept || event.hashChange || event.downloadRequest !== null || !ours(url)) return;
    event.intercept({ handler: async () => show(url) });
  });
}

/** Elsewhere: clicks, by hand. */
function byHistory() {
  way.go = (address) => {
    history.pushState({}, "", address);
    draw();
    scrollTo(0, 0);
    main.focus();
  };
  addEventListener("popstate", draw);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || link.target) return;
    const url = new URL(link.href);
    if (!ours(url) || part(url)) return;
    event.preventDefault();
    way.go(url.href);
  });
}

frame();
draw();
document.addEventListener("shop:redraw", draw);
if (typeof navigation === "object" && "NavigateEvent" in window) byNavigation();
else byHistory();
