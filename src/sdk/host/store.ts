/**
 * What stays: the hint and the choice in localStorage, record and queue in IndexedDB; or the hint in sessionStorage and
 * no record, so that a visitor is a tab.
 *
 * localStorage is there at once and loses up to a minute of writes when the browser is killed; IndexedDB is
 * not and does not. So the hint is a hint, and the record decides.
 */

import { In } from "../codes";
import type { Feed } from "../engine";
import { nextMicrotask, safely } from "../natives";
import { Limit } from "../platform";
import { database, type Database } from "./database";

/** What is to be written, asked for at the last moment. Empty deletes; undefined leaves what is there. */
export type Text = () => string | undefined;
type Write = (into: IDBTransaction, only?: string) => void;
export type Store = ReturnType<typeof store>;

const PREFIX = "passerby:";

/** What was stored may not be what we stored. */
const plain = (value: unknown) => (typeof value == "string" ? value : "");

/** Reads, writes (text) or removes (empty text). Storage may throw on the very mention: sandboxed frames. */
const item = (area: "localStorage" | "sessionStorage", key: string, text?: string): string =>
  safely(() => window[area][text ? "setItem" : text == "" ? "removeItem" : "getItem"](key, text!))() || "";

export function store(site: string, mode: string | undefined, feed: Feed, ours: boolean) {
  const name = PREFIX + site;
  const choiceKey = name + ":consent";
  const area = mode == "session" ? "sessionStorage" : "localStorage";
  const lasting = !mode || mode == "persistent" || mode == "session";
  const hint = (text?: string) => (lasting ? item(area, name, text) : "");
  const data = database(name, lasting, (fresh) => (feed(In.Merged), fresh && merge()));
  /** Rows beside the hint: of documents that ended before their database was open. */
  const spill = name + "|";
  const [transact, , , close, remove] = data;
  const [put, flush, write, forget, left] = rows(transact, (key) => item(area, spill + key, ""));
  const spilled = (each: (key: string, text: string) => void) =>
    safely(() => Object.keys(window[area]).map((key) => key.startsWith(spill) && each(key, item(area, key))))();
  let known = "";
  /** One transaction: the record, every row, the end; what the engine wants written in between goes along. */
  const merge = () => {
    const possible = transact((transaction, alive) => {
      const queue = transaction.objectStore("queue");
      spilled((key, text) => {
        // Once it is sure to be there; for who counts twice at once, for it may be on its way already.
        const taken = () => item(area, key) == text && item(area, key, "");
        const put = queue.put(text, key.slice(spill.length));
        if (!ours) put.onsuccess = taken;
        else transaction.addEventListener("complete", taken);
      });
      tellAll(transaction, alive, data, feed, write);
      return 1;
    });
    if (!possible) feed(In.Merged, +!lasting);
  };

  // A name that ends in an underscore is ours alone: the build makes one letter of it.
  return {
    name_: name, hint_: hint, put_: put, flush_: flush,
    /**
     * `kept`: the page may come back. Its last writes would then hold up the next page's, which browsers throw it out
     * for: localStorage takes them. What it does not take goes where it always does.
     */
    close_(kept: unknown) {
      if (!kept) flush();
      let chars = 0;
      spilled((_, text) => (chars += text.length));
      left((key, text) => {
        const there = spill + key;
        if ((chars += text.length) < Limit.SpillChars) item(area, there, text);
        return item(area, there) == text;
      });
      flush();
      close();
    },
    /** Ids of visitors that this collector has yet to erase. */
    owed_: (collector: string, ids?: string) => item("localStorage", name + ":erase " + collector, ids),
    choose_: (text: string) => item("localStorage", choiceKey, (known = text)),
    /** The choice as stored, if it is not the one we know of, or whoever asks knows of none. */
    choice_(any?: unknown) {
      const now = item("localStorage", choiceKey) || known;
      return any || now != known ? (known = now) : "";
    },
    merge_: merge,
    /** Deletes everything but the choice. */
    purge_(done?: () => void) {
      hint("");
      spilled((key) => item(area, key, ""));
      forget();
      remove(done);
    },
  };
}

/** Writes that wait for the end of the task: a thousand events of one task are one transaction. */
function rows(transact: Database[0], written: (key: string) => void) {
  // Key of a queue row, or empty for the record.
  const writes = new Map<string, Text>();
  let scheduled: unknown;
  let spilt: unknown;

  const write: Write = (transaction, only) => {
    writes.forEach((read, key) => {
      if (key && only != undefined && only != key) return;
      writes.delete(key);
      const text = read();
      const store = transaction.objectStore(key ? "queue" : "record");
      if (text) store.put(text, key);
      else if (text == "") store.delete(key);
      if (spilt) written(key);
    });
  };
  const flush = () => {
    scheduled = 0;
    if (!writes.size) return;
    const possible = transact((transaction) => {
      write(transaction);
      // Without it the browser waits for this task to end, and at hide it may end the page first.
      transaction.commit?.();
    });
    if (!possible) writes.clear();
  };
  const put = (key: string, read: Text) => {
    writes.set(key, read);
    if (!scheduled) nextMicrotask(flush);
    scheduled = 1;
  };
  /** What no transaction has taken so far, and `take` may. */
  const left = (take: (key: string, text: string) => boolean) =>
    writes.forEach((read, key) => {
      const text = key && read();
      if (text && take(key, (spilt = text))) writes.delete(key);
    });
  return [put, flush, write, () => writes.clear(), left] as const;
}

/**
 * Feeds the record, the rows and the end, each with the writes to it that this leads to. What else is to be written
 * then waits its turn: a transaction that began after this one may be about to write an older text of it.
 */
function tellAll(
  transaction: IDBTransaction, alive: () => boolean, [, attempt, patience]: Database, feed: Feed, write: Write,
): void {
  const step = (key: string, call: () => unknown) =>
    attempt(() => {
      patience(call());
      if (alive()) write(transaction, key);
    });
  patience(1);
  const record = transaction.objectStore("record").get("");
  record.onsuccess = () => step("", () => (feed(In.Record, 0, plain(record.result)), 1));
  const rows = transaction.objectStore("queue").openCursor();
  rows.onsuccess = () => {
    const row = rows.result;
    step(plain(row?.key), () => {
      // The page was put away in the middle: what is left comes with the next.
      if (!row || !alive()) return feed(In.Merged, 1);
      // What is no text is not ours.
      if (plain(row.key) && plain(row.value)) feed(In.Row, 0, row.key, row.value);
      else row.delete();
      row.continue();
      return row;
    });
  };
}
