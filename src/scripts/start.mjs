// npm start: set up, build, then the collector with its demo until Ctrl-C.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { built } from "./lib/built.mjs";
import { at, collector, root } from "./lib/root.mjs";
import { must } from "./lib/run.mjs";
import { Failure, main, say } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

const HOST = "127.0.0.1";
// A terminal and npm may each pass on one Ctrl-C; what comes later than this is a second one.
const ONE_CTRL_C_MS = 1000;
const PARENT_EVERY_MS = 250;

await main(async () => {
  const port = parsePort(process.env.PORT ?? "8787");
  await free(port);
  await setup();
  await built();
  say(`building the collector${existsSync(collector("release")) ? "" : ", the first time for some minutes"}`);
  const build = ["build", "--release", "--features", "collector", "--bin", "passerby-collector"];
  await must("cargo", build, "The collector did not build; cargo's message is above.");
  return serve(port);
});

function parsePort(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Failure(`PORT is "${text}"; it must be a number from 1 to 65535.`);
}

/** Asked first, for nobody wants to learn it after a build. */
function free(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      const why = error.code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${error.code})`;
      reject(new Failure(`Port ${port} ${why}: stop it, or choose another with PORT=8788 npm start.`));
    });
    probe.listen(port, HOST, () => probe.close(resolve));
  });
}

/** Runs the collector to its end and returns the exit code. */
async function serve(port) {
  const args = ["serve", "--port", String(port), "--data", at("data"), "--www", at("www"), "--dist", at("dist")];
  const child = spawn(collector("release"), args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve({ error }));
    child.on("close", (code) => resolve({ code }));
  });
  const asked = passOn(child);
  if (await ready(port, ended)) say(`Passerby is at http://${HOST}:${port} (Ctrl-C ends it)`);
  const { code, error } = await ended;
  if (error) throw new Failure(`The collector could not be started: ${error.message}`);
  return asked() ? 0 : (code ?? 1);
}

/** The collector ends cleanly on the first signal; a second Ctrl-C ends it at once. */
function passOn(child) {
  let first;
  const onSignal = () => {
    first ??= performance.now();
    child.kill(performance.now() - first > ONE_CTRL_C_MS ? "SIGKILL" : "SIGTERM");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, onSignal);
  orphaned(onSignal);
  return () => first !== undefined;
}

/** npm runs this in a shell; a signal to npm may end that shell and never come here. No collector may stay behind. */
function orphaned(tell) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    tell();
  }, PARENT_EVERY_MS);
  watch.unref();
}

/** True once the collector answers; false when it ended before. */
async function ready(port, ended) {
  let over = false;
  ended.then(() => (over = true));
  while (!over) {
    const answer = await fetch(`http://${HOST}:${port}/v1/health`).catch(() => undefined);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
