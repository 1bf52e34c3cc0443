// Keeps the page itself for a reload without a net: the line is asked first, the kept page is the last resort.
const KEPT = "kangban-page";
const PATIENCE_MS = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function fresh(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request, request.mode === "navigate" ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    if (answer.redirected || answer.status === 401) { await caches.delete(KEPT); return answer; } // no longer hers
    if (answer.ok) { await kept.put(request, answer.clone()); }
    return answer;
  } catch (broken) {
    const found = await kept.match(request);
    if (found) { return found; }
    throw broken;
  }
}

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET") { return; }
  if (path === "/chat" || path.startsWith("/chat/static/")) { event.respondWith(fresh(event.request)); }
});
