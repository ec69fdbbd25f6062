// npm test: set up, then every stage; `npm test -- STAGE...` only those. A failed stage does not hide the next.

import { seconds, Failure, main, say } from "./lib/say.mjs";
import { stages } from "./lib/stages.mjs";
import { setup } from "./setup.mjs";

const HELP = `npm test                every stage
npm test -- STAGE...    only these stages, in this order:

${stages.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join("\n")}

UPDATE=1 npm test -- size api    accepts the sizes and the public surface as they are.
Set CHROMIUM and CHROMEDRIVER to use browsers that are not on PATH.`;

await main(async () => {
  const names = process.argv.slice(2);
  if (names.some((name) => name === "--help" || name === "-h")) {
    console.log(HELP);
    return 0;
  }
  const chosen = names.length === 0 ? stages : names.map(find);
  await setup({ browser: chosen.some((stage) => stage.browser) });
  const results = [];
  for (const stage of chosen) results.push(await timed(stage));
  return report(results);
});

function find(name) {
  const stage = stages.find((stage) => stage.name === name);
  if (!stage) throw new Failure(`There is no stage "${name}".\n\n${HELP}`);
  return stage;
}

async function timed({ name, about, run }) {
  console.log("");
  say(`== ${name}: ${about}`);
  const started = performance.now();
  const counts = await run().catch((error) => {
    console.error(error instanceof Failure ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  return { name, time: seconds(started), ...counts };
}

function report(results) {
  const total = { passed: 0, failed: 0 };
  console.log("");
  for (const { name, time, passed, failed } of results) {
    total.passed += passed;
    total.failed += failed;
    const verdict = failed > 0 ? "FAILED" : passed > 0 ? "ok" : "EMPTY";
    console.log(`${verdict.padEnd(7)} ${name.padEnd(10)} ${time.padStart(8)}  ${passed} passed, ${failed} failed`);
  }
  // A stage without a single test has proved nothing.
  const empty = results.some(({ passed, failed }) => passed + failed === 0);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 || empty ? 1 : 0;
}
