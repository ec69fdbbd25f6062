// What a visit leaves: on the wire, and in the browser's storage.

import { gunzipSync } from "node:zlib";

/** Bodies of all requests to another origin, readable. */
export function recorded(context) {
  const bodies = [];
  context.on("request", (request) => {
    if (request.method() !== "POST") return;
    const bytes = request.postDataBuffer() ?? Buffer.alloc(0);
    const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    bodies.push(`${request.url()} ${JSON.stringify(request.headers())} ${gzip ? gunzipSync(bytes) : bytes}`);
  });
  return bodies;
}

/** Runs in the page: everything the origin has stored, as text. */
export async function stored() {
  const read = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const found = { local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie, databases: [] };
  for (const { name } of await indexedDB.databases()) {
    const database = await read(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      found.databases.push([name, store, await read(rows.getAllKeys()), await read(rows.getAll())]);
    }
    database.close();
  }
  return found;
}
