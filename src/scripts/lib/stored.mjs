// What is stored and sent, from the code's own tables: the batch's schema, the fields of the stored record, and the
// constants that say for how long. A field that nobody has explained here stops it.

import { readFileSync } from "node:fs";
import { at } from "./root.mjs";
import { Failure } from "./say.mjs";

/** The fields of the stored record (src/engine/identity.rs), for people: of the visitor, of the session, of both. */
const VISITOR = {
  GENERATION: "how often reset() was called",
  FIRST_SEEN: "when first seen",
  SESSIONS: "how many sessions",
  PURCHASES: "how many purchases",
  SINCE: "since when the audience is what it is",
  AUDIENCE: "user, potential customer or customer",
  STAGE: "discover, shop, buy, own or advocate",
  CUSTOMER: "the site's own id of the customer, if identify() told one",
  REASON: "which rule decided the audience",
};
const SESSION = {
  STARTED: "when it began",
  LAST_ACTIVITY: "when there was last activity",
  ACTIVE: "the same by the clock that its end is measured by",
  SESSION_AUDIENCE: "the audience in it",
  ORDER: "hashes of the last two purchases",
  ENTRY: "the page it began on",
};
const BOTH = {
  ID: "an id of 128 random bits",
  CHANNEL: "channel, source, medium, campaign (of a visitor: those of the first session)",
};
const MORE = "of each page view its address, title, times and scroll depth; how often each event came";

const read = (...path) => readFileSync(at("src", ...path), "utf8");

function constant(source, name) {
  const [, product] = new RegExp(`const ${name}: \\w+ = ([\\d_* ]+)(?: \\* DAY)?;`).exec(source) ?? [];
  if (!product) throw new Failure(`${name} is no longer where src/scripts/lib/stored.mjs looks for it.`);
  return product.split("*").reduce((all, factor) => all * Number(factor.replaceAll("_", "")), 1);
}

/** What the record holds of the visitor, and of the session. */
function record() {
  const names = [...read("engine", "identity.rs").matchAll(/^pub const (\w+): usize/gm)].map(([, name]) => name);
  const known = Object.keys({ ...VISITOR, ...SESSION, ...BOTH });
  const wrong = [...names.filter((name) => !known.includes(name)), ...known.filter((name) => !names.includes(name))];
  if (wrong.length) throw new Failure(`src/scripts/lib/stored.mjs does not explain ${wrong.join(", ")}.`);
  const listed = (own) => Object.values({ ...BOTH, ...own }).join("; ");
  return { visitor: listed(VISITOR), session: `${listed(SESSION)}; ${MORE}` };
}

/** Everything that is stored: of what, in detail, where, for how long. */
function stored() {
  const days = constant(read("engine", "identity.rs"), "KEPT");
  const week = constant(read("wire", "limits.rs"), "QUEUE_AGE_MS") / (24 * 3_600_000);
  const { visitor, session } = record();
  const kept = "IndexedDB, with a copy in localStorage";
  const queue = "IndexedDB; localStorage too when the page is left, until IndexedDB has it";
  const marks = "the number of a batch that is being deleted, where a page that ends could forget it";
  return [
    ["the visitor", visitor, kept, `${days} days from the first visit`],
    ["the session", session, kept, "until the next, and no longer than the visitor"],
    ["events not yet delivered", `what is sent, see below; ${marks}`, queue, `${week} days`],
    ["the consent choice", "granted or denied, once chosen", "localStorage", "until it changes"],
    ["an erasure by forget()", "the visitors' ids, the collector", "localStorage", "until the collector has done it"],
  ];
}

/** Path and description of every field a batch may have. */
export function sent() {
  const schema = JSON.parse(read("wire", "v1.schema.json"));
  const rows = [];
  const walk = (node, path) => {
    const target = node.$ref ? node.$ref.split("/").slice(1).reduce((all, key) => all[key], schema) : node;
    const description = node.description ?? target.description;
    if (path && !path.endsWith("[]")) rows.push([path, description]);
    for (const [name, inner] of Object.entries(target.properties ?? {})) walk(inner, path ? `${path}.${name}` : name);
    if (target.properties === undefined && target.items?.$ref?.endsWith("event")) walk(target.items, `${path}[]`);
  };
  walk(schema, "");
  return rows;
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const coded = (text) => escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");
const row = (cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
const rows = (all) => all.map(row).join("\n");

/** www/privacy.html. */
export function privacyPage() {
  const months = constant(read("collector", "store", "remove.rs"), "MONTHS");
  const fields = sent().map(([path, about]) => [`<code>${path}</code>`, coded(about ?? "")]);
  return `<!doctype html>
<html lang="en">
<!-- Written by the build's own tables (src/scripts/lib/stored.mjs); UPDATE=1 npm test -- api renews it. -->
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What Passerby stores and sends</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/styles.css">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
  <a class="brand" href="/">Window <span>&amp;</span> Till</a>
  <nav aria-label="Shop">
    <a href="/goods/">Shop</a>
    <a href="/journal/">Journal</a>
    <a href="/cart/">Cart</a>
  </nav>
</header>
<main id="main" class="reference">
<div>
<h1>What Passerby stores and sends</h1>
<p>By default. Nothing of this is stored or sent while consent is required and not given, after it was denied, or with
Global Privacy Control or Do Not Track, but for the choice itself and an erasure that is still to be sent. Without a
collector nothing is sent. No cookie, no fingerprint, no input value, no request to a third party.</p>
</div>
<section>
<h2>Stored in the browser</h2>
<div class="scroll"><table>
<tr><th></th><th>what</th><th>where</th><th>for how long</th></tr>
${rows(stored())}
</table></div>
</section>
<section>
<h2>Sent to the collector</h2>
<p>Addresses, titles, names and properties are redacted before they are stored or sent, and by the same code again in
the collector. A collector of ours deletes a session ${months} months of 30 days after it last heard of it, or
sooner.</p>
<div class="scroll"><table>
<tr><th>field</th><th>what</th></tr>
${rows(fields)}
</table></div>
</section>
</main>
</body>
</html>
`;
}

const BEGIN = "<!-- Written from the code's own tables; UPDATE=1 npm test -- api renews it. -->";
const END = "<!-- End of what is written from tables. -->";

/** README.md, with its table of what is stored and sent as it is now. */
export function readme() {
  const text = readFileSync(at("README.md"), "utf8");
  const [before, old, after, ...more] = text.split(BEGIN).flatMap((part) => part.split(END));
  if (old === undefined || after === undefined || more.length) {
    throw new Failure("README.md has lost a mark around its table of what is stored and sent.");
  }
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const kept = stored().map(([of, what, where, long]) => line([`**${of}**: ${what}`, where, long]));
  const told = groups().map(([of, names]) => line([of, names.map((name) => `\`${name}\``).join(", ")]));
  const table = [line(["stored in the browser", "where", "for"]), "|---|---|---|", ...kept];
  const sends = [line(["sent", "fields"]), "|---|---|", ...told];
  return [before, BEGIN, "\n", [...table, "", ...sends].join("\n"), "\n", END, after].join("");
}

/** The fields of a batch by what they are of. */
function groups() {
  const paths = sent().map(([path]) => path);
  const of = (prefix) => paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const deeper = (path) => paths.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[`));
  const outer = paths.filter((path) => !/[.[]/.test(path) && !deeper(path));
  const inner = (names) => names.filter((name) => !names.some((other) => other.startsWith(`${name}.`)));
  return [
    ["with every batch", outer],
    ["of the visitor", inner(of("visitor."))],
    ["of the session", inner(of("session."))],
    ["of each event", inner(of("events[]."))],
  ];
}
