// Searches while one types: forms marked data-live are sent a moment after the last letter. enhance.js does the rest.

const PAUSE = 200;
let waiting;

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-live]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => form.requestSubmit(), PAUSE);
});

document.addEventListener("submit", () => clearTimeout(waiting), true);
