// Something kills the process, without a last word. What the page had not written by then is gone.

import { lasting } from "../lasting.mjs";

const CALLS = 50;
/** Fewer than leave at once: they are in the database, and with the browser. */
const FEW = 5;

/**
 * Calls, and so long later the end. What was lost although the page had heard by then that its writes were
 * complete breaks the law; what was lost before is the window. `opening`: the page has only just begun, and its
 * database is still being opened.
 */
const killed = (what, ms, strike, { opening = false, calls = CALLS } = {}) => ({
  name: `${calls} calls${opening ? " in a new page" : ""}, ${what} ${ms} ms later`,
  async act(it, browser) {
    const page = await it.open("/plain/1", { prepare: (page) => watched(it, page) });
    if (!opening) await page.waitForFunction(() => window.passerby.summary().settled);
    await it.track(page, calls);
    if (ms) await lasting(ms);
    it.unwritten = it.written === undefined;
    await strike(it, browser, page);
  },
});

/** Has the page tell how many milliseconds after the calls everything was written. */
async function watched(it, page) {
  await page.exposeFunction("written", (ms) => (it.written ??= ms));
  await page.addInitScript(watchWrites);
}

function watchWrites() {
  const { transaction } = IDBDatabase.prototype;
  let open = 0;
  IDBDatabase.prototype.transaction = function (...given) {
    const begun = transaction.apply(this, given);
    open += 1;
    const ended = () => {
      open -= 1;
      if (open === 0 && window.called) window.written(performance.now() - window.called);
    };
    begun.addEventListener("complete", ended);
    begun.addEventListener("abort", ended);
    return begun;
  };
}

/** As its owner closes it: all tabs with it, whose pages are not asked. */
async function quit(it, browser) {
  await browser.quit();
  it.pages.length = 0;
  await browser.start();
}

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
  ...[0, 100, 1000].map((ms) => killed("renderer killed", ms, renderer)),
  ...[0, 100, 1000].map((ms) => killed("browser killed", ms, browser)),
  killed("renderer killed", 100, renderer, { opening: true }),
  killed("browser killed", 100, browser, { opening: true }),
  killed("renderer killed", 100, renderer, { calls: FEW }),
  killed("browser quit", 100, quit, { calls: FEW }),
];
