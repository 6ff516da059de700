// The service worker: shows kept pages where there is no connection, and holds back forms that can be sent later. What it
// may keep, and whose that is, each answer of the server says; whatever else is asked for it leaves alone.

import { formIn, isForWaiting } from "./forms.js";
import { forgetPages, isKept, keepPage, keptPage, keptPages, owner } from "./kept.js";
import { drop, dropAllOf, find, hold, letGo, waitingOf } from "./queue.js";
import { askForToken, sendWaiting } from "./sending.js";

const FILES = "files-";
const SYNC = "caloria-sending";
// So long a slow connection is waited for before a kept page is shown instead, or a form kept to be sent later.
const PATIENCE = 10_000;
const DAY = /^.*\/diary\/\d{4}-\d{2}-\d{2}(?=\/)/;

let here;
// What pages say of a form just before they send it, by its id.
const described = new Map();

// Called as the worker starts, with the addresses of what it has at hand.
export function serve(addresses) {
  here = addresses;
  addEventListener("install", (event) => event.waitUntil(prepare()));
  addEventListener("activate", (event) => event.waitUntil(takeOver()));
  addEventListener("fetch", answer);
  addEventListener("message", (event) => event.waitUntil(reply(event)));
  addEventListener("sync", (event) => event.waitUntil(sendInBackground()));
}

const pathOf = (address) => new URL(address, location.href).pathname;
const isNavigation = (request) => request.mode === "navigate";
const isPage = (request) => isNavigation(request) || request.headers.get("Accept") === "text/html";
const canWait = (request) => request.method === "POST" && isForWaiting(pathOf(request.url));
const isSigningOut = (request) => request.method === "POST" && pathOf(request.url) === pathOf(here.signOut);

async function prepare() {
  const cache = await caches.open(FILES + here.version);
  await cache.addAll([...here.files, here.fallback]);
  await skipWaiting();
}

async function takeOver() {
  const names = (await caches.keys()).filter((name) => name.startsWith(FILES) && name !== FILES + here.version);
  await Promise.all(names.map((name) => caches.delete(name)));
  await clients.claim();
}

function answer(event) {
  const { request } = event;
  if (new URL(request.url).origin !== location.origin) return;
  if (request.method === "GET" && isFile(request.url)) event.respondWith(file(request));
  else if (isPage(request)) event.respondWith(page(event));
}

function isFile(address) {
  const path = pathOf(address);
  return [...here.files, here.fallback].some((each) => pathOf(each) === path);
}

// A file by its fingerprint never changes; a kept page of an earlier release is content with today's.
async function file(request) {
  const cache = await caches.open(FILES + here.version);
  const found = await cache.match(request);
  if (found) return found;
  const atHand = () => cache.match(request, { ignoreSearch: true });
  try {
    const fetched = await fetch(request);
    return isPageText(fetched) || !fetched.ok ? ((await atHand()) ?? fetched) : fetched;
  } catch (error) {
    return (await atHand()) ?? Promise.reject(error);
  }
}

// In place of a file it is of somebody who stands between.
const isPageText = ({ headers }) => headers.get("Content-Type")?.startsWith("text/html");

async function page(event) {
  const { request } = event;
  const body = canWait(request) ? request.clone().text() : null;
  const arriving = fetch(request);
  const form = body ? body.then((text) => formIn(request.url, text)) : null;
  event.waitUntil(arriving.then((response) => note(request, form, response.clone()), () => {}));
  try {
    const response = await patiently(request, await form, arriving);
    return isAway(response, await form) ? ((await instead(request, await form)) ?? response) : response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    return (await instead(request, await form)) ?? Promise.reject(error);
  }
}

// What Caloria says itself, each answer of which has an id, is for the person to read. A proxy says that it is away; and the
// page by which a hotel has one sign in says "ok" to a form that it never passed on.
function isAway({ type, status, headers }, form) {
  if (type === "opaqueredirect" || headers.has("X-Request-ID")) return false;
  return [502, 503, 504].includes(status) || (form !== null && status < 400);
}

