/**
 * What stays: the hint and the choice in localStorage, record and queue in IndexedDB.
 *
 * localStorage is there at once and loses up to a minute of writes when the browser is killed; IndexedDB is
 * not and does not (PLATFORM §0.3, §2). So the hint is a hint, and the record decides.
 */

import { In } from "../codes";
import type { Feed } from "../engine";
import { clearTimer, isText, nextMicrotask, setTimer } from "../natives";

/** A database that does not answer for so long is one that does not work (private modes, blocked upgrades). */
const PATIENCE_MS = 1000;

const RELAXED = { durability: "relaxed" } as const;
const STORES = ["record", "queue"] as const;
export const PREFIX = "passerby:";

/** Reads, writes (text) or removes (empty text). Storage may throw on the very mention: sandboxed frames. */
function item(area: "localStorage" | "sessionStorage", key: string, text?: string): string {
  try {
    const storage = window[area];
    if (!isText(text)) return storage.getItem(key) || "";
    if (text) storage.setItem(key, text);
    else storage.removeItem(key);
  } catch {}
  return "";
}

export type Text = () => string | undefined;
export type Store = ReturnType<typeof store>;

/** What was stored may not be what we stored. */
const plain = (value: unknown) => (isText(value) ? value : "");

export function store(site: string, mode: string | undefined, feed: Feed) {
  const name = PREFIX + site;
  const choiceKey = name + ":consent";
  const area = mode == "session" ? "sessionStorage" : "localStorage";
  const persistent = !mode || mode == "persistent";

  let broken = !persistent;
  let database: IDBDatabase | undefined;
  let opening: ((database: IDBDatabase) => void)[] | undefined;
  let timer: number;
  let scheduled: unknown;
  let known = "";
  // Key of a queue row, or empty for the record → its text, asked for when it is written. Empty text deletes;
  // undefined leaves what is there, for an engine that died cannot say.
  let writes: Map<string, Text> = new Map();

  const fail = () => {
    clearTimer(timer);
    if (broken) return;
    broken = true;
    writes.clear();
    feed(In.Merged);
  };

  const patience = () => {
    clearTimer(timer);
    timer = setTimer(fail, PATIENCE_MS);
  };

  const close = () => {
    database?.close();
    database = undefined;
  };

  const use = (call: (database: IDBDatabase) => void) => {
    if (broken) return;
    if (database) return call(database);
    if (opening) return void opening.push(call);
    opening = [call];
    patience();
    try {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => STORES.map((store) => request.result.createObjectStore(store));
      request.onerror = fail;
      request.onsuccess = () => {
        clearTimer(timer);
        database = request.result;
        // Another tab erases everything, or the browser does: let go, and open again when there is need.
        database.onversionchange = database.onclose = close;
        const calls = opening!;
        opening = undefined;
        for (const call of calls) attempt(() => use(call));
      };
    } catch {
      fail();
    }
  };

  const attempt = (call: () => void) => {
    try {
      call();
    } catch {
      fail();
    }
  };

  const transaction = (database: IDBDatabase) => {
    const opened = database.transaction(STORES, "readwrite", RELAXED);
    opened.onabort = fail;
    return opened;
  };

  /** Everything that waits to be written, into this transaction. */
  const write = (into: IDBTransaction) => {
    const now = writes;
    writes = new Map();
    now.forEach((read, key) => {
      const text = read();
      const store = into.objectStore(key ? "queue" : "record");
      if (text) store.put(text, key);
      else if (text == "") store.delete(key);
    });
  };

  const flush = () => {
    scheduled = 0;
    if (writes.size) {
      use((database) => {
        const into = transaction(database);
        write(into);
        // Without it the browser waits for this task to end, and at hide it may end the page first.
        into.commit?.();
      });
    }
  };

  return {
    hint: (text?: string) => (mode == "memory" ? "" : item(area, name, text)),
    choice: (text?: string) => item("localStorage", choiceKey, (known = text || known) && text),
    /** The choice as stored, if it is not the one we know of. */
    news() {
      const now = item("localStorage", choiceKey);
      return now == known ? "" : (known = now);
    },

    /** Puts this text under the key, read at the end of the task: a thousand events of one task are one write. */
    put(key: string, read: Text) {
      if (broken) return;
      writes.set(key, read);
      if (!scheduled) nextMicrotask(flush);
      scheduled = 1;
    },
    flush,
    close,

    /** One transaction: the record, every row, the end; what the engine wants written in between goes along. */
    merge() {
      if (broken) return feed(In.Merged);
      use((database) => {
        const one = transaction(database);
        patience();
        const step = (tell: () => void) =>
          attempt(() => {
            if (broken) return;
            patience();
            tell();
            write(one);
          });
        const record = one.objectStore("record").get("");
        record.onsuccess = () => step(() => feed(In.Record, 0, 0, plain(record.result)));
        const rows = one.objectStore("queue").openCursor();
        rows.onsuccess = () => {
          const row = rows.result;
          step(() => {
            if (row) {
              feed(In.Row, 0, 0, String(row.key), plain(row.value));
              row.continue();
            } else {
              clearTimer(timer);
              feed(In.Merged, 1);
            }
          });
        };
      });
    },

    /** Deletes everything but the choice; calls back when it is done, or cannot be done now. */
    purge(done?: () => void) {
      item(area, name, "");
      writes.clear();
      close();
      if (!persistent) return done?.();
      try {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = request.onerror = request.onblocked = () => done?.();
      } catch {
        done?.();
      }
    },
  };
}
