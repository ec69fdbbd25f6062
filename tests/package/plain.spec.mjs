// A page without a framework, in the two bundlers most sites start with, with a part of passerby/auto.

import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { app, tool } from "./support/app.mjs";
import { command, files } from "./support/serve.mjs";
import { outbound, walk } from "./support/walk.mjs";

test("Vite: build", async (t) => {
  const folder = await app("plain");
  await tool(folder, "vite", "build");
  await walk(t, await files(t, join(folder, "dist")), { during: outbound });
});

test("Vite: dev, with hot reload of the module that opens the visit", async (t) => {
  const folder = await app("plain");
  const url = await command(t, folder, "vite", ["--host", "127.0.0.1", "--port", "{port}", "--strictPort"]);
  const during = async (page, it) => {
    await edited(page, folder);
    await outbound(page, it);
  };
  await walk(t, url, { during });
});

/** An edit that the bundler carries into the open page. */
async function edited(page, folder) {
  await page.evaluate(() => (window.sameDocument = true));
  const text = "this is the second version";
  writeFileSync(join(folder, "mark.js"), `export const mark = () => (count.textContent = ${JSON.stringify(text)});\n`);
  await page.locator("#count").getByText(text).waitFor();
  if (!(await page.evaluate(() => window.sameDocument))) throw new Error("the page was loaded anew");
}

test("esbuild", async (t) => {
  const folder = await app("plain");
  await tool(folder, "esbuild", "main.js", "--bundle", "--format=esm", "--minify", "--outfile=dist/main.js");
  copyFileSync(join(folder, "index.html"), join(folder, "dist", "index.html"));
  await walk(t, await files(t, join(folder, "dist")), { during: outbound });
});
