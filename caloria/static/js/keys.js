// "/" goes to the search, "[" and "]" to the day before and after. A checkbox marked data-keys turns them off and on,
// on this device.

const acts = {
  "/": () => document.querySelector("[data-search]"),
  "[": () => document.querySelector("a[rel~=prev]"),
  "]": () => document.querySelector("a[rel~=next]"),
};

const areOff = () => localStorage.getItem("keys") === "off";
const writes = (element) => element.closest("input, select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  const modified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  if (modified || writes(event.target) || areOff()) return;
  const found = Object.hasOwn(acts, event.key) && acts[event.key]();
  if (!found) return;
  event.preventDefault();
  if (found.matches("a")) found.click();
  else found.focus();
});

const choice = document.querySelector("[data-keys]");
if (choice) {
  choice.checked = !areOff();
  choice.closest("[hidden]").hidden = false;
  choice.addEventListener("change", () => localStorage.setItem("keys", choice.checked ? "on" : "off"));
}
