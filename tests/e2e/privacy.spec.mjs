// Planted secrets: in every place a site may leave them by mistake. None may leave the page, stay in it, or be shown.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sent } from "../../src/scripts/lib/stored.mjs";
import { flush, shows, summary, until, world } from "./harness.mjs";
import { recorded, stored } from "./harness/traces.mjs";

const MAIL = "ada.lovelace@example.com";
const CARD = "4111111111111111";
const HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
const WORD = "hunter2swordfish";
// As written, and as a URL may write it.
const SECRETS = [MAIL, "ada.lovelace%40example.com", "ada.lovelace", CARD, HEX, JWT, JWT.split(".")[2], WORD];
const SPACED = CARD.replace(/\d{4}(?=\d)/g, "$& ");
// The card by its groups, however they are held together.
const GROUPED = /4111(%25|%|\W|2D|20)+1111/i;

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

test("nothing is sent or stored that www/privacy.html does not name", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain?utm_source=news&utm_medium=email&utm_campaign=april");
  const bodies = recorded(it.visitor);
  await page.evaluate(() => {
    window.passerby.identify("c-1004", { plan: "pro" });
    window.passerby.purchase({ transaction_id: "T-1", value: "5", currency: "EUR" });
    window.passerby.track("engine", undefined);
  });
  await flush(page);
  await it.arrived({ name: "purchase" });
  const promised = new Set(sent().map(([path]) => path));
  const batches = bodies.map((text) => JSON.parse(text.slice(text.indexOf('{"passerby"'))));
  const told = new Set(batches.flatMap((batch) => paths(batch)));
  assert.ok(told.size > 20, [...told].join());
  assert.deepEqual([...told].filter((path) => !promised.has(path)), []);
  const keys = await page.evaluate(() => Object.keys(localStorage).map((key) => key.replace(/\|.*/, "|")));
  const site = "passerby:127.0.0.1";
  const known = [site, `${site}|`, `${site}:consent`, `${site}:erase`];
  assert.deepEqual(keys.filter((key) => !known.includes(key)), []);
  const databases = await page.evaluate(() => indexedDB.databases());
  assert.deepEqual(databases.map(({ name }) => name), [site]);
  assert.equal(await page.evaluate(() => document.cookie + sessionStorage.length), "0");
});

/** `events[].page.url` and the like; properties are the site's own. */
function paths(value, path = "") {
  if (Array.isArray(value)) return [path, ...value.flatMap((item) => paths(item, `${path}[]`))];
  if (value === null || typeof value !== "object" || /(^dropped|props|was)$/.test(path)) return [path];
  const inner = Object.entries(value).flatMap(([name, part]) => paths(part, path ? `${path}.${name}` : name));
  return path && !path.endsWith("[]") ? [path, ...inner] : inner;
}

/** Percent-encoded as often as this. */
const encoded = (text, times) => (times ? encodeURIComponent(encoded(text, times - 1)) : text);

test("no secret gets anywhere, wherever it stands and however it is encoded", async (t) => {
  const it = await world(t, { tag: 'data-auto="forms errors links search"' });
  const bodies = recorded(it.visitor);
  for (const times of [0, 1, 2, 3]) {
    const [mail, card] = [encoded(MAIL, times), encoded(SPACED, times)];
    const query = `q=${mail}&password=${WORD}&utm_campaign=${mail}&utm_source=${card}&ref=${mail}`;
    // A path is encoded once in any case.
    const folders = `${encoded(MAIL, times || 1)}/${encoded(SPACED, times || 1)}/reset-password/${WORD}/done`;
    const path = `/plain/${folders};jsessionid=${WORD}?${query}#access_token=${JWT}`;
    const referer = `https://${MAIL.replace("@", ":" + WORD + "@")}/${card}?token=${WORD}&mail=${mail}`;
    const page = await it.open(path, { referer });
    for (const part of ["forms", "errors", "links", "search"]) {
      await until(`${part} is asked for`, () => it.site.asked(`/dist/auto/${part}.js`));
      await page.evaluate((name) => import(`/dist/auto/${name}.js`), part);
    }
    await page.evaluate(scatter, { mail, card, place: encoded(MAIL, times || 1), HEX, JWT, WORD });
    await page.fill("#secret", WORD);
    await page.fill("#mail", MAIL);
    await page.click("#send");
    await page.click("#away");
    await page.evaluate(() => window.passerby.track("last"));
    await flush(page);
    await it.arrived(...Array.from({ length: times + 1 }, () => ({ name: "last" })));
    const said = [await page.evaluate(() => [window.passerby.summary(), window.passerby.explain()])];
    clean(`summary() and explain(), encoded ${times} times`, said);
    clean(`storage, encoded ${times} times`, await page.evaluate(stored));
    await page.close();
  }
  const names = (await it.collector.events()).map(({ name }) => name);
  for (const name of ["form", "script_error", "click", "search", "trial", "marked"]) {
    assert.ok(names.includes(name), `${name} has not arrived: ${names.join()}`);
  }
  clean("requests", bodies.join("\n"));
  clean("export", await it.collector.exported());
  clean("sessions", await it.collector.sessions());
  clean("the dashboard", await (await fetch(`${it.collector.url}/dashboard`)).text());
  await it.collector.stop();
  assert.match(it.collector.log(), /accepted/);
  clean("the log", it.collector.log());
  for (const name of readdirSync(it.collector.data)) {
    const text = readFileSync(join(it.collector.data, name)).toString("latin1");
    if (text) clean(name, text);
  }
});

/** Runs in the page: secrets where code, marks, forms, links and errors may leave them. */
function scatter({ mail, card, place, HEX, JWT, WORD }) {
  document.title = `Order of ${mail}, ${card}`;
  const { passerby } = window;
  passerby.page({ note: mail });
  passerby.track("trial", {
    mail, card, HEX, url: `https://a.example/?c=${mail}#${JWT}`,
    nested: { apiKey: WORD, list: [[mail], { pin: WORD }], privateKey: WORD, session_id: WORD },
    [mail]: "as a name", text: `?abc&password: ${WORD}`, header: `Authorization: Bearer ${WORD}`,
  });
  passerby.track(`event of ${mail}`);
  passerby.set({ secret_word: WORD, contact: mail });
  passerby.identify("c-1004", { email: mail, password: WORD });
  document.body.insertAdjacentHTML(
    "beforeend",
    `<form id="log-in" onsubmit="return false"><input id="secret" name="password" type="password">
     <input id="mail" name="${mail}"><button id="send">Send</button></form>
     <a id="away" onclick="return false" href="https://elsewhere.example/${place}?t=${WORD}">Away</a>
     <b id="mark" data-passerby-event="marked" data-passerby-prop-token="${WORD}"
       data-passerby-prop-note="${mail}">x</b>`,
  );
  document.getElementById("mark").click();
  queueMicrotask(() => {
    throw new Error(`no such user: ${mail}, password=${WORD}, card ${card}, at https://a.example/?key=${JWT}`);
  });
}

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
  for (const secret of SECRETS) {
    const at = text.indexOf(secret);
    assert.ok(at < 0, `${secret} is in ${where}: ${text.slice(Math.max(0, at - 200), at + 100)}`);
  }
  assert.doesNotMatch(text, GROUPED, `${where}`);
}
