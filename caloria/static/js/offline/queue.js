// Forms that wait to be sent, in IndexedDB by the id that each carries: { id, person, address, fields, at, what, wrong }.
// One form waits once, however often it was pressed.

import { newId } from "./ids.js";

const NAME = "caloria";
const STORE = "waiting";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Resolves once it is written down, not before.
async function withStore(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const find = (id) => withStore("readonly", (store) => store.get(id));
export const drop = (id) => withStore("readwrite", (store) => store.delete(id));

// A form that somebody went back to and that says something else by now is another one; what was wrong is mended by it.
export async function hold(row) {
  const before = await find(row.id);
  await put(before && isAnother(before, row) ? withId(row, newId()) : row);
}

// What was sent from a page need not wait any more; what had waited under the same id and says something else still does.
export async function letGo(sent) {
  const row = await find(sent.id);
  if (!row) return null;
  if (isAnother(row, sent)) await put(withId(row, newId()));
  await drop(sent.id);
  return row;
}

const put = (row) => withStore("readwrite", (store) => store.put(row));
const isAnother = (row, other) => !row.wrong && saidBy(row) !== saidBy(other);
const saidBy = ({ address, fields }) => JSON.stringify([address, fields]);
const withId = (row, id) => ({
  ...row,
  id,
  fields: row.fields.map(([name, value]) => [name, name === "id" ? id : value]),
});

export async function waitingOf(person) {
  const rows = await withStore("readonly", (store) => store.getAll());
  return rows.filter((row) => row.person === person).sort((one, other) => one.at - other.at);
}

export async function dropAllOf(person) {
  for (const { id } of await waitingOf(person)) await drop(id);
}

// Changes a form that still waits; one that was sent or thrown away meanwhile stays gone.
export function change(id, changes) {
  return withStore("readwrite", (store) => {
    const request = store.get(id);
    request.onsuccess = () => request.result && store.put({ ...request.result, ...changes });
    return request;
  });
}
