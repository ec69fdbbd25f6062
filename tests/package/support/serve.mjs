// A built app on a loopback port, or the app's own server.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { freePort } from "../../e2e/harness/collector.mjs";
import { until } from "../../e2e/harness/until.mjs";
import { around } from "./app.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css" };
const START_SECONDS = 120;

/** Files as they are; what is no file is the index, as single-page apps want it. Answers with the address. */
export async function files(t, folder) {
  const server = createServer((request, response) => {
    const path = normalize(join(folder, decodeURIComponent(new URL(request.url, "http://site").pathname)));
    const found = path.startsWith(folder) && [path, join(path, "index.html")].find(isFile);
    const file = found || join(folder, "index.html");
    // Without a charset, as many servers do: what is embedded must survive that.
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${server.address().port}`;
}

const isFile = (path) => existsSync(path) && statSync(path).isFile();

/** A program of the app that serves on the port it is given (`{port}` in its arguments, `PORT` around it). */
export async function command(t, folder, program, args) {
  const port = await freePort();
  let said = "";
  // A group of its own: servers start further processes, and all must end.
  const child = spawn(program, args.map((arg) => arg.replace("{port}", port)), {
    cwd: folder,
    detached: true,
    env: { ...around(folder), HOST: "127.0.0.1", PORT: String(port) },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
  child.on("error", (error) => (said += error.message));
  t.after(() => ended(child));
  const url = `http://127.0.0.1:${port}`;
  const answers = async () => {
    if (child.exitCode !== null) throw new Error("it ended");
    return (await fetch(url)).ok;
  };
  await until(`${program} answers`, answers, { seconds: START_SECONDS, onFailure: () => said });
  return url;
}

function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return undefined;
  const end = new Promise((resolve) => child.on("exit", resolve));
  process.kill(-child.pid, "SIGKILL");
  return end;
}
