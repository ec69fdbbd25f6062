// Firefox and WebKitGTK with their WebDrivers: found, else installed, else one sentence about what to do.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { chromedriverPath, chromiumPath, debian } from "./browser.mjs";
import { at, tool } from "./root.mjs";
import { run, which } from "./run.mjs";
import { Failure, say } from "./say.mjs";

const PACKAGES = ["firefox-esr", "webkit2gtk-driver", "xvfb", "xauth"];
const LIBRARIES = ["/usr/lib", "/usr/libexec"];

/** The environment tests/browsers takes: where each browser and driver is. */
export async function engines() {
  if (missing().some((name) => name !== "GECKODRIVER")) await install();
  if (!found().GECKODRIVER) await geckodriver();
  const still = missing();
  if (still.length > 0) {
    throw new Failure(`Not found: ${still.join(", ")}. On Debian: apt-get install ${PACKAGES.join(" ")}; ` +
      "elsewhere, set these variables to the programs' paths.");
  }
  return { ...found(), CHROMIUM: await chromiumPath(), CHROMEDRIVER: await chromedriverPath() };
}

function found() {
  const { env } = process;
  return {
    FIREFOX: env.FIREFOX ?? which("firefox-esr", "firefox"),
    GECKODRIVER: env.GECKODRIVER ?? which(tool("geckodriver"), "geckodriver"),
    WEBKITDRIVER: env.WEBKITDRIVER ?? which("WebKitWebDriver"),
    MINIBROWSER: env.MINIBROWSER ?? miniBrowser(),
    XVFB: env.XVFB ?? which("xvfb-run"),
  };
}

const missing = () => Object.entries(found()).flatMap(([name, path]) => (path ? [] : [name]));

/** Not on PATH: `/usr/lib/<machine>/webkit2gtk-4.1/MiniBrowser`. */
function miniBrowser() {
  const inside = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);
  const folders = LIBRARIES.flatMap(inside).flatMap((path) => [path, ...(/linux-gnu/.test(path) ? inside(path) : [])]);
  return folders.filter((path) => /webkit2?gtk/.test(path)).map((path) => join(path, "MiniBrowser")).find(existsSync);
}

async function install() {
  if (!debian() || process.getuid?.() !== 0) return;
  say(`installing ${PACKAGES.join(", ")} with apt-get`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-q"], { env });
  await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...PACKAGES], { env });
}

/** There is no package of it, and npm's downloads a program. */
async function geckodriver() {
  say("building geckodriver, once (a few minutes)");
  await run("cargo", ["install", "geckodriver", "--root", at(".tools")]);
}
