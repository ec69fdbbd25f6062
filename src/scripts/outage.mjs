// npm run forward:outage: pages send, `forward` passes it on to two systems, of which one is down half of the time,
// and once `forward` itself is killed. Ends with a table, and with 1 if anything is missing.

import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { at, collector } from "./lib/root.mjs";
import { must } from "./lib/run.mjs";
import { Failure, main, say } from "./lib/say.mjs";

const SECONDS = 24;
const TURN_SECONDS = 3;
const KILL_AFTER = 11;
const BATCHES_A_SECOND = 10;
const EVENTS_A_BATCH = 10;
const PATIENCE_SECONDS = 60;
const HOST = "127.0.0.1";

await main(async () => {
  const build = ["build", "--release", "--features", "collector", "--bin", "passerby-collector"];
  await must("cargo", build, "The collector did not build; cargo's message is above.");
  const data = mkdtempSync(join(tmpdir(), "passerby-outage-"));
  const steady = await system("uuid");
  const shaky = await system("messageId");
  const to = [`posthog=${steady.url},key=k,name=steady`, `segment=${shaky.url},key=k,name=shaky`];
  const ours = await serve(data);
  let forward = forwarding(data, to);
  try {
    const run = await day(ours, { steady, shaky }, () => (forward = again(forward, data, to)));
    return report(run, { steady, shaky });
  } finally {
    for (const child of [forward, ours.child]) child.kill("SIGTERM");
    for (const { down } of [steady, shaky]) await down();
    rmSync(data, { recursive: true, force: true });
  }
});

/** Pages send all the time; the shaky one comes and goes; a row of the table each turn, until both have all. */
async function day(ours, { steady, shaky }, kill) {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const run = { sent: 0, answers: { up: [], down: [] } };
  row(["second", "shaky was", "arrived", "steady has", "shaky has"]);
  let [turn, killed] = [0, false];
  for (let batch = 0; since() < SECONDS; batch++) {
    await sleep(Math.max(0, (batch / BATCHES_A_SECOND - since()) * 1000));
    if (since() >= (turn + 1) * TURN_SECONDS) {
      tell(run, ++turn * TURN_SECONDS, { steady, shaky });
      await (turn % 2 ? shaky.down() : shaky.up());
    }
    if (!killed && since() > KILL_AFTER) {
      killed = true;
      kill();
      console.log("        forward is killed (SIGKILL) and started again");
    }
    run.answers[turn % 2 ? "down" : "up"].push(await beacon(ours.url));
    run.sent += EVENTS_A_BATCH;
  }
  await shaky.up();
  while (shaky.ids.size < run.sent || steady.ids.size < run.sent) {
    if (since() > SECONDS + PATIENCE_SECONDS) break;
    await sleep(100);
  }
  tell(run, since().toFixed(1), { steady, shaky });
  return run;
}

function row(cells) {
  console.log(cells.map((cell) => String(cell).padStart(12)).join(""));
}

function tell(run, second, { steady, shaky }) {
  row([second, shaky.isUp() ? "up" : "down", run.sent, steady.ids.size, shaky.ids.size]);
}

/** One page's batch, as a page sends it; how long its answer took. */
async function beacon(url) {
  const id = () => randomBytes(16).toString("hex");
  const start = Date.now();
  const events = Array.from({ length: EVENTS_A_BATCH }, (_, at) => ({ seq: at + 1, t: at, name: "sign_up", view: 1 }));
  const [load, session] = [id(), { id: id(), started: start }];
  const body = { passerby: 1, batch: `${load}:1`, sent: start, start, visitor: { id: id() }, session, load, events };
  const before = performance.now();
  const answer = await fetch(`${url}/v1/batch`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Failure(`The collector answered ${answer.status}: ${await answer.text()}`);
  await answer.text();
  return performance.now() - before;
}

/** Another system that can be switched off; it keeps the ids of what it has, and counts what came again. */
async function system(id) {
  const ids = new Set();
  const it = { ids, again: 0, requests: 0 };
  let server;
  let port = 0;
  it.isUp = () => server !== undefined;
  it.up = () => {
    if (server) return undefined;
    server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      it.requests++;
      for (const event of JSON.parse(Buffer.concat(chunks)).batch) {
        it.again += Number(ids.has(event[id]));
        ids.add(event[id]);
      }
      response.end("{}");
    });
    return new Promise((resolve) => server.listen(port, HOST, resolve));
  };
  it.down = () => {
    if (!server) return undefined;
    const closing = server;
    server = undefined;
    closing.closeAllConnections();
    return new Promise((resolve) => closing.close(resolve));
  };
  await it.up();
  ({ port } = server.address());
  return Object.assign(it, { url: `http://${HOST}:${port}` });
}

async function serve(data) {
  const child = spawn(collector("release"), ["serve", "--port", "0", "--data", data, "--quiet"], { cwd: at() });
  const url = new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (bytes) => {
      const found = /http:\/\/[\d.]+:\d+/.exec((said += bytes));
      if (found) resolve(found[0]);
    });
    child.on("error", reject);
    child.on("exit", () => reject(new Failure(`The collector ended: ${said}`)));
  });
  return { child, url: await url };
}

function forwarding(data, to) {
  const destinations = to.flatMap((to) => ["--to", to]);
  return spawn(collector("release"), ["forward", "--data", data, ...destinations], { stdio: "ignore" });
}

function again(child, data, to) {
  child.kill("SIGKILL");
  return forwarding(data, to);
}

function report({ sent, answers }, { steady, shaky }) {
  console.log("");
  for (const [name, { ids, again, requests }] of Object.entries({ steady, shaky })) {
    const twice = again > 0 ? `, ${again} of them twice under the same id` : "";
    say(`${name}: ${ids.size} of ${sent} events in ${requests} requests${twice}`);
  }
  const median = (times) => times.sort((one, other) => one - other)[times.length >> 1].toFixed(1);
  const [up, down] = [median(answers.up), median(answers.down)];
  say(`a page's beacon was answered in ${up} ms while it was up, ${down} ms while down`);
  return steady.ids.size === sent && shaky.ids.size === sent ? 0 : 1;
}
