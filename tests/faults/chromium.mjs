// A Chromium with a profile on disk, as visitors have one, that can be killed and opened again.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumPath } from "../../src/scripts/lib/browser.mjs";

const ARGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--remote-debugging-port=0",
];

/** `unattended`: nobody looks on until `attach`. */
export async function startBrowser({ unattended = false } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "passerby-profile-"));
  const it = { profile };
  let child;
  let socket;
  it.start = async () => {
    // A process group of its own: a kill ends all of its processes in the same instant.
    child = spawn(await chromiumPath(), [...ARGS, `--user-data-dir=${profile}`, "about:blank"], { detached: true });
    socket = await address(child);
    if (!unattended) await it.attach();
  };
  it.attach = async () => {
    it.browser = await chromium.connectOverCDP(socket);
    it.visitor = it.browser.contexts()[0];
    it.visitor.setDefaultTimeout(30_000);
  };
  /** A tab that nobody looks into. */
  it.openUnseen = (url) => fetch(`http://${new URL(socket).host}/json/new?${url}`, { method: "PUT" });
  /** As the system does when memory runs out: no last words. */
  it.kill = () => {
    const gone = exited(child);
    process.kill(-child.pid, "SIGKILL");
    return gone;
  };
  /** As from its menu. */
  it.quit = async () => {
    const gone = exited(child);
    const session = await it.browser.newBrowserCDPSession();
    // It may be gone before it has answered.
    await session.send("Browser.close").catch(() => {});
    await gone;
  };
  /** The processes that pages run in, and nothing else. */
  it.killRenderers = async () => {
    const session = await it.browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter(({ type }) => type === "renderer");
    for (const { id } of renderers) process.kill(id, "SIGKILL");
    return renderers.length;
  };
  it.close = async () => {
    if (child.exitCode === null && child.signalCode === null) await it.kill();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  await it.start();
  return it;
}

function address(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (bytes) => {
      said += bytes;
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`Chromium ended before it began:\n${said}`)));
  });
}

const exited = (child) => new Promise((resolve) => child.once("exit", resolve));
