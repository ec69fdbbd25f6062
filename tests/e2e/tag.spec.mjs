// One plain tag: what it records, as the collector received it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, matches, summary, touch, until, visit, world } from "./harness.mjs";

test("a load is a page view with title, referrer and channel", async (t) => {
  const it = await world(t);
  const act = () => it.open("/plain", { referer: "https://www.google.com/" });
  const view = { name: "page_view", props: { cause: "load" } };
  const [event] = await visit(it, act, {
    expect: [{ ...view, page: { url: /\/plain$/, title: "Plain page", referrer: /google/ } }],
    refuse: [{ name: "script_error" }],
  });
  assert.equal(event.channel, "organic_search");
  assert.equal((await it.collector.events()).filter(({ name }) => name === "page_view").length, 1);
});

test("soft navigations are page views with their cause and their own title", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain/start");
  const go = (how, path, title) =>
    page.evaluate(([how, path, title]) => {
      history[how]({}, "", path);
      document.title = title;
      // The title is read a frame later; the next navigation must not come before.
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }, [how, path, title]);
  const act = async () => {
    await go("pushState", "/plain/one", "One");
    await go("replaceState", "/plain/two", "Two");
    await page.evaluate(() => history.pushState({}, "", "#part"));
    await page.evaluate(() => history.go(-2));
    await page.waitForURL("**/plain/start");
    await until("four page views", async () => (await summary(page)).session.pageDepth === 4);
    await flush(page);
  };
  const view = (cause, path, title) => {
    return { name: "page_view", props: { cause }, page: { url: new RegExp(`${path}$`), title } };
  };
  await visit(it, act, {
    expect: [
      view("load", "/plain/start", "Plain page"),
      view("push", "/plain/one", "One"),
      view("replace", "/plain/two", "Two"),
      { name: "page_view", props: { cause: "traverse" }, page: { url: /\/plain\/start$/ } },
    ],
    refuse: [{ name: "page_view", page: { url: /part/ } }, { name: "page_view", view: 5 }],
  });
});

test("what is tracked between two changes of one task is of the page view that they are", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain/start");
  await page.evaluate(() => {
    history.pushState({}, "", "/plain/draft");
    window.passerby.track("drafted");
    history.replaceState({}, "", "/plain/done");
  });
  await until("two page views", async () => (await summary(page)).session.pageDepth === 2);
  await page.evaluate(() => history.pushState({}, "", "/plain/next"));
  await until("three page views", async () => (await summary(page)).session.pageDepth === 3);
  const view = (view, cause, path, from) => ({
    name: "page_view", view, props: { cause }, page: { url: new RegExp(`${path}$`), referrer: new RegExp(`${from}$`) },
  });
  await visit(it, () => flush(page), {
    expect: [view(2, "push", "/done", "/start"), { name: "drafted", view: 2 }, view(3, "push", "/next", "/done")],
    refuse: [{ page: { url: /draft$/ } }, { name: "page_view", view: 4 }],
  });
});

test("scroll depth and engaged time arrive when the page is left", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain");
  await touch(page);
  await page.keyboard.press("End");
  await until("it is scrolled", () => page.evaluate(() => scrollY > 1000));
  await until("time counts", async () => (await summary(page)).session.engagedMs > 0);
  await until("depth counts", async () => (await summary(page)).session.pages[0].scrollDepth >= 95);
  const totals = { scroll: (depth) => depth >= 95 && depth <= 100, engaged_ms: (ms) => ms > 0 };
  await visit(it, () => page.goto("about:blank"), { expect: [{ name: "engagement", view: 1, props: totals }] });
});

test("calls and marked elements become events with their properties", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain");
  const act = async () => {
    await page.evaluate(() => {
      const { passerby } = window;
      passerby("track", "early", { way: "call" });
      passerby.track("late", { way: "method", n: 5, deep: { list: [1, "two"] } });
      passerby.identify("customer-7", { plan: "pro" });
    });
    await page.click("#marked");
    await flush(page);
  };
  await visit(it, act, {
    expect: [
      { name: "early", props: { way: "call" }, audience: "user" },
      { name: "late", props: { n: 5, deep: { list: { 0: 1, 1: "two" } } } },
      { name: "identify", props: { customer: "customer-7", traits: { plan: "pro" } } },
      { name: "audience", props: { audience: "customer" } },
      { name: "newsletter", props: { plan: "pro" } },
    ],
  });
  assert.deepEqual(it.errors, []);
});

