// Real faults in a real browser, against the real collector: npm run test:faults
//
//   --tries N      of each scenario (10)
//   --only TEXT    scenarios whose name contains it
//   --json FILE    also as JSON (target/faults.json)
//
// Each try has a site, a proxy and a collector of its own, and comes back at the end, two minutes later, to see
// what waited. Ends with 1 when anything was doubled, or lost outside of the window before a kill.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { at } from "../../src/scripts/lib/root.mjs";
import { main, seconds } from "../../src/scripts/lib/say.mjs";
import { startBrowser } from "./chromium.mjs";
import { crowd } from "./scenarios/crowd.mjs";
import { kills } from "./scenarios/killed.mjs";
import { leaving } from "./scenarios/leaving.mjs";
import { life } from "./scenarios/life.mjs";
import { network } from "./scenarios/network.mjs";
import { storage } from "./scenarios/storage.mjs";
import { LEGEND, row, table, windows } from "./table.mjs";
import { quiet, resent, startWorld } from "./world.mjs";

const AT_ONCE = 4;
const EXAMPLES = 4;
const scenarios = [...leaving, ...kills, ...network, ...storage, ...crowd, ...life];

await main(async () => {
  const { values } = parseArgs({
    options: {
      tries: { type: "string", default: "10" },
      only: { type: "string", default: "" },
      json: { type: "string", default: at("target", "faults.json") },
    },
  });
  const chosen = scenarios.filter(({ name }) => name.includes(values.only));
  const rows = [];
  for (const scenario of chosen) {
    const tries = await runAll(scenario, Number(values.tries));
    rows.push(row(scenario, tries));
    report(rows.at(-1), tries, `${rows.length} of ${chosen.length}`);
  }
  console.log(`\n${table(rows)}\n\n${LEGEND}\n${windows(rows)}`);
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, JSON.stringify(rows, null, 2) + "\n");
  return rows.length === 0 || rows.some(({ broken }) => broken) ? 1 : 0;
});

/** All tries of a scenario, a few at a time, each in a browser of its own: in one window, only one tab is seen. */
async function runAll(scenario, tries) {
  const left = Array.from({ length: tries }, (_, at) => at);
  const done = [];
  const worker = async () => {
    while (left.length > 0) {
      left.pop();
      const browser = await startBrowser(scenario);
      done.push(await once(scenario, browser));
      await browser.close();
      progress(`${done.length} of ${tries} tries of ${scenario.name}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

async function once(scenario, browser) {
  const it = await startWorld(browser, scenario);
  let error;
  let before;
  try {
    await scenario.act(it, browser);
    await quiet(it);
    before = await it.tally();
    await it.comeBack();
  } catch (caught) {
    error = caught;
  }
  const end = await it.tally();
  const result = {
    tracked: end.tracked,
    stored: end.stored,
    lost: end.tracked - end.stored,
    late: end.stored - (before?.stored ?? 0),
    doubled: end.doubled,
    resent: resent(it),
    missing: end.missing,
    extra: end.extra,
    // Where the try itself failed, perhaps nothing has ever arrived.
    sessions: error ? 0 : (await it.collector.sessions()).length,
    unwritten: it.unwritten ?? false,
    written: it.written,
    gaveUp: it.gaveUp ?? false,
    error,
  };
  await it.close();
  return result;
}

/** Overwritten by the next; nothing where nobody looks. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}\r`);
}

function report({ name, tries, tracked, lost, late, doubled, broken }, results, place) {
  const counts = `${tries} tries, ${tracked} tracked, ${lost} lost, ${late} late, ${doubled} doubled`;
  console.log(`${broken ? "FAIL" : "ok  "} ${name}: ${counts} (${place}, ${seconds()})`);
  if (!broken) return;
  for (const { error, missing, extra } of results) {
    if (error) console.error(error);
    if (missing.length) console.error(`  missing: ${list(missing)}`);
    if (extra.length) console.error(`  counted twice: ${list(extra)}`);
  }
}

function list(names) {
  return names.slice(0, EXAMPLES).join(", ") + (names.length > EXAMPLES ? `, … of ${names.length}` : "");
}
