// Chooses the browser's time zone in a list marked data-time-zone, unless the person or the server has chosen one.

const list = document.querySelector("[data-time-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (list && zone && ["", list.dataset.timeZone].includes(list.value)) {
  if (list.matches("input") || [...list.options].some((option) => option.value === zone)) list.value = zone;
}
