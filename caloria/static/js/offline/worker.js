// The service worker: shows kept pages where there is no connection, and holds back forms that can be sent later. What it
// may keep, and whose that is, each answer of the server says; whatever else is asked for it leaves alone.

import { forgetPages, isKept, keepPage, keptPage, keptPages, owner } from "./kept.js";
import { change, drop, hold, waitingOf } from "./queue.js";
import { sendWaiting } from "./sending.js";

const FILES = "files-";
const SYNC = "caloria-sending";
// So long a slow connection is waited for before a kept page is shown instead.
const PATIENCE = 10_000;
// What is logged on a day; with the id that such a form carries, sending it twice is the same as once.
const CAN_WAIT = /^(.*\/diary\/\d{4}-\d{2}-\d{2})\//;
const OF_THE_PAGE = ["csrf_token", "person"];

let here;

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
const canWait = (request) => request.method === "POST" && CAN_WAIT.test(pathOf(request.url));

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
  try {
    return await fetch(request);
  } catch (error) {
    return (await cache.match(request, { ignoreSearch: true })) ?? Promise.reject(error);
  }
}

async function page(event) {
  const { request } = event;
  const typed = canWait(request) ? request.clone().text() : null;
  const arriving = fetch(request);
  event.waitUntil(arriving.then((response) => note(request, typed, response.clone()), () => {}));
  try {
    const response = await patiently(request, arriving);
    return isAway(response) ? ((await instead(request, typed)) ?? response) : response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    return (await instead(request, typed)) ?? Promise.reject(error);
  }
}

// A proxy says that Caloria is away; what Caloria says itself, each answer of which has an id, is for the person to read.
const isAway = ({ status, headers }) => [502, 503, 504].includes(status) && !headers.has("X-Request-ID");

async function patiently(request, arriving) {
  if (!isNavigation(request) || request.method !== "GET" || !(await isKept(request.url))) return arriving;
  const late = new Promise((_, refuse) => setTimeout(refuse, PATIENCE, new Error("slow")));
  return Promise.race([arriving, late]);
}

// Where somebody else is signed in by now, or nobody, what the person before them has seen goes.
async function note(request, typed, response) {
  if (typed && (response.ok || response.type === "opaqueredirect")) await drop(said(await typed).id ?? "");
  const whose = response.headers.get("Caloria-Person");
  if (!whose) return;
  await forgetPages(whose);
  if (response.headers.has("Caloria-Keep")) await keepPage(whose, response.url || request.url, response);
}

async function instead(request, typed) {
  if (typed) return holdBack(request, typed).catch(() => null);
  if (!isNavigation(request)) return null;
  if (request.method === "GET") return (await keptPage(request.url)) ?? elsewhere(request);
  if (pathOf(request.url) !== pathOf(here.signOut)) return null;
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

const said = (body) => Object.fromEntries(new URLSearchParams(body));

async function holdBack(request, typed) {
  const body = await typed;
  const { id, person } = said(body);
  if (!id || !person) return null;
  const fields = [...new URLSearchParams(body)].filter(([name]) => !OF_THE_PAGE.includes(name));
  await hold({ id, person, address: request.url, fields, at: Date.now(), what: "", wrong: "" });
  // Where the browser wakes us once there is a connection; elsewhere the pages do.
  await registration.sync?.register(SYNC).catch(() => {});
  if (isNavigation(request)) return Response.redirect(pathOf(request.url).match(CAN_WAIT)[1], 303);
  return new Response(null, { status: 202 });
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
  describe: ({ id, what }) => change(id, { what }),
  retry: ({ id }) => change(id, { wrong: "" }),
  drop: ({ id }) => drop(id),
  forget: () => forgetPages(),
};

async function reply({ data, ports: [port] }) {
  const done = await ACTS[data.act]?.(data);
  const person = data.person ?? (await owner());
  port?.postMessage({ ...done, waiting: await waitingOf(person), pages: await keptPages() });
}
