// Searches while one types: forms marked data-live are sent a moment after the last letter. enhance.js does the rest.
// Enter goes on to the first answer, so that Enter once more logs it.

const PAUSE = 200;
let waiting;
let goesOn = false;

document.addEventListener("input", ({ target }) => {
  if (!target.form?.matches("[data-live]")) return;
  goesOn = false;
  clearTimeout(waiting);
  waiting = setTimeout(() => target.form?.requestSubmit(), PAUSE);
});

document.addEventListener("keydown", ({ key, target }) => {
  if (target.matches("[data-live] [data-search]")) goesOn = key === "Enter";
});

document.addEventListener("submit", () => clearTimeout(waiting), true);

document.addEventListener("caloria:put", ({ detail: { form, ids } }) => {
  if (!goesOn || !form.matches("[data-live]")) return;
  goesOn = false;
  const found = document.getElementById(ids[0]);
  (found.querySelector("button") ?? found.querySelector("a"))?.focus();
});
