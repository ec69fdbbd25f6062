/** The browser's database: opened when there is need, given up when it does not answer. */

import { clearTimer, safely, setTimer } from "../natives";
import { Limit } from "../platform";

const STORES = ["record", "queue"];
// Survives a kill of the browser all the same, without waiting for the disk.
const RELAXED = { durability: "relaxed" } as const;

type Run = (transaction: IDBTransaction) => void;
export type Database = ReturnType<typeof database>;

/**
 * `failed` is told of an error, after which nothing runs, nor at all when it is not `usable`; and of silence,
 * which on a slow machine may still end.
 */
export function database(name: string, usable: boolean, failed: () => void) {
  let opened: IDBDatabase | undefined;
  let timer: number;
  const waiting: Run[] = [];

  const fail = () => {
    clearTimer(timer);
    if (!usable) return;
    usable = false;
    failed();
  };
  /** From now on, or no longer. */
  const patience = (on?: unknown) => {
    clearTimer(timer);
    if (on) timer = setTimer(failed, Limit.StorageMs);
  };
  const attempt = (call: () => void) => {
    try {
      if (usable) call();
    } catch {
      fail();
    }
  };
  const close = () => {
    opened?.close();
    opened = undefined;
  };
  const open = () => {
    const request = indexedDB.open(name, 1);
    patience(1);
    request.onupgradeneeded = () => STORES.map((store) => request.result.createObjectStore(store));
    request.onerror = fail;
    request.onsuccess = () => {
      patience();
      opened = request.result;
      // Another tab erases everything, or the browser does: let go, and open again when there is need.
      opened.onversionchange = opened.onclose = close;
      waiting.splice(0).map(transact);
    };
  };
  /** One transaction over everything; false when there is no database to be had. */
  const transact = (run: Run): boolean => {
    attempt(() => {
      if (opened) {
        const transaction = opened.transaction(STORES, "readwrite", RELAXED);
        transaction.onabort = fail;
        run(transaction);
      } else if (waiting.push(run) < 2) open();
    });
    return usable;
  };
  /** Deletes it; calls back when that is done, or cannot be done now. */
  const remove = (done?: () => void) => {
    close();
    const request = safely(() => indexedDB.deleteDatabase(name))();
    if (request) request.onsuccess = request.onerror = request.onblocked = () => done?.();
    else done?.();
  };
  return { transact, attempt, patience, close, remove };
}
