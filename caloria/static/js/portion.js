// Shows at once what so much of a food comes to. In a form marked data-portion each portion says in data-grams what
// one of it weighs and in data-usual how many are usual; each <output> says in data-per how much of its nutrient is in
// 100 g (empty where unknown) and in data-unit its unit (empty for energy, which has no decimals).

const language = document.documentElement.lang;

const number = (text) => Number(text.trim().replace(",", ".") || NaN);

function written(amount, unit) {
  // "always": Spanish would else write 1872 where the server writes 1.872.
  const style = { maximumFractionDigits: unit && amount < 10 ? 1 : 0, useGrouping: "always" };
  return new Intl.NumberFormat(language, style).format(amount) + (unit && `\u00a0${unit}`);
}

function show(form) {
  const grams = number(form.elements.amount.value) * Number(form.querySelector("[data-grams]:checked")?.dataset.grams);
  for (const output of form.querySelectorAll("output[data-per]")) {
    const { per, unit } = output.dataset;
    const amount = per === "" ? NaN : (Number(per) * grams) / 100;
    output.textContent = Number.isFinite(amount) && amount >= 0 ? written(amount, unit) : "–";
  }
}

// An amount that nobody wrote follows the portion: 1 cup, 100 g.
function follow(form, portion) {
  const { amount } = form.elements;
  if (amount.value === amount.defaultValue) amount.value = amount.defaultValue = portion.dataset.usual;
}

document.addEventListener("input", ({ target }) => {
  if (!target.form?.matches("[data-portion]")) return;
  if (target.matches("[data-usual]")) follow(target.form, target);
  show(target.form);
});
document.querySelectorAll("form[data-portion]").forEach(show);
