// Our payload against Snowplow's own schemas (iglu/): what breaks them, Snowplow puts aside as a bad row.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv from "ajv-draft-04";
import formats from "ajv-formats";

const ajv = formats(new Ajv({ allErrors: true, strict: false }));
const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const used = new Set();

/** What is wrong with a self-describing JSON, by the schema it names; and the data of those it holds. */
function faults({ schema, data }) {
  const [, vendor, name, version] = /^iglu:com\.snowplowanalytics\.([\w.]+)\/(\w+)\/jsonschema\/([\d-]+)$/.exec(schema);
  const id = `${vendor}.${name}-${version}`;
  used.add(id);
  // Its dialect is draft 4 with a head of its own.
  const { $schema, self, ...plain } = read(`iglu/${id}.json`);
  assert.deepEqual([self.name, self.version], [name, version]);
  const wrong = ajv.validate(plain, data) ? [] : ajv.errors;
  const told = wrong.map(({ instancePath, message }) => `${id}${instancePath}: ${message}`);
  const inner = name === "contexts" ? data : name === "unstruct_event" ? [data] : [];
  return [...told, ...inner.flatMap(faults)];
}

/** Those of the payload, and of the JSONs that stand in it as text. */
function payload(body) {
  const within = body.data.flatMap(({ co, ue_pr }) => [co, ue_pr]).filter(Boolean);
  return [...faults(body), ...within.flatMap((text) => faults(JSON.parse(text)))];
}

const golden = () => read("../formats/golden/snowplow.json").body;

test("every event, entity and purchase of ours is valid by Snowplow's own schemas", () => {
  assert.deepEqual(payload(golden()), []);
  const names = [...used].map((id) => id.replace(/-[\d-]+$/, ""));
  const shop = ["snowplow_ecommerce_action", "transaction", "product"].map((name) => `snowplow.ecommerce.${name}`);
  const core = ["payload_data", "contexts", "unstruct_event", "web_page", "client_session"];
  assert.deepEqual(names.sort(), [...core.map((name) => `snowplow.${name}`), ...shop].sort());
});

test("and the schemas notice what is wrong", () => {
  const wrong = [
    (event) => (event.dtm = Number(event.dtm)),
    (event) => delete event.e,
    (event) => delete event.tv,
    (event) => (event.nobody = "1"),
    (event) => (event.co = event.co.replace('"sessionIndex":', '"sessionIndex":-')),
    (event) => (event.co = event.co.replace(/"id":"[^"]*"/, '"id":"x"')),
  ];
  for (const spoil of wrong) {
    const body = golden();
    spoil(body.data[0]);
    assert.notDeepEqual(payload(body), [], String(spoil));
  }
  assert.notDeepEqual(payload({ ...golden(), data: [] }), []);
});
