/** The browser's database: opened when there is need, given up when it does not answer. */

import { clearTimer, Promise, safely, setTimer } from "../natives";
import { Limit } from "../platform";

const STORES = ["record", "queue"];

/**
 * `alive`: whether the database is still open, and the transaction takes more. Something is returned for one that does
 * not end itself.
 */
type Run = (transaction: IDBTransaction, alive: () => boolean) => unknown;
export type Database = ReturnType<typeof database>;

/**
 * `failed` is told of silence, which on a slow machine may still end; and of an error. A database that fails is not
 * ours (another version of it, another script) or damaged, and is left as it is: a clean one takes its place, with
 * `fresh`. When that fails too nothing runs any more, nor at all when it is not `usable`.
 */
export function database(name: string, usable: boolean, failed: (fresh?: boolean) => void) {
  let opening: IDBOpenDBRequest | undefined, opened: IDBDatabase | undefined;
  const spare = name + "+";
  let current = name, running: IDBTransaction | undefined, timer: number;
  const waiting: Run[] = [];
  /** Calls back after silence: from now on, or no longer. */
  const patience = (on?: unknown) => {
    clearTimer(timer);
    if (on) timer = setTimer(failed, Limit.StorageMs);
  };

  const fail = () => {
    close();
    if (!usable) return;
    waiting.length = 0;
    usable = current == name;
    current = spare;
    failed(usable);
  };
  const attempt = (call: () => void) => {
    try {
      if (usable) call();
    } catch {
      fail();
    }
  };
  /** What is under way ends with what it has: a page that is put away cannot go on, and would hold up all others. */
  const close = () => {
    patience();
    safely(() => running!.commit())();
    opened?.close();
    opened = opening = undefined;
  };
  const open = () => {
    const request = (opening = indexedDB.open(current, 1));
    patience(1);
    request.onupgradeneeded = () => STORES.map((store) => request.result.createObjectStore(store));
    request.onerror = fail;
    request.onsuccess = () => {
      // The page was put away meanwhile: what waits goes on with the next opening.
      if (request != opening) return request.result.close();
      patience();
      opening = undefined;
      opened = request.result;
      // Another tab erases everything, or the browser does: let go, and open again when there is need.
      opened.onversionchange = opened.onclose = close;
      waiting.splice(0).map(transact);
    };
  };
  /** One transaction over everything; false when there is no database to be had. */
  const transact = (run: Run): boolean => {
    attempt(() => {
      const mine = opened;
      if (mine) {
        const alive = () => mine == opened;
        // Survives a kill of the browser all the same, without waiting for the disk.
        const transaction = mine.transaction(STORES, "readwrite", { durability: "relaxed" });
        // Of one that was closed meanwhile nothing more is expected.
        transaction.onabort = () => alive() && fail();
        if (run(transaction, alive)) running = transaction;
        return;
      }
      waiting.push(run);
      if (!opening) open();
    });
    return usable;
  };
  const remove = (done?: () => void) => (close(), Promise.all([name, spare].map(erased)).then(done));
  return [transact, attempt, patience, close, remove] as const;
}

/** That is done, or cannot be done now. */
const erased = (name: string) =>
  new Promise<unknown>((done) => {
    const request = safely(() => indexedDB.deleteDatabase(name))();
    if (request) request.onsuccess = request.onerror = request.onblocked = done;
    else done(0);
  });
