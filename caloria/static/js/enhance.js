// Sends forms with data-enhance without leaving the page, and puts the parts that it names, or else the day, in place
// from the whole page that comes back. A link of a list marked data-opens opens below itself the part that is named so on
// the page it leads to. Whatever this can't answer is left to the browser.

const FOCUSABLE = "summary, a[href], button, input:not([type=hidden]), select";
const flash = document.getElementById("flash");
const latest = new WeakMap();
let shown = location.pathname + location.search;

const posts = (form) => form.getAttribute("method")?.toLowerCase() === "post";
const isLive = (form) => "live" in form.dataset;
const targets = (form) => (form.dataset.enhance || "day").split(/\s+/);
const byId = (id) => document.getElementById(id);
const missing = (id) => !byId(id);
// What is busy while it is sent: a form, or where each of its buttons is an act of its own (data-each) that button.
const sender = (form, button) => ("each" in form.dataset && button) || form;
const isBusy = (part) => part.getAttribute("aria-busy") === "true";

function request(form, button) {
  const data = new FormData(form, button);
  const url = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", document.baseURI);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  if (posts(form)) return [url, { method: "POST", body }];
  url.search = body;
  return [url, {}];
}

function tell(text) {
  const notice = Object.assign(document.createElement("div"), { className: "notice notice--trouble" });
  notice.append(Object.assign(document.createElement("p"), { textContent: text }));
  flash.replaceChildren(notice);
}

function say(ids) {
  const words = ids.map((id) => byId(id).dataset.say).filter(Boolean);
  if (words.length) byId("say").textContent = words.join(" ");
}

// What offers an Undo stays until the next act; what only tells goes by itself, unless somebody is at it.
function tidyFlash() {
  for (const button of flash.querySelectorAll("[data-dismiss]")) button.hidden = false;
  for (const notice of flash.querySelectorAll(".notice:not(:has(form))")) dismissOnceRead(notice);
}

function dismissOnceRead(notice) {
  setTimeout(() => {
    if (notice.matches(":hover, :focus-within")) dismissOnceRead(notice);
    else notice.remove();
  }, Math.max(6000, 80 * notice.textContent.length));
}

// What a person opened or chose beside the form that was sent (data-keep) is theirs and stays.
function replace(id, page, form) {
  const old = byId(id);
  const opened = [...old.querySelectorAll("details[open][id]")].filter((details) => !details.contains(form));
  const chosen = [...old.querySelectorAll("select[data-keep]")];
  old.replaceWith(document.adoptNode(page.getElementById(id)));
  for (const details of opened) byId(details.id)?.setAttribute("open", "");
  for (const select of chosen) choose(byId(select.id), select.value);
}

