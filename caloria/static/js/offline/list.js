// Lists what can be read without a connection, on the page that stands in for one that was not kept.

import { language } from "./language.js";

const list = document.querySelector("[data-kept-pages]");
const DAY = /\/diary\/(\d{4})-(\d{2})-(\d{2})$/;

const written = (date, style) => new Intl.DateTimeFormat(language, style).format(date);

function line({ address, at }) {
  const [, year, month, day] = new URL(address).pathname.match(DAY).map(Number);
  const link = list.querySelector("template").content.firstElementChild.cloneNode(true);
  link.href = address;
  link.querySelector("[data-day]").textContent = written(new Date(year, month - 1, day), {
    weekday: "long",
    day: "numeric",
    month: "long",
  });
  link.querySelector("[data-at]").textContent = list.dataset.at.replace(
    "{time}",
    written(at, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  );
  return link;
}

function show({ data: { pages } }) {
  const days = pages.filter(({ address }) => DAY.test(new URL(address).pathname));
  list.append(...days.sort((one, other) => (one.address < other.address ? 1 : -1)).map(line));
  list.hidden = !days.length;
}

const { port1, port2 } = new MessageChannel();
port1.onmessage = show;
navigator.serviceWorker?.controller?.postMessage({ act: "look" }, [port2]);
addEventListener("online", () => location.reload());
