// What npm would publish: nothing but what is meant to be, and everything that is promised.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { world } from "../e2e/harness.mjs";
import { app, tarball, tool } from "./support/app.mjs";

const PACKAGE = async () => join(await app("plain"), "node_modules", "passerby");
const json = (...path) => JSON.parse(readFileSync(join(...path), "utf8"));

test("only shipped files are packed, each script known to integrity.json", async () => {
  const folder = await PACKAGE();
  const { files } = await tarball();
  const scripts = Object.keys(json(folder, "dist", "integrity.json"));
  const allowed = new Set(["package.json", "README.md", "CHANGELOG.md", "dist/integrity.json"]);
  // Only declares: what the bindings' declarations share.
  allowed.add("dist/summary.d.ts");
  for (const name of scripts) {
    for (const path of [name, `${name}.map`, name.replace(/\.js$/, ".d.ts")]) allowed.add(`dist/${path}`);
  }
  const strange = files.filter((path) => !allowed.has(path) && !/^LICENSE(-\w+)?$/.test(path));
  assert.deepEqual(strange.filter((path) => !/^dist\/(custom-elements\.json|\w+\.svelte)$/.test(path)), []);
  assert.deepEqual(scripts.filter((name) => !files.includes(`dist/${name}`)), []);
});

test("nothing is needed at run time and nothing runs at install", async () => {
  const manifest = json(await PACKAGE(), "package.json");
  const needs = ["dependencies", "optionalDependencies", "bundleDependencies", "bundledDependencies"];
  assert.deepEqual(needs.filter((name) => manifest[name]), []);
  const hooks = ["preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare"];
  assert.deepEqual(hooks.filter((name) => manifest.scripts?.[name]), []);
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const forced = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  assert.deepEqual(forced, [], "a framework is asked for only of those who use it");
});

test("every entry leads to a file, types first", async () => {
  const folder = await PACKAGE();
  const { files } = await tarball();
  const { exports, types, customElements } = json(folder, "package.json");
  const targets = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry).flatMap(targets));
  const all = [...Object.values(exports).flatMap(targets), types, customElements];
  assert.deepEqual(all.filter((path) => !files.includes(path.replace("./", ""))), []);
  const typed = Object.values(exports).filter((entry) => typeof entry === "object");
  assert.deepEqual(typed.filter((entry) => Object.keys(entry)[0] !== "types"), []);
});

test("publint finds nothing wrong", async () => {
  const { path } = await tarball();
  const said = await tool(await app("plain"), "publint", "run", path, "--strict");
  assert.match(said, /All good!/);
});

test("source maps lead from what is thrown to who wrote it", async () => {
  const dist = join(await PACKAGE(), "dist");
  const scripts = readdirSync(dist).filter((name) => name.endsWith(".js"));
  for (const name of scripts) {
    const script = readFileSync(join(dist, name), "utf8").replace("\ufeff", "");
    const map = json(dist, `${name}.map`);
    const found = landmarks(script, map);
    // The smallest have no text to look for.
    assert.ok(found > 0 || script.length < 1000, `${name} has no landmark`);
  }
});

/** Texts (but directives) in script and source alike: where the map says a script's text comes from, it must be. */
function landmarks(script, map) {
  const trace = new SourceMap(map);
  let found = 0;
  for (const [at, source] of map.sourcesContent.entries()) {
    for (const [quoted, text] of source.matchAll(/(?<!^)"([\w:][\w: ,-]{6,})"/gm)) {
      const place = script.indexOf(quoted);
      if (place < 0 || script.indexOf(quoted, place + 1) >= 0) continue;
      const before = script.slice(0, place).split("\n");
      const entry = trace.findEntry(before.length - 1, before.at(-1).length);
      const line = map.sourcesContent[map.sources.indexOf(entry.originalSource)]?.split("\n")[entry.originalLine];
      assert.ok(line?.includes(text), `${map.sources[at]}: ${quoted} is said to come from: ${line}`);
      found += 1;
    }
  }
  return found;
}

test("custom-elements.json tells what the element has", async (t) => {
  const dist = join(await PACKAGE(), "dist");
  const it = await world(t);
  const page = await it.visitor.newPage();
  await page.goto(`${it.site.url}/second`);
  await page.addScriptTag({ content: readFileSync(join(dist, "widget.js"), "utf8"), type: "module" });
  const [{ declarations, path }] = json(dist, "custom-elements.json").modules;
  assert.equal(path, "dist/widget.js");
  const [{ tagName, members, attributes }] = declarations;
  const real = await page.evaluate(features, tagName);
  assert.deepEqual(real.members, members.map(({ name }) => name).sort());
  // The others are read when the panel is drawn, and are no properties.
  assert.deepEqual(real.reflected, attributes.filter(({ fieldName }) => fieldName).map(({ name }) => name));
});

/** Runs in the page: public members of the element, and which of its switches are attributes too. */
async function features(tag) {
  const { prototype } = await customElements.whenDefined(tag);
  const element = document.createElement(tag);
  const members = Object.getOwnPropertyNames(prototype).filter((name) => !/^constructor$|Callback$/.test(name)).sort();
  const reflected = members.filter((name) => {
    if (typeof element[name] !== "boolean") return false;
    element[name] = true;
    return element.hasAttribute(name);
  });
  return { members, reflected };
}