test("a purchase makes a customer, and reset a new anonymous visitor", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain");
  assert.equal((await summary(page)).audience.is, "user");
  const order = { transaction_id: "T-1", value: 12.5, currency: "EUR" };
  const buy = () => page.evaluate((order) => window.passerby.purchase(order), order);
  const sold = { name: "purchase", props: { transaction_id: "T-1", currency: "EUR" } };
  const [bought] = await visit(it, buy, { expect: [sold] });
  assert.equal((await summary(page)).audience.is, "customer");
  await page.waitForSelector('html[data-passerby-audience="customer"]', { state: "attached" });
  const [after] = await visit(
    it,
    () => page.evaluate(() => {
      window.passerby.reset();
      window.passerby.track("anonymous");
      return window.passerby.flush();
    }),
    { expect: [{ name: "anonymous", audience: "user" }, { name: "reset" }] },
  );
  assert.notEqual(after.visitor, bought.visitor);
  assert.notEqual(after.session, bought.session);
});

test("two loads in a row are one session of depth two", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain");
  await Promise.all([page.waitForURL("**/second"), page.click("#next")]);
  await until("the second page is counted", async () => (await summary(page)).session?.pageDepth === 2);
  await flush(page);
  const { id } = (await summary(page)).session;
  const view = { name: "page_view", session: id };
  await it.arrived(view, { ...view, page: { title: "Second page" } });
  const session = await it.collector.session(id);
  assert.ok(matches(session, { pageDepth: 2, bounced: false, engaged: true }), JSON.stringify(session));
  assert.deepEqual(session.pages.map(({ title }) => title), ["Plain page", "Second page"]);
});

test("two tabs share visitor and session", async (t) => {
  const it = await world(t);
  const one = await it.open("/plain/one");
  const two = await it.open("/plain/two");
  await until("both have settled", async () => (await summary(one)).settled && (await summary(two)).settled);
  const view = (url) => ({ name: "page_view", page: { url } });
  const views = await it.arrived(view(/one$/), view(/two$/));
  assert.equal(views[0].session, views[1].session);
  assert.equal(views[0].visitor, views[1].visitor);
  assert.notEqual(views[0].load, views[1].load);
});

test("a visitor returns in a new session", async (t) => {
  const it = await world(t, { tag: 'data-session-idle-ms="300"' });
  const first = await it.open("/plain/first");
  await until("it has settled", async () => (await summary(first)).settled);
  const { visitor, session } = await summary(first);
  assert.equal(visitor.sessions, 1);
  const { started, durationMs } = session;
  await first.close();
  await until("the session has run out", () => Date.now() > started + durationMs + 400);
  const again = await it.open("/plain/again");
  await until("it has settled", async () => (await summary(again)).visitor?.sessions === 2);
  const now = await summary(again);
  assert.equal(now.visitor.id, visitor.id);
  assert.notEqual(now.session.id, session.id);
});

test("a session bounces until there is a second page view", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain");
  const { id, bounced } = (await summary(page)).session;
  assert.equal(bounced, true);
  await it.arrived({ name: "page_view" });
  assert.equal((await it.collector.session(id)).bounced, true);
  await page.evaluate(() => history.pushState({}, "", "/plain/further"));
  await until("the second view counts", async () => (await summary(page)).session.pageDepth === 2);
  await flush(page);
  await it.arrived({ name: "page_view", view: 1 }, { name: "page_view", view: 2 });
  assert.ok(matches(await it.collector.session(id), { bounced: false, engaged: true, pageDepth: 2 }));
  assert.ok(matches((await summary(page)).session, { bounced: false, engaged: true, pageDepth: 2 }));
});
