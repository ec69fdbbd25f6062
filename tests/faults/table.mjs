// What happened to every event, as a table for people and as JSON for programs.

const COLUMNS = ["tracked", "stored", "lost", "late", "doubled", "resent", "sessions"];

/** Sums the tries of a scenario. Only what was not yet written when everything was killed may be lost. */
export function row({ name }, tries) {
  const sum = (column) => tries.reduce((total, one) => total + one[column], 0);
  const counts = Object.fromEntries(COLUMNS.map((column) => [column, sum(column)]));
  const failed = tries.filter(({ error }) => error).length;
  const unwritten = tries.filter((one) => one.unwritten).length;
  const excused = tries.every(({ lost, unwritten }) => lost === 0 || unwritten);
  const gaveUp = tries.filter((one) => one.gaveUp).length;
  const written = tries.flatMap(({ written }) => (written === undefined ? [] : [Math.round(written)]));
  const broken = failed > 0 || counts.doubled > 0 || !excused;
  return { name, tries: tries.length, ...counts, unwritten, gaveUp, written, failed, broken };
}

/** How long the window was in which a kill may lose events. */
export function windows(rows) {
  const written = rows.flatMap((row) => row.written).sort((a, b) => a - b);
  if (written.length === 0) return "";
  const middle = written[written.length >> 1];
  const worst = written.at(-1);
  return `written: ${middle} ms after the calls in the middle, ${worst} ms at worst, of ${written.length} tries.`;
}

/** In Markdown, so that the README can have it as it is. */
export function table(rows) {
  const heads = ["fault", "tries", ...COLUMNS, ""];
  const verdict = ({ broken, lost }) => (broken ? "BROKEN" : lost > 0 ? "kill window" : "ok");
  const cells = rows.map((row) => [row.name, row.tries, ...COLUMNS.map((column) => row[column]), verdict(row)]);
  const all = [heads, ...cells].map((line) => line.map(String));
  const widths = heads.map((_, at) => Math.max(...all.map((line) => line[at].length), 3));
  const print = (line) => `| ${line.map((cell, at) => pad(cell, widths[at], at)).join(" | ")} |`;
  const rule = widths.map((width, at) => (at === 0 ? "-".repeat(width) : "-".repeat(width - 1) + ":"));
  return [print(all[0]), `| ${rule.join(" | ")} |`, ...all.slice(1).map(print)].join("\n");
}

const pad = (cell, width, at) => (at === 0 ? cell.padEnd(width) : cell.padStart(width));

export const LEGEND = `tracked: page views and track() calls that happened. stored: counted by the collector in the end.
lost: never. late: only once the visitor came back. doubled: counted twice. resent: reached the network again
with the same identity, and was known again. sessions: one a try is right, unless storage is forbidden or full.
kill window: lost only where the page was killed before it had
heard that its writes were complete.`;
