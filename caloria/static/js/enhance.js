// Sends forms marked data-enhance without leaving the page, and puts the parts named by data-target in place from
// the whole page that comes back. Whatever this can't answer is left to the browser.

const flash = document.getElementById("flash");
const latest = new WeakMap();

const posts = (form) => form.getAttribute("method")?.toLowerCase() === "post";
const isLive = (form) => "live" in form.dataset;
const targets = (form) => form.dataset.target.split(/\s+/);
const missing = (id) => !document.getElementById(id);

function request(form, button) {
  const data = new FormData(form, button);
  const url = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", document.baseURI);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  if (posts(form)) return [url, { method: "POST", body }];
  url.search = body;
  return [url, {}];
}

function tell(text) {
  const notice = Object.assign(document.createElement("div"), { className: "notice" });
  notice.append(Object.assign(document.createElement("p"), { textContent: text }));
  flash.replaceChildren(notice);
}

function say(ids) {
  const words = ids.map((id) => document.getElementById(id).dataset.say).filter(Boolean);
  if (words.length) document.getElementById("say").textContent = words.join(" ");
}

function offerToDismiss() {
  for (const button of flash.querySelectorAll("[data-dismiss]")) button.hidden = false;
}

function replace(id, page) {
  const old = document.getElementById(id);
  const opened = [...old.querySelectorAll("details[open][id]")].map((details) => details.id);
  old.replaceWith(document.adoptNode(page.getElementById(id)));
  for (const details of opened) document.getElementById(details)?.setAttribute("open", "");
}

// The element that had the focus may be gone: go to what is wrong, else to its successor, else to the new part.
function refocus(before, form, ids) {
  const wrong = document.querySelector(ids.map((id) => `#${CSS.escape(id)} [data-errors]`).join());
  if (wrong) return wrong.focus();
  if (before.element.isConnected) return;
  const same = before.element.id && document.getElementById(before.element.id);
  const place = same || document.getElementById(ids[0]);
  if (!same) place.tabIndex = -1;
  else if (before.typed !== undefined && !form.contains(before.element)) same.value = before.typed;
  place.focus({ preventScroll: true });
}

function remember(form, response) {
  const url = new URL(response.url);
  url.hash = location.hash;
  if (!response.ok || url.href === location.href) return;
  if (!isLive(form)) history.pushState(null, "", url);
  else if (url.pathname === location.pathname) history.replaceState(null, "", url);
}

function put(form, response, page) {
  const ids = targets(form);
  if (ids.some((id) => missing(id) || !page.getElementById(id))) return false;
  const before = { element: document.activeElement, typed: document.activeElement.value };
  remember(form, response);
  for (const id of ids) replace(id, page);
  flash.replaceChildren(...(page.getElementById("flash")?.childNodes ?? []));
  if (page.title && !isLive(form)) document.title = page.title;
  offerToDismiss();
  say(ids);
  refocus(before, form, ids);
  return true;
}

function leaveToBrowser(form, button, response) {
  if (response.redirected) return location.assign(response.url);
  if (button?.name) {
    const chosen = { type: "hidden", name: button.name, value: button.value };
    form.append(Object.assign(document.createElement("input"), chosen));
  }
  HTMLFormElement.prototype.submit.call(form);
}

async function answer(form, button, signal) {
  const [url, options] = request(form, button);
  const response = await fetch(url, { ...options, signal, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (put(form, response, page)) return;
  if (response.status >= 500 || response.status === 429) tell(flash.dataset[posts(form) ? "failed" : "unread"]);
  else leaveToBrowser(form, button, response);
}

async function send(form, button) {
  const attempt = new AbortController();
  latest.get(form)?.abort();
  latest.set(form, attempt);
  form.setAttribute("aria-busy", "true");
  try {
    await answer(form, button, attempt.signal);
  } catch (error) {
    if (error.name !== "AbortError") tell(flash.dataset[posts(form) ? "offline" : "unread"]);
  } finally {
    if (latest.get(form) === attempt) form.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (posts(form) && form.getAttribute("aria-busy") === "true") return event.preventDefault();
  if ("enhance" in form.dataset && !targets(form).some(missing)) {
    event.preventDefault();
    send(form, event.submitter);
  } else if (posts(form)) {
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.removeAttribute("aria-busy"), 8000);
  }
});

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".notice").remove());
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});
addEventListener("popstate", () => location.reload());
offerToDismiss();
