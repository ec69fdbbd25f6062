// The real collector binary on a free port, with an empty data folder, read by its own command line.

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { until } from "./until.mjs";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const BINARY = process.env.COLLECTOR ?? join(root, "target", "debug", "passerby-collector");
const LOOPBACK = "127.0.0.1";
const MEGABYTE = 1024 * 1024;

export async function startCollector() {
  const data = mkdtempSync(join(tmpdir(), "passerby-"));
  const port = await freePort();
  const collector = { url: `http://${LOOPBACK}:${port}`, data, ...reading(data, port) };
  const folders = ["--data", data, "--www", join(root, "www"), "--dist", join(root, "dist")];
  let child;
  let said = "";
  /** Its log: all it has written, over every start. */
  collector.log = () => said;
  collector.start = async () => {
    child = spawn(BINARY, ["serve", "--host", LOOPBACK, "--port", String(port), ...folders]);
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
    child.on("error", (error) => (said += error.message));
    const healthy = () => fetch(`${collector.url}/v1/health`).then((answer) => answer.ok);
    await until("the collector answers", healthy, { onFailure: () => said });
  };
  /** Ends the process and keeps the data. */
  collector.stop = () => ended(child);
  collector.close = async () => {
    await ended(child);
    rmSync(data, { recursive: true, force: true });
  };
  await collector.start();
  return collector;
}

/** A port that nobody listens on. */
export function freePort() {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.on("error", reject);
    probe.listen(0, LOOPBACK, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return undefined;
  const end = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  return end;
}

function reading(data, port) {
  const cli = async (...args) => {
    const { stdout } = await promisify(execFile)(BINARY, [...args, "--data", data], { maxBuffer: 256 * MEGABYTE });
    return stdout;
  };
  return {
    /** Everything that arrived, one event each, as `export` prints it. */
    exported: () => cli("export"),
    async events() {
      const lines = (await cli("export")).split("\n").filter((line) => line.trim() !== "");
      return lines.map((line) => event(JSON.parse(line)));
    },
    /** All sessions, by command line. */
    totals: async () => JSON.parse(await cli("summary", "--json")).totals,
    sessions: async () => JSON.parse(await cli("summary", "--json")).sessions,
    /** Visitors with their scores, and which of these segments they are in. */
    async people(...segments) {
      const asked = segments.flatMap((segment) => ["--segment", segment]);
      return JSON.parse(await cli("summary", "--json", ...asked)).visitors;
    },
    /** One session by HTTP. */
    async session(id) {
      const answer = await fetch(`http://${LOOPBACK}:${port}/v1/sessions/${id}`);
      if (!answer.ok) throw new Error(`/v1/sessions/${id} answered ${answer.status}`);
      const json = await answer.json();
      return json.session ?? json;
    },
    /** One session by command line, folded from events up to these `[load, seq]` alone. */
    async summary(id, through = []) {
      const upTo = through.map(([load, seq]) => `${load}:${seq}`).join(",");
      const json = JSON.parse(await cli("summary", "--session", id, "--json", ...(upTo ? ["--through", upTo] : [])));
      return json.session ?? json;
    },
  };
}

/** The one place that knows how `export` lays an event out: context beside the event's own fields. */
function event(line) {
  const { visitor, session, props = {}, page = {}, ...rest } = line;
  return {
    ...rest,
    props,
    page,
    visitor: visitor?.id ?? visitor,
    session: session?.id ?? session,
    audience: visitor?.audience ?? line.audience,
    channel: session?.channel ?? line.channel,
    source: session?.source ?? line.source,
  };
}
