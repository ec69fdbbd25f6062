// The types, as an app's compiler sees them beside its framework's own.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { at } from "../../src/scripts/lib/root.mjs";
import { run } from "../../src/scripts/lib/run.mjs";
import { app } from "./support/app.mjs";

const RESOLUTIONS = [["bundler", "esnext"], ["nodenext", "nodenext"]];

for (const [moduleResolution, module] of RESOLUTIONS) {
  test(`entries and bindings fit their frameworks, resolved as ${moduleResolution}`, async () => {
    const folder = await app("types");
    // Their sources too, which are built without any framework at hand.
    if (module === "esnext") cpSync(at("src", "bindings"), join(folder, "bindings"), { recursive: true });
    const args = ["-p", folder, "--module", module, "--moduleResolution", moduleResolution];
    const tsc = join(folder, "node_modules", ".bin", "tsc");
    const { code, out } = await run(tsc, args, { cwd: folder, output: "capture" });
    assert.equal(code, 0, out);
  });
}
