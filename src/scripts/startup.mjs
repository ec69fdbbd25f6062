// npm run startup: from the script's first statement to the first page view in the network's hands.
//
// A cold page each time; 1x and 4x are the processor as it is and slowed down four times. Medians, for machines
// are noisy: compare with the same run of something else, not with another day.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { at } from "./lib/root.mjs";
import { main, say } from "./lib/say.mjs";
import { chromiumPath } from "./lib/browser.mjs";

const TRIES = 21;
const PAGE = `<!doctype html><meta charset="utf-8"><title>Startup</title><script>
const native = fetch, times = window.times = [];
window.fetch = (...all) => { times.push(performance.now()); return native(...all); };
</script><script>const begun = performance.now();</script>
<script src="/passerby.js" data-collector="/v1/batch"></script>
<script>window.startup = { first: times[0] - begun, script: performance.now() - begun };</script>`;

await main(async () => {
  const { chromium } = await import("playwright-core");
  const server = createServer(serve).listen(0, "127.0.0.1");
  const args = ["--no-sandbox", "--disable-gpu"];
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args });
  const url = `http://127.0.0.1:${server.address().port}/`;
  for (const rate of [1, 4]) {
    const tries = [];
    for (let at = 0; at < TRIES; at++) tries.push(await once(browser, url, rate));
    const median = (name) => tries.map((one) => one[name]).sort((a, b) => a - b)[TRIES >> 1].toFixed(1);
    say(`${rate}x  first page view handed over after ${median("first")} ms, script done after ${median("script")} ms`);
  }
  await browser.close();
  server.close();
});

function serve({ url }, response) {
  if (url === "/passerby.js") {
    response.setHeader("content-type", "text/javascript");
    return response.end(readFileSync(at("dist", "passerby.js")));
  }
  if (url === "/") response.setHeader("content-type", "text/html");
  return response.end(url === "/" ? PAGE : "");
}

async function once(browser, url, rate) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
  await page.goto(url);
  const startup = await page.evaluate(() => window.startup);
  await context.close();
  return startup;
}
