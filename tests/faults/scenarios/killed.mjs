// Something kills the process, without a last word. What the browser had not written by then is gone.

import { lasting } from "../lasting.mjs";

const CALLS = 50;

/** Calls, and so long later the end. `opening`: the page has only just begun, and storage is still being opened. */
const killed = (what, ms, strike, opening = false) => ({
  name: `${CALLS} calls${opening ? " in a new page" : ""}, ${what} killed ${ms} ms later`,
  window: opening || ms === 0,
  async act(it, browser) {
    const page = await it.open("/plain/1");
    if (!opening) await page.waitForFunction(() => window.passerby.summary().settled);
    await it.track(page, CALLS);
    if (ms) await lasting(ms);
    await strike(it, browser, page);
  },
});

/** All processes of the browser at once; then its profile is opened again. */
async function browser(it, browser) {
  await browser.kill();
  it.pages.length = 0;
  await browser.start();
}

async function renderer(it, browser, page) {
  const crashed = page.waitForEvent("crash");
  await browser.killRenderers();
  await crashed;
}

export const kills = [
  ...[0, 100, 1000].map((ms) => killed("renderer", ms, renderer)),
  ...[0, 100, 1000].map((ms) => killed("browser", ms, browser)),
  killed("renderer", 100, renderer, true),
  killed("browser", 100, browser, true),
];
