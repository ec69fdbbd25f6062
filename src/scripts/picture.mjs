// npm run picture: www/summary.png, the open summary in the real demo, light beside dark.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromiumPath } from "./lib/browser.mjs";
import { built } from "./lib/built.mjs";
import { at, collector } from "./lib/root.mjs";
import { must } from "./lib/run.mjs";
import { main, say } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

const SIZE = { width: 920, height: 860 };
const PICTURE = at("www", "summary.png");

await main(async () => {
  await setup({ browser: true });
  await built();
  const build = ["build", "--features", "collector", "--bin", "passerby-collector"];
  await must("cargo", build, "The collector did not build; cargo's message is above.");
  const { chromium } = await import("playwright-core");
  const demo = await serve();
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: ["--no-sandbox"] });
  try {
    const shots = [];
    for (const colorScheme of ["light", "dark"]) shots.push(await shoot(browser, demo.url, colorScheme));
    await beside(browser, shots);
    say(`wrote ${PICTURE}`);
  } finally {
    await browser.close();
    demo.close();
  }
});

/** The demo as npm start serves it, with a data folder of its own. */
async function serve() {
  const data = mkdtempSync(join(tmpdir(), "passerby-"));
  const port = await freePort();
  const args = ["serve", "--port", String(port), "--data", data, "--www", at("www"), "--dist", at("dist")];
  const child = spawn(collector("debug"), args, { stdio: "ignore" });
  const close = () => {
    child.kill();
    rmSync(data, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  while (child.exitCode === null && !(await fetch(`${url}/v1/health`).catch(() => undefined))?.ok) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { url, close };
}

function freePort() {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function shoot(browser, url, colorScheme) {
  const context = await browser.newContext({ viewport: SIZE, colorScheme, deviceScaleFactor: 2 });
  const page = await context.newPage();
  // A visit worth looking at: a look around, a thing in the cart, and back.
  for (const path of ["/", "/journal/on-window-sills", "/goods/lantern"]) await visit(page, url + path);
  await page.getByRole("button", { name: "Add to cart" }).first().click();
  await visit(page, `${url}/`);
  // The shop's own hint says what the summary is about to show.
  await page.getByRole("button", { name: "Close this hint" }).click();
  await page.keyboard.press("Home");
  await page.waitForFunction(() => scrollY === 0);
  await page.keyboard.press("Alt+Shift+P");
  await page.waitForFunction(() => document.querySelector("passerby-summary")?.shadowRoot?.textContent.trim());
  const png = await page.screenshot({ animations: "disabled" });
  await context.close();
  return `data:image/png;base64,${png.toString("base64")}`;
}

async function visit(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => typeof window.passerby?.summary === "function");
  await page.mouse.wheel(0, SIZE.height / 3);
  await page.mouse.click(5, 5);
}

/** Two pictures side by side: the browser is the only image tool that is here anyway. */
async function beside(browser, shots) {
  const page = await browser.newPage({ viewport: { width: SIZE.width * 2, height: SIZE.height } });
  const images = shots.map((src) => `<img src="${src}" width="50%">`).join("");
  await page.setContent(`<body style="margin:0;display:flex">${images}`);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await page.screenshot({ path: PICTURE });
}
