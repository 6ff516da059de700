// "/" goes to the search, "a" to where one writes what one ate, "[" and "]" to the day before and after, "?" tells all
// that. A checkbox marked data-keys turns them off and on, on this device.

const first = (selectors) => document.querySelector(selectors);

const acts = {
  "/": () => first("[data-search]"),
  a: () => first("[data-add]"),
  "[": () => first("a[rel~=prev]"),
  "]": () => first("a[rel~=next]"),
  "?": () => first("#offline"),
};

const areOff = () => localStorage.getItem("keys") === "off";
const writes = (element) => element.closest("input, select, textarea, [contenteditable], dialog");

let help;

const forget = () => {
  help = null;
};

// What the keys do stands on the page that the browser has at hand, in the person's language.
async function helpFrom({ page }) {
  const there = new DOMParser().parseFromString(await (await fetch(page)).text(), "text/html");
  return document.body.appendChild(there.querySelector("[data-keys-help]"));
}

async function showHelp(place) {
  help ??= helpFrom(place.dataset).catch(forget);
  (await help)?.showModal();
}

function go(place) {
  if (place.id === "offline") showHelp(place);
  else if (place.matches("a")) place.click();
  else place.focus();
}

document.addEventListener("keydown", (event) => {
  const modified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  if (modified || writes(event.target) || areOff()) return;
  const found = Object.hasOwn(acts, event.key) && acts[event.key]();
  if (!found) return;
  event.preventDefault();
  go(found);
});

const choice = document.querySelector("[data-keys]");
if (choice) {
  choice.checked = !areOff();
  choice.closest("[hidden]").hidden = false;
  choice.addEventListener("change", () => localStorage.setItem("keys", choice.checked ? "on" : "off"));
}
