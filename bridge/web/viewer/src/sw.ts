/// <reference lib="webworker" />
// Keeps the page, sets and sounds in the browser, so that they are there at once and without a network.
declare const self: ServiceWorkerGlobalScope;

// The names of the built files are written by vite.config.ts.
const FILES = JSON.parse("__FILES__") as string[];
const PAGE = "page";
const CONTENT = "content";
const MOST = 400; // sets and sounds that are kept; the oldest go first

self.addEventListener("install", (event) => event.waitUntil(keepPage()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const { pathname, search } = url;
  if (pathname.startsWith("/sets/") || pathname.startsWith("/sounds/")) {
    event.respondWith(content(event.request));
  } else if (pathname === "/" && !search) event.respondWith(page(event.request));
  else if (FILES.includes(pathname)) event.respondWith(file(event.request));
});

async function keepPage(): Promise<void> {
  const cache = await caches.open(PAGE);
  await Promise.allSettled(FILES.map((name) => cache.add(new Request(name, { cache: "no-cache" }))));
  for (const { url } of await cache.keys())
    if (!FILES.includes(new URL(url).pathname)) await cache.delete(url);
  await self.skipWaiting();
}

/** The page: from the server, so that it is the newest, else the kept one. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(PAGE);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put("/", answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match("/");
    if (kept) return kept;
    throw error;
  }
}

/** A built file: its name changes with its content. */
async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** A set or a sound: kept for as long as there is room. */
async function content(request: Request): Promise<Response> {
  const cache = await caches.open(CONTENT);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status !== 200) return answer;
  const copy = answer.clone();
  void keep(cache, request, copy);
  return answer;
}

async function keep(cache: Cache, request: Request, answer: Response): Promise<void> {
  try {
    await cache.put(request, answer);
    const names = await cache.keys();
    for (const old of names.slice(0, Math.max(0, names.length - MOST))) await cache.delete(old);
  } catch {
    // No room: it is loaded again next time.
  }
}
export {};
