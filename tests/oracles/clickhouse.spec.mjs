// ClickHouse takes our rows: the server of 2018 by HTTP, today's inside chDB; into the table of www/collectors.html.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startForeign } from "../e2e/harness/foreign.mjs";
import { startClickHouse } from "./clickhouse.mjs";

const BATCHES = 30;

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const collector = async (...args) => (await promisify(execFile)(process.env.COLLECTOR, args)).stdout;

/** As a reader of the page copies it. */
const schema = () => /<code id="clickhouse">([^<]*)<\/code>/.exec(read("www/collectors.html"))[1];

/** Batches as pages write them: the visit of the formats' tests, the wire's examples, and a load of many events. */
function log() {
  const wire = readdirSync(new URL("../wire/", import.meta.url)).filter((name) => name.startsWith("valid-"));
  const written = ["tests/formats/visit.json", ...wire.map((name) => `tests/wire/${name}`)];
  // The examples share ids that no two pages would, and not all say to which page view an event belongs.
  const own = (number) => number.toString(16).repeat(32);
  const viewed = ({ events, ...batch }) => ({ ...batch, events: events.map((event) => ({ view: 1, ...event })) });
  const batches = written.map((path, at) => ({ ...viewed(JSON.parse(read(path))), load: own(at) }));
  const visit = batches[0];
  for (let at = 0; at < BATCHES; at++) {
    const event = (inner) => ({ ...visit.events[1], seq: at * 10 + inner + 1, t: at * 1000 + inner });
    const events = Array.from({ length: 10 }, (_, inner) => event(inner));
    batches.push({ ...visit, batch: `many:${at}`, load: own(15), events });
  }
  return batches.map((batch) => `${JSON.stringify(batch)}\n`).join("");
}

/** A collector's data with that log in it. */
async function filled(t) {
  const data = mkdtempSync(join(tmpdir(), "passerby-rows-"));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const path = join(data, "log.ndjson");
  writeFileSync(path, log());
  await collector("replay", path, "--data", data);
  const lines = (await collector("export", "--data", data)).trim().split("\n");
  return { data, events: lines.map((line) => JSON.parse(line)) };
}

/** Everything once more under another name, which has a place of its own. */
const forward = (data, url, name) =>
  collector("forward", "--once", "--data", data, "--to", `clickhouse=${url},key=events,name=${name}`);

const rows = (text) => text.trim().split("\n").map((line) => JSON.parse(line));

/** What an event's row has to say, from `export`, which knows nothing of the encoder. Without: nothing, or 0. */
function expected({ page = {}, visitor, session, props = {}, ...event }, on = {}) {
  const { site, load, seq, at, name, view = 0, device = "", language = "" } = event;
  const { earned_ms, session_engaged_ms, page_depth, bounced, ...own } = props;
  return {
    ...{ site, load, seq, at, name, view, device, language, props: own },
    ...{ url: page.url ?? on.url ?? "", title: page.title ?? on.title ?? "", referrer: page.referrer ?? "" },
    ...{ visitor: visitor.id, customer: visitor.customer ?? "", audience: visitor.audience ?? "" },
    ...{ stage: visitor.stage ?? "", session: session.id, session_started: session.started },
    ...{ channel: session.channel ?? "", source: session.source ?? "" },
    ...{ medium: session.medium ?? "", campaign: session.campaign ?? "" },
  };
}

/** A row as far as `export` can know it: 64 bits come as text, and forwarding adds what engagement comes to. */
function told({ event_id, sent, ...row }) {
  assert.match(event_id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.ok(Number(sent) > 0);
  const { earned_ms, session_engaged_ms, page_depth, bounced, ...props } = JSON.parse(row.props);
  const numbers = ["seq", "at", "view", "session_started"].map((name) => [name, Number(row[name])]);
  return { ...row, ...Object.fromEntries(numbers), props };
}

function assertSame(got, events) {
  const key = ({ load, seq }) => `${load}:${seq}`;
  // An event knows its page by its view; the row says it.
  const views = events.filter(({ name }) => name === "page_view");
  const on = ({ load, view }) => views.findLast((event) => event.load === load && event.view === view)?.page;
  const have = new Map(got.map((row) => [key(row), told(row)]));
  assert.equal(have.size, events.length);
  for (const event of events) assert.deepEqual(have.get(key(event)), expected(event, on(event)));
}

test("ClickHouse 18.16 takes a plain insert, and counts what comes twice once", { timeout: 120_000 }, async (t) => {
  const { data, events } = await filled(t);
  assert.ok(events.length > BATCHES * 10);
  const { url, query } = await startClickHouse(t);
  const version = (await query("SELECT version()")).trim();
  await query(schema());
  await forward(data, url, "once");
  const count = async (more = "") => Number(await query(`SELECT count() FROM events ${more}`));
  assert.equal(await count(), events.length);
  assertSame(rows(await query("SELECT * FROM events FORMAT JSONEachRow")), events);
  await forward(data, url, "again");
  assert.equal(await count("FINAL"), events.length);
  assert.equal(Number(await query("SELECT uniqExact(event_id) FROM events")), events.length);
  await query("CREATE TABLE narrow (event_id String, name String) ENGINE = Log");
  await collector("forward", "--once", "--data", data, "--to", `clickhouse=${url},key=narrow,name=narrow`);
  assert.equal(Number(await query("SELECT count() FROM narrow WHERE name != ''")), events.length);
  t.diagnostic(`ClickHouse ${version}: ${events.length} rows, sent twice, ${await count("FINAL")} with FINAL`);
});

test("today's ClickHouse, in chDB, takes the same rows into the same table", { timeout: 120_000 }, async (t) => {
  const { data, events } = await filled(t);
  const foreign = await startForeign(() => ({ body: "" }));
  t.after(() => foreign.close());
  for (const name of ["once", "again"]) await forward(data, foreign.url, name);
  const sent = foreign.posts().map(({ body }) => body).join("");
  assert.equal(rows(sent).length, events.length * 2);
  const [version, final, deepest] = await chdb({
    schema: schema(),
    rows: sent,
    queries: [
      "SELECT version() AS version",
      "SELECT * FROM events FINAL",
      "SELECT JSONExtractString(props, 'transaction_id') AS id FROM events FINAL WHERE name = 'purchase'",
    ],
  });
  assertSame(rows(final), events);
  assert.ok(rows(deepest).some(({ id }) => id === "T-77"));
  const kept = `${events.length} rows, sent twice, ${rows(final).length} with FINAL`;
  t.diagnostic(`ClickHouse ${rows(version)[0].version}: ${kept}`);
});

/** Its answers, one JSON object a line each. */
function chdb(asked) {
  const script = new URL("chdb_rows.py", import.meta.url).pathname;
  const child = spawn(process.env.CHDB, [script], { stdio: ["pipe", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (bytes) => (out += bytes));
  child.stdin.end(JSON.stringify(asked));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error(`chDB ended with ${code}`))));
  });
}
