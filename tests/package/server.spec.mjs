// The package where there is no page: imported, called and bundled on a server, without a trace.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../src/scripts/lib/run.mjs";
import { app, tool } from "./support/app.mjs";

const SAID = { audience: "user", settled: false, explained: 0, here: "done" };

/** What the app's server.mjs prints, run by Node with these flags. */
async function served(folder, script, ...flags) {
  const args = [...flags, join(folder, script), "passerby"];
  const { code, out } = await run("node", args, { cwd: folder, output: "capture" });
  assert.equal(code, 0, out);
  return JSON.parse(out);
}

test("Node takes the entry without effects, which touches no global", async () => {
  const { said, touched, come } = await served(await app("plain"), "server.mjs");
  assert.deepEqual({ said, touched, come }, { said: SAID, touched: [], come: [] });
});

test("the browser's entry does nothing in a worker or on a server, but ask whether there is a document", async () => {
  const { said, touched, come } = await served(await app("plain"), "server.mjs", "--conditions=browser");
  assert.deepEqual({ said, come }, { said: SAID, come: [] });
  assert.deepEqual(touched.filter((name) => name !== "document"), []);
});

test("Vite's server build leaves it alone, bundled or not", async () => {
  const folder = await app("plain");
  await tool(folder, "vite", "build", "--ssr", "static.mjs", "--outDir", "server");
  const outside = await rendered(folder);
  await tool(folder, "vite", "build", "--ssr", "static.mjs", "--outDir", "server", "--config", "bundled.config.mjs");
  const inside = await rendered(folder);
  assert.deepEqual([outside, inside], ["<p>You are a user.</p>", "<p>You are a user.</p>"]);
});

async function rendered(folder) {
  const { code, out } = await run("node", [join(folder, "server", "static.js")], { cwd: folder, output: "capture" });
  assert.equal(code, 0, out);
  return out.trim();
}

test("CommonJS may require it", async () => {
  const folder = await app("plain");
  const source = 'const { init } = require("passerby"); console.log(init().audience)';
  const args = ["--input-type=commonjs", "--no-warnings", "-e", source];
  const { code, out } = await run("node", args, { cwd: folder, output: "capture" });
  assert.deepEqual([code, out.trim()], [0, "user"]);
});
