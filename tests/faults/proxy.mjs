// Stands between page and collector and does to requests what networks do. Keeps count of what it saw.

import { createServer, request as ask } from "node:http";
import { gunzipSync } from "node:zlib";
import { lasting } from "./lasting.mjs";

const HOST = "127.0.0.1";
const GZIP = 0x1f;

/** As if nothing stood between. */
export const pass = ({ forward, reply }) => forward().then(reply);

/** An answer of our own; the collector hears nothing. Readable by the page, as a gateway's may or may not be. */
export const answer =
  (status, headers = {}) =>
  async ({ reply }) =>
    reply({ status, headers: { "access-control-allow-origin": "*", ...headers }, body: "" });

/** The connection is reset once the whole request is here. */
export const reset = async ({ hangUp }) => hangUp();

/** The collector stores it and says so; nobody hears. */
export const swallow = ({ forward, hangUp }) => forward().then(hangUp);

/** The answer takes this long; the collector itself has stored it by then, or not yet. */
export const slowly = (ms, when) => async (exchange) => {
  if (when === "before") await lasting(ms);
  const found = await exchange.forward();
  if (when === "after") await lasting(ms);
  exchange.reply(found);
};

/** This fault for the first so many requests, then none. */
export function first(times, fault) {
  let left = times;
  return (exchange) => (left-- > 0 ? fault(exchange) : pass(exchange));
}

export async function startProxy(target) {
  const it = { fault: pass, asked: 0, stored: 0, open: 0, bodies: [], times: [] };
  const server = createServer((request, response) => {
    it.asked += 1;
    it.open += 1;
    const done = () => (it.open -= 1);
    // A browser that was killed in the middle of its request, or hung up before our answer, is no fault of ours.
    exchange(it, target, request, response).then(done, done);
  });
  const listen = (port) => new Promise((resolve) => server.listen(port, HOST, resolve));
  await listen(0);
  const { port } = server.address();
  it.url = `http://${HOST}:${port}`;
  /** Connections are refused, and those that exist break. */
  it.cut = () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    return closed;
  };
  it.mend = () => listen(port);
  it.close = () => (server.listening ? it.cut() : undefined);
  return it;
}

async function exchange(it, target, request, response) {
  const body = await all(request);
  it.times.push(performance.now());
  it.bodies.push(body);
  const { method, url, headers } = request;
  const { host, ...others } = headers;
  await it.fault({
    body,
    async forward() {
      const found = await forwarded(target + url, { method, headers: others }, body);
      it.stored += 1;
      return found;
    },
    reply({ status, headers, body }) {
      response.writeHead(status, headers);
      response.end(body);
    },
    hangUp: () => request.socket.resetAndDestroy(),
  });
}

function forwarded(url, options, body) {
  return new Promise((resolve, reject) => {
    const asked = ask(url, options, (answer) => {
      const { statusCode: status, headers } = answer;
      all(answer).then((body) => resolve({ status, headers, body }), reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

async function all(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** `[load:seq, ...]` of one request's body. */
export function identities(body) {
  const text = body[0] === GZIP ? gunzipSync(body) : body;
  const { load, events } = JSON.parse(text);
  return events.map(({ seq }) => `${load}:${seq}`);
}
