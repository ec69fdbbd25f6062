/** Clicks on links: links to files are `downloads`, other links to elsewhere are `links`, so none is both. */

import { around, listen, place, type Part } from "./part";

const FILE = RegExp(
  "\\.(7z|apk|avi|csv|deb|dmg|docx?|epub|exe|gz|iso|key|midi?|mobi|mov|mp[34]|mpe?g|msi|od[pst]|ogg|pdf|pkg|pp[st]x?|" +
    "rar|rpm|rtf|svgz|tar|tgz|txt|wav|wm[av]|xlsx?|xz|zip)$",
  "i",
);

/** `click {href, outbound, download}`; the address without its query. */
export function clicked(files: boolean): Part {
  return (visit, signal) =>
    listen(signal, document, "click auxclick", (event) => {
      // The right button opens a menu.
      if (event.button > 1) return;
      const link = around(event, "a[href],area[href]");
      // In SVG it is an object.
      const href = link && place(link.href.baseVal ?? link.href);
      const download = link && (link.hasAttribute("download") || FILE.test(href));
      const outbound = !!href && new URL(href).host != location.host;
      if (files ? !download : download || !outbound) return;
      visit.track("click", { href, ...(outbound && { outbound }), ...(download && { download }) });
    });
}
