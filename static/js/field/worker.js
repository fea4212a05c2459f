/* Keeps the report form of the field, and what it is drawn with, for when the network is gone. It
   holds no report: those stand in the browser's database and are sent by the page. */
const PAGES = "lapangan-1";
const FORM = "/lapangan/lapor/";
const STATIC = "/static/";
const OUTLINES = "/batas-wilayah/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  event.waitUntil(keep(event.data.keep));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname === FORM) event.respondWith(formPage(request, address));
  else if (address.pathname === OUTLINES) event.respondWith(fresh(request, OUTLINES));
  else if (address.pathname.startsWith(STATIC)) event.respondWith(drawing(request));
});

async function keep(addresses) {
  const pages = await caches.open(PAGES);
  for (const address of addresses) {
    if (await pages.match(address)) continue;
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual" });
    if (answer.ok) await pages.put(address, answer);
  }
}

/** Without network every report begins with the plain form; one that goes on from another is never
    kept, lest its number stick to the next. */
function formPage(request, address) {
  if (!address.search) return fresh(request, FORM);
  return fetch(request).catch(async (failure) => {
    const kept = await (await caches.open(PAGES)).match(FORM);
    if (kept) return kept;
    throw failure;
  });
}

/** What can change under its address: from the network, and without one as it was kept. */
async function fresh(request, address) {
  const pages = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === "basic") await pages.put(address, answer.clone());
    return answer;
  } catch (failure) {
    const kept = await pages.match(address);
    if (kept) return kept;
    throw failure;
  }
}

async function drawing(request) {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await pages.put(request, answer.clone());
  return answer;
}
