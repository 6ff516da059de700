// Sends what waits, in the order in which it was written, and once: whoever comes second finds nothing left. The id in
// each form has the server answer one that it knows already as it did the first time.

import { keepPage } from "./kept.js";
import { change, drop, find, waitingOf } from "./queue.js";

const LOCK = "caloria-sending";
const PATIENCE = 30_000;
// Caloria is busy, or a proxy says that it is away: there is no use in trying the next.
const isBusy = (status) => [408, 429, 502, 503, 504].includes(status);

// What became of it: "sent", "away", "signed-out", "another" person, or "failed" where Caloria could make nothing of some.
export const sendWaiting = (person, formToken) => navigator.locks.request(LOCK, () => send(person, formToken));

async function send(person, formToken) {
  const pass = await askForToken(formToken);
  const outcome = whyNot(pass, person);
  if (outcome) return { outcome, sent: 0 };
  const waiting = (await waitingOf(person)).filter((row) => !row.wrong);
  return sendAll(waiting, person, pass.token);
}

// The token is worth something in the session that it was made for alone: if somebody else signs in meanwhile,
// nothing is sent as them.
export async function askForToken(address) {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function whyNot(pass, person) {
  if (!pass) return "away";
  if (!pass.person) return "signed-out";
  return pass.person === person ? null : "another";
}

// What failed is tried again later, and holds up nothing that waits behind it.
async function sendAll(waiting, person, token) {
  let [sent, outcome] = [0, "sent"];
  for (const { id } of waiting) {
    const became = await sendIfThere(id, person, token);
    if (became === "sent") sent += 1;
    else if (became === "failed") outcome = became;
    else if (!["wrong", "gone"].includes(became)) return { outcome: became, sent };
  }
  return { outcome, sent };
}

// It may have been thrown away while those before it were sent.
async function sendIfThere(id, person, token) {
  const row = await find(id);
  return row ? sendOne(row, person, token) : "gone";
}

async function sendOne(row, person, token) {
  const answer = await post(row, token);
  if (!answer || isBusy(answer.status)) return "away";
  const whose = answer.headers.get("Caloria-Person");
  if (whose === "nobody") return "signed-out";
  if (whose === null) return answer.status >= 400 ? "failed" : "away";
  if (whose !== person) return "another";
  if (answer.ok && answer.redirected) return noteSent(row, person, answer);
  await change(row.id, { wrong: whatIsWrong(await answer.text()) });
  return "wrong";
}

async function post(row, token) {
  const body = new URLSearchParams([...row.fields, ["csrf_token", token]]);
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    return await fetch(row.address, { method: "POST", body, signal, headers: { Accept: "text/html" } });
  } catch {
    return null;
  }
}

async function noteSent(row, person, answer) {
  await drop(row.id);
  // A full disk keeps no page, and stops nothing.
  if (answer.headers.has("Caloria-Keep")) await keepPage(person, answer.url, answer).catch(() => {});
  return "sent";
}

// The part of a page that says it, still as HTML: its errors, else what it flashes, else its heading.
function whatIsWrong(page) {
  const parts = [/data-errors>[^]*?<ul>([^]*?)<\/ul>/, /class="notice">\s*<p>([^]*?)<\/p>/, /<h1[^>]*>([^]*?)<\/h1>/];
  return parts.map((part) => page.match(part)?.[1]).find(Boolean) ?? "?";
}
