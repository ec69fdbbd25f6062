// npm run test:faults: the stage alone, with options; tests/faults/main.mjs names them.

import { main } from "./lib/say.mjs";
import { faults } from "./lib/stages.mjs";
import { setup } from "./setup.mjs";

await main(async () => {
  await setup({ browser: true });
  const { failed } = await faults(process.argv.slice(2));
  return failed > 0 ? 1 : 0;
});
