// The other bundlers, and every framework in its own way.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { app, tool } from "./support/app.mjs";
import { command, files } from "./support/serve.mjs";
import { outbound, walk } from "./support/walk.mjs";

/** A page without a framework, by a bundler that leaves the HTML to others. */
async function bundled(t, name, program, ...args) {
  const folder = await app(name, "plain");
  await tool(folder, program, ...args);
  copyFileSync(join(folder, "index.html"), join(folder, "dist", "index.html"));
  await walk(t, await files(t, join(folder, "dist")), { during: outbound });
}

test("webpack 5", (t) => bundled(t, "webpack", "webpack", "build"));
test("Rollup", (t) => bundled(t, "rollup", "rollup", "--config"));

// Each with its binding: React under StrictMode, Vue with its router, Svelte with a component of ours to compile.
const BY_VITE = { react: "Mark.jsx", vue: "App.vue", svelte: "Page.svelte" };

for (const [name, edited] of Object.entries(BY_VITE)) {
  test(`${name}, Vite build`, async (t) => {
    const folder = await app(name);
    await tool(folder, "vite", "build");
    await walk(t, await files(t, join(folder, "dist")));
  });

  test(`${name}, Vite dev with hot reload`, async (t) => {
    const folder = await app(name);
    const url = await command(t, folder, "vite", ["--host", "127.0.0.1", "--port", "{port}", "--strictPort"]);
    await walk(t, url, { during: (page) => edit(page, join(folder, "src", edited)) });
  });
}

/** A change of a component, carried into the open page. */
async function edit(page, path) {
  await page.evaluate(() => (window.sameDocument = true));
  writeFileSync(path, readFileSync(path, "utf8").replace("the first version", "the second version"));
  await page.locator("#count").getByText("the second version").waitFor();
  if (!(await page.evaluate(() => window.sameDocument))) throw new Error("the page was loaded anew");
}

test("Next: build and start, its app router", async (t) => {
  const folder = await app("next");
  await tool(folder, "next", "build");
  await walk(t, await command(t, folder, "next", ["start", "--hostname", "127.0.0.1", "--port", "{port}"]));
});

test("Nuxt: build and start", async (t) => {
  const folder = await app("nuxt");
  await tool(folder, "nuxt", "build");
  await walk(t, await command(t, folder, "node", [".output/server/index.mjs"]));
});

test("SvelteKit: build and start", async (t) => {
  const folder = await app("sveltekit");
  await tool(folder, "vite", "build");
  await walk(t, await command(t, folder, "node", ["build"]));
});

test("Astro: build, with its client router", async (t) => {
  const folder = await app("astro");
  await tool(folder, "astro", "build");
  await walk(t, await files(t, join(folder, "dist")));
});

test("Angular: build, with zone.js", async (t) => {
  const folder = await app("angular");
  await tool(folder, "ng", "build");
  await walk(t, await files(t, join(folder, "dist", "browser")));
});