function choose(select, value) {
  if (!select || select.value === value || ![...select.options].some((option) => option.value === value)) return;
  select.value = value;
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

// Where the person is now, and whether they have typed there since the form was sent.
function whereabouts(sent) {
  const element = document.activeElement;
  const around = [];
  for (let part = element; part; part = part.parentElement) if (part.id) around.push(part.id);
  const types = element !== sent.element || element.value !== sent.value;
  const row = element.closest("[data-opens] > *")?.querySelector("a[href]").getAttribute("href");
  return { element, around, row, types, byKeys: element.matches(":focus-visible") };
}

// The element that had the focus may be gone: go to what is wrong, else to its successor; whoever uses the keyboard
// goes on at what stood around it, or where its data-focus says.
function refocus({ element, around, row, types, byKeys }, ids) {
  const wrong = document.querySelector(ids.map((id) => `#${CSS.escape(id)} [data-errors]`).join());
  if (wrong) return wrong.focus();
  if (element.isConnected) return;
  const same = element.id ? byId(element.id) : null;
  if (same && types) same.value = element.value;
  const places = [document.querySelector(`[data-opens] a[href="${row}"]`), ...around.flatMap(placesIn)];
  if ([same, ...(byKeys ? places : [])].some(takesFocus)) return;
  byId(ids[0]).tabIndex = -1;
  takesFocus(byId(ids[0]));
}

function placesIn(id) {
  const part = byId(id);
  return part ? [byId(part.dataset.focus), part.querySelector(FOCUSABLE)] : [];
}

function takesFocus(place) {
  place?.focus({ preventScroll: true });
  return Boolean(place) && document.activeElement === place;
}

function remember(form, response) {
  const url = new URL(response.url);
  url.hash = location.hash;
  if (!response.ok || url.href === location.href) return;
  if (!isLive(form)) history.pushState(null, "", url);
  else if (url.pathname === location.pathname) history.replaceState(null, "", url);
  shown = location.pathname + location.search;
}

function put(form, sent, response, page) {
  const ids = targets(form);
  if (ids.some((id) => missing(id) || !page.getElementById(id))) return false;
  const before = whereabouts(sent);
  remember(form, response);
  for (const id of ids) replace(id, page, form);
  flash.querySelector(".notice--trouble")?.remove();
  if (!isLive(form)) announce(page);
  say(ids);
  refocus(before, ids);
  document.dispatchEvent(new CustomEvent("caloria:put", { detail: { form, ids } }));
  return true;
}

function announce(page) {
  flash.replaceChildren(...(page.getElementById("flash")?.childNodes ?? []));
  document.title = page.title || document.title;
  tidyFlash();
}

function leaveToBrowser(form, button, response) {
  if (response.redirected) return location.assign(response.url);
  if (button?.hasAttribute("formaction")) form.action = button.formAction;
  if (button?.name) {
    const chosen = { type: "hidden", name: button.name, value: button.value };
    form.append(Object.assign(document.createElement("input"), chosen));
  }
  HTMLFormElement.prototype.submit.call(form);
}

async function answer(form, button, signal) {
  const sent = { element: document.activeElement, value: document.activeElement.value };
  const [response, text] = (await ask(form, button, signal)) ?? [];
  if (!response) return;
  if (response.status === 202) return sayHeld(form, button);
  const page = parsed(text);
  if (put(form, sent, response, page)) return;
  if (response.status >= 500 || response.status === 429) tell(flash.dataset[posts(form) ? "failed" : "unread"]);
  else leaveToBrowser(form, button, response);
}

// The service worker keeps the form until there is a connection; offline.js says so.
function sayHeld(form, button) {
  document.dispatchEvent(new CustomEvent("caloria:held", { detail: { form, button } }));
}

function ask(form, button, signal) {
  const [url, options] = request(form, button);
  return read(url, { ...options, signal }, posts(form) ? "offline" : "unread");
}

async function read(url, options, trouble) {
  try {
    const response = await fetch(url, { ...options, headers: { Accept: "text/html" } });
    return [response, await response.text()];
  } catch {
    if (!options.signal?.aborted) tell(flash.dataset[trouble]);
    return null;
  }
}

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

// Pressed again, it closes; one is open at a time.
async function open(link, id) {
  if (close(id) === link) return;
  const [, text] = (await read(link.href, {}, "unread")) ?? [];
  if (text === undefined) return;
  const part = parsed(text).getElementById(id);
  if (!part) return location.assign(link.href);
  close(id);
  link.after(document.adoptNode(part));
  link.setAttribute("aria-expanded", "true");
}

// The link below which it was open.
function close(id) {
  const part = byId(id);
  const link = part?.previousElementSibling;
  link?.setAttribute("aria-expanded", "false");
  part?.remove();
  return link;
}

async function send(form, button) {
  const attempt = new AbortController();
  const part = sender(form, button);
  latest.get(part)?.abort();
  latest.set(part, attempt);
  part.setAttribute("aria-busy", "true");
  try {
    await answer(form, button, attempt.signal);
  } finally {
    if (latest.get(part) === attempt) part.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const part = sender(form, event.submitter);
  if (event.defaultPrevented) return;
  if (posts(form) && isBusy(part)) return event.preventDefault();
  if ("enhance" in form.dataset && !targets(form).some(missing)) {
    event.preventDefault();
    send(form, event.submitter);
  } else if (posts(form)) {
    part.setAttribute("aria-busy", "true");
    setTimeout(() => part.removeAttribute("aria-busy"), 8000);
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opens] a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link, link.closest("[data-opens]").dataset.opens);
});
document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".notice").remove());
addEventListener("pageshow", () => {
  for (const part of document.querySelectorAll("[aria-busy]")) part.removeAttribute("aria-busy");
});
// Back and forward to another page than the one shown; a place on this page (#…) needs nothing.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) location.reload();
});
document.addEventListener("click", (event) => {
  const details = event.target.closest("summary")?.parentElement;
  if (details) setTimeout(() => details.open && details.querySelector("[data-first]")?.focus());
});
tidyFlash();

// Has the service worker there, and what offline/page.js does once that is in charge. A browser that knows no modules in
// service workers goes without. It stands here since a file of its own would be one more request for every page.
async function beThereOffline({ worker, module }) {
  const { serviceWorker } = navigator;
  if (!(await serviceWorker?.register(worker, { type: "module" }).catch(() => null))) return;
  if (serviceWorker.controller) import(module);
  else serviceWorker.addEventListener("controllerchange", () => import(module), { once: true });
}

const offline = byId("offline");
if (offline && document.readyState === "complete") beThereOffline(offline.dataset);
else if (offline) addEventListener("load", () => beThereOffline(offline.dataset), { once: true });
