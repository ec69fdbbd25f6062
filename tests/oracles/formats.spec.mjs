// The fixtures of tests/formats (which the encoders' own tests hold to the byte) in the hands of other systems'
// readers: OpenTelemetry's generated protobuf code, CloudEvents' SDK.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { HTTP } from "cloudevents";

const require = createRequire(import.meta.url);
const root = require("@opentelemetry/otlp-transformer/build/src/generated/root.js");
const Logs = root.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;

const golden = (name) => JSON.parse(readFileSync(new URL(`../formats/golden/${name}.json`, import.meta.url), "utf8"));
const copy = (value) => JSON.parse(JSON.stringify(value));

/** Through the message and back. What the message has no field for does not come back. */
const there = (body) => copy(Logs.toObject(Logs.fromObject(body), { longs: String, json: true }));

test("OpenTelemetry's own message takes every field of ours, and gives it back", () => {
  const { body } = golden("otlp");
  assert.equal(body.resourceLogs[0].scopeLogs[0].logRecords.length, 6);
  assert.deepEqual(there(body), body);
  const wrong = copy(body);
  wrong.resourceLogs[0].scopeLogs[0].logRecords[0].nobody = 1;
  assert.notDeepEqual(there(wrong), wrong, "an unknown field is noticed");
});

test("CloudEvents' SDK reads our batch, and what it needs is there", () => {
  const { content_type: type, body } = golden("cloudevents");
  const events = HTTP.toEvent({ headers: { "content-type": type }, body: JSON.stringify(body) });
  assert.equal(events.length, body.length);
  for (const [at, event] of events.entries()) {
    assert.ok(event.validate());
    // It would invent an id that is missing.
    for (const name of ["specversion", "id", "source", "type", "time"]) {
      assert.equal(event[name], body[at][name], name);
      assert.equal(typeof body[at][name], "string");
    }
    assert.deepEqual(event.data, body[at].data);
  }
  assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
});
