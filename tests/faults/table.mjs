// What happened to every event, as a table for people and as JSON for programs.

const COLUMNS = ["tracked", "stored", "lost", "late", "doubled", "resent"];

/** Sums the tries of a scenario. */
export function row({ name, window = false }, tries) {
  const sum = (column) => tries.reduce((total, one) => total + one[column], 0);
  const counts = Object.fromEntries(COLUMNS.map((column) => [column, sum(column)]));
  const failed = tries.filter(({ error }) => error).length;
  const broken = failed > 0 || counts.doubled > 0 || (counts.lost > 0 && !window);
  return { name, tries: tries.length, ...counts, window, failed, broken };
}

/** In Markdown, so that the README can have it as it is. */
export function table(rows) {
  const heads = ["fault", "tries", ...COLUMNS, ""];
  const verdict = ({ broken, window, lost }) => (broken ? "BROKEN" : window && lost > 0 ? "kill window" : "ok");
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
with the same identity, and was known again.`;
