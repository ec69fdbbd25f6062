// How many tests passed and failed, read from the output of cargo and of node's test runner.

/** Sums every `test result:` line (cargo and wasm-bindgen-test write the same one). */
export function cargoCounts(out) {
  return sum(out, /test result: \S+ (\d+) passed; (\d+) failed/g);
}

/** The closing lines of node's spec reporter. A cancelled test has not passed. */
export function nodeCounts(out) {
  const number = (word) => Number(new RegExp(`^\\S+ ${word} (\\d+)$`, "m").exec(plain(out))?.[1] ?? 0);
  return { passed: number("pass"), failed: number("fail") + number("cancelled") };
}

/** Lines that our own checks print. */
export function checkCounts(out) {
  const lines = plain(out).split("\n");
  const count = (start) => lines.filter((line) => line.startsWith(start)).length;
  return { passed: count("ok   "), failed: count("FAIL ") };
}

function sum(out, pattern) {
  const counts = { passed: 0, failed: 0 };
  for (const [, passed, failed] of plain(out).matchAll(pattern)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
  }
  return counts;
}

/** Without colour codes. */
const plain = (text) => text.replace(/\u001b\[[0-9;]*m/g, "");
