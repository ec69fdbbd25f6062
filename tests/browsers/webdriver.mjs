// Three engines by WebDriver: Chromium, Firefox, WebKitGTK. Each session has a profile of its own.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../e2e/harness/collector.mjs";
import { until } from "../e2e/harness/until.mjs";

const CHROMIUM = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
// MiniBrowser draws on a screen; without a user's session there is none, nor a keyring, nor a sandbox for root.
const WEBKIT = {
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
  WEBKIT_DISABLE_COMPOSITING_MODE: "1",
  GSETTINGS_BACKEND: "memory",
};

/** How each engine's driver is started on a port, and what a session asks for. */
export const ENGINES = {
  Chromium: {
    start: (port) => [process.env.CHROMEDRIVER, `--port=${port}`],
    ask: { "goog:chromeOptions": { binary: process.env.CHROMIUM, args: CHROMIUM } },
  },
  Firefox: {
    start: (port) => [process.env.GECKODRIVER, "--port", port, "--host", "127.0.0.1"],
    ask: { "moz:firefoxOptions": { binary: process.env.FIREFOX, args: ["-headless"] } },
  },
  WebKitGTK: {
    start: (port) => [process.env.XVFB, "-a", process.env.WEBKITDRIVER, `--port=${port}`],
    ask: { "webkitgtk:browserOptions": { binary: process.env.MINIBROWSER, args: ["--automation"] } },
    env: WEBKIT,
  },
};

/** A browser of this engine, until the test's end. */
export async function browser(t, name) {
  const { start, ask, env } = ENGINES[name];
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), "passerby-engine-"));
  const [program, ...args] = start(String(port));
  let said = "";
  const child = spawn(program, args, { detached: true, env: { ...process.env, HOME: home, ...env } });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
  child.on("error", (error) => (said += error.message));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  t.after(async () => {
    await call("DELETE", path).catch(() => {});
    process.kill(-child.pid, "SIGTERM");
    await ended;
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  let path = "/none";
  const call = async (method, to, body) => {
    const json = method === "POST" ? JSON.stringify(body ?? {}) : undefined;
    const answer = await fetch(url + to, { method, body: json, headers: { "content-type": "application/json" } });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${name}, ${method} ${to}: ${value.error}: ${value.message}`);
    return value;
  };
  await until(`${name}'s driver answers`, () => call("GET", "/status"), { seconds: 60, onFailure: () => said });
  const { sessionId, capabilities } = await call("POST", "/session", { capabilities: { alwaysMatch: ask } });
  path = `/session/${sessionId}`;
  return { ...commands((method, to, body) => call(method, path + to, body)), version: capabilities.browserVersion };
}

/** What WebDriver calls an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

function commands(call) {
  const find = async (value) => (await call("POST", "/element", { using: "css selector", value }))[ELEMENT];
  const run = (script, ...args) => call("POST", "/execute/sync", { script: `return (${script})(...arguments)`, args });
  return {
    go: (url) => call("POST", "/url", { url }),
    back: () => call("POST", "/back"),
    // As a person would: trusted input.
    click: async (css) => call("POST", `/element/${await find(css)}/click`),
    type: async (css, text) => call("POST", `/element/${await find(css)}/value`, { text }),
    run,
    /** Waits for what a promise in the page gives. */
    wait: (script) =>
      call("POST", "/execute/async", { script: `Promise.resolve((${script})()).then(arguments[0])`, args: [] }),
    tab: () => call("GET", "/window"),
    tabs: () => call("GET", "/window/handles"),
    open: async () => (await call("POST", "/window/new", { type: "tab" })).handle,
    show: (handle) => call("POST", "/window", { handle }),
    close: () => call("DELETE", "/window"),
    until: (script, ...args) => until(`${script}`, () => run(script, ...args)),
  };
}
