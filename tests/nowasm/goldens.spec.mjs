// The golden transcripts through the engine for pages that forbid WebAssembly: the shipped file, given what the
// native engine was given at the same times and with the same chance, must answer the same, call by call.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { at } from "../../src/scripts/lib/root.mjs";

// Where the native engine's tests leave them: TAPES=folder cargo test --test engine golden_transcripts
const { TAPES } = process.env;
const GOLDEN = at("tests", "engine", "golden");
// As in src/boundary/codes.rs.
const WAKE_AT = 9;
const clocks = { mono: 0, wall: 0 };
const { start } = await clocked(() => import(at("dist", "passerby.nowasm.js")));

/** The engine's file takes its clocks when it is loaded: these. */
async function clocked(load) {
  const { performance } = globalThis;
  const { now } = Date;
  const put = (value) => Object.defineProperty(globalThis, "performance", { value, configurable: true });
  put({ now: () => clocks.mono });
  Date.now = () => clocks.wall;
  try {
    return await load();
  } finally {
    put(performance);
    Date.now = now;
  }
}

/** One engine, of these 128 bits, and what it asks for. */
function begin({ mono, wall, bits, options }) {
  const { getRandomValues } = crypto;
  const { random } = Math;
  const out = [];
  const revived = () => out.push(["revived"]);
  Object.assign(clocks, { mono, wall });
  crypto.getRandomValues = (words) => words.set(bits);
  Math.random = () => 0;
  try {
    const tab = { out, said: [] };
    // The site's answers are those the native engine got, to the same events.
    const review = (event) => {
      const [told, answer] = tab.said.shift() ?? [];
      if (told !== undefined) assert.equal(event, told);
      return answer;
    };
    tab.engine = start(options, mono, (_read, _answer, ...given) => out.push(given), revived, review);
    return tab;
  } finally {
    delete crypto.getRandomValues;
    assert.equal(crypto.getRandomValues, getRandomValues);
    Math.random = random;
  }
}

/** The same call, or look; how many answers were the same. */
function same(tab, { mono, wall, put: [code, number, texts], out: asked, read, said = [] }) {
  Object.assign(clocks, { mono, wall });
  tab.out.length = 0;
  tab.said = said;
  if (!asked) assert.equal(tab.engine.read(code, texts), read);
  else tab.engine.feed(code, number, texts);
  assert.deepEqual(tab.said, [], "the site is asked as often");
  const others = ([kind]) => kind !== WAKE_AT;
  assert.deepEqual(tab.out.filter(others), asked?.filter(others) ?? []);
  tab.wake = lastWake(tab.out) ?? tab.wake;
  // When to be woken is told once: a look across the boundary may be what tells it.
  if (asked) assert.equal(tab.wake, (tab.told = lastWake(asked) ?? tab.told), "when to be woken");
  return asked?.length ?? 1;
}

const lastWake = (out) => out.findLast(([kind]) => kind === WAKE_AT)?.[1];

const compared = {};
for (const name of readdirSync(GOLDEN)) {
  test(name, () => {
    const lines = readFileSync(join(TAPES, name), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const tabs = [];
    compared[name] = 0;
    for (const [index, line] of lines.entries()) {
      try {
        if (line.bits) tabs[line.tab] = begin(line);
        else compared[name] += same(tabs[line.tab], line);
      } catch (error) {
        error.message += `\nat line ${index + 1}: ${JSON.stringify(line.put)}`;
        throw error;
      }
    }
  });
}

test("there was something to compare in all but the page nobody saw", () => {
  const empty = Object.keys(compared).filter((name) => compared[name] < 5);
  assert.deepEqual(empty, ["07-prerender.txt"]);
});
