// Source maps of the shipped scripts, which are esbuild's output with a module put in afterwards.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const MORE = 32;

/**
 * The map after text went in before all of the script (`before`), and `columns` were added to its first line
 * besides. Mappings are relative to the one before, so only the very first has to change.
 */
export function shifted(text, before, columns, file) {
  const map = JSON.parse(text);
  const lines = before.split("\n");
  const added = lines.at(-1).length + columns;
  const [first, rest] = [/^[^,;]*/.exec(map.mappings)[0], map.mappings.replace(/^[^,;]*/, "")];
  map.mappings = ";".repeat(lines.length - 1) + moved(first, added) + rest;
  map.file = file;
  return JSON.stringify(map);
}

/** One mapping with its first number, the column, so much larger. */
function moved(mapping, by) {
  if (!mapping) return mapping;
  let value = 0;
  let shift = 1;
  let at = 0;
  for (let more = true; more; at++, shift *= MORE) {
    const digit = DIGITS.indexOf(mapping[at]);
    more = digit >= MORE;
    value += (digit % MORE) * shift;
  }
  return number((value >> 1) + by) + mapping.slice(at);
}

/** A number of zero or more, as maps write it: sign in the lowest bit, five bits a digit. */
function number(value) {
  let left = value * 2;
  let text = "";
  do {
    const digit = left % MORE;
    left = (left - digit) / MORE;
    text += DIGITS[digit + (left > 0 ? MORE : 0)];
  } while (left > 0);
  return text;
}
