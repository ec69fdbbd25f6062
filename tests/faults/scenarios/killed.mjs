// Something kills the process, without a last word. What the browser had not written by then is gone.

import { lasting } from "../lasting.mjs";

const DELAYS = [0, 100, 1000];
const CALLS = 50;

/** Ends all processes of the browser at once, and opens its profile again. */
const browserKilled = (ms) => ({
  name: `${CALLS} calls, browser killed ${ms} ms later`,
  window: ms === 0,
  async act(it, browser) {
    const page = await it.open("/plain/1");
    await it.track(page, CALLS);
    if (ms) await lasting(ms);
    await browser.kill();
    it.pages.length = 0;
    await browser.start();
  },
});

const rendererKilled = (ms) => ({
  name: `${CALLS} calls, renderer killed ${ms} ms later`,
  window: ms === 0,
  async act(it, browser) {
    const page = await it.open("/plain/1");
    const crashed = page.waitForEvent("crash");
    await it.track(page, CALLS);
    if (ms) await lasting(ms);
    await browser.killRenderers();
    await crashed;
  },
});

export const killed = [...DELAYS.map(rendererKilled), ...DELAYS.map(browserKilled)];
