// Events nobody has to write code for: each a part of its own, loaded only when asked for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, summary, until, visit, world } from "./harness.mjs";
import { MAIL, WORD, clean, frames, loaded, opened, told } from "./harness/auto.mjs";

const CLICKS = ["links", "downloads", "forms", "impressions"];
const PARTS = [...CLICKS, "errors", "media", "search", "notfound", "optout", "vitals", "datalayer"];

test("nothing is loaded and nothing observed when not asked for", async (t) => {
  for (const auto of ["", 'data-auto="true"', 'data-auto="false"']) {
    const it = await world(t, { tag: auto });
    const page = await it.open("/auto");
    await page.click("#out");
    await page.click("#file");
    await page.fill("#name", "x");
    await page.click("#send");
    assert.deepEqual(await told(it, page), [], auto);
    for (const part of [...PARTS, "true", "false"]) assert.equal(it.site.asked(`/dist/auto/${part}.js`), false, part);
  }
});

test("parts asked for do not switch page views off, and a wrong name does no harm", async (t) => {
  const it = await world(t, { tag: 'data-auto="links, nonsense"' });
  const page = await it.open("/auto");
  await loaded(it, page, "links");
  await until("the wrong one is asked for", () => it.site.asked("/dist/auto/nonsense.js"));
  await page.evaluate(() => history.pushState({}, "", "/auto/further"));
  await page.click("#out");
  await flush(page);
  await it.arrived({ name: "page_view", props: { cause: "push" } }, { name: "click", props: { outbound: true } });
  assert.deepEqual(it.errors, []);
});

test("links: clicks to other sites, without query, fragment and user", async (t) => {
  const { it, page } = await opened(t, "links");
  for (const id of ["#out", "#in", "#file", "#far", "#mail", "#shadowed a"]) await page.click(id);
  await page.click("#out", { button: "middle" });
  await page.click("#out", { button: "right" });
  const href = "http://elsewhere.example/path";
  assert.deepEqual((await told(it, page)).map(({ name, props }) => [name, props]), [
    ["click", { href, outbound: true }],
    ["click", { href: "https://elsewhere.example/shadow", outbound: true }],
    ["click", { href, outbound: true }],
  ]);
  await clean(it);
});

test("downloads: clicks on files, here and elsewhere", async (t) => {
  const { it, page } = await opened(t, "links downloads");
  for (const id of ["#in", "#file", "#far"]) await page.click(id);
  assert.deepEqual((await told(it, page)).map(({ name, props }) => [name, props]), [
    ["click", { href: `${it.site.url}/files/report.PDF`, download: true }],
    ["click", { href: "https://elsewhere.example/setup.zip", outbound: true, download: true }],
  ]);
  await clean(it);
});

test("errors: once each, as many as a person would read, redacted", async (t) => {
  const { it, page } = await opened(t, "errors");
  await page.evaluate(
    ([word, mail]) =>
      new Promise((done) => {
        const script = document.createElement("script");
        script.textContent = `
          const fail = (text) => { throw new TypeError(text); };
          for (const text of ["no ${mail}@example.com", "GET /a?token=${word} failed", "https://a.example/b?${word}"])
            for (let twice = 0; twice < 2; twice++) queueMicrotask(() => fail(text));
          for (let at = 0; at < 50; at++) queueMicrotask(() => fail("again " + at));
        `;
        document.body.append(script);
        const picture = document.createElement("img");
        picture.onerror = done;
        picture.src = "/missing.png";
        document.body.append(picture);
      }),
    [WORD, MAIL],
  );
  const events = await told(it, page);
  assert.deepEqual([...new Set(events.map(({ name }) => name))], ["script_error"]);
  assert.equal(events.length, 20);
  const messages = events.map(({ props }) => props.message);
  const [first, second, third] = messages;
  assert.match(first, /TypeError: no \[redacted\]/);
  assert.match(second, /TypeError: GET \/a failed$/);
  assert.match(third, /TypeError: https:\/\/a\.example\/b$/);
  assert.match(events[0].props.source, /\/auto:\d+$/);
  assert.ok(new Set(messages).size === messages.length, messages.join("\n"));
  await clean(it);
});

