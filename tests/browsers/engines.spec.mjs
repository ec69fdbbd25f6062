// The same visit in three engines, as the collector received it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrived } from "../e2e/harness.mjs";
import { ENGINES } from "./webdriver.mjs";
import { FLUSH, SUMMARY, rows, world } from "./world.mjs";

const view = (path) => ({ name: "page_view", page: { url: new RegExp(`${path}$`) } });

for (const name of Object.keys(ENGINES)) {
  test(`${name}: one session over three pages, back, and two tabs`, async (t) => {
    const it = await world(t, name);
    const { browser } = it;
    for (const path of ["/plain/one", "/plain/two", "/plain/three"]) await it.visit(path);
    await it.arrived(view("one"), view("two"), view("three"));
    await browser.back();
    await browser.until("() => location.pathname === '/plain/two'");
    await browser.until("() => window.passerby?.summary().session.pageDepth === 4");
    const other = await browser.open();
    await browser.show(other);
    await it.visit("/second");
    await browser.until("() => window.passerby.summary().session?.pageDepth === 5");
    await browser.wait(FLUSH);
    const all = await it.arrived(view("one"), view("two"), view("three"), view("two"), view("second"));
    assert.equal((await it.views()).length, 5);
    assert.equal(new Set(all.map(({ session }) => session)).size, 1, "one session");
    assert.equal(new Set(all.map(({ visitor }) => visitor)).size, 1, "one visitor");
    const collected = await it.collector.session(all[0].session);
    assert.equal(collected.pageDepth, 5);
    const again = all[3].props.cause === "load" ? all[1] : all[3];
    rows[name]["pages, back, tabs"] = `ok, back is a ${again.props.cause}`;
  });

  test(`${name}: nothing before consent, all of it after`, async (t) => {
    const it = await world(t, name, 'data-consent="required"');
    await it.visit("/plain");
    await it.browser.run("() => window.passerby.track('before')");
    await it.browser.wait(FLUSH);
    assert.deepEqual(await it.collector.events(), []);
    assert.equal(await it.browser.run("() => localStorage.length"), 0);
    await it.browser.run("() => window.passerby.consent('granted')");
    await it.browser.wait(FLUSH);
    const [first, before] = await it.arrived(view("plain"), { name: "before" });
    assert.ok(first.seq < before.seq);
    rows[name].consent = "ok";
  });

  test(`${name}: a tab closed at once loses nothing`, async (t) => {
    const it = await world(t, name);
    const { browser } = it;
    await it.visit("/plain/stays");
    const first = await browser.tab();
    await browser.show(await browser.open());
    await it.visit("/plain/goes");
    const { session } = await browser.run(SUMMARY);
    await browser.run("() => { window.passerby.track('last'); }");
    await browser.close();
    await browser.show(first);
    const here = await arrived(it, [view("goes"), { name: "last" }], 10).catch(() => undefined);
    // What an engine could not send at the end is sent when the site is opened next.
    if (!here) await it.visit("/plain/again");
    await it.arrived(view("goes"), { name: "last" });
    assert.equal((await it.collector.events()).filter(({ name }) => name === "last").length, 1);
    assert.equal((await it.collector.session(session.id)).id, session.id);
    rows[name].close = here ? "ok, sent at once" : "ok, sent at the next visit";
  });
}
