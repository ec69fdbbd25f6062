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

/** What is to be written, asked for at the last moment. Empty leaves what is there. */
export type Text = () => string;
type Write = (into: IDBTransaction, only?: string) => void;
export type Store = ReturnType<typeof store>;

const PREFIX = "passerby:";
const GONE = "-";

/** What was stored may not be what we stored. */
const plain = (value: unknown) => (typeof value == "string" ? value : "");

type Area = "localStorage" | "sessionStorage";

/** Reads, writes (text) or removes (empty text). Storage may throw on the very mention: sandboxed frames. */
const item = (area: Area, key: string, text?: string): string =>
  safely(() => window[area][text ? "setItem" : text == "" ? "removeItem" : "getItem"](key, text!))() || "";

export function store(site: string, mode: string | undefined, feed: Feed, ours: boolean) {
  const name = PREFIX + site;
  const choiceKey = name + ":consent";
  const lasting = !mode || mode == "persistent" || mode == "session";
  // There is none of that name: nothing is read or written.
  const area = (!lasting ? "" : mode == "session" ? "sessionStorage" : "localStorage") as Area;
  const hint = (text?: string) => item(area, name, text);
  const data = database(name, lasting, (fresh) => (feed(In.Merged), fresh && merge()));
  const [transact, attempt, patience, , remove] = data;
  const spill = name + "|";
  const [put, flush, write, leave, spilled, release, forget] = rows(data, area, spill, !ours);
  let known = "";
  /** One transaction: the record, every row, the end; what the engine wants written in between goes along. */
  const merge = () => {
    const possible = transact((transaction, alive) => {
      const queue = transaction.objectStore("queue");
      spilled((key, text) => {
        queue.put(text, key.slice(spill.length));
        release(transaction, key, text);
      });
      const step = (key: string, call: () => unknown) =>
        attempt(() => {
          patience(call());
          if (alive()) write(transaction, key);
        });
      patience(1);
      const record = transaction.objectStore("record").get("");
      record.onsuccess = () => step("", () => (feed(In.Record, 0, plain(record.result)), 1));
      const rows = queue.openCursor();
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
      return 1;
    });
    if (!possible) feed(In.Merged, +!lasting);
  };

  // A name that ends in an underscore is ours alone: the build makes one letter of it.
  return {
    name_: name, hint_: hint, put_: put, flush_: flush, close_: leave,
    /** Ids of visitors that this collector has yet to erase. */
    owed_: (collector: string, ids?: string) => item("localStorage", name + ":erase " + collector, ids),
    choose_: (text: string) => item("localStorage", choiceKey, (known = text)),
    /** The choice as stored, if it is not the one we know of, or whoever asks knows of none. */
    choice_(any?: unknown) {
      const now = item("localStorage", choiceKey) || known;
      return any || now != known ? (known = now) : "";
    },
    merge_: merge,
    /** Deletes everything but the choice; other tabs hear of the hint. So first, before somebody new writes theirs. */
    purge_(done?: () => void) {
      hint("");
      spilled((key) => item(area, key, ""));
      forget();
      remove(done);
    },
  };
}

/**
 * Writes that wait for the end of the task: a thousand events of one task are one transaction. And what stands beside
 * the hint, under keys that begin with `spill`: browsers may drop the last transactions of a page that ends, so what
 * they were to write or to delete is there too. `marking`: deletions are marked at once, for who counts twice, and once
 * this page has been left, while it lives on.
 */
function rows([transact, , , close]: Database, area: Area, spill: string, marking: unknown) {
  // By key of a queue row, or empty for the record; what has no text is to be deleted.
  const writes = new Map<string, Text | undefined>();
  let scheduled: unknown;
  const spilled = (each: (key: string, text: string) => void) =>
    safely(() => Object.keys(window[area]).map((key) => key.startsWith(spill) && each(key, item(area, key))))();
  /** It need not stand beside the hint once the transaction is complete. */
  const release = (transaction: IDBTransaction, key: string, text: string) => {
    // Not addEventListener, which who watches a page's tasks may have replaced.
    const before: any = transaction.oncomplete;
    transaction.oncomplete = () => {
      before?.();
      if (item(area, key) == text) item(area, key, "");
    };
  };

  const write: Write = (transaction, only) => {
    writes.forEach((read, key) => {
      if (key && (only ?? key) != key) return;
      writes.delete(key);
      const store = transaction.objectStore(key ? "queue" : "record");
      const text = read ? read() : GONE;
      if (!text) return;
      if (!read) store.delete(key);
      else {
        store.put(text, key);
        if (marking) item(area, spill + key, "");
      }
      release(transaction, spill + key, text);
    });
  };
  const flush = () => {
    scheduled = 0;
    if (!writes.size) return;
    const possible = transact((transaction) => {
      write(transaction);
      // Or the browser waits for this task to end, and at hide it may end the page first.
      transaction.commit?.();
    });
    if (!possible) writes.clear();
  };
  const put = (key: string, read?: Text) => {
    if (marking && !read) item(area, spill + key, GONE);
    writes.set(key, read);
    if (!scheduled) nextMicrotask(flush);
    scheduled = 1;
  };
  /**
   * `kept`: the page may come back. Its last writes would then hold up the next page's, which browsers throw it out
   * for: what localStorage takes goes nowhere else.
   */
  const leave = (kept: unknown) => {
    let chars = 0;
    // At hide the engine has every row of its queue written once more.
    const last = [...writes];
    if (!kept) flush();
    marking = 1;
    spilled((_, text) => (chars += text.length));
    last.forEach(([key, read]) => {
      const text = key && read?.();
      if (!text) return;
      if ((chars += text.length) < Limit.SpillChars) item(area, spill + key, text);
      if (item(area, spill + key) == text) writes.delete(key);
    });
    flush();
    close();
  };
  return [put, flush, write, leave, spilled, release, () => writes.clear()] as const;
}
