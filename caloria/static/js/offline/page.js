// What a page does about having no connection: it has what waits sent once there is a connection again, and shows itself
// anew. What it says stands in banner.js.

// Between two tries: twice as long each time.
const SHORTEST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
const STAYS = 8_000;
const SENT = "caloria:sent";
const CAN_WAIT = /\/diary\/\d{4}-\d{2}-\d{2}\//;
const root = document.documentElement;
const box = document.getElementById("offline");
const { person, keptAt } = root.dataset;
let waiting = [];
let words;
let pause = SHORTEST_PAUSE;
let nextTry;

const pathOf = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname;
const canWait = (form) => form.method === "post" && form.elements.id && CAN_WAIT.test(pathOf(form));
const isTyped = (field) => field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
const someoneTypes = () => [...document.querySelectorAll("main input, main textarea")].some(isTyped);

// Ids sort by the time they were made (RFC 9562, version 7).
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let place = 5; place >= 0; place -= 1, time = Math.floor(time / 256)) bytes[place] = time % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// What a kept page shows was on screen before: its forms may have been sent since, and what it told is old.
function wakeKeptPage() {
  for (const form of document.forms) if (canWait(form)) form.elements.id.value = newId();
  document.getElementById("flash").replaceChildren();
}

async function ask(act, more) {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
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

// A button that says it all, such as "Log oats, 60 g", else what was typed.
function described(form, button) {
  const labelled = (field) => `${field.labels[0]?.innerText.trim() ?? ""} ${field.value}`.trim();
  return button?.ariaLabel || [...form.elements].filter(isTyped).map(labelled).join(" · ");
}

// Gone from the page is what was typed, which now waits under the id it had.
async function noteHeld({ detail: { form, button } }) {
  const what = described(form, button);
  const id = form.elements.id.value;
  form.reset();
  form.elements.id.value = newId();
  await act("describe", { id, what });
  tell(words.held);
  clearTimeout(nextTry);
  nextTry = setTimeout(goOn, pause);
}

// Something was sent, perhaps for another page: this one shows the day anew. A kept page was told so by what it asked.
async function noteSent({ data }) {
  if (data.person !== person) return;
  if (keptAt) return sessionStorage.setItem(SENT, data.sent);
  await act("look");
  if (document.getElementById("day") && !someoneTypes()) showDayAnew();
  await sayHowManyWereSent(data.sent);
}

function showDayAnew() {
  const form = document.createElement("form");
  Object.assign(form.dataset, { enhance: "", live: "", target: "day" });
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
  if (choice === "drop") for (const { id } of waiting) await ask("drop", { id });
  box.dataset.leaves = choice;
  document.querySelector("[data-sign-out]").requestSubmit();
}

async function begin() {
  if (keptAt) wakeKeptPage();
  await act("look");
  await goOn();
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent) await sayHowManyWereSent(sent);
}

function listen() {
  document.addEventListener("formdata", ({ target, formData }) => canWait(target) && formData.append("person", person));
  document.addEventListener("caloria:held", noteHeld);
  document.addEventListener("caloria:put", () => waiting.length && act("look"));
  document.addEventListener("submit", askBeforeSigningOut, true);
  document.addEventListener("click", signOut);
  navigator.serviceWorker.addEventListener("message", noteSent);
  addEventListener("online", goOnSoon);
  document.addEventListener("visibilitychange", () => document.hidden || goOnSoon());
}

listen();
begin();
