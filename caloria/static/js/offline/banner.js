// Fills the strip under the header: since when the page is as it is, what waits to be sent, and what is wrong with it.
// Its parts, in the person's language, come out of the page that the service worker has at hand.

import { language } from "./language.js";

function when(time) {
  const date = new Date(Number(time));
  const isToday = date.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(language, { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);
}

// The strip in its place, and the words that it may say.
export async function place(box) {
  const page = await (await fetch(box.dataset.page)).text();
  const { content } = new DOMParser().parseFromString(page, "text/html").querySelector("[data-strip]");
  const [strip, dialog] = [...document.importNode(content, true).children];
  if (box.childElementCount) return box.firstElementChild.dataset;
  box.append(strip);
  document.body.append(dialog);
  box.querySelector("[data-signs-in]").search = new URLSearchParams({ next: location.pathname });
  return strip.dataset;
}

export function fill(box, { keptAt, waiting, outcome }, act) {
  const words = box.firstElementChild.dataset;
  const part = (name) => box.querySelector(`[data-${name}]`);
  const say = (name, text) => {
    if (part(name).textContent !== text) part(name).textContent = text;
    part(name).hidden = !text;
  };
  say("since", keptAt ? words[navigator.onLine ? "unreachable" : "offline"].replace("{time}", when(keptAt)) : "");
  say("count", waiting.length ? words.waiting.replace("{count}", waiting.length) : "");
  say("why", (waiting.length && words[{ "signed-out": "signedOut", another: "another", failed: "failed" }[outcome]]) || "");
  part("signs-in").hidden = outcome !== "signed-out" || !waiting.length;
  part("waits").hidden = !waiting.length;
  part("send").hidden = !keptAt && !waiting.some((row) => !row.wrong);
  part("send").onclick = () => act("send");
  part("waits").open ||= waiting.some((row) => row.wrong);
  part("list").replaceChildren(...waiting.map((row) => line(box, row, act)));
  box.hidden = !keptAt && !waiting.length;
}

function line(box, row, act) {
  const item = box.querySelector("template").content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-${name}]`);
  part("what").textContent = row.what || box.firstElementChild.dataset.something;
  part("at").textContent = when(row.at);
  part("wrong").textContent = wordsOf(row.wrong);
  part("open").hidden = !row.wrong;
  part("open").onclick = () => send(row);
  part("drop").onclick = () => act("drop", { id: row.id });
  return item;
}

// What is wrong came as a part of a page.
function wordsOf(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const items = [...body.querySelectorAll("li")].map((item) => item.textContent);
  return (items.length ? items.join(" ") : body.textContent).trim();
}

// Sent as by hand, so that the server gives it back to be mended, with what is wrong and all that was typed.
function send(row) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: row.address, hidden: true });
  const token = document.querySelector("[name=csrf_token]").value;
  for (const [name, value] of [...row.fields, ["csrf_token", token]]) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.requestSubmit();
}