test("errors: a promise that nobody caught", async (t) => {
  const { it, page } = await opened(t, "errors");
  await page.evaluate(() => void Promise.reject(new RangeError("too far")));
  await flush(page);
  await it.arrived({ name: "script_error", props: { message: "Unhandled: RangeError: too far" } });
});

test("forms: start and submit, never what is entered", async (t) => {
  const { it, page } = await opened(t, "forms");
  await page.type("#name", WORD);
  await page.type("#password", WORD);
  await page.selectOption("#plan", WORD);
  await page.click("#send");
  assert.deepEqual((await told(it, page)).map(({ name, props }) => [name, props]), [
    ["form", { form: "sign-up", step: "start" }],
    ["form", { form: "sign-up", step: "submit" }],
  ]);
  await clean(it);
});

test("forms: one begun and left is abandoned", async (t) => {
  const { it, page } = await opened(t, "forms");
  await page.type("#name", WORD);
  await page.click("#send");
  await page.type("#letter", WORD);
  const form = (form, step) => ({ name: "form", props: { form, step } });
  await visit(it, () => page.goto("about:blank"), {
    expect: [form("sign-up", "submit"), form("letters", "start"), form("letters", "abandon")],
    refuse: [form("sign-up", "abandon")],
  });
  await clean(it);
});

test("forms and links in a form whose fields have the names of its functions", async (t) => {
  const { it, page } = await opened(t, "links forms");
  await page.evaluate(() => {
    const form = document.createElement("form");
    form.id = "odd";
    for (const name of ["getAttribute", "matches", "closest", "id", "action", "submit"])
      form.append(Object.assign(document.createElement("input"), { name, id: `odd-${name}` }));
    const href = "https://elsewhere.example/inside";
    form.append(Object.assign(document.createElement("a"), { href, id: "inside", textContent: "In" }));
    document.body.prepend(form);
  });
  await page.type("#odd-matches", WORD);
  // Playwright asks the form itself, and would fail.
  await page.evaluate(() => document.querySelector("#inside").click());
  assert.deepEqual((await told(it, page)).map(({ name, props }) => [name, props]), [
    ["form", { form: "odd", step: "start" }],
    ["click", { href: "https://elsewhere.example/inside", outbound: true }],
  ]);
  assert.deepEqual(it.errors, []);
});

test("impressions: once when half has been in view for a second, and clicks within", async (t) => {
  const { it, page } = await opened(t, "impressions");
  await page.click("#take");
  // What comes later is found.
  await page.evaluate(() => {
    const late = document.createElement("p");
    late.setAttribute("data-passerby-impression", "late");
    late.textContent = "Late";
    document.querySelector("#hero").before(late);
  });
  const count = async () => (await summary(page)).events.impression ?? 0;
  await until("two were seen", async () => (await count()) >= 2);
  await page.locator("#low").scrollIntoViewIfNeeded();
  await until("three were seen", async () => (await count()) >= 3);
  const events = await told(it, page);
  const times = (element) => events.filter(({ name, props }) => name === "impression" && props.element === element);
  assert.deepEqual(["hero", "late", "low", "wide"].map((element) => times(element).length), [1, 1, 1, 0]);
  assert.ok(times("hero")[0].t >= 1000, "it takes a second");
});

test("media: how long it has played, at a pause", async (t) => {
  const { it, page } = await opened(t, "media");
  await page.evaluate(() => document.querySelector("#film").play());
  // Over the end of its two seconds, which it does not stop at.
  const played = () => page.evaluate(() => performance.now() - (window.since ??= performance.now()) > 2600);
  await until("it has played for a while", played);
  await page.evaluate(() => {
    const film = document.querySelector("#film");
    return new Promise((done) => {
      film.addEventListener("pause", done);
      film.pause();
    });
  });
  const [event, ...more] = await told(it, page);
  assert.deepEqual(more, []);
  assert.deepEqual([event.name, event.props.id, event.props.duration], ["media", "film", 2]);
  assert.ok(event.props.seconds >= 2 && event.props.seconds <= 30, JSON.stringify(event));
});

