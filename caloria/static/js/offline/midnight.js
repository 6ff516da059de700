// A page that was left open over midnight, or is read as it was kept on an earlier day: what it calls today has passed.

const DATE = new Intl.DateTimeFormat("sv");
const { keptAt } = document.documentElement.dataset;
const seenOn = DATE.format(keptAt ? Number(keptAt) : Date.now());

// What was today is called by its date from then on; and what is logged without asking for a day asks for it.
export function callDaysByTheirNames() {
  const today = DATE.format(Date.now());
  if (today === seenOn) return;
  for (const heading of document.querySelectorAll("h1[data-today]")) nameDay(heading);
  for (const field of document.querySelectorAll("input[data-today]")) askForDay(field, today);
}

function nameDay(heading) {
  heading.nextElementSibling?.remove();
  heading.textContent = heading.dataset.today;
  document.title = document.title.replace(/^.*(?= · )/, heading.dataset.today);
  delete heading.dataset.today;
}

function askForDay(field, today) {
  field.type = "date";
  field.value = today;
  delete field.dataset.today;
}
