// Forms that wait to be sent, in IndexedDB by the id that each carries: { id, person, address, fields, at, what, wrong }.
// One form waits once, however often it was pressed.

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
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const hold = (row) => withStore("readwrite", (store) => store.put(row));
export const drop = (id) => withStore("readwrite", (store) => store.delete(id));

export async function waitingOf(person) {
  const rows = await withStore("readonly", (store) => store.getAll());
  return rows.filter((row) => row.person === person).sort((one, other) => one.at - other.at);
}

// Changes a form that still waits; one that was sent or thrown away meanwhile stays gone.
export async function change(id, changes) {
  const row = await withStore("readonly", (store) => store.get(id));
  if (row) await hold({ ...row, ...changes });
}