async function patiently(request, form, arriving) {
  const stands = form ?? (request.method === "GET" && isNavigation(request) && (await isKept(request.url)));
  if (!stands) return arriving;
  const late = new Promise((_, refuse) => setTimeout(refuse, PATIENCE, new Error("slow")));
  return Promise.race([arriving, late]);
}

async function note(request, typed, response) {
  const form = await typed;
  if (form) await noteSent(form, response).catch(() => {});
  // Before the next page, which might never arrive.
  if (isSigningOut(request)) await forgetPages();
  await noteWhose(request, response);
}

// Where somebody else is signed in by now, or nobody, what the person before them has seen goes.
async function noteWhose(request, response) {
  const whose = response.headers.get("Caloria-Person");
  if (!whose) return;
  await forgetPages(whose);
  if (response.headers.has("Caloria-Keep")) await keepPage(whose, response.url || request.url, response);
}

// It may have waited before, or been kept since the connection was slow, and arrived after all.
async function noteSent(form, response) {
  described.delete(form.id);
  if (!(await find(form.id)) || !(await wasTaken(form.person, response))) return;
  const row = await letGo(form);
  await tellPages({ person: form.person, sent: row && !row.wrong ? 1 : 0 });
}

// A redirect doesn't say whose it is: Caloria has to be there, and the person still signed in.
async function wasTaken(person, response) {
  if (response.type === "opaqueredirect") return (await askForToken(here.formToken))?.person === person;
  return response.ok && response.redirected && response.headers.get("Caloria-Person") === person;
}

async function instead(request, form) {
  if (form) return holdBack(request, form).catch(() => null);
  if (!isNavigation(request)) return null;
  if (request.method === "GET") return (await keptPage(request.url)) ?? elsewhere(request);
  if (!isSigningOut(request)) return null;
  await forgetPages();
  return Response.redirect(`${here.fallback}#still-signed-in`, 303);
}

// Without a connection the way to today leads there if it is kept; never to another day, on which nobody means to log.
async function elsewhere(request) {
  const today = `${here.home}/${dayOf(new Date())}`;
  const asksForToday = [here.start, here.home].map(pathOf).includes(pathOf(request.url));
  if (asksForToday && (await isKept(new URL(today, location.href).href))) return Response.redirect(today, 302);
  return caches.match(here.fallback);
}

function dayOf(date) {
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

async function holdBack(request, form) {
  await hold({ ...form, what: described.get(form.id) ?? "" });
  described.delete(form.id);
  // Where the browser wakes us once there is a connection; elsewhere the pages do.
  await registration.sync?.register(SYNC).catch(() => {});
  await tellPages({ person: form.person, sent: 0 });
  if (!isNavigation(request)) return new Response(null, { status: 202 });
  return Response.redirect(pathOf(request.url).match(DAY)?.[0] ?? (request.referrer || here.home), 303);
}

async function sendInBackground() {
  const person = await owner();
  const { outcome } = person ? await send(person) : {};
  if (outcome === "away") throw new Error("There is no connection yet.");
}

async function send(person) {
  const done = await sendWaiting(person, here.formToken);
  if (done.sent) await tellPages({ sent: done.sent, person });
  return done;
}

async function tellPages(said) {
  for (const page of await clients.matchAll({ type: "window" })) page.postMessage(said);
}

// What the pages ask of us.
const ACTS = {
  send: ({ person }) => send(person),
  describe: ({ id, what }) => void described.set(id, what),
  drop: ({ id, person }) => drop(id).then(() => tellPages({ person, sent: 0 })),
  dropAll: ({ person }) => dropAllOf(person),
};

// A page that asks is always answered: with less where the browser lets nothing be kept.
async function reply({ data, ports: [port] }) {
  const done = await Promise.resolve(ACTS[data.act]?.(data)).catch(() => ({ outcome: "away", sent: 0 }));
  const person = data.person ?? (await owner().catch(() => null));
  const waiting = await waitingOf(person).catch(() => []);
  port?.postMessage({ ...done, waiting, pages: await keptPages().catch(() => []) });
}
