// The modules inside the scripts: taken apart by the build, put together in the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { transform } from "esbuild";
import { kinds, transpose } from "../../src/scripts/build/transpose.mjs";

const at = (path) => new URL(`../../${path}`, import.meta.url);
const { code } = await transform(readFileSync(at("src/sdk/unpack.ts"), "utf8"), { loader: "ts", format: "esm" });
const { unpack } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

for (const name of ["core", "widget"]) {
  test(`the ${name} module put together is valid, and taken apart again the same`, () => {
    const { numbers, starts, head, functions, size } = transpose(readFileSync(at(`target/wasm/${name}/${name}.wasm`)));
    const text = numbers.map((number) => String.fromCharCode(number)).join("");
    const module = unpack([text, text.length, 0, starts, head, functions, size, kinds]);
    assert.ok(WebAssembly.validate(module));
    assert.deepEqual(transpose(module).numbers, numbers);
  });
}

test("a script whose text was read in another encoding says so", () => {
  assert.throws(() => unpack(["Â\u0080", 1, 0, []]), /UTF-8/);
});
