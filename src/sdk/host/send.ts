/**
 * Hands batches to the network and reports how it went.
 *
 * `fetch` with `keepalive` and nothing else: `sendBeacon` says `true` for what never leaves and always carries
 * credentials. `text/plain` needs no preflight.
 */

import { In } from "../codes";
import type { Feed } from "../engine";
import { clearTimer, deferred, encoder, listen, nextMicrotask, parse, request, safely, setTimer } from "../natives";
import { Limit } from "../platform";
import { wall } from "./clock";
import { signalled } from "./signals";
import type { Transform } from "../types";

const Compression = globalThis.CompressionStream;

const enum Status {
  NoAnswer,
  /** Refused here, before anything left. */
  NeverLeft,
}

export type Sender = [
  send: (answer: Feed, batch: number, body: string, hiding: boolean) => void,
  /** Leaves this with the browser, in place of what was left before: it sends it if the page is killed. */
  leave: (body: string) => void,
  /** Calls back once nothing is in flight. */
  settled: (call: () => void) => void,
];

/** Of this document, whoever sends. */
let alive = 0;

/** Without prototype: a page that pollutes Object.prototype must not reach into our options. Headers have none. */
export const posted = (body: BufferSource | string, signal?: AbortSignal, keepalive = true, headers?: object): any => ({
  __proto__: null,
  method: "POST",
  body,
  headers: { "content-type": "text/plain", ...headers },
  keepalive,
  signal,
  credentials: "omit",
  referrerPolicy: "no-referrer",
});

/** Our own collector knows gzip by its first bytes and an event by its id; of another nobody knows. */
export function sender(url: string, ours: boolean, transform?: Transform): Sender {
  let sends = 0;
  let open = 0;
  let refused: unknown;
  let left = new AbortController();
  const waiting: (() => void)[] = [];
  /** What is sent of a batch: where, and what. Nothing, and the page is told, when its transform fails. */
  const make = safely((body: string): ReturnType<Transform> => {
    const made = transform ? transform(parse(body)) : { url, body };
    // A promise has neither: that would go to the page's own server, which may say 200 to everything.
    if (!made?.url || typeof made.body != "string") throw "no url or body text";
    return made;
  }, "transform");

  const send = async (answer: Feed, batch: number, body: string, hiding: boolean) => {
    const stop = new AbortController();
    let size = 0;
    let over: unknown;
    let gone = Status.NeverLeft;
    const done = (status: number, text?: string, retryAfter?: unknown) => {
      if (over) return;
      over = 1;
      clearTimer(timer);
      alive -= size;
      open--;
      answer(In.Sent, batch, status, retryAfter, text);
      stop.abort();
      // The engine may have sent the next.
      if (!open) waiting.splice(0).map((call) => call());
    };
    // First the answer, then the abort: a patched fetch may not heed the signal.
    const timer = setTimer(() => done(Status.NoAnswer), Limit.AnswerMs);
    open++;
    try {
      const made = make(body)!;
      let bytes: Uint8Array<ArrayBuffer> | ArrayBuffer = encoder.encode(made.body);
      // Not at hide, where compressing never ends, and not the first, which must leave in
      // the script's first task.
      if (sends++ && !hiding && ours && Compression && bytes.byteLength > Limit.PlainBytes)
        bytes = await gzip(bytes, stop.signal);
      // What is not tried has not left: whoever counts twice is not asked twice, and no wish ignored that is new.
      if ((!ours && !navigator.onLine) || signalled()) throw 0;
      // Another script may be filling the quota: fetch then refuses, and while the page is open the next try
      // goes without keepalive.
      const keepalive = alive + bytes.byteLength <= Limit.Keepalive && (hiding || !refused);
      if (keepalive) alive += size = bytes.byteLength;
      const going = request(made.url, posted(bytes, stop.signal, keepalive, made.headers));
      // Two turns: what has failed by then (a policy, an address) failed within the call, and nothing has left.
      nextMicrotask(() => nextMicrotask(() => (gone = Status.NoAnswer)));
      const reply = await going;
      refused = gone = Status.NoAnswer;
      const after: any = reply.headers.get("retry-after");
      const seconds = isNaN(after) ? Math.ceil((Date.parse(after) - wall()) / Limit.SecondMs) : after;
      done(reply.status, (await reply.text()).slice(0, Limit.AnswerChars), seconds);
    } catch {
      refused = 1;
      done(gone);
    }
  };

  const leave = (body: string) => {
    left.abort();
    left = new AbortController();
    // Its quota may be full, or its address one that it does not take.
    if (body) safely(deferred!)(url, posted(body, left.signal));
  };
  return [send, leave, (call) => (open ? waiting.push(call) : call())];
}

/** A page that is going cannot wait for it, and sends what there is. */
const gzip = (bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal) =>
  new Promise<Uint8Array<ArrayBuffer> | ArrayBuffer>((done) => {
    const plain = () => done(bytes);
    listen(signal, window, "pagehide", plain);
    new Response(new Response(bytes).body!.pipeThrough(new Compression("gzip"))).arrayBuffer().then(done, plain);
  });
