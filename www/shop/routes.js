// Which page stands at which address, and how it comes on the screen.

import { main, mark } from "./frame.js";
import * as account from "./pages/account.js";
import * as article from "./pages/article.js";
import * as cart from "./pages/cart.js";
import * as checkout from "./pages/checkout.js";
import * as home from "./pages/home.js";
import * as journal from "./pages/journal.js";
import * as list from "./pages/list.js";
import * as missing from "./pages/missing.js";
import * as product from "./pages/product.js";
import * as search from "./pages/search.js";
import * as thanks from "./pages/thanks.js";
import { href } from "./where.js";

const ROUTES = [
  ["/", home],
  ["/goods/", list],
  ["/goods/:id", product],
  ["/cart/", cart],
  ["/checkout/", checkout],
  ["/thanks/", thanks],
  ["/journal/", journal],
  ["/journal/:id", article],
  ["/search/", search],
  ["/account/", account],
].map(([path, page]) => ({ page, pattern: new RegExp(`^${href(path).replace(":id", "(?<id>[\\w-]+)")}$`) }));

/** A page is `page({ id, query })`: its title and what is in it, or nothing when there is no such thing. */
export function show({ pathname, searchParams: query }) {
  const route = ROUTES.find(({ pattern }) => pattern.test(pathname));
  const { id } = route?.pattern.exec(pathname).groups ?? {};
  const page = route?.page.page({ id, query });
  const { title, inside } = page ?? missing.page();
  document.title = title === "" ? "Window & Till" : `${title} · Window & Till`;
  main.className = page?.look ?? "";
  // Servers say 404; a page that draws itself says so in its markup.
  main.toggleAttribute("data-passerby-not-found", !page);
  main.replaceChildren(...inside);
  mark(pathname);
}