test("vitals: those of the load soon, the others when the page is left", async (t) => {
  const { it, page } = await opened(t, "vitals");
  await page.click("#take");
  // The browser tells of an interaction a frame after it.
  await frames(page, 2);
  const vital = (metric) => ({ name: "web_vital", props: { metric, value: (value) => value >= 0 && value < 60_000 } });
  const expect = ["TTFB", "FCP", "LCP", "CLS"].map(vital);
  await visit(it, () => page.goto("about:blank"), { expect });
  const events = await it.collector.events();
  const metrics = events.filter(({ name }) => name === "web_vital").map(({ props }) => props.metric);
  assert.equal(new Set(metrics).size, metrics.length, `each once: ${metrics}`);
});

test("datalayer: GA4's events as Tag Manager and gtag push them, from before and after", async (t) => {
  const { it, page } = await opened(t, "datalayer");
  const lengths = await page.evaluate((mail) => {
    function gtag() {
      return window.dataLayer.push(arguments);
    }
    const order = { transaction_id: "T-1", value: 12.5, currency: "EUR", user_data: { email: "a" }, send_to: "G-1" };
    return [
      gtag("config", "G-1"),
      gtag("event", "add_to_cart", { currency: "EUR", value: 9.5, items: [{ item_id: "sku-1" }] }),
      window.dataLayer.push({ event: "own_event", mail }, { event: "login", method: "mail", user_id: mail }),
      window.dataLayer.push({ ecommerce: null }, { event: "purchase", ecommerce: order, eventCallback() {} }),
    ];
  }, MAIL);
  assert.deepEqual(lengths, [3, 4, 6, 8], "a push answers as it did");
  const events = (await told(it, page)).filter(({ name }) => name !== "audience");
  assert.deepEqual(events.map(({ name }) => name), ["view_item", "add_to_cart", "login", "purchase"]);
  const [viewed, added, login, bought] = events.map(({ props }) => props);
  assert.deepEqual([viewed.value, added.value, login], [9.5, 9.5, { method: "mail" }]);
  assert.deepEqual(bought, { transaction_id: "T-1", value: 12.5, currency: "EUR" });
  await page.waitForSelector('html[data-passerby-audience="customer"]', { state: "attached" });
  await clean(it);
});

test("datalayer: an array that the page puts in place only when the part is there is read", async (t) => {
  const it = await world(t, { tag: 'data-auto="datalayer"' });
  const page = await it.visitor.newPage();
  // The page is read no further until then.
  await page.route("**/held.js", async (route) => {
    await loaded(it, page, "datalayer");
    await route.fulfill({ contentType: "text/javascript", body: "" });
  });
  await page.goto(`${it.site.url}/late`);
  await page.evaluate(() => window.dataLayer.push({ event: "add_to_wishlist", value: 9.5 }));
  const names = (await told(it, page)).map(({ name }) => name).filter((name) => name !== "audience");
  assert.deepEqual(names, ["view_item", "add_to_wishlist"]);
});

test("after stop() nothing is observed", async (t) => {
  const { it, page } = await opened(t, PARTS.join(" "));
  await page.click("#far");
  await flush(page);
  await it.arrived({ name: "click", props: { download: true } });
  const before = (await it.collector.events()).filter(({ name }) => name === "click").length;
  await page.evaluate(() => window.passerby.stop());
  await page.click("#far");
  const other = await it.open("/plain");
  await flush(other);
  await it.arrived({ name: "page_view", page: { url: /plain/ } });
  assert.equal((await it.collector.events()).filter(({ name }) => name === "click").length, before);
});
