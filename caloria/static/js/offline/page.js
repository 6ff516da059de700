// What a page does about having no connection: it has what waits sent once there is a connection again, and shows itself
// anew. What it says stands in banner.js.

import { isForWaiting } from "./forms.js";
import { newId } from "./ids.js";
import { callDaysByTheirNames } from "./midnight.js";

// Between two tries: twice as long each time.
const SHORTEST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
const STAYS = 8_000;
// The browser may end the service worker before it has answered.
const NO_ANSWER = 120_000;
const SENT = "caloria:sent";
const root = document.documentElement;
const box = document.getElementById("offline");
const { person, keptAt } = root.dataset;
let waiting = [];
let words;
let pause = SHORTEST_PAUSE;
let nextTry;

const pathOf = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname;
const canWait = (form) => form.method === "post" && form.elements.id && isForWaiting(pathOf(form));
const isTyped = (field) => field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
const someoneTypes = () => [...document.querySelectorAll("main input, main textarea")].some(isTyped);

// What a kept page shows was on screen before: its forms may have been sent since, and what it told is old.
function wakeKeptPage() {
  for (const form of document.forms) if (canWait(form)) form.elements.id.value = newId();
  document.getElementById("flash").replaceChildren();
}

async function ask(act, more) {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, NO_ANSWER, { outcome: "away", sent: 0, waiting });
  });
  active.postMessage({ act, person, ...more }, [port2]);
  return answered;
}

async function act(name, more) {
  const said = await ask(name, more);
  if (keptAt && name === "send" && said.outcome !== "away" && !someoneTypes()) return location.reload();
  return show(said);
}

async function show(said) {
  waiting = said.waiting;
  if (!waiting.length && !keptAt && box.hidden) return;
  const banner = await import("./banner.js");
  words = await banner.place(box);
  banner.fill(box, { ...said, keptAt }, act);
}

const hasToGoOn = () => keptAt || waiting.some((row) => !row.wrong);

// Several pages may ask for it at once: the service worker sends each form once.
async function goOn() {
  clearTimeout(nextTry);
  if (hasToGoOn() && !document.hidden) await act("send");
  if (!hasToGoOn()) return;
  nextTry = setTimeout(goOn, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE);
}

function goOnSoon() {
  pause = SHORTEST_PAUSE;
  return goOn();
}

function tell(text) {
  const notice = Object.assign(document.createElement("div"), { className: "notice" });
  notice.append(Object.assign(document.createElement("p"), { textContent: text }));
  document.getElementById("flash").replaceChildren(notice);
  setTimeout(() => notice.remove(), STAYS);
}

async function sayHowManyWereSent(count) {
  words ??= await (await import("./banner.js")).place(box);
  tell(words.sent.replace("{count}", count));
}

// What was typed, at which food; else a button that says it all, such as "Log oats, 60 g".
function described(form, button) {
  const labelled = (field) => `${field.labels[0]?.innerText.trim() ?? ""} ${field.value}`.trim();
  const typed = [...form.elements].filter(isTyped).map(labelled);
  const said = typed.length ? typed : [button?.ariaLabel];
  return [form.dataset.what, ...said].filter(Boolean).join(" · ");
}

// Told beforehand, since the next page may be another one.
function describe({ target: form, submitter }) {
  if (canWait(form)) ask("describe", { id: form.elements.id.value, what: described(form, submitter) });
}

// Gone from the page is what was typed, which now waits under the id it had.
async function noteHeld({ detail: { form } }) {
  form.reset();
  form.elements.id.value = newId();
  await act("look");
  words ??= await (await import("./banner.js")).place(box);
  tell(words.held);
  clearTimeout(nextTry);
  nextTry = setTimeout(goOn, pause);
}

// Something waits or was sent, perhaps on another page: this one shows the day anew. A kept page was told so by what it asked.
async function noteChanged({ data }) {
  if (data.person !== person) return;
  if (keptAt && data.sent) return sessionStorage.setItem(SENT, data.sent);
  await act("look");
  if (!data.sent) return;
  if (document.getElementById("day") && !someoneTypes()) showDayAnew();
  await sayHowManyWereSent(data.sent);
}

function showDayAnew() {
  const form = document.createElement("form");
  Object.assign(form.dataset, { enhance: "", live: "" });
  form.hidden = true;
  form.action = location.pathname;
  document.body.append(form);
  form.requestSubmit();
  form.remove();
}

function askBeforeSigningOut(event) {
  if (!event.target.matches("[data-sign-out]") || !waiting.length || box.dataset.leaves) return;
  event.preventDefault();
  document.querySelector("[data-signing-out]").showModal();
}

async function signOut({ target }) {
  const choice = target.closest("[data-leave]")?.dataset.leave;
  if (!choice) return;
  if (choice === "drop") await ask("dropAll");
  box.dataset.leaves = choice;
  document.querySelector("[data-sign-out]").requestSubmit();
}

// Left to itself the browser would show a page of its own in place of what was typed.
function refuseWithoutConnection(event) {
  const { target: form } = event;
  const isTaken = canWait(form) || "enhance" in form.dataset || "signOut" in form.dataset;
  if (navigator.onLine || form.method !== "post" || isTaken) return;
  event.preventDefault();
  tell(document.getElementById("flash").dataset.offline);
}

async function begin() {
  if (keptAt) wakeKeptPage();
  callDaysByTheirNames();
  await act("look");
  await goOn();
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent) await sayHowManyWereSent(sent);
}

function comeBack() {
  if (document.hidden) return;
  callDaysByTheirNames();
  goOnSoon();
}

function listen() {
  document.addEventListener("formdata", ({ target, formData }) => canWait(target) && formData.append("person", person));
  document.addEventListener("caloria:held", noteHeld);
  document.addEventListener("caloria:put", () => waiting.length && act("look"));
  document.addEventListener("submit", describe, true);
  document.addEventListener("submit", askBeforeSigningOut, true);
  document.addEventListener("submit", refuseWithoutConnection, true);
  document.addEventListener("click", signOut);
  navigator.serviceWorker.addEventListener("message", noteChanged);
  addEventListener("online", goOnSoon);
  document.addEventListener("visibilitychange", comeBack);
}

listen();
begin();
