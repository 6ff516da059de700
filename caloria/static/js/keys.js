// "/" goes to the search, "[" and "]" to the day before and after. data-keys="off" on the page turns them off.

const acts = {
  "/": () => document.querySelector("[data-search]"),
  "[": () => document.querySelector("a[rel~=prev]"),
  "]": () => document.querySelector("a[rel~=next]"),
};

const writes = (element) => element.closest("input, select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  const modified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  if (modified || document.documentElement.dataset.keys === "off" || writes(event.target)) return;
  const found = Object.hasOwn(acts, event.key) && acts[event.key]();
  if (!found) return;
  event.preventDefault();
  if (found.matches("a")) found.click();
  else found.focus();
});
