// npm test: set up, then every stage a change has to pass; `npm test -- STAGE...` only those, whichever they are.
// npm run test:deep: the stages that take longer. A failed stage does not hide the next.

import { seconds, Failure, main, say } from "./lib/say.mjs";
import { stages } from "./lib/stages.mjs";
import { setup } from "./setup.mjs";

const deep = stages.filter((stage) => stage.deep);
const quick = stages.filter((stage) => !stage.deep);
const list = (some) => some.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join("\n");

const HELP = `npm test                what a change has to pass:
${list(quick)}

npm run test:deep       what takes longer:
${list(deep)}

npm test -- STAGE...    only these stages, of either kind, in this order

UPDATE=1 npm test -- size api    accepts the sizes and the public surface as they are.
Set CHROMIUM and CHROMEDRIVER to use browsers that are not on PATH.`;

await main(async () => {
  const given = process.argv.slice(2);
  if (given.some((name) => name === "--help" || name === "-h")) {
    console.log(HELP);
    return 0;
  }
  const names = given.filter((name) => name !== "--deep");
  const chosen = names.length > 0 ? names.map(find) : given.length > 0 ? deep : quick;
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
