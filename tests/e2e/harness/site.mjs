// The site under measurement: the tests' pages and dist/ on a loopback port of its own; beacons cross origins.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { root } from "./collector.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};
const PAGES = [join(root, "tests", "e2e", "pages"), join(root, "tests", "faults", "pages")];

/**
 * `words` fill `{{…}}` in pages; `headers` go with every page. `/close/17` is `close.html`: the first
 * part of a path names the page, so that a test can tell its visits apart by path. `/silent` never answers,
 * `/auto/gone` comes with 404, `/asked?/path` is there once somebody has asked for that path.
 */
export async function startSite(words, headers = {}) {
  const asked = new Set();
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, "http://site");
    asked.add(pathname);
    if (pathname === "/silent") return;
    if (pathname === "/asked") return response.writeHead(asked.has(search.slice(1)) ? 200 : 404).end();
    try {
      const { body, type } = pathname.startsWith("/dist/") ? shipped(pathname) : page(pathname, words);
      const status = pathname.endsWith("/gone") ? 404 : 200;
      response.writeHead(status, { "content-type": type, ...(type === TYPES[".html"] ? headers : {}) });
      response.end(body);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("no such page");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Whether anybody asked for this path. */
    asked: (path) => asked.has(path),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function shipped(pathname) {
  const path = normalize(join(root, pathname));
  if (!path.startsWith(join(root, "dist"))) throw new Error("outside of dist/");
  return { body: readFileSync(path), type: TYPES[extname(path)] ?? "application/octet-stream" };
}

function page(pathname, words) {
  const first = decodeURIComponent(pathname).split("/")[1] || "plain";
  const name = extname(first) ? first : `${first}.html`;
  if (!/^[\w.-]+$/.test(name)) throw new Error("not a page");
  const path = PAGES.map((folder) => join(folder, name)).find(existsSync);
  const text = readFileSync(path, "utf8");
  const body = text.replace(/\{\{(\w+)\}\}/g, (_, word) => words[word] ?? "");
  return { body, type: TYPES[extname(name)] ?? "text/plain" };
}
