// Answers the first two beacons of a page by itself, late and wrong; the others go where they should.
const FIRST = 2;
const LATE_MS = 500;
let seen = 0;

addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.method !== "POST" || seen++ >= FIRST) return;
  event.respondWith(
    new Promise((answer) => setTimeout(() => answer(new Response("not here", { status: 404 })), LATE_MS)),
  );
});
