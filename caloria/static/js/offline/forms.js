// Which forms can wait: what is logged on a day, and a weight. With the id that such a form carries, sending it twice is the
// same as once; each says for which day it is, so that it may arrive on another.

const CAN_WAIT = [/\/diary\/\d{4}-\d{2}-\d{2}\//, /\/weights$/];
// These ask for the same form again, with other figures in it.
const ASKS_AGAIN = "again";
// What the page adds, and what is worth something in its session alone.
const OF_THE_PAGE = ["csrf_token", "person"];

export const isForWaiting = (path) => CAN_WAIT.some((each) => each.test(path));

// What a browser sends, as it would wait; null where that can't.
export function formIn(address, body) {
  const typed = [...new URLSearchParams(body)];
  const { id, person, [ASKS_AGAIN]: again } = Object.fromEntries(typed);
  if (!id || !person || again !== undefined) return null;
  const fields = typed.filter(([name]) => !OF_THE_PAGE.includes(name));
  return { id, person, address, fields, at: Date.now(), what: "", wrong: "" };
}
