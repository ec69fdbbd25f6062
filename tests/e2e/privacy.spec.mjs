// Planted secrets: in every place a site may leave them by mistake. None may leave the page, stay in it, or be shown.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { flush, shows, summary, until, world } from "./harness.mjs";
import { recorded, stored } from "./harness/traces.mjs";

const MAIL = "ada.lovelace@example.com";
const CARD = "4111111111111111";
const HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
const WORD = "hunter2swordfish";
// As written, and as a URL may write it.
const SECRETS = [MAIL, "ada.lovelace%40example.com", "ada.lovelace", CARD, HEX, JWT, JWT.split(".")[2], WORD];

test("no planted secret is sent or stored", async (t) => {
  const it = await world(t);
  const bodies = recorded(it.visitor);
  const page = await planted(it);
  await flush(page);
  const notes = [{ name: "note" }, { name: "plain_note", props: { text: "harmless" } }];
  await it.arrived({ name: "page_view" }, { name: "page_view" }, ...notes);
  clean("summary() and explain()", await page.evaluate(() => [window.passerby.summary(), window.passerby.explain()]));
  clean("storage", await page.evaluate(stored));
  assert.ok(bodies.length > 0, "requests were seen");
  clean("requests", bodies.join("\n"));
  clean("export", await it.collector.exported());
  await it.collector.stop();
  const folder = it.collector.data;
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name)).toString("latin1");
    if (text) clean(name, text);
  }
});

test("no planted secret is shown", async (t) => {
  const it = await world(t);
  const page = await planted(it);
  await page.keyboard.press("Alt+Shift+P");
  await shows(page, "User");
  const shown = page.locator("passerby-summary").evaluate((element) => element.shadowRoot.textContent);
  clean("what the summary shows", await shown);
});

/** A page with a secret in every place, and one soft navigation further. */
async function planted(it) {
  const mail = encodeURIComponent(MAIL);
  const path = `/plain/${mail}/${HEX}/${CARD}?email=${mail}&password=${WORD}&utm_source=news#access_token=${JWT}`;
  const page = await it.open(path, { referer: `https://search.example/?q=${WORD}&mail=${mail}` });
  await page.evaluate(plant, { MAIL, CARD, HEX, JWT, WORD });
  await page.evaluate(([mail, word]) => history.pushState({}, "", `/plain/next/${mail}?token=${word}`), [mail, WORD]);
  await until("the second view counts", async () => (await summary(page)).session.pageDepth === 2);
  return page;
}

/** Runs in the page. */
function plant({ MAIL, CARD, HEX, JWT, WORD }) {
  document.title = `Order of ${MAIL}`;
  const { passerby } = window;
  passerby.track("note", { text: `write to ${MAIL}`, card: `card ${CARD}`, password: WORD, list: [HEX, { jwt: JWT }] });
  passerby.track("plain_note", { text: "harmless" });
  passerby.identify(MAIL);
  passerby.set({ contact: MAIL });
}

function clean(where, what) {
  const text = typeof what === "string" ? what : JSON.stringify(what);
  assert.ok(text.length > 0, `${where} is empty`);
  for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} is in ${where}`);
}
