// Progress for people: one line a step, with the time since the start.

const started = performance.now();

/** Seconds since `from`, the start of the process by default, as people read them. */
export const seconds = (from = started) => ((performance.now() - from) / 1000).toFixed(1) + " s";

export const say = (text) => console.log(`[${seconds().padStart(8)}] ${text}`);

/** What a person can act on: printed as one sentence, without a stack. */
export class Failure extends Error {}

/** Runs a script's main function: a failure becomes a sentence and exit code 1. */
export async function main(run) {
  try {
    process.exitCode = (await run()) ?? 0;
  } catch (error) {
    console.error(error instanceof Failure ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
