// The order pages' service worker: it shows the code that a page has shown, where the network does not reach.
// docs/decisions/0061 says what it keeps, for how long, and under which key.
"use strict";

const SEALED = "sealed", LOOKS = "looks";
const PATIENCE_MS = 4000;
let patience = PATIENCE_MS;
const OWN_PAGE = /^\/o\/[^/]+\.[^/]+\//;
// What is shown from here can load nothing but what it looks like, send nothing, and is kept nowhere else.
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy":
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
};

const bytes = (text) => new TextEncoder().encode(text);
const own = (url) => OWN_PAGE.exec(new URL(url).pathname)?.[0];

/** Where the copy of a page lies, and the key it is sealed with: both come from the page's address alone. */
async function place(page) {
  const address = await crypto.subtle.importKey("raw", bytes(page), "HKDF", false, ["deriveBits", "deriveKey"]);
  const told = (info) => ({ name: "HKDF", hash: "SHA-256", salt: bytes(""), info: bytes(info) });
  const name = new Uint8Array(await crypto.subtle.deriveBits(told("order-page/name/v1"), address, 128));
  const key = await crypto.subtle.deriveKey(
    told("order-page/key/v1"), address, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"],
  );
  return { at: `/o/${[...name].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`, key };
}

async function keep(page, html, until) {
  const { at, key } = await place(page);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes(html));
  const copies = await caches.open(SEALED);
  await copies.put(at, new Response(new Blob([iv, sealed]), { headers: { "X-Until": String(until) } }));
}

async function forget(page) {
  const { at } = await place(page);
  await (await caches.open(SEALED)).delete(at);
}

async function forgetWhatIsOver() {
  const copies = await caches.open(SEALED);
  for (const request of await copies.keys()) {
    const copy = await copies.match(request);
    if (!(Date.now() < 1000 * Number(copy?.headers.get("X-Until")))) await copies.delete(request);
  }
}

async function kept(page) {
  await forgetWhatIsOver();
  const { at, key } = await place(page);
  const copy = await (await caches.open(SEALED)).match(at);
  if (!copy) return null;
  const sealed = await copy.arrayBuffer();
  const html = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.slice(0, 12) }, key, sealed.slice(12));
  return new Response(html, { headers: HEADERS });
}

/** The network's answer; or the copy, where none comes in time. The page's parts then wait no more. */
async function soon(answer, copy) {
  if (!copy) return answer;
  let waiting;
  const late = new Promise((resolve) => { waiting = setTimeout(resolve, patience, null); });
  const found = await Promise.race([answer.catch(() => null), late]);
  clearTimeout(waiting);
  patience = found ? PATIENCE_MS : 0;
  return found ?? copy;
}

/** The service's answer, which ends the copy whatever it says. */
async function look(event, page) {
  const copy = await kept(page);
  patience = PATIENCE_MS;
  const answer = fetch(event.request).then(async (found) => {
    if (found.status >= 500 && copy) return copy;
    if (found.status < 500 && found.status !== 429) await forget(page);
    return found;
  });
  event.waitUntil(answer.catch(() => null));
  return soon(answer, copy);
}

/** Style, script and picture of the page, and what they were last. */
async function dress(event) {
  const looks = await caches.open(LOOKS);
  const answer = fetch(event.request).then(async (found) => {
    if (found.ok) await looks.put(event.request, found.clone());
    return found;
  });
  event.waitUntil(answer.catch(() => null));
  return soon(answer, await looks.match(event.request));
}

async function keepLooks(urls) {
  const looks = await caches.open(LOOKS);
  for (const request of await looks.keys()) if (!urls.includes(request.url)) await looks.delete(request);
  const missing = [];
  for (const url of urls) if (!(await looks.match(url))) missing.push(url);
  await looks.addAll(missing);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const page = own(request.url);
  if (new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (page && request.method !== "GET") event.waitUntil(forget(page)); // what it asks for may end the code
    else if (page && new URL(request.url).pathname === page) event.respondWith(look(event, page));
  } else if (request.method === "GET" && !new URL(request.url).pathname.startsWith("/o/")) {
    event.respondWith(dress(event));
  }
});

/** A page says what it shows: `{html, until}` to keep, nothing to forget; and once `looks`, what it is dressed in. */
self.addEventListener("message", (event) => {
  const page = own(event.source.url);
  const { html, until, looks } = event.data;
  if (!page) return;
  event.waitUntil(html ? keep(page, html, until) : forget(page));
  if (looks) event.waitUntil(keepLooks(looks));
});

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([clients.claim(), forgetWhatIsOver()])));
