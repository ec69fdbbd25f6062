// Chromium and chromedriver: found, else installed, else one sentence about what to do.

import { existsSync, readFileSync } from "node:fs";
import { executable, run, which } from "./run.mjs";
import { Failure, say } from "./say.mjs";

const CHROMIUMS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Path of a Chromium, or undefined. `CHROMIUM` decides, then PATH, then what Playwright downloaded. */
export async function chromiumPath() {
  if (process.env.CHROMIUM) return named("CHROMIUM");
  return which(...CHROMIUMS) ?? (await downloaded());
}

/** Path of a chromedriver, or undefined. `CHROMEDRIVER` decides, then PATH. */
export async function chromedriverPath() {
  return process.env.CHROMEDRIVER ? named("CHROMEDRIVER") : which("chromedriver");
}

/** Makes sure that both exist and start. */
export async function browser() {
  if (!(await works(await chromiumPath())) || !(await works(await chromedriverPath()))) await install();
  if (!(await works(await chromiumPath()))) {
    throw new Failure("Tests need Chromium or Chrome: install one, or set CHROMIUM to its path.");
  }
  if (!(await works(await chromedriverPath()))) {
    const what = "Tests need the chromedriver of your Chromium's version";
    throw new Failure(`${what}: install it, or set CHROMEDRIVER to its path.`);
  }
}

function named(variable) {
  const path = process.env[variable];
  if (executable(path)) return path;
  throw new Failure(`${variable} is set to ${path}, which is not a program.`);
}

/** A snap's placeholder is on PATH and does not start, so finding is not enough. */
async function works(path) {
  return path !== undefined && (await run(path, ["--version"], { output: "capture" })).code === 0;
}

async function install() {
  if (debian() && process.getuid?.() === 0) {
    say("installing chromium and chromium-driver with apt-get");
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-q"], { env });
    const packages = ["chromium", "chromium-driver"];
    await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...packages], { env });
  }
  if (!(await works(await chromiumPath()))) {
    say("downloading Chromium with Playwright");
    await run("npx", ["--no-install", "playwright-core", "install", "chromium"]);
  }
}

/** Debian, or one of its kind. */
export function debian() {
  const release = "/etc/os-release";
  return existsSync(release) && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(release, "utf8"));
}

async function downloaded() {
  try {
    // Only here once set-up has installed the npm packages.
    const { chromium } = await import("playwright-core");
    const path = chromium.executablePath();
    return executable(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
