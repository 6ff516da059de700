// Shows at once what so much of a food comes to. In a form marked data-portion each portion says in data-grams what
// one of it weighs, and each <output> in data-per how much of its nutrient is in 100 g (empty where unknown);
// data-whole leaves out decimals.

const language = document.documentElement.lang;

const written = (amount, whole) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: amount < 10 && !whole ? 1 : 0 }).format(amount);

const number = (text) => Number(text.trim().replace(",", ".") || NaN);

function show(form) {
  const chosen = form.querySelector("[data-grams]:checked");
  const grams = number(form.elements.amount.value) * Number(chosen?.dataset.grams);
  for (const output of form.querySelectorAll("output[data-per]")) {
    const amount = output.dataset.per === "" ? NaN : (Number(output.dataset.per) * grams) / 100;
    output.textContent = Number.isFinite(amount) && amount >= 0 ? written(amount, "whole" in output.dataset) : "–";
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-portion]")) show(form);
});
document.querySelectorAll("form[data-portion]").forEach(show);
