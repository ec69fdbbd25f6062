// The other bundlers, and every framework in its own way.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { app, tool } from "./support/app.mjs";
import { files } from "./support/serve.mjs";
import { walk } from "./support/walk.mjs";

/** A page without a framework, by a bundler that leaves the HTML to others. */
async function bundled(t, name, program, ...args) {
  const folder = await app(name, "plain");
  await tool(folder, program, ...args);
  copyFileSync(join(folder, "index.html"), join(folder, "dist", "index.html"));
  await walk(t, await files(t, join(folder, "dist")));
}

test("webpack 5", (t) => bundled(t, "webpack", "webpack", "build"));
test("Rollup", (t) => bundled(t, "rollup", "rollup", "--config"));
